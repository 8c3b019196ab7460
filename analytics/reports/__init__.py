"""Questions and their guarded answers. `run` is what doors and the terminal open; who may ask is theirs to check."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

import identity.queries
import ledger.queries
import merchant.queries
from analytics import snapshot
from analytics.errors import KernelsCold, PeriodNotOver, PeriodNotQuarter, PeriodNotWhole, PeriodWrong, ReportUnknown, ReportWrongScope
from analytics.guard import Published
from analytics.kernels import ready
from analytics.reports import (
    baskets,
    catchment,
    circulation,
    cohorts,
    covisits,
    customers,
    door,
    expected,
    festival,
    footfall,
    kept,
    movers,
    path,
    profile,
    pulse,
    rfm,
    routes,
    season,
    staying,
    survey,
    trade,
    wallet,
    weather,
    web,
)
from analytics.reports.answers import Answer, Words
from analytics.reports.edition import edition
from analytics.reports.frame import QUARTER, TODAY, Report
from analytics.reports.measured import NOTHING_MEASURED, Measured
from analytics.reports.source import Asked, Kept, Source, before, following
from base.clock import day_bounds, tokyo_day
from base.errors import N_

REPORTS: Mapping[str, Report] = {
    each.REPORT.name: each.REPORT
    for each in (
        pulse,
        profile,
        season,
        circulation,
        routes,
        covisits,
        customers,
        catchment,
        rfm,
        cohorts,
        staying,
        expected,
        wallet,
        path,
        movers,
        trade,
        baskets,
    )
}
JOINED: Mapping[str, Report] = {each.REPORT.name: each.REPORT for each in (footfall, weather, festival, survey, web, door)}
"""Those that lay beside the payments what was measured: only where something is."""
EVERY: Mapping[str, Report] = {**REPORTS, **JOINED}
OLDEST = date(2000, 1, 1)
AFTER_END = timedelta(days=1)
"""So long after its end a month is told: what was under way is in the columns by then, so that what was told stays."""
FEW_SHOPS = N_(
    "まだ言えません。お客様の来たお店が3軒に足りないか、1人のお店に偏っている月があります。お店の人も見るところでは、自分の分を引いても10人以上が残るときに言えます。"
)
CLOSING = timedelta(days=2)
"""Whoever names no month gets one that has been over for so long."""


@dataclass(frozen=True, slots=True)
class Period:
    """Whole months, from the day `since` to before the day `until`; for the running day both are that day."""

    since: date
    until: date


def report(name: str) -> Report:
    """Raises ReportUnknown."""
    if name not in EVERY:
        raise ReportUnknown
    return EVERY[name]


def period(asked: Report, first: date | None, last: date | None, now: datetime) -> Period:
    """The months of a report: those asked for by their first and last day, or the newest that are over. Only whole months can be asked
    for, and of each report always as many, so that no two answers overlap by days.

    A report about three months is about a quarter: the newest one that is over at the end asked for.

    Raises PeriodNotWhole, PeriodNotOver, PeriodNotQuarter, PeriodWrong.
    """
    today = tokyo_day(now)
    if asked.months == TODAY:
        if any(day not in (None, today) for day in (first, last)):
            raise PeriodWrong(months=0)
        return Period(today, today)
    running = today.replace(day=1)
    until = (today - CLOSING).replace(day=1) if last is None else _after(last)
    if asked.months == QUARTER and first is None:
        until = before(until, (until.month - 1) % QUARTER)
    since = before(until, asked.months) if first is None else first
    if since.day != 1:
        raise PeriodNotWhole
    if until > running:
        raise PeriodNotOver
    if last is None and first is not None:
        until = before(since, -asked.months)
        if until > running:
            raise PeriodNotOver
    if since < OLDEST or since != before(until, asked.months):
        raise PeriodWrong(months=asked.months)
    if asked.months == QUARTER and (until.month - 1) % QUARTER:
        raise PeriodNotQuarter
    return Period(since, until)


def _after(last: date) -> date:
    """The first day of the next month, if `last` is the last day of one."""
    if last >= date(9999, 12, 1) or last.year < OLDEST.year:
        raise PeriodWrong(months=1)
    end = following(last.replace(day=1))
    if (end - last).days != 1:
        raise PeriodNotWhole
    return end


@dataclass(frozen=True, slots=True)
class Registers:
    """What the book and the registers say at one moment: how far the log goes, what each shop is called, and which have an owner in
    common (see `identity.queries.shops_held_together`), by their numbers in the book."""

    log_end: int
    names: Mapping[int, str]
    together: Mapping[int, int]


def read_registers(session: Session, district_id: int) -> Registers:
    """Looked up once by whoever asks many reports of one moment."""
    end = ledger.queries.log_end(session, district_id)
    names = merchant.queries.names_of_shops(session, district_id)
    return Registers(end, names, identity.queries.shops_held_together(session, district_id))


def run(
    session: Session,
    district_id: int,
    asked: Report,
    chosen: Period,
    *,
    now: datetime,
    registers: Registers | None = None,
    merchant_id: int | None = None,
    measured: Measured = NOTHING_MEASURED,
    homes: Published | None = None,
    is_outside: bool = False,
    heard: Callable[[int, int], None] | None = None,
    may_compile: bool = True,
) -> Answer:
    """Ask one report of a district, or of one shop. `registers`: what they say, where it was read before.

    `is_outside`: for readers who are not of the association, and may own a shop.
    `may_compile`: whoever asks can wait half a minute for the compiler; False: they get what is kept, or KernelsCold.

    Raises ReportWrongScope, PeriodNotOver, KernelsCold, ColumnsOff, ColumnsMissing, ColumnsBroken.
    """
    if ("district" if merchant_id is None else "shop") not in asked.scopes:
        raise ReportWrongScope
    shop_sold = None if merchant_id is None else partial(merchant.queries.sold_together, session, district_id, merchant_id)
    source = Source(snapshot.of(session), district_id, heard, shop_sold)
    columns = source.columns(chosen.until, chosen.until)  # what they say of themselves: no month is opened
    registers = registers or read_registers(session, district_id)
    known = _known(columns, registers.log_end, now)
    if asked.months != TODAY and day_bounds(chosen.until)[0] + AFTER_END > known:
        raise PeriodNotOver
    names = {row.code: registers.names.get(row.shop, row.number) for row in columns.shop_rows}
    shop = None if merchant_id is None else _code(columns, merchant_id)
    question = replace(
        about(columns, chosen, now=known, shop=shop),
        names=names,
        measured=measured,
        homes=homes,
        is_outside=is_outside,
        held_with=_by_code(columns, registers.together),
    )
    if not (may_compile or asked.name in UNCOMPILED or ready.is_ready() or (asked.name in KEPT and has_answer(source, asked, question))):
        raise KernelsCold
    if asked.name in KEPT:
        key = (source.state(chosen.until), *_place(asked, question), tuple(names.items()))
        answer = _ANSWERS.get(key, lambda: kept_answer(source, asked, question, names))
    else:
        answer = answered(source, asked, question)
    return replace(answer, as_of=columns.latest)


def about(columns: snapshot.Columns, chosen: Period, *, now: datetime, shop: int | None) -> Asked:
    """The question about a period, with shops named by their codes. `shop`: a code; None: of the district."""
    return Asked(
        since=chosen.since,
        until=chosen.until,
        now=now,
        shop=shop,
        names=kept.codes(len(columns.shop_rows)),
        trades=_trades(columns, chosen.until),
    )


def held_with(session: Session, columns: snapshot.Columns) -> Mapping[int, int]:
    """By code of a shop, the code that stands for all shops of its owner; those whose owner has no other one are left out."""
    return _by_code(columns, identity.queries.shops_held_together(session, columns.district_id))


def _by_code(columns: snapshot.Columns, together: Mapping[int, int]) -> Mapping[int, int]:
    code = {row.shop: row.code for row in columns.shop_rows}
    return {code[shop]: code.get(first, code[shop]) for shop, first in together.items() if shop in code}


_TRADES: Kept[tuple[tuple[snapshot.ShopRow, ...], Mapping[int, str]]] = Kept(64)


def _trades(columns: snapshot.Columns, day: date) -> Mapping[int, str]:
    """By code, those of all shops when that day began. The rows are kept beside, so that their identity is nobody else's meanwhile."""
    rows = columns.shop_rows
    return _TRADES.get((id(rows), day), lambda: (rows, {row.code: row.trade_before(day) for row in rows}))[1]


