"""換金: two people pay the shops what they took, once, whatever happens on the way."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID, uuid4, uuid5

import pytest
from sqlalchemy.orm import Session

import association.commands
import association.queries
import ledger.commands as book
import ledger.queries
import merchant.commands
import merchant.queries
from association.commands import approvals
from association.errors import ClosingDayWrong, NothingToPayOut, NothingToSettle, PaidOnWrong, RunUnfinished, SettlementTermsMissing
from base.db import atomic
from identity.queries import Principal
from ledger.errors import SameHands
from ledger.verify import verify
from tests.town import Shop, Town


def balances(town: Town, role: str) -> int:
    """What stands on all accounts of a role, on its natural side."""
    return sum(abs(row.debit - row.credit) for row in ledger.queries.trial_balance(town.session, town.district_id) if row.role == role)


def agent_cash(town: Town, shop: Shop, amount: int) -> int:
    """The shop sells coin for cash on the association's behalf; gives the account of its debt."""
    buyer = town.consumer(nickname="買う人")
    with atomic(town.session) as session:
        agent = book.open_account(session, town.district_id, "agent", shop.id, 0)
        wallet = book.open_account(session, town.district_id, "consumer", buyer.person_id, town.series_id)
        lines = book.transfer(agent, wallet, amount)
        book.post(session, town.district_id, book.Draft("agent_top_up", uuid4(), book.hash_command("agent", amount), lines))
    return agent


def test_a_month_is_settled_and_paid(district: Town) -> None:
    """10,050 yen of takings at 1.5 %: 150 yen fee, 15 yen tax, 9,885 yen on the way, and in the bank's hands after two more people."""
    hanako, bakery, baths = district.consumer(coins=30_000), district.shop(), district.shop("外湯 朝霧の湯")
    district.settles_by(fee_bp=150)
    hanako.pays(bakery, 10_000)
    hanako.pays(bakery, 150)
    bakery.refunds(hanako.pays(bakery, 500).transaction_id, 500)
    bakery.refunds(hanako.pays(bakery, 1_000).transaction_id, 1_000)
    hanako.pays(baths, 400)
    closes_on = district.month_passes()
    clerk, approver = district.clerk(), district.approver()
    run = clerk.submits(closes_on)
    assert (run.state, bakery.taken(), baths.taken()) == ("waiting", 10_150, 400)
    with pytest.raises(SameHands):
        association.commands.approve(district.session, clerk_who_decides(district), run.id, now=district.now)
    approver.approves(run.id)
    run = clerk.sees_run(run.id)
    assert (run.state, bakery.taken(), baths.taken()) == ("settled", 0, 0)
    assert (run.total("payable"), run.total("fee"), run.total("tax"), run.total("net")) == (10_550, 152 + 6, 15 + 0, 10_550 - 158 - 15)
    assert (balances(district, "in_transit"), balances(district, "fee_income"), balances(district, "fee_tax")) == (10_377, 158, 15)
    district.clock.advance(days=16)  # type: ignore[attr-defined]
    paid = clerk.says_paid(run.id, run.pay_on)
    assert clerk.says_paid(run.id, run.pay_on) == paid
    approver.approves(paid)
    assert (clerk.sees_run(run.id).state, balances(district, "in_transit"), balances(district, "bank")) == ("paid", 0, 10_377)
    (payout,) = merchant.queries.payouts(district.session, district.district_id, bakery.id)
    assert (payout.taken, payout.given_back, payout.net, payout.paid_on) == (11_650, 1_500, 9_983, run.pay_on)
    assert district.difference() == 0


def clerk_who_decides(town: Town) -> Principal:
    """The clerk who submitted, with an approver's role as well: the rule is about the person."""
    return replace(town.clerk().who, roles=frozenset({"issuer", "approver"}))


def test_a_run_is_put_forward_once(district: Town) -> None:
    """Two tabs submit the same closing day at the same moment: one run. Declined, it may be put forward again."""
    hanako, bakery = district.consumer(coins=5_000), district.shop()
    district.settles_by()
    hanako.pays(bakery, 1_000)
    closes_on = district.month_passes()
    clerk, approver = district.clerk(), district.approver()

    def submit() -> int:
        return association.commands.submit_run(district.session, clerk.who, closes_on, now=district.now)

    answers = district.at_once([submit] * 4)
    assert len(set(answers)) == 1
    first = answers[0]
    assert isinstance(first, int)
    approver.declines(first)
    again = clerk.submits(closes_on)
    assert again.id != first
    assert clerk.sees_run(first).state == "declined"
    district.at_once([lambda: approver.approves(again.id)] * 3)
    assert (clerk.sees_run(again.id).state, bakery.taken(), balances(district, "in_transit")) == ("settled", 0, 1_000)
    assert clerk.submits(closes_on).id == again.id


