"""全銀の振込データ: one file a run, to the yen what the book says, and what the bank sends back."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import jpholiday
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine

import association.commands
import association.queries
import ledger.commands as book
from association.commands import NewReturn, NewTransferTerms, approvals
from association.errors import PaidBeforeFile, ReturnWrong, TransferDateWrong, TransfersNotReady, TransfersWrong, TransferTermsWait
from association.queries import Run, send_by, soonest_transfer
from association.rules.bank_days import is_bank_day, previous_bank_day
from association.rules.zengin import Account, Band, Sender, parse
from base.clock import day_bounds, tokyo_day
from base.db import atomic
from ledger.errors import SameHands
from tests.association.test_bank_details import MARUYA, OTHER
from tests.association.test_settlement import balances
from tests.town import Shop, Town, behind_the_doors

US = Sender("0990", "ﾒｸﾞﾘ", "001", "ﾎﾝﾃﾝ", "1", "1234567", "ﾒｸﾞﾘｼﾖｳﾃﾝｶﾞｲ", "1234567890")
TERMS = NewTransferTerms(US, "association", (Band(1, 0, 110, 330),), 1, 2, "association", 660, True, False)


def banks(town: Town, **changes: object) -> None:
    administrator = town.another_clerk("administrator", nickname="藤代")
    new = replace(TERMS, **changes)  # type: ignore[arg-type]
    town.approver().approves(association.commands.propose_transfer_terms(town.session, administrator.who, new, now=town.now))


def has_account(town: Town, *shops: tuple[Shop, Account]) -> None:
    """Two people have decided where these shops are paid, and three days are over."""
    for shop, account in shops:
        town.approver().approves(association.commands.propose_account(town.session, town.clerk().who, shop.id, account, now=town.now))
    town.clock.advance(days=4)  # type: ignore[attr-defined]


def settled(town: Town) -> Run:
    """The month's run, put forward and approved."""
    run = town.clerk().submits(town.month_passes())
    town.approver().approves(run.id)
    return town.clerk().sees_run(run.id)


def file_of(town: Town, run: Run, day: date | None = None) -> bytes:
    """Written where it is not yet, and taken."""
    association.commands.write_transfer_file(town.session, town.clerk().who, run.id, day or run.pay_on, now=town.now)
    return association.commands.take_transfer_file(town.session, town.clerk().who, run.id, now=town.now).content


def returns(town: Town, run: Run, shop: Shop, *, charge: int = 0) -> int:
    new = NewReturn(shop.id, "closed", tokyo_day(town.now), charge)
    return association.commands.submit_return(town.session, town.clerk().who, run.id, new, now=town.now)


def test_nobody_alone_changes_from_where_shops_are_paid(district: Town) -> None:
    """The administrator lays another account down: it holds once somebody else has approved it, and never by their own hand."""
    banks(district)
    admin = district.another_clerk("administrator", nickname="黒田")

    def propose(**changes: str) -> int:
        new = replace(TERMS, sender=replace(US, **changes))
        return association.commands.propose_transfer_terms(district.session, admin.who, new, now=district.now)

    def number() -> str:
        terms = association.queries.transfer_terms(district.session, district.district_id)
        return "" if terms is None else terms.sender.account_number

    theirs = propose(account_number="7654321")
    assert propose(account_number="7654321") == theirs and number() == "1234567"
    with pytest.raises(TransferTermsWait):
        propose(account_number="1111111")
    with pytest.raises(SameHands):
        association.commands.approve(district.session, admin.who, theirs, now=district.now)
    district.approver().declines(theirs)
    assert number() == "1234567"
    district.approver().approves(propose(account_number="1111111"))
    assert number() == "1111111"


def test_a_run_that_is_put_forward_while_a_change_waits_pays_the_account_before_it(district: Town, superuser: Engine) -> None:
    """Its file is for the old account even if it is written after the three days; the next run is for the new one."""
    hanako, shop = district.consumer(coins=20_000), district.shop()
    district.settles_by()
    banks(district)
    has_account(district, (shop, MARUYA))

    def pays() -> list[str]:
        hanako.pays(shop, 5_000)
        run = district.clerk().submits(district.month_passes())
        district.approver().approves(run.id)
        district.clock.advance(days=4)  # type: ignore[attr-defined]
        return [each.account_number for each in parse(file_of(district, district.clerk().sees_run(run.id))).transfers]

    change = association.commands.propose_account(district.session, district.clerk().who, shop.id, OTHER, now=district.now)
    district.approver().approves(change)
    decided = "UPDATE ledger.decision SET decided_at = {} WHERE proposal_id = :id"
    first = (tokyo_day(district.now).replace(day=1) + timedelta(days=32)).replace(day=1)
    lately, long_ago = f"'{day_bounds(first)[0].isoformat()}'::timestamptz", "clock_timestamp() - interval '30 days'"
    with behind_the_doors(superuser, decided.format(lately), decided.format(long_ago), id=change):
        numbers = pays()
    numbers += pays()
    assert numbers == [MARUYA.number, OTHER.number]


