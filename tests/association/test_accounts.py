"""会計: reports that agree with the entries, months that stay closed, and files that accounting packages take."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

import ledger.commands as book
from association import commands, queries
from association.errors import AccountKindWrong, AccountNumberTaken, ClosingUnknown
from association.rules import exports
from association.rules.accounts import (
    DEFAULTS,
    RETAINED,
    Account,
    Sum,
    balance_sheet,
    chart_of,
    clashes,
    income_statement,
    natural,
    next_month,
    periods,
    trial_lines,
    year_start,
)
from base.clock import TOKYO, tokyo_day
from base.db import atomic
from base.errors import Forbidden
from base.journal_file import PACKAGES, Side, Voucher, rows
from ledger.errors import SameHands
from tests.association.test_pages import Seat, desk
from tests.association.test_series_that_end import demo
from tests.papers.paper import words
from tests.town import Town, behind_the_doors

__all__ = ["demo", "desk"]

CHART = chart_of({})
ROLES = [account.role for account in DEFAULTS if account.role != RETAINED]
entry = st.tuples(st.sampled_from(ROLES), st.sampled_from(ROLES), st.integers(1, 10**9), st.integers(0, 2))
PAGES = ("trial-balance", "ledger", "ledger?each=on", "balance-sheet", "income-statement", "chart", "closings", "export")
EXPORTS = [(package, days) for package in ("yayoi", "freee", "mf") for days in ("", "&by_day=on")]


def sums_of(entries: list[tuple[str, str, int, int]]) -> list[Sum]:
    """Of balanced entries (debit, credit, amount, when): 0 in an earlier fiscal year, 1 in this one before the period, 2 in it."""
    found = []
    for debit, credit, amount, when in entries:
        for role, signed in ((debit, amount), (credit, -amount)):
            before = signed if when < 2 else 0
            within = signed if when == 2 else 0
            found.append(Sum(role, signed if when == 0 else 0, before, max(within, 0), max(-within, 0)))
    return found


@settings(max_examples=60, deadline=None)
@given(entries=st.lists(entry, max_size=20))
def test_every_report_agrees_with_any_books(entries: list[tuple[str, str, int, int]]) -> None:
    """The trial balance balances, the balance sheet has no difference, and its result is that of the income statement."""
    lines = trial_lines(CHART, sums_of(entries))
    assert sum(natural(line.account, line.opening) for line in lines) == 0
    assert sum(line.debit for line in lines) == sum(line.credit for line in lines) == sum(e[2] for e in entries if e[3] == 2)
    assert all(natural(line.account, line.closing - line.opening) == line.debit - line.credit for line in lines)
    whole_year = trial_lines(CHART, [Sum(s.role, s.before_year, s.before_year, s.debit + max(s.opening - s.before_year, 0),
                                         s.credit + max(s.before_year - s.opening, 0)) for s in sums_of(entries)])  # fmt: skip
    sheet = balance_sheet(whole_year)
    assert sheet.difference == 0
    assert sheet.result == income_statement(whole_year).result
    result = sum(
        -amount if account.kind in ("income", "expense") and side == "debit" else amount if account.kind in ("income", "expense") else 0
        for debit, credit, amount, when in entries
        if when
        for side, role in (("debit", debit), ("credit", credit))
        for account in CHART
        if account.role == role
    )
    assert sheet.result == result


@given(day=st.dates(date(2020, 1, 1), date(2040, 12, 31)), first_month=st.integers(1, 12))
def test_a_fiscal_year_begins_where_the_district_says(day: date, first_month: int) -> None:
    start = year_start(day, first_month)
    assert start <= day < date(start.year + 1, first_month, 1)
    quick = periods(day, first_month)
    assert quick["this_month"][0] <= day <= quick["this_month"][1]
    assert quick["last_year"][1] + timedelta(days=1) == quick["this_year"][0] == start
    assert quick["last_month"][1] + timedelta(days=1) == quick["this_month"][0]
    assert next_month(quick["this_month"][0]) == quick["this_month"][1] + timedelta(days=1)


def test_an_account_is_called_as_the_administrator_says(district: Town) -> None:
    """Number, names and kind; no number twice; a liability never becomes income; nobody else may."""
    session, who, now = district.session, district.another_clerk("administrator").who, district.now
    commands.set_accounts(session, who, [Account("safe", 1111, "現金", "Cash", "asset")], now=now)
    assert queries.account_of(session, district.district_id, "safe").name == "現金"
    with pytest.raises(AccountNumberTaken):
        commands.set_accounts(session, who, [Account("bank", 1111, "預金", "Bank", "asset")], now=now)
    with pytest.raises(AccountKindWrong):
        commands.set_accounts(session, who, [Account("consumer", 2110, "預り金", "Held", "income")], now=now)
    with pytest.raises(Forbidden):
        commands.set_accounts(session, district.another_clerk("auditor").who, [Account("bank", 1112, "預金", "Bank", "asset")], now=now)
    assert not clashes(CHART), "a chart that nobody has changed makes sense"
    commands.set_fiscal_year(session, who, 1, now=now)
    assert queries.first_month(session, district.district_id) == 1
    assert [change.account.number for change in queries.chart_history(session, who)] == [1111]


def test_the_chart_comes_back_from_a_spreadsheet(desk: Seat, district: Town) -> None:
    """As it went out, in either language, nothing differs. One wrong line keeps the whole out; two accounts exchange their numbers at once,
    and nothing changes before that was looked at, nor if somebody else was quicker."""
    seat, here = desk(district.another_clerk("administrator")), "/desk/accounts/chart/list"
    for tag, same in (("en", "Nothing differs from what is there."), ("ja", "いまと違うところはありません。")):
        table = seat.sees(f"/desk/accounts/chart.csv?lang={tag}").data.decode("utf-8-sig")
        assert same in seat.presses(here, here, pasted=table).text

    def pastes(*rows: str, **more: str) -> TestResponse:
        return seat.presses(here, here, pasted="\n".join(("番号\t勘定科目\t区分\t帳簿での役割", *rows)), **more)

    safe, bank = "1130\t現金\t資産\t現金 金庫", "１１２０\t普通預金\tAssets\t預金"
    wrong = pastes(safe, "001\t=預金\t収益\t預金", "1\tx\t資産\tそのほか").text
    for why in ("この番号は、名前か区分の違う別の科目と重なります。", "4桁の数字", "この役割の科目はありません"):
        assert why in wrong, why
    assert wrong.count('nowrap">番号</td>') == 2 and 'name="plan"' not in wrong
    digest = re.search('name="plan" value="([0-9a-f]{64})"', pastes(safe, bank).text)
    assert digest and queries.account_of(district.session, district.district_id, "safe").number == 1120
    assert pastes(safe, bank, plan=digest[1]).status_code == 303
    assert [queries.account_of(district.session, district.district_id, role).number for role in ("safe", "bank")] == [1130, 1120]
    assert pastes(safe, bank, plan=digest[1]).status_code == 409
    assert desk(district.another_clerk("auditor")).sees(here).status_code == 403


def test_the_reports_of_a_month(district: Town) -> None:
    """Topped up, paid and settled with a fee: cash, deposits, debts, the fee and its tax."""
    settled(district)
    who, today = district.approver().who, tokyo_day(datetime.now(TOKYO))
    lines = {line.account.role: line.closing for line in queries.trial_report(district.session, who, today, today).lines}
    assert lines == {"drawer": 5_000, "consumer": 3_000, "payable": 0, "in_transit": 1_978, "fee_income": 20, "fee_tax": 2}
    assert queries.income_report(district.session, who, today, today).result == 20
    sheet = queries.balance_sheet_report(district.session, who, today)
    assert (sheet.assets.total, sheet.liabilities.total, sheet.result, sheet.difference) == (5_000, 4_980, 20, 0)
    for by_day in (True, False):
        report = queries.ledger_report(district.session, who, "payable", today, today, by_day=by_day)
        assert [row.balance for row in report.rows] == ([0] if by_day else [2_000, 0])
    one_coin = queries.trial_report(district.session, who, today, today, series_id=district.series_id)
    assert {line.account.role for line in one_coin.lines} == {"consumer", "payable"}
    assert one_coin.rest == 3_000


def settled(town: Town) -> None:
    """5,000円 topped up, 2,000円 paid, settled with a fee of 1 %."""
    town.settles_by(fee_bp=100)
    town.consumer(coins=5_000).pays(town.shop(), 2_000)
    run = town.clerk().submits(town.month_passes())
    town.approver().signs_in_again().approves(run.id)


@pytest.fixture
def last_month(district: Town, demo: Engine) -> date:
    """The month before this one, with 700円 of cash booked in it: its first day."""
    first = (tokyo_day(datetime.now(TOKYO)).replace(day=1) - timedelta(days=1)).replace(day=1)
    booked(district, demo, first)
    return first


def booked(town: Town, demo: Engine, day: date) -> None:
    with Session(demo) as session, atomic(session):
        drawer, safe = (book.open_account(session, town.district_id, role, 9_999, 0) for role in ("drawer", "safe"))
        moment = datetime(day.year, day.month, day.day, 9, tzinfo=TOKYO)
        draft = book.Draft("drawer_float", uuid4(), book.hash_command(day), book.transfer(drawer, safe, 700), posted_at=moment)
        book.post(session, town.district_id, draft)


def test_a_close_says_who_and_when_and_two_people_open_it_again(district: Town, last_month: date) -> None:
    session, approver = district.session, district.approver()
    closing = commands.close_month(session, approver.who, last_month)
    (closed,) = queries.months(session, approver.who, now=district.now).closed
    assert (closed.closing.month, closed.closed_by, closed.is_closed, closed.differences) == (last_month, "宮下", True, ())
    number = commands.propose_reopening(session, approver.who, closing, reason="領収書が出てきた")
    assert commands.propose_reopening(session, approver.who, closing, reason="もう一度") == number
    with pytest.raises(SameHands):
        approver.approves(number)
    district.another_clerk("approver").approves(number)
    (opened,) = queries.months(session, approver.who, now=district.now).closed
    assert (opened.is_closed, opened.reason) == (False, "領収書が出てきた")
    with pytest.raises(ClosingUnknown):
        commands.propose_reopening(session, approver.who, closing, reason="もう一度")


def test_a_closed_month_that_somebody_changed_is_shown_in_red(desk: Seat, district: Town, last_month: date, superuser: Engine) -> None:
    """Who owns the database can still write an entry: the close remembers what was there."""
    commands.close_month(district.session, district.approver().who, last_month)
    seat = desk(district.another_clerk("auditor"))
    assert "いまの帳簿と同じ" in seat.sees("/desk/accounts/closings").text
    does = """INSERT INTO ledger.entry SELECT district_id, id, 999, -999, 50, 750, :at FROM ledger.account
        WHERE district_id = :d AND role = 'drawer' AND owner_id = 9999"""
    undoes = "DELETE FROM ledger.entry WHERE district_id = :d AND transaction_id = -999"
    at = datetime(last_month.year, last_month.month, 2, 9, tzinfo=TOKYO)
    with behind_the_doors(superuser, does, undoes, d=district.district_id, at=at):
        page = seat.sees("/desk/accounts/closings").text
    assert "いまの帳簿と違います" in page and "report__danger" in page and "750" in page


@pytest.mark.parametrize("path", PAGES)
def test_the_auditor_sees_all_and_leaves_a_trace(desk: Seat, district: Town, path: str) -> None:
    """And finds nothing to press; nobody without a role of the desk gets in."""
    settled(district)
    seat = desk(district.another_clerk("auditor"))
    seen = seat.sees(f"/desk/accounts/{path}")
    assert seen.status_code == 200
    assert 'method="post" action="/desk/accounts' not in seen.text or "disabled" in seen.text
    if path not in ("chart", "export"):
        assert "会計の帳票を見た" in desk(district.another_clerk("administrator")).sees("/desk/log").text
    assert desk(district.another_clerk("consumer")).sees(f"/desk/accounts/{path}").status_code == 403


def test_the_auditor_changes_nothing(desk: Seat, district: Town, last_month: date) -> None:
    seat = desk(district.another_clerk("auditor"))
    account = {"number": "1111", "name": "現金", "name_en": "Cash", "kind": "asset"}
    for page, action, form in (
        ("/desk/accounts/chart/safe", "/desk/accounts/chart/safe", account),
        ("/desk/accounts/chart", "/desk/accounts/fiscal-year", {"first_month": "1"}),
        ("/desk/accounts/closings", "/desk/accounts/closings", {"month": str(last_month)}),
    ):
        assert seat.presses(page if "chart" in page else "/desk/accounts/chart", action, **form).status_code == 403


def test_the_administrator_works_at_the_desk(desk: Seat, district: Town, last_month: date) -> None:
    """Renames an account, sets the year, closes the month, asks for it to be opened again."""
    seat = desk(district.another_clerk("administrator"))
    account = {"number": "1111", "name": "現金", "name_en": "Cash", "kind": "asset"}
    assert seat.presses("/desk/accounts/chart/safe", "/desk/accounts/chart/safe", **account).status_code == 303
    assert seat.presses("/desk/accounts/chart/safe", "/desk/accounts/chart/safe", **account | {"name": "현금"}).status_code == 422
    assert seat.presses("/desk/accounts/chart", "/desk/accounts/fiscal-year", first_month="1").status_code == 303
    assert seat.presses("/desk/accounts/closings", "/desk/accounts/closings", month=str(last_month)).status_code == 303
    (closed,) = queries.months(district.session, district.approver().who, now=district.now).closed
    asked = seat.presses("/desk/accounts/closings", f"/desk/accounts/closings/{closed.closing.id}/reopen", reason="訂正")
    assert asked.status_code == 303
    assert "月次締めを解く申請" in seat.sees(asked.headers["Location"]).text


@pytest.mark.parametrize("path", ["trial-balance", "ledger", "balance-sheet", "income-statement"])
def test_each_report_is_a_paper(desk: Seat, district: Town, path: str) -> None:
    settled(district)
    answer = desk(district.approver()).sees(f"/desk/accounts/{path}.pdf")
    assert answer.status_code == 200
    assert district.host and any("灯ノ沢温泉" in page for page in words(answer.data))


@pytest.mark.parametrize(("package", "days"), EXPORTS)
def test_a_package_gets_a_balanced_file(desk: Seat, district: Town, package: str, days: str) -> None:
    """In its encoding, with CRLF; debits equal credits; the fee is one taxed line with its tax, all else is 対象外."""
    settled(district)
    today = tokyo_day(datetime.now(TOKYO))
    data = desk(district.approver()).sees(f"/desk/accounts/export/{package}.csv?first={today}&last={today}{days}").data
    assert data.count(b"\r\n") == data.count(b"\n")
    rows = list(csv.reader(io.StringIO(data.decode("cp932"), newline="")))
    form = PACKAGES[package]
    width, debit, credit = {"yayoi": (25, 8, 14), "freee": (33, 15, 29), "mf": (27, 8, 16)}[package]
    assert {len(row) for row in rows} == {width}
    if form.head is not None:
        assert tuple(rows.pop(0)) == form.head
    total = sum(int(row[debit] or 0) for row in rows)
    assert total == sum(int(row[credit] or 0) for row in rows) == 5_000 + 2_000 + 2_000
    (fee,) = [row for row in rows if form.tax_codes[10] in row]
    assert "22" in fee and "2" in fee and "受取手数料" in fee
    if package == "yayoi":
        assert {row[0] for row in rows} <= {"2111", "2110", "2100", "2101"} and {row[24] for row in rows} == {"no"}


movement = st.lists(
    st.tuples(st.integers(1, 3), st.sampled_from(ROLES), st.sampled_from(ROLES), st.integers(1, 10**6)), min_size=1, max_size=15
)


@given(moves=movement, package=st.sampled_from(["yayoi", "freee", "mf"]))
def test_the_days_sum_to_the_whole(moves: list[tuple[int, str, str, int]], package: str) -> None:
    """By day, account, side and tax the sums of the file by day are those of the file in full."""
    chart, form = {account.role: account for account in CHART}, PACKAGES[package]
    full = [
        exports.voucher(number, date(2026, 4, day), "", [(debit, amount, 0), (credit, 0, amount)], chart)
        for number, (day, debit, credit, amount) in enumerate(moves, 1)
    ]
    days = []
    for number, day in enumerate(sorted({move[0] for move in moves}), 1):
        sums: dict[tuple[str, int], int] = {}
        for _, debit, credit, amount in (move for move in moves if move[0] == day):
            for role, side in ((debit, 1), (credit, 2)):
                sums[role, side] = sums.get((role, side), 0) + amount
        lines = [(role, total if side == 1 else 0, total if side == 2 else 0) for (role, side), total in sums.items()]
        days.append(exports.voucher(number, date(2026, 4, day), "", lines, chart))
    assert added_up(full) == added_up(days)
    assert len(list(rows(form, days))) <= len(moves) + len(days) + 1 + 2 * len(ROLES) * len(days)


def added_up(vouchers: list[Voucher]) -> dict[tuple[date, str, str, bool], tuple[int, int]]:
    totals: dict[tuple[date, str, str, bool], tuple[int, int]] = {}
    for each, side, line in _lines(vouchers):
        amount, tax = totals.get((each.day, side, line.account, line.taxed), (0, 0))
        totals[each.day, side, line.account, line.taxed] = (amount + line.amount, tax + line.tax)
    return totals


def _lines(vouchers: list[Voucher]) -> Iterator[tuple[Voucher, str, Side]]:
    for each in vouchers:
        assert sum(line.amount for line in each.debits) == sum(line.amount for line in each.credits)
        yield from ((each, "debit", line) for line in each.debits)
        yield from ((each, "credit", line) for line in each.credits)


def test_a_file_of_no_days_is_refused(desk: Seat, district: Town) -> None:
    """Who leaves out the days is told so; the server does not fall over."""
    assert desk(district.approver()).sees("/desk/accounts/export/yayoi.csv?first=2026-04-01&last=").status_code == 422
