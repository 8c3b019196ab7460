"""A till's drawer since its last report, and the reports."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from base.clock import day_bounds
from merchant.errors import DayReportUnknown
from merchant.models import Till, TillDrawerEvent, TillReceipt
from merchant.queries.till_logs import offline_since
from merchant.queries.tills import TillRow, till
from merchant.rules.day import DENOMINATIONS, Counted, Moved, expected_cash, gathered
from merchant.rules.slip import SERIES


@dataclass(frozen=True, slots=True)
class DrawerNow:
    """What happened at a till since its last close. `last_report`: 0 before the first; `last_serial`: of its last receipt, 0 before one.

    `receipts`: contents, in their order, those that it made without the network last, as they came in; `last_entry`: of its logs.
    `opened`: whether it was opened with a float; `counts`: in the middle of the day; `categories`: of each receipt, line by line.
    """

    last_report: int
    last_serial: int
    moved: tuple[Moved, ...]
    receipts: tuple[dict[str, Any], ...]
    last_entry: int = 0
    counts: tuple[Counted, ...] = ()
    categories: tuple[Sequence[Sequence[Any]], ...] = ()

    @property
    def opened(self) -> bool:
        return any(each.kind == "open" for each in self.moved)

    @property
    def listed(self) -> list[Moved]:
        """What moved besides the receipts, as the page lists it."""
        return gathered(self.moved)

    @property
    def expected(self) -> int:
        """Yen that must lie in the drawer."""
        return expected_cash(self.moved, self.receipts)


@dataclass(frozen=True, slots=True)
class DayReport:
    """One close, as it was written down."""

    till_id: int
    report: int
    made_at: datetime
    staff_id: int | None
    content: dict[str, Any]


def drawer_now(session: Session, district_id: int, till_id: int) -> DrawerNow:
    """The drawer of this till since its last close."""
    last, events = _since_last_close(session, district_id, till_id)
    moved = tuple(Moved(each.kind, each.amount, each.reason, each.made_at) for each in events if each.expected is None)
    counts = tuple(Counted(each.amount, each.expected, each.reason, each.made_at) for each in events if each.expected is not None)
    closed = (last.to_serial or 0) if last else 0
    query = (
        select(TillReceipt.serial, TillReceipt.content, TillReceipt.categories)
        .where(TillReceipt.district_id == district_id, TillReceipt.till_id == till_id, TillReceipt.serial > closed)
        .where(TillReceipt.serial < SERIES)
        .order_by(TillReceipt.serial)
    )
    rows = session.execute(query).all()
    last_entry, offline = offline_since(session, district_id, till_id, (last.to_entry or 0) if last else 0)
    found = [*((row.content, row.categories) for row in rows), *offline]
    return DrawerNow(
        last_report=(last.report or 0) if last else 0,
        last_serial=rows[-1].serial if rows else closed,
        moved=moved,
        receipts=tuple(content for content, _categories in found),
        last_entry=last_entry,
        counts=counts,
        categories=tuple(kept or [["", 0, content["total"]]] for content, kept in found),
    )


@dataclass(frozen=True, slots=True)
class Unclosed:
    """What a removed tablet has left without a report: its receipts, what they came to less returns, and the cash that should be there."""

    till: TillRow
    receipts: int
    net: int
    expected: int


# Added up where they lie: a shop that never closes a day may have removed a tablet with a hundred thousand receipts.
LEFT_OPEN = text("""
    SELECT count(r.serial) AS receipts,
        COALESCE(sum(CASE r.kind WHEN 'sale' THEN r.total ELSE -r.total END), 0)::bigint AS net,
        COALESCE(sum(CASE r.kind WHEN 'sale' THEN r.cash ELSE -r.cash END), 0)::bigint AS cash
    FROM till_receipt r LEFT JOIN till_log_entry e ON e.district_id = r.district_id AND e.till_id = r.till_id AND e.serial = r.serial
    WHERE r.district_id = :district_id AND r.till_id = :till_id
        AND CASE WHEN r.serial < :series THEN r.serial > :to_serial ELSE e.id > :to_entry END