def test_the_file_says_what_the_book_says_and_never_changes(district: Town) -> None:
    """Two shops of one owner share a record and its fee; one without an account and one below the minimum are carried over."""
    hanako, shops = district.consumer(coins=60_000), [district.shop(f"店{number}") for number in range(5)]
    district.settles_by(fee_bp=100)
    banks(district, fee_bearer="merchant", minimum=1_000)
    third = replace(MARUYA, number="0000077")
    has_account(district, (shops[0], MARUYA), (shops[1], MARUYA), (shops[2], OTHER), (shops[3], third))
    for shop, amount in zip(shops, (5_000, 700, 9_000, 1_300, 4_000), strict=True):
        hanako.pays(shop, amount)
    run = settled(district)
    assert {(line.shop.id, line.reason) for line in run.carried if line.shop} == {(shops[3].id, "minimum"), (shops[4].id, "no_account")}
    with pytest.raises(TransferDateWrong):
        file_of(district, run, run.pay_on.replace(day=20) + timedelta(days=400))
    content = file_of(district, run)
    read = parse(content)
    nets = [5_000 - 55, 700 - 7, 9_000 - 99]
    assert [each.amount for each in read.transfers] == [nets[0] + nets[1] - 330, nets[2] - 330]
    assert read.total == sum(line.transit for line in run.lines) == balances(district, "in_transit")
    assert balances(district, "bank_charge") == 660 and [each.new_code for each in read.transfers] == ["1", "1"]
    assert file_of(district, run, run.pay_on + timedelta(days=1)) == content
    kept = association.queries.transfer_file(district.session, district.clerk().who, run.id)
    assert kept is not None and (kept.sha256, kept.count, kept.total, len(kept.downloads)) == (read.sha256, 2, read.total, 2)
    district.clock.advance(days=16)  # type: ignore[attr-defined]
    with pytest.raises(PaidBeforeFile):
        district.clerk().says_paid(run.id, run.pay_on - timedelta(days=1))
    district.approver().approves(district.clerk().says_paid(run.id, run.pay_on))
    proof = association.queries.proof(district.session, district.clerk().who, tokyo_day(district.now))
    assert (proof.difference, proof.paid, district.difference()) == (0, read.total, 0)
    for shop in shops:
        hanako.pays(shop, 2_000)
    again = parse(file_of(district, settled(district)))
    assert [each.new_code for each in again.transfers] == ["0", "0", "1"]


def test_a_shop_below_zero_is_netted_with_its_owners_other_shop(district: Town) -> None:
    """After a payout 1,200 go back at the one and 5,000 come in at the other: 3,800 are transferred, and both stand at zero."""
    hanako, inn, cafe = district.consumer(coins=60_000), district.shop("宿"), district.shop("喫茶")
    district.settles_by()
    banks(district)
    has_account(district, (inn, MARUYA), (cafe, MARUYA))
    paid = hanako.pays(cafe, 1_200)
    settled(district)
    cafe.refunds(paid.transaction_id, 1_200)
    hanako.pays(inn, 5_000)
    run = settled(district)
    assert [each.amount for each in parse(file_of(district, run)).transfers] == [3_800]
    assert (inn.taken(), cafe.taken(), district.difference()) == (0, 0, 0)
    assert association.queries.proof(district.session, district.clerk().who, tokyo_day(district.now)).difference == 0


