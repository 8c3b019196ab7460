"""会計: the chart of accounts, the reports made of the book, and the months that are closed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

import ledger.queries as book
from association.errors import ChartRoleUnknown
from association.models import ChartAccount, FiscalYear
from association.rules.accounts import (
    FIRST_MONTH,
    RESULT_KINDS,
    RETAINED,
    Account,
    BalanceSheet,
    IncomeStatement,
    Sum,
    TrialLine,
    balance_sheet,
    chart_of,
    income_statement,
    natural,
    next_month,
    trial_lines,
    year_start,
)
from base.clock import TOKYO, day_bounds, tokyo_day
from identity.commands import authorise
from identity.queries import Principal, nicknames
from ledger.queries import Closing, Movement, RoleLine


def chart(session: Session, district_id: int) -> list[Account]:
    """勘定科目 as they hold now, in the order of their numbers. For doors that have asked already."""
    query = select(ChartAccount).where(ChartAccount.district_id == district_id).order_by(ChartAccount.version)
    changed = {row.role: Account(row.role, row.number, row.name, row.name_en, row.kind) for row in session.scalars(query)}
    return chart_of(changed)


def account_of(session: Session, district_id: int, role: str) -> Account:
    """Raises ChartRoleUnknown."""
    for account in chart(session, district_id):
        if account.role == role:
            return account
    raise ChartRoleUnknown


@dataclass(frozen=True, slots=True)
class ChartChange:
    """Who gave an account which name, and when."""

    account: Account
    set_by: str | None
    set_at: datetime


def chart_history(session: Session, who: Principal) -> list[ChartChange]:
    """Every change of the chart, newest first."""
    authorise(session, who, "association.read")
    query = select(ChartAccount).where(ChartAccount.district_id == who.district_id).order_by(ChartAccount.set_at.desc())
    found = list(session.scalars(query))
    names = nicknames(session, who.district_id, {row.set_by for row in found}) if found else {}
    return [ChartChange(Account(row.role, row.number, row.name, row.name_en, row.kind), names.get(row.set_by), row.set_at) for row in found]


def first_month(session: Session, district_id: int) -> int:
    """The month (1 to 12) with which the fiscal year begins."""
    query = select(FiscalYear.first_month).where(FiscalYear.district_id == district_id).order_by(FiscalYear.version.desc()).limit(1)
    return session.scalar(query) or FIRST_MONTH


@dataclass(frozen=True, slots=True)
class TrialReport:
    """合計残高試算表. `rest`: what the accounts of no series have on the other side, where one series is looked at; debit positive."""

    lines: list[TrialLine]
    debit: int
    credit: int
    rest: int


def trial_report(session: Session, who: Principal, first: date, last: date, *, series_id: int = 0) -> TrialReport:
    """Of the days `first` to `last`; `series_id` 0: everything."""
    authorise(session, who, "association.read_books", subject=_subject("trial", first, last))
    lines = _trial_lines(session, who.district_id, first, last, series_id)
    debit, credit = sum(line.debit for line in lines), sum(line.credit for line in lines)
    closing = sum(natural(line.account, line.closing) for line in lines)
    return TrialReport(lines, debit, credit, -closing)


def balance_sheet_report(session: Session, who: Principal, last: date) -> BalanceSheet:
    """貸借対照表 at the end of `last`."""
    authorise(session, who, "association.read_books", subject=_subject("balance-sheet", last, last))
    start = year_start(last, first_month(session, who.district_id))
    return balance_sheet(_trial_lines(session, who.district_id, start, last))


def income_report(session: Session, who: Principal, first: date, last: date) -> IncomeStatement:
    """損益計算書 of the days `first` to `last`."""
    authorise(session, who, "association.read_books", subject=_subject("income", first, last))
    return income_statement(_trial_lines(session, who.district_id, first, last))


def _trial_lines(session: Session, district_id: int, first: date, last: date, series_id: int = 0) -> list[TrialLine]:
    return trial_lines(chart(session, district_id), _sums(session, district_id, first, last, series_id))


def _sums(session: Session, district_id: int, first: date, last: date, series_id: int = 0) -> list[Sum]:
    start, end = day_bounds(first, last)
    year = day_bounds(year_start(first, first_month(session, district_id)))[0]
    found = book.role_sums(session, district_id, year=year, start=start, end=end)
    return [Sum(each.role, each.before_year, each.opening, each.debit, each.credit) for each in found if series_id in (0, each.series_id)]


@dataclass(frozen=True, slots=True)
class LedgerRow:
    """A line of the 総勘定元帳 with the balance after it, on the account's natural side."""

    line: RoleLine
    balance: int


@dataclass(frozen=True, slots=True)
class LedgerReport:
    """総勘定元帳 of one account; `opening` on its natural side. `rows` is read once."""

    account: Account
    opening: int
    rows: Iterator[LedgerRow]