""")


def removed_unclosed(session: Session, district_id: int, merchant_id: int) -> list[Unclosed]:
    """Tablets that were removed and have receipts or cash that no report covers; the last removed first."""
    gone = select(Till.id).where(Till.district_id == district_id, Till.merchant_id == merchant_id, Till.revoked_at.is_not(None))
    found = []
    for number in session.scalars(gone.order_by(Till.revoked_at.desc(), Till.id.desc())).all():
        last, events = _since_last_close(session, district_id, number)
        moved = [Moved(each.kind, each.amount, each.reason, each.made_at) for each in events if each.expected is None]
        place = {"district_id": district_id, "till_id": number, "series": SERIES}
        closed = {"to_serial": (last.to_serial or 0) if last else 0, "to_entry": (last.to_entry or 0) if last else 0}
        row = session.execute(LEFT_OPEN, place | closed).one()
        if row.receipts or moved:
            found.append(Unclosed(till(session, district_id, number), row.receipts, row.net, expected_cash(moved, ()) + row.cash))
    return found


def _since_last_close(session: Session, district_id: int, till_id: int) -> tuple[TillDrawerEvent | None, Sequence[TillDrawerEvent]]:
    """A till's last close, and what happened to its drawer since, in its order."""
    mine = (TillDrawerEvent.district_id == district_id, TillDrawerEvent.till_id == till_id)
    closes = select(TillDrawerEvent).where(*mine, TillDrawerEvent.kind == "close")
    last = session.scalars(closes.order_by(TillDrawerEvent.id.desc()).limit(1)).first()
    since = select(TillDrawerEvent).where(*mine, TillDrawerEvent.id > (last.id if last else 0))
    return last, session.scalars(since.order_by(TillDrawerEvent.id)).all()


def last_close(session: Session, district_id: int, till_id: int) -> datetime | None:
    """When this till was last closed."""
    mine = (TillDrawerEvent.district_id == district_id, TillDrawerEvent.till_id == till_id, TillDrawerEvent.kind == "close")
    return session.scalar(select(func.max(TillDrawerEvent.made_at)).where(*mine))


def day_report_at(session: Session, district_id: int, merchant_id: int, till_id: int, report: int) -> DayReport:
    """One report of this shop. Raises DayReportUnknown, also for another shop's."""
    query = select(TillDrawerEvent).where(
        TillDrawerEvent.district_id == district_id,
        TillDrawerEvent.till_id == till_id,
        TillDrawerEvent.merchant_id == merchant_id,
        TillDrawerEvent.report == report,
    )
    row = session.scalars(query).one_or_none()
    if row is None:
        raise DayReportUnknown
    return _as_report(row)


def day_reports(session: Session, district_id: int, merchant_id: int, *, limit: int = 30) -> list[DayReport]:
    """The last reports of all tills of a shop, the newest first."""
    query = (
        select(TillDrawerEvent)
        .where(TillDrawerEvent.district_id == district_id, TillDrawerEvent.merchant_id == merchant_id, TillDrawerEvent.kind == "close")
        .order_by(TillDrawerEvent.made_at.desc(), TillDrawerEvent.id.desc())
        .limit(limit)
    )
    return [_as_report(row) for row in session.scalars(query)]


def reports_of_days(session: Session, district_id: int, merchant_id: int, first: date, last: date) -> list[DayReport]:
    """What all tills of a shop closed on these days of Tokyo, both included, the newest first."""
    query = (
        select(TillDrawerEvent)
        .where(TillDrawerEvent.district_id == district_id, TillDrawerEvent.merchant_id == merchant_id, TillDrawerEvent.kind == "close")
        .where(TillDrawerEvent.made_at >= day_bounds(first)[0], TillDrawerEvent.made_at < day_bounds(last)[1])
        .order_by(TillDrawerEvent.made_at.desc(), TillDrawerEvent.id.desc())
    )
    return [_as_report(row) for row in session.scalars(query)]


def reports_of_removed(session: Session, district_id: int, merchant_id: int, *, limit: int = 10) -> list[DayReport]:
    """The last reports of tablets that were closed without a count once they were removed, the newest first."""
    query = (
        select(TillDrawerEvent)
        .where(TillDrawerEvent.district_id == district_id, TillDrawerEvent.merchant_id == merchant_id, TillDrawerEvent.kind == "close")
        .where(TillDrawerEvent.content["counted"] == text("'null'::jsonb"))
        .order_by(TillDrawerEvent.made_at.desc(), TillDrawerEvent.id.desc())
        .limit(limit)
    )
    return [_as_report(row) for row in session.scalars(query)]


def denominations() -> tuple[int, ...]:
    """Notes and coins, the largest first."""
    return DENOMINATIONS


def _as_report(row: TillDrawerEvent) -> DayReport:
    assert row.report is not None and row.content is not None
    return DayReport(row.till_id, row.report, row.made_at, row.staff_id, row.content)