def test_a_run_killed_half_way_has_no_file_until_it_is_whole_and_then_one(district: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """The power goes between two pieces: no file of half a run; finished, four people at once get one file that pays each shop once."""
    monkeypatch.setattr(approvals, "PIECE_MAX", 1)
    hanako, shops = district.consumer(coins=9_000), [district.shop(f"店{number}") for number in range(3)]
    district.settles_by()
    banks(district)
    has_account(district, *((shop, replace(MARUYA, number=f"000000{at}")) for at, shop in enumerate(shops)))
    for shop in shops:
        hanako.pays(shop, 1_000)
    run = district.clerk().submits(district.month_passes())
    with atomic(district.session) as session:  # the first half of `approve`: decided, one piece posted, then the power went
        book.decide(session, district.district_id, run.id, district.approver().person_id, approved=True)
        book.post_approved(session, district.district_id, run.id, first=2, limit=1)
    with pytest.raises(TransfersNotReady):
        file_of(district, district.clerk().sees_run(run.id))
    district.another_clerk("approver", nickname="別の承認者").approves(run.id)
    who = district.clerk().who
    names = district.at_once(
        [lambda: association.commands.write_transfer_file(district.session, who, run.id, run.pay_on, now=district.now)] * 4
    )
    assert len(set(names)) == 1
    read = parse(file_of(district, run))
    assert sorted(each.amount for each in read.transfers) == [1_000] * 3 and balances(district, "in_transit") == read.total == 3_000


def test_every_shop_that_cannot_stand_in_the_file_is_named(district: Town) -> None:
    """Two shops of one account whose holders are written differently, both named; nothing is written."""
    hanako, shops = district.consumer(coins=9_000), [district.shop(name) for name in ("松屋", "竹屋", "梅屋")]
    district.settles_by()
    banks(district)
    has_account(district, (shops[0], MARUYA), (shops[1], replace(MARUYA, holder="ﾀｹﾔ")), (shops[2], OTHER))
    for shop in shops:
        hanako.pays(shop, 1_000)
    run = settled(district)
    with pytest.raises(TransfersWrong) as wrong:
        file_of(district, run)
    assert "松屋" in str(wrong.value.facts["shops"]) and "竹屋" in str(wrong.value.facts["shops"])
    assert "梅屋" not in str(wrong.value.facts["shops"])
    assert association.queries.transfer_file(district.session, district.clerk().who, run.id) is None


@pytest.mark.parametrize(("bearer", "late"), [("merchant", False), ("association", False), ("merchant", True), ("association", True)])
def test_a_transfer_that_comes_back_is_owed_again_and_its_account_checked(district: Town, bearer: str, *, late: bool) -> None:
    """Before or after the bank's payment was confirmed: the book is whole, the shop waits for a new account, and pays no fee twice."""
    hanako, bakery, baths = district.consumer(coins=60_000), district.shop(), district.shop("外湯 朝霧の湯")
    district.settles_by(fee_bp=1_000)
    banks(district, recall_bearer=bearer)
    has_account(district, (bakery, MARUYA), (baths, OTHER))
    hanako.pays(bakery, 10_000)
    hanako.pays(baths, 1_000)
    run = settled(district)
    file_of(district, run)
    district.clock.advance(days=16)  # type: ignore[attr-defined]
    if late:
        district.approver().approves(district.clerk().says_paid(run.id, run.pay_on))
    proposal = returns(district, run, bakery, charge=660)
    assert returns(district, run, bakery, charge=660) == proposal
    district.approver().approves(proposal)
    with pytest.raises(ReturnWrong):
        returns(district, run, bakery, charge=660)
    if not late:
        district.approver().approves(district.clerk().says_paid(run.id, run.pay_on))
    back = 8_900 - (660 if bearer == "merchant" else 0)
    assert (bakery.taken(), balances(district, "in_transit"), district.clerk().sees_run(run.id).state) == (back, 0, "paid")
    assert balances(district, "bank") == 890 + 660  # what left it: the other shop's transfer, and what the bank kept
    assert balances(district, "bank_charge") == (0 if bearer == "merchant" else 660)
    assert association.queries.proof(district.session, district.clerk().who, tokyo_day(district.now)).difference == 0
    hanako.pays(bakery, 1_000)
    hanako.pays(baths, 1_000)
    run = settled(district)
    assert [(line.shop.id, line.reason) for line in run.carried if line.shop] == [(bakery.id, "check_account")]
    has_account(district, (bakery, replace(MARUYA, number="0000099")))
    run = settled(district)
    line = next(each for each in run.lines if each.merchant_id == bakery.id)
    assert (line.yen("payable"), line.yen("fee"), line.yen("net")) == (back + 1_000, 100, back + 890)
    assert district.difference() == 0


@given(st.dates(date(2026, 1, 1), date(2027, 12, 1)), st.integers(-20, 20), st.integers(0, 5))
def test_the_day_that_is_offered_can_still_be_met_and_none_before_it(today: date, pays_in: int, lead: int) -> None:
    """Of a run that is late too, the bank has the file in time; an earlier bank day would be too late or before the pay day."""
    is_holiday = jpholiday.is_holiday
    pays_on = today + timedelta(days=pays_in)
    day = soonest_transfer(pays_on, today, lead, is_holiday)
    assert is_bank_day(day, is_holiday) and day >= max(pays_on, today) and send_by(day, lead, is_holiday) >= today
    before = previous_bank_day(day - timedelta(days=1), is_holiday)
    assert before < max(pays_on, today) or send_by(before, lead, is_holiday) < today