def test_no_till_foretells_the_key_of_a_settlement(district: Town) -> None:
    """A till may have any key closed. One that day and shop spell would keep the shop next door out of the run."""
    hanako, bakery, baths = district.consumer(coins=5_000), district.shop(), district.shop("外湯 朝霧の湯")
    district.settles_by()
    hanako.pays(bakery, 1_000)
    closes_on = district.month_passes()
    published = uuid5(UUID("6c9a4f6e-4f0b-4c39-8f4d-2f6c1d7f0b11"), f"settlement {district.district_id} {closes_on} 1 {bakery.id}")
    assert merchant.commands.settle_at_till(district.session, baths.till().who, published) is None
    run = district.clerk().submits(closes_on)
    district.approver().approves(run.id)
    assert [line.state for line in district.clerk().sees_run(run.id).lines] == ["settled"]


def test_a_run_that_was_cut_off_goes_on(district: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """Killed half-way through, pressed again by another approver: everybody is settled once."""
    monkeypatch.setattr(approvals, "PIECE_MAX", 1)
    hanako = district.consumer(coins=5_000)
    shops = [district.shop(f"店{number}") for number in range(3)]
    district.settles_by()
    for shop in shops:
        hanako.pays(shop, 1_000)
    clerk, approver = district.clerk(), district.approver()
    run = clerk.submits(district.month_passes())
    with atomic(district.session) as session:  # the first half of `approve`: decided, one piece posted, then the power went
        book.decide(session, district.district_id, run.id, approver.person_id, approved=True)
        book.post_approved(session, district.district_id, run.id, first=2, limit=1)
    assert clerk.sees_run(run.id).state == "posting"
    with pytest.raises(RunUnfinished):
        clerk.submits(district.month_passes())
    district.another_clerk("approver", nickname="別の承認者").approves(run.id)
    assert clerk.sees_run(run.id).state == "settled"
    assert [shop.taken() for shop in shops] == [0, 0, 0]
    assert balances(district, "in_transit") == 3_000


def test_a_payout_that_was_cut_off_is_finished_and_not_said_again(district: Town) -> None:
    """Killed half-way through "the bank has paid", said again by the clerk and finished by the approver: each shop is paid once."""
    hanako, clerk, approver = district.consumer(coins=9_000), district.clerk(), district.approver()
    shops = [district.shop(f"店{number}") for number in range(2)]
    district.settles_by()
    runs = []
    for _month in range(2):  # the second month's money is on its way as well, and must stay there
        for shop in shops:
            hanako.pays(shop, 1_000)
        runs.append(clerk.submits(district.month_passes()).id)
        approver.approves(runs[-1])
    paid_on = clerk.sees_run(runs[0]).closes_on + timedelta(days=1)
    payout = clerk.says_paid(runs[0], paid_on)
    with atomic(district.session) as session:  # the first half of `approve`: decided, one shop posted, then the power went
        book.decide(session, district.district_id, payout, approver.person_id, approved=True)
        book.post_approved(session, district.district_id, payout, first=1, limit=1)
    assert clerk.sees_run(runs[0]).state == "posting_payout"
    again = clerk.says_paid(runs[0], paid_on)
    for proposal_id in {again, payout}:
        district.another_clerk("approver", nickname="別の承認者").approves(proposal_id)
    assert [clerk.sees_run(run_id).state for run_id in runs] == ["paid", "settled"]
    assert balances(district, "in_transit") == 2_000


def test_one_shop_does_not_hold_up_the_others(district: Town) -> None:
    """Suspended after the run was put forward, or its cash handed in at the counter meanwhile: left out for good, and in the
    next run whole, never in both."""
    hanako = district.consumer(coins=20_000)
    bakery, baths, inn = district.shop(), district.shop("外湯 朝霧の湯"), district.shop("民宿 あおば")
    district.settles_by(fee_bp=100)
    agent = agent_cash(district, inn, 500)
    for shop in (bakery, baths, inn):
        hanako.pays(shop, 1_000)
    clerk, approver = district.clerk(), district.approver()
    run = clerk.submits(district.month_passes())
    baths.is_suspended()
    with atomic(district.session) as session:
        lines = book.transfer(book.open_account(session, district.district_id, "safe", 0, 0), agent, 500)
        book.post(session, district.district_id, book.Draft("agent_pays_in", uuid4(), book.hash_command("in"), lines))
    approver.approves(run.id)
    states = {bakery.id: "settled", baths.id: "refused", inn.id: "refused"}
    assert {line.merchant_id: line.state for line in clerk.sees_run(run.id).lines} == states
    assert (bakery.taken(), baths.taken(), inn.taken()) == (0, 1_000, 1_000)
    baths.is_resumed()
    approver.approves(run.id)
    assert baths.taken() == 1_000
    hanako.pays(baths, 500)
    following = clerk.submits(district.month_passes())
    approver.approves(following.id)
    assert {line.merchant_id: line.yen("payable") for line in following.lines} == {baths.id: 1_500, inn.id: 1_000}
    assert (baths.taken(), inn.taken(), balances(district, "in_transit")) == (0, 0, 3 * 989 + 494 + 1)
    with Session(district.engine) as session:
        assert list(verify(session, lambda _: None, district_id=district.district_id)) == []


def test_refunds_beyond_the_shops_limit_carry_it_over(district: Town) -> None:
    """200,000 were put forward and 200,000 given back before the approval: paying would leave the shop 200,000 below zero."""
    inn, bakery = district.shop("民宿 あおば"), district.shop()
    district.settles_by()
    paid = []
    for _ in range(2):
        guest = district.consumer(coins=100_000)
        with atomic(district.session) as session:
            purse = book.open_account(session, district.district_id, "consumer", guest.person_id, district.series_id)
            payable = book.open_account(session, district.district_id, "payable", inn.id, district.series_id)
            lines, facts = book.transfer(purse, payable, 100_000), {"merchant": inn.id, "way": "static"}
            draft = book.Draft("payment", uuid4(), book.hash_command(guest.person_id), lines, facts)
            paid.append(book.post(session, district.district_id, draft).transaction_id)
    district.consumer(coins=1_000).pays(bakery, 700)
    run = district.clerk().submits(district.month_passes())
    for transaction_id in paid:
        inn.refunds(transaction_id, 100_000)
    district.approver().approves(run.id)
    states = {line.merchant_id: line.state for line in district.clerk().sees_run(run.id).lines}
    assert (states, inn.taken(), bakery.taken()) == ({inn.id: "refused", bakery.id: "settled"}, 0, 0)


def test_a_suspended_shop_is_not_paid_and_the_desk_says_so(district: Town) -> None:
    """What it took stays owed; the run names it."""
    hanako, bakery, baths = district.consumer(coins=5_000), district.shop(), district.shop("外湯 朝霧の湯")
    district.settles_by()
    hanako.pays(bakery, 1_000)
    hanako.pays(baths, 2_000)
    baths.is_suspended()
    run = district.clerk().submits(district.month_passes())
    assert [(line.shop.id, line.amount, line.reason) for line in run.carried if line.shop] == [(baths.id, 2_000, "suspended")]


def test_a_refund_after_the_payout_is_netted_in_the_next_run(district: Town) -> None:
    """The shop was paid 3,000, gives 1,000 back, takes 1,500: 500 come next."""
    hanako, bakery = district.consumer(coins=9_000), district.shop()
    district.settles_by()
    paid = hanako.pays(bakery, 3_000)
    clerk, approver = district.clerk(), district.approver()
    approver.approves(clerk.submits(district.month_passes()).id)
    bakery.refunds(paid.transaction_id, 1_000)
    assert bakery.taken() == -1_000
    hanako.pays(bakery, 1_500)
    run = clerk.submits(district.month_passes())
    approver.approves(run.id)
    assert (run.total("net"), bakery.taken()) == (500, 0)


def test_a_shops_cash_is_netted_as_far_as_its_takings_reach(district: Town) -> None:
    """5,000 sold for cash and 8,000 taken: 3,000 are paid and the debt is gone. With 20,000 sold the rest stays a debt."""
    hanako, bakery, kiosk = district.consumer(coins=30_000), district.shop(), district.shop("売店")
    district.settles_by()
    agent, other = agent_cash(district, bakery, 5_000), agent_cash(district, kiosk, 20_000)
    hanako.pays(bakery, 8_000)
    hanako.pays(kiosk, 8_000)
    run = district.clerk().submits(district.month_passes())
    district.approver().approves(run.id)
    assert {line.merchant_id: (line.yen("agent"), line.yen("net")) for line in run.lines} == {
        bakery.id: (5_000, 3_000),
        kiosk.id: (8_000, 0),
    }
    debts = [ledger.queries.balance(district.session, district.district_id, account) for account in (agent, other)]
    assert (debts, bakery.taken(), kiosk.taken()) == ([0, 12_000], 0, 0)


def test_what_cannot_be_settled_says_why(district: Town) -> None:
    """No terms, no closing day, a day that has not ended, nobody to be paid, nothing to confirm, a day on which no bank pays."""
    hanako, bakery = district.consumer(coins=5_000), district.shop()
    clerk, today = district.clerk(), district.today
    with pytest.raises(SettlementTermsMissing):
        clerk.submits(today)
    district.settles_by()
    with pytest.raises(ClosingDayWrong):
        clerk.submits((today.replace(day=1) + timedelta(days=32)).replace(day=1) - timedelta(days=1))
    closes_on = district.month_passes()
    with pytest.raises(ClosingDayWrong):
        clerk.submits(closes_on - timedelta(days=1))
    with pytest.raises(NothingToSettle):
        clerk.submits(closes_on)
    hanako.pays(bakery, 1_000)
    run = clerk.submits(closes_on)
    with pytest.raises(NothingToPayOut):
        clerk.says_paid(run.id, run.pay_on)
    district.approver().approves(run.id)
    for day in (closes_on, district.today + timedelta(days=5)):
        with pytest.raises(PaidOnWrong):
            clerk.says_paid(run.id, day)


def test_a_shop_that_somebody_leaves_out_keeps_its_money(district: Town) -> None:
    hanako, bakery, inn = district.consumer(coins=5_000), district.shop(), district.shop("民宿 あおば")
    district.settles_by()
    hanako.pays(bakery, 1_000)
    hanako.pays(inn, 2_000)
    run = district.clerk().submits(district.month_passes(), without=frozenset({inn.id}))
    district.approver().approves(run.id)
    assert (bakery.taken(), inn.taken()) == (0, 2_000)
    assert [(line.shop.id, line.reason) for line in run.carried if line.shop] == [(inn.id, "left_out")]


def test_two_districts_settle_apart(district: Town, other_district: Town) -> None:
    """A run reads and pays its own shops; another district cannot see it."""
    for town in (district, other_district):
        town.settles_by()
        town.consumer(coins=5_000).pays(town.shop(), 1_000)
    closes_on = district.month_passes()
    run = district.clerk().submits(closes_on)
    assert run.total("net") == 1_000
    with pytest.raises(Exception, match="run_unknown"):
        other_district.clerk().sees_run(run.id)
    with pytest.raises(Exception, match="proposal_unknown"):
        other_district.approver().approves(run.id)


def test_takings_are_proven_to_be_somewhere(district: Town) -> None:
    """Payable + in transit + paid + fee + tax + netted = takings, before and after each step."""
    hanako, bakery, inn = district.consumer(coins=30_000), district.shop(), district.shop("民宿 あおば")
    district.settles_by(fee_bp=250)
    agent_cash(district, inn, 700)
    bakery.refunds(hanako.pays(bakery, 9_999).transaction_id, 333)
    hanako.pays(inn, 1_234)
    clerk, approver, taken = district.clerk(), district.approver(), 9_999 - 333 + 1_234

    def proven() -> association.queries.Proof:
        found = association.queries.proof(district.session, clerk.who, district.today)
        assert (found.difference, found.takings) == (0, taken)
        return found

    assert proven().payable == taken
    run = clerk.submits(district.month_passes())
    approver.approves(run.id)
    assert (proven().payable, proven().netted) == (0, 700)
    district.clock.advance(days=20)  # type: ignore[attr-defined]
    approver.approves(clerk.says_paid(run.id, run.pay_on))
    assert proven().in_transit == 0
    assert proven().paid == run.total("net")


def test_the_proof_reads_one_moment(district: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    """A payment that is booked while the page reads belongs to the next showing of it, and opens no difference."""
    hanako, bakery = district.consumer(coins=5_000), district.shop()
    hanako.pays(bakery, 1_000)
    district.settles_by(fee_bp=250)
    [purse] = ledger.queries.account_ids(district.session, district.district_id, "consumer", hanako.person_id)
    [payable] = ledger.queries.account_ids(district.session, district.district_id, "payable", bakery.id)
    read = ledger.queries.trial_balance

    def meanwhile(session: Session, *given: Any, **named: Any) -> list[ledger.queries.TrialRow]:
        with Session(district.engine) as till, atomic(till):
            draft = book.Draft("payment", uuid4(), book.hash_command("meanwhile", uuid4().hex), book.transfer(purse, payable, 700))
            book.post(till, district.district_id, draft)
        return read(session, *given, **named)

    monkeypatch.setattr(ledger.queries, "trial_balance", meanwhile)
    clerk = district.clerk()
    first, second = (association.queries.proof(district.session, clerk.who, district.today) for _ in range(2))
    assert [(each.takings, each.difference) for each in (first, second)] == [(1_000, 0), (1_700, 0)]