def ledger_report(
    session: Session, who: Principal, role: str, first: date, last: date, *, series_id: int = 0, by_day: bool = True
) -> LedgerReport:
    """Each transaction of an account, or each day. Raises ChartRoleUnknown."""
    authorise(session, who, "association.read_books", subject=_subject(f"ledger:{role}", first, last))
    account = account_of(session, who.district_id, role)
    sums = _sums(session, who.district_id, first, last, series_id)
    opening = sum(each.opening - (each.before_year if account.kind in RESULT_KINDS else 0) for each in sums if each.role == role)
    if role == RETAINED:
        kinds = {each.role: each.kind for each in chart(session, who.district_id)}
        opening = sum(each.before_year for each in sums if kinds.get(each.role) in RESULT_KINDS)
    start, end = day_bounds(first, last)
    lines = book.role_lines(session, who.district_id, role, start=start, end=end, series_id=series_id, by_day=by_day)
    return LedgerReport(account, natural(account, opening), _carried(account, opening, lines))


def _carried(account: Account, opening: int, lines: Iterator[RoleLine]) -> Iterator[LedgerRow]:
    balance = opening
    for line in lines:
        balance += line.debit - line.credit
        yield LedgerRow(line, natural(account, balance))


def movements(session: Session, who: Principal, first: date, last: date, *, by_day: bool) -> Iterator[Movement]:
    """仕訳 for an accounting package, oldest first, or the sums of each day."""
    authorise(session, who, "association.read_books", subject=_subject("export-days" if by_day else "export", first, last))
    start, end = day_bounds(first, last)
    return book.movements(session, who.district_id, start=start, end=end, by_day=by_day)


def _subject(what: str, first: date, last: date) -> str:
    return f"{what}:{first}" if first == last else f"{what}:{first}:{last}"


@dataclass(frozen=True, slots=True)
class Difference:
    """What a closed month held when it was closed, and what its entries say now: (opening, debit, credit), debit positive."""

    account: Account | None
    role: str
    series_id: int
    then: tuple[int, int, int]
    now: tuple[int, int, int]


@dataclass(frozen=True, slots=True)
class ClosedMonth:
    """A close with names. `proposer`, `reason` and `approver` of the reopening, where there was one. `differences`: none, as it must be."""

    closing: Closing
    closed_by: str | None
    proposer: str | None
    approver: str | None
    reason: str
    differences: tuple[Difference, ...]

    @property
    def is_closed(self) -> bool:
        return self.closing.reopened_at is None


@dataclass(frozen=True, slots=True)
class Months:
    """Every close, newest first; the month that can be closed next, and from when on (None: nothing was ever booked)."""

    closed: list[ClosedMonth]
    next_month: date | None
    is_over: bool

    @property
    def newest(self) -> ClosedMonth | None:
        """The one that can be opened again."""
        return next((each for each in self.closed if each.is_closed), None)

    @property
    def next_month_end(self) -> date | None:
        """Its last day."""
        return self.next_month and next_month(self.next_month) - timedelta(days=1)


def months(session: Session, who: Principal, *, now: datetime) -> Months:
    """月次締め: what is closed, compared with the entries as they are now."""
    authorise(session, who, "association.read_books", subject="closings")
    found = book.closings(session, who.district_id)
    current = book.figures_of(session, who.district_id, {each.month for each in found})
    accounts = {each.role: each for each in chart(session, who.district_id)}
    proposals = {
        each.proposal_id: book.one_proposal(session, who.district_id, each.proposal_id) for each in found if each.proposal_id is not None
    }
    people = {each.closed_by for each in found} | {person for each in proposals.values() for person in (each.maker, each.checker) if person}
    names = nicknames(session, who.district_id, people) if people else {}
    closed = []
    for each in found:
        proposal = proposals.get(each.proposal_id or 0)
        closed.append(
            ClosedMonth(
                closing=each,
                closed_by=names.get(each.closed_by),
                proposer=None if proposal is None else names.get(proposal.maker),
                approver=None if proposal is None or proposal.checker is None else names.get(proposal.checker),
                reason="" if proposal is None else str(proposal.facts.get("note", "")),
                differences=() if each.reopened_at else _differences(each, current[each.month], accounts),
            )
        )
    newest = next((each.month for each in found if each.reopened_at is None), None)
    first = book.first_posting(session, who.district_id)
    upcoming = next_month(newest) if newest else tokyo_day(first).replace(day=1) if first else None
    is_over = upcoming is not None and now.astimezone(TOKYO) >= _grace(upcoming)
    return Months(closed, upcoming, is_over)


def _grace(month: date) -> datetime:
    """From when on a month can be closed: the book's own minute of grace."""
    return day_bounds(next_month(month))[0] + timedelta(minutes=1)


def _differences(closing: Closing, now: tuple[book.Figure, ...], accounts: dict[str, Account]) -> tuple[Difference, ...]:
    then = {figure[:3]: figure[3:] for figure in closing.figures}
    current = {figure[:3]: figure[3:] for figure in now}
    nothing = (0, 0, 0)
    return tuple(
        Difference(accounts.get(key[0]), key[0], key[1], then.get(key, nothing), current.get(key, nothing))
        for key in sorted({*then, *current})
        if then.get(key, nothing) != current.get(key, nothing)
    )
