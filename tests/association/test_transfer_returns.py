"""戻った振込: the bank's list, its statement and its 200-byte file; each line finds its transfer; all go the way of one by hand."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

import association.commands
import association.queries
from association.commands import NewBankFile, ReturnedTransfer
from association.errors import ReturnsMissing, ReturnWrong
from association.queries import Run
from association.rules.bank_file import Columns
from association.rules.returned_transfers import FEE_MAX, Returned, Sent, match, read
from base.clock import tokyo_day
from base.row_file import FileWrong
from ledger.errors import SameHands
from tests.association.test_bank_details import MARUYA, OTHER
from tests.association.test_pages import Desk
from tests.association.test_settlement import balances
from tests.association.test_transfers import banks, file_of, has_account, returns, settled
from tests.town import Shop, Town

DAY, TODAY = date(2026, 11, 20), date(2026, 11, 26)
HOLDERS = ("ﾏﾙﾔｼﾖｸﾄﾞｳ", "ｶ)ﾐﾅﾄﾔ", "ｱｵﾊﾞ ﾊﾅｺ", "ﾄﾓｼﾋﾉｻﾜｵﾝｾﾝ", "ﾀﾅｶ ｼﾖｳﾃﾝ")


@given(st.data())
def test_every_line_finds_its_own_transfer_whatever_their_order(data: st.DataObject) -> None:
    """Shops with names and amounts of their own, some sent back less by a fee, listed in any order: all found, none twice."""
    amounts = data.draw(st.lists(st.integers(10_000, 900_000), min_size=len(HOLDERS), max_size=len(HOLDERS), unique=True))
    sent = [Sent(str(at), DAY, amount, (holder,)) for at, (holder, amount) in enumerate(zip(HOLDERS, amounts, strict=True))]
    back = data.draw(st.lists(st.tuples(st.sampled_from(sent), st.sampled_from([0, 0, 440, 660])), unique_by=lambda pair: pair[0].key))
    lines = [Returned(DAY + timedelta(days=3), one.amount - fee, f"ｼｷﾝﾍﾝｷﾔｸ {one.names[0]}", "other", True) for one, fee in back]
    found = match(lines, sent)
    assert [(each.sent, each.charge, each.is_sure) for each in found] == [(one, fee, True) for one, fee in back]


@given(st.lists(st.tuples(st.integers(1, 5_000), st.sampled_from(HOLDERS[:2])), max_size=8), st.lists(st.integers(1, 5_000), max_size=8))
def test_no_transfer_comes_back_twice_and_none_brings_more_than_it_was(sent: list[tuple[int, str]], came: list[int]) -> None:
    """Whatever is alike: a transfer answers one line at most, and what a bank keeps stays small."""
    ours = [Sent(str(at), DAY, amount, (name,)) for at, (amount, name) in enumerate(sent)]
    found = match([Returned(TODAY, amount, "ﾏﾙﾔｼﾖｸﾄﾞｳ", "other", True) for amount in came], ours)
    used = [each.sent.key for each in found if each.sent]
    assert len(used) == len(set(used)) and len(found) == len(came)
    assert all(0 <= each.charge <= FEE_MAX for each in found)


def record(name: str, words: str, amount: int, *, came_in: bool = True, day: str = "081124") -> str:
    """A data record of 全銀 入出金取引明細."""
    text = "2" + "00000001" + day + day + ("1" if came_in else "2") + "11" + f"{amount:012d}" + "0" * 12 + "000000" * 2 + "0" + "0" * 7
    return text + "000" + "0" * 10 + name.ljust(48) + " " * 30 + words.ljust(20) + " " * 20 + " "


def test_lists_and_statements_as_banks_give_them() -> None:
    """A list of returns with reasons, a statement in Shift_JIS, cells copied from a spreadsheet, and the file of 200 bytes a record."""
    rows = (
        "振込返却明細",
        "返却日,受取人名,振込金額,返却理由",
        '2026/11/24,ﾏﾙﾔｼﾖｸﾄﾞｳ,"8,900",口座解約',
        "2026/11/24,ｶ)ﾐﾅﾄﾔ,500,受取人名相違",
        ",合計,,",
    )
    listed = "\r\n".join(rows)
    assert [(each.amount, each.reason, each.is_said) for each in read(listed.encode("cp932"), today=TODAY)] == [
        (8_900, "closed", True),
        (500, "name", True),
    ]
    statement = "取引日\t出金\t入金\t摘要\n2026/11/24\t\t8,240\tｸﾐﾓﾄﾞｼ ﾏﾙﾔｼﾖｸﾄﾞｳ\n2026/11/25\t300\t\tﾃｽｳﾘﾖｳ\n2026/11/25\t\t1,000\tﾀﾅｶ\n"
    assert [(each.day.day, each.amount, each.is_said) for each in read(statement.encode(), today=TODAY)] == [
        (24, 8_240, True),
        (25, 1_000, False),
    ]
    head = ("103" + "0" + "081124" * 3).ljust(200)
    records = [head, record("ﾏﾙﾔｼﾖｸﾄﾞｳ", "ｼｷﾝﾍﾝｷﾔｸ", 8_900), record("ﾃｽｳﾘﾖｳ", "", 330, came_in=False), "8".ljust(200, "0"), "9".ljust(200)]
    assert all(len(each.encode("cp932")) == 200 for each in records)
    for end in ("\r\n", ""):
        (only,) = read(end.join(records).encode("cp932"), today=TODAY)
        assert (only.day, only.amount, only.is_said) == (date(2026, 11, 24), 8_900, True)
    for wrong in (b"", b"a,b,c\n1,2,3\n", "返却日,受取人,金額\nいつか,ﾏﾙﾔ,100\n".encode()):
        with pytest.raises(FileWrong):
            read(wrong, today=TODAY)


def paid_run(town: Town, *shops: tuple[Shop, int]) -> Run:
    """Shops paid by one file; the first two share an account."""
    hanako = town.consumer(coins=60_000)
    town.settles_by(pay_after_days=1)
    banks(town, recall_bearer="merchant")
    numbers = [MARUYA, MARUYA, OTHER, replace(OTHER, number="7777777", holder="ﾀﾅｶ ｼﾖｳﾃﾝ")]
    has_account(town, *((shop, account) for (shop, _amount), account in zip(shops, numbers, strict=False)))
    for shop, amount in shops:
        hanako.pays(shop, amount)
    run = settled(town)
    file_of(town, run)
    town.clock.advance(days=9)  # type: ignore[attr-defined]
    return town.clerk().sees_run(run.id)


def test_a_list_goes_forward_in_one_go_and_books_as_by_hand(app: Flask, district: Town) -> None:
    """Two transfers come back, one of them for two shops of one owner and less by the bank's fee: one proposal, one approval by somebody
    else, each shop owed again, the account to be checked; again is the same, and what is back cannot come back twice."""
    shops = [district.shop(name) for name in ("食堂 まるや", "喫茶 まるや", "みなと屋", "田中商店")]
    run = paid_run(district, *zip(shops, (5_000, 700, 9_000, 1_300), strict=True))
    clerk, today = district.clerk(), tokyo_day(district.now)
    seat, page = Desk(app.test_client(), district, clerk), "/desk/settlement/returns"
    rows = f"返却日,受取人名,金額,理由\n{today},{MARUYA.holder},5040,口座解約\n{today},ﾀﾅｶ ｼﾖｳﾃﾝ,1300,名義相違\n{today},ﾅｿﾉﾋﾄ,9999,\n"
    shown = seat.presses(page, page, pasted=rows).text
    assert "名前が合い、手数料の分だけ少ない" in shown and "名前と金額が合います" in shown and "決まりません</span>" in shown
    assert seat.presses(page, page, pasted="a,b,c\n1,2,3").status_code == 422
    first, third = f"{run.id}:{shops[0].id},{shops[1].id}", f"{run.id}:{shops[3].id}"
    form = {
        "take": ["0", "1"],
        "transfer": [first, third, ""],
        "reason": ["closed", "name", "other"],
        "day": [str(today)] * 3,
        "charge": ["660", "0", "0"],
    }
    answer = seat.presses(page, page + "/submit", **form)
    assert answer.status_code == 303
    proposal = int(answer.location.rpartition("/")[2])
    assert seat.presses(page, page + "/submit", **form).location == answer.location
    assert "田中商店" in seat.sees(answer.location).text and "申請済み" in seat.presses(page, page, pasted=rows).text
    with pytest.raises(SameHands):
        association.commands.approve(district.session, replace(clerk.who, roles=frozenset({"approver"})), proposal, now=district.now)
    district.approver().approves(proposal)
    assert [shop.taken() for shop in shops] == [5_000 - 660, 700, 0, 1_300]
    assert (balances(district, "in_transit"), balances(district, "bank"), district.difference()) == (9_000, 660, 0)
    states = {line.merchant_id: line.state for line in clerk.sees_run(run.id).lines}
    assert [states[shop.id] for shop in shops] == ["returned", "returned", "settled", "returned"]
    with pytest.raises(ReturnWrong):
        association.commands.submit_returns(
            district.session, clerk.who, [ReturnedTransfer(run.id, (shops[3].id,), "name", today, 0)], now=district.now
        )
    with pytest.raises(ReturnsMissing):
        association.commands.submit_returns(district.session, clerk.who, [], now=district.now)
    district.approver().approves(clerk.says_paid(run.id, run.pay_on))
    proof = association.queries.proof(district.session, clerk.who, today)
    assert (proof.difference, balances(district, "in_transit")) == (0, 0)


def test_by_hand_too_the_whole_transfer_comes_back(district: Town) -> None:
    """One of two shops of one account is named: the bank can only have sent back both, and both are owed again."""
    shops = [district.shop(name) for name in ("食堂 まるや", "喫茶 まるや", "みなと屋")]
    run = paid_run(district, *zip(shops, (5_000, 700, 9_000), strict=True))
    number = returns(district, run, shops[1], charge=660)
    assert returns(district, run, shops[0], charge=660) == number
    district.approver().approves(number)
    assert [shop.taken() for shop in shops] == [5_000, 700 - 660, 0]
    assert (balances(district, "in_transit"), district.difference()) == (9_000, 0)


def test_what_came_back_is_found_in_the_banks_statement(app: Flask, district: Town) -> None:
    """A line of the statement that says so: the week asks for it, the page shows its shop; declined, it may be asked for again."""
    bakery = district.shop("食堂 まるや")
    run = paid_run(district, (bakery, 5_000))
    clerk, administrator, today = district.clerk(), district.another_clerk("administrator"), tokyo_day(district.now)
    content = f"日付,入金,出金,摘要\n{today},5000,,ﾌﾘｺﾐｼｷﾝﾍﾝｷﾔｸ {MARUYA.holder}\n{today},5000,,ﾌﾘｺﾐ ｶﾝｹｲﾅｼ\n".encode()
    taken = association.commands.take_bank_file(
        district.session, administrator.who, NewBankFile(None, "普通", "a.csv", content), now=district.now
    )
    assert taken.file_id is not None
    columns = Columns(head=1, names=(), day=1, amount=0, came_in=2, went_out=3, about=(4,), balance=0)
    association.commands.read_bank_file(district.session, administrator.who, taken.file_id, columns, now=district.now)
    seat = Desk(app.test_client(), district, clerk)
    assert "戻った振込が 1件あります" in seat.sees("/desk/treasury/week").text
    found = association.queries.returns_at_bank(district.session, clerk.who, now=district.now)
    assert [(each.is_sure, found.transfers[each.sent.key].payees) for each in found.matches if each.sent] == [(True, "食堂 まるや")]
    one = [ReturnedTransfer(run.id, (bakery.id,), "other", today, 0)]
    first = association.commands.submit_returns(district.session, clerk.who, one, now=district.now)
    assert "戻った振込が" not in seat.sees("/desk/treasury/week").text
    district.approver().declines(first)
    again = association.commands.submit_returns(district.session, clerk.who, one, now=district.now)
    assert again != first
    district.approver().approves(again)
    assert (bakery.taken(), district.difference()) == (5_000, 0)