def answered(source: Source, asked: Report, question: Asked) -> Answer:
    """A question's answer. For readers outside, a period with a month of fewer than three shops is as if nobody had paid, and says so."""
    if question.is_outside and asked.months != TODAY and source.is_of_few_owners(question):
        return replace(asked.tell(question, asked.gather(source.emptied(), question)), sentence=Words(FEW_SHOPS))
    return asked.tell(question, asked.gather(source, question))


def had_payments(session: Session, district_id: int, month: date) -> bool:
    """Whether anybody paid in the month that begins on that day. Raises ColumnsOff, ColumnsMissing, ColumnsBroken."""
    months = snapshot.of(session).read(district_id, month, following(month)).months
    return any(len(each.payments.at) for each in months)


KEPT = frozenset(REPORTS) - {pulse.REPORT.name, baskets.REPORT.name, catchment.REPORT.name}
"""Functions of the columns of whole months: the running day is not over, and receipts and where people live are no columns."""
UNCOMPILED = frozenset(JOINED) | {pulse.REPORT.name, catchment.REPORT.name}
"""What no kernel counts: these wait for no compiler."""
_ANSWERS: Kept[Answer] = Kept(256)


def kept_answer(source: Source, asked: Report, question: Asked, names: Mapping[int, str]) -> Answer:
    """One of KEPT, with shops called by `names`. Of closed months it was reckoned once, by whoever asked first: the worker, mostly."""
    state, place = source.state(question.until), "-".join(_place(asked, question))
    content = state.kept(place)
    with suppress(ValueError, KeyError, TypeError):  # a file that somebody damaged is made again
        if content is not None:
            return kept.unpacked(content, names)
    coded = replace(question, names=kept.codes(len(question.trades)))
    content = kept.packed(answered(source, asked, coded))
    state.keep(place, content)
    return kept.unpacked(content, names)


def has_answer(source: Source, asked: Report, question: Asked) -> bool:
    """Whether it was reckoned and is kept."""
    return source.state(question.until).kept("-".join(_place(asked, question))) is not None


def _place(asked: Report, question: Asked) -> tuple[str, ...]:
    """All that an answer depends on besides the months themselves."""
    whose = ("outside" if question.is_outside else "district") if question.shop is None else str(question.shop)
    owners = sorted(question.held_with.items()) if question.is_outside or question.shop is not None else []
    shops = hashlib.sha256(repr((sorted(question.trades.items()), owners)).encode()).hexdigest()[:8]
    return f"answer_{asked.name}", edition(), whose, f"{question.since:%Y%m}", f"{question.until:%Y%m}", shops


def known_to(session: Session, columns: snapshot.Columns, now: datetime) -> datetime:
    """Up to when all that happened is in the columns: to their newest booking, or where nothing waits behind it to the present."""
    return _known(columns, ledger.queries.log_end(session, columns.district_id), now)


def _known(columns: snapshot.Columns, log_end: int, now: datetime) -> datetime:
    if columns.size == log_end:
        return now
    return min(now, columns.latest or datetime.min.replace(tzinfo=UTC))


UNPAID = -1
"""The code of a shop at which nobody ever paid."""


def _code(columns: snapshot.Columns, merchant_id: int) -> int:
    found = columns.shop_code(merchant_id)
    return UNPAID if found is None else found
