"""レジ締め: the drawer of a till is opened, moved, counted and closed. A report covers every receipt since the one before, and
stays."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

import identity.commands
import ledger.queries
from base.db import atomic
from identity.queries import Principal
from ledger.errors import KeyReused
from merchant.commands.owner import authorise_owner
from merchant.commands.register import place_of
from merchant.commands.slips import one_at_a_time
from merchant.errors import CountMoved, DayEmpty, DayMoved, DayOpenAlready, ReceiptsUnsent, TillUnknown
from merchant.models import Staff, TillDrawerEvent
from merchant.queries.days import DayReport, DrawerNow, day_report_at, drawer_now, last_close
from merchant.queries.payouts import payouts
from merchant.queries.shared_bills import open_shared_bills
from merchant.queries.shops import merchant
from merchant.queries.takings import owed
from merchant.queries.till_logs import lost_of_shop, unsent
from merchant.queries.tills import till
from merchant.rules.day import day_report

REMOVED = "端末を外したあとに締めました"
"""Why a report says nothing of a count."""


@dataclass(frozen=True, slots=True)
class CloseDay:
    """`pieces`: how many of each note and coin; `seen_serial`, `seen_entry`: the last receipt that the page showed, with and without the
    network; `reason`: of a difference; `unsent`: what the tablet itself says it has not sent yet. `payday`: closing day and pay day of what
    the shop takes now, None where a district has no terms."""

    pieces: Mapping[int, int]
    seen_serial: int
    reason: str
    key: UUID
    seen_entry: int = 0
    unsent: int = 0
    payday: tuple[date, date] | None = None


def open_day(session: Session, who: Principal, amount: int, *, key: UUID, now: datetime) -> None:
    """Put the float into the drawer. Twice is once. Raises DayOpenAlready, KeyReused."""
    with atomic(session):
        merchant_id, till_id = _drawer(session, who)
        if _known(session, who.district_id, key, till_id, "open", amount, "") is not None:
            return
        if drawer_now(session, who.district_id, till_id).opened:
            raise DayOpenAlready
        session.add(_row(who, merchant_id, till_id, "open", amount, "", key, now))
        session.flush()


def move_cash(session: Session, who: Principal, kind: str, amount: int, reason: str, *, key: UUID, now: datetime) -> None:
    """Put cash in (`in`) or take it out (`out`), with its reason. Twice is once. Raises KeyReused."""
    with atomic(session):
        merchant_id, till_id = _drawer(session, who)
        if _known(session, who.district_id, key, till_id, kind, amount, reason) is None:
            session.add(_row(who, merchant_id, till_id, kind, amount, reason, key, now))
            session.flush()


def coin_cash(session: Session, who: Principal, kind: str, amount: int, *, key: UUID, now: datetime) -> None:
    """Cash for coin that an agency sold at this till lies in its drawer (`coin_in`), and what an undone sale gave back does not
    (`coin_out`). In the booking's own database transaction; at the owner's desk there is no drawer."""
    if who.merchant_id is None or who.till_id is None:
        return
    one_at_a_time(session, who.district_id, who.till_id)
    session.add(_row(who, who.merchant_id, who.till_id, kind, amount, "", key, now))
    session.flush()


def count_day(session: Session, who: Principal, order: CloseDay, *, now: datetime) -> None:
    """途中で数える: what lies in the drawer is kept beside what should, and the day goes on. Twice is once.

    Raises ReceiptsUnsent, CountMoved, KeyReused.
    """
    counted = sum(value * count for value, count in order.pieces.items())
    with atomic(session):
        merchant_id, till_id = _drawer(session, who)
        if _known(session, who.district_id, order.key, till_id, "count", counted, order.reason) is not None:
            return
        _must_have_come(session, who, till_id, order)
        drawer = drawer_now(session, who.district_id, till_id)
        if (drawer.last_serial, drawer.last_entry) != (order.seen_serial, order.seen_entry):
            raise CountMoved
        row = _row(who, merchant_id, till_id, "count", counted, order.reason, order.key, now)
        row.expected = drawer.expected
        session.add(row)
        session.flush()


def close_day(session: Session, who: Principal, order: CloseDay, *, now: datetime) -> DayReport:
    """Count and close: the report, which nobody changes any more. What is sold meanwhile belongs to the next one, and a page that has not
    seen the last receipt is refused, and so is one while receipts of the tablet have not come in. The same key gives the same report.
    Raises ReceiptsUnsent, DayMoved, DayEmpty, KeyReused."""
    counted = sum(value * count for value, count in order.pieces.items())
    with atomic(session):
        merchant_id, till_id = _drawer(session, who)
        known = _known(session, who.district_id, order.key, till_id, "close", counted, order.reason)
        if known is not None:
            assert known.report is not None
            return day_report_at(session, who.district_id, merchant_id, till_id, known.report)
        _must_have_come(session, who, till_id, order)
        drawer = drawer_now(session, who.district_id, till_id)
        if not drawer.receipts and not drawer.moved:
            raise DayEmpty
        if (drawer.last_serial, drawer.last_entry) != (order.seen_serial, order.seen_entry):
            raise DayMoved
        return _write(session, who, merchant_id, till_id, drawer, order, order.pieces, now)


def close_removed(
    session: Session, who: Principal, merchant_id: int, till_id: int, *, key: UUID, now: datetime, payday: tuple[date, date] | None = None
) -> DayReport:
    """The report of what a tablet that was removed had not closed: the owner may have its drawer no more, and nothing is counted. What its
    till makes later (a refund, a request that is paid) is for another one. The same key gives the same report.
    Raises TillUnknown, also while it is at work, DayEmpty, KeyReused."""
    with atomic(session):
        authorise_owner(session, who, "merchant.close_removed", merchant_id, subject=f"till:{till_id}")
        row = till(session, who.district_id, till_id)
        if row.merchant_id != merchant_id or row.revoked_at is None:
            raise TillUnknown
        one_at_a_time(session, who.district_id, till_id)
        known = _known(session, who.district_id, key, till_id, "close", 0, REMOVED)
        if known is not None:
            assert known.report is not None
            return day_report_at(session, who.district_id, merchant_id, till_id, known.report)
        drawer = drawer_now(session, who.district_id, till_id)
        if not drawer.receipts and not drawer.moved:
            raise DayEmpty
        return _write(session, who, merchant_id, till_id, drawer, CloseDay({}, 0, REMOVED, key, payday=payday), None, now)


def _write(
    session: Session,
    who: Principal,
    merchant_id: int,
    till_id: int,
    drawer: DrawerNow,
    order: CloseDay,
    pieces: Mapping[int, int] | None,
    now: datetime,
) -> DayReport:
    shop = merchant(session, who.district_id, merchant_id)
    name = session.scalar(select(Staff.name).where(Staff.district_id == who.district_id, Staff.id == who.staff_id))
    head = {
        "report": drawer.last_report + 1,
        "shop": {"name": shop.name, "number": shop.public_number},
        "till": {"id": till_id, "name": till(session, who.district_id, till_id).name},
        "staff": name,
        "at": now.isoformat(timespec="seconds"),
    }
    figures = day_report(drawer.receipts, drawer.moved, drawer.counts, pieces, order.reason, drawer.categories)
    content = head | figures | _to_come(session, who.district_id, merchant_id, order.payday) | _anchor(session, who.district_id)
    content |= _lost(session, who.district_id, merchant_id, till_id) | _shared(session, who.district_id, merchant_id, till_id)
    row = _row(who, merchant_id, till_id, "close", figures["counted"] or 0, order.reason, order.key, now)
    row.report, row.to_serial, row.to_entry, row.content = drawer.last_report + 1, drawer.last_serial, drawer.last_entry, content
    session.add(row)
    session.flush()
    return day_report_at(session, who.district_id, merchant_id, till_id, drawer.last_report + 1)


def _to_come(session: Session, district_id: int, merchant_id: int, payday: tuple[date, date] | None) -> dict[str, Any]:
    """What the association owes the shop at this moment and when it pays it; and what is settled already: pay day, yen."""
    coming = [one for one in payouts(session, district_id, merchant_id) if not one.is_paid and not one.came_back]
    return {
        "owed": owed(session, district_id, merchant_id),
        "payday": None if payday is None else [day.isoformat() for day in payday],
        "coming": [[one.pay_on.isoformat(), one.net] for one in sorted(coming, key=lambda one: one.pay_on)],
    }


def _anchor(session: Session, district_id: int) -> dict[str, Any]:
    """The sealed log as it stood, so that paper outlives it; nothing before the first checkpoint."""
    newest = ledger.queries.newest_checkpoint(session, district_id)
    return {} if newest is None else {"anchor": [newest.size, newest.root.hex()]}


def _lost(session: Session, district_id: int, merchant_id: int, till_id: int) -> dict[str, Any]:
    """Series that ended since this till's last report, here or on a tablet that closes no more: the first number that never came, why."""
    closed = last_close(session, district_id, till_id)
    lost = lost_of_shop(session, district_id, merchant_id, till_id=till_id)
    found = [[each.first, each.reason] for each in lost if closed is None or each.closed_at > closed]
    return {"lost": found} if found else {}


def _shared(session: Session, district_id: int, merchant_id: int, till_id: int) -> dict[str, Any]:
    """Bills that several phones share, begun here and paid in part, without their receipt: the next report has it. How many, yen."""
    still = [one for one in open_shared_bills(session, district_id, merchant_id) if one.till_id == till_id]
    return {"shared": [len(still), sum(one.came for one in still)]} if still else {}


def _drawer(session: Session, who: Principal) -> tuple[int, int]:
    """This tablet's drawer, while nobody else sells or closes at it."""
    identity.commands.authorise(session, who, "merchant.sell")
    merchant_id, till_id = place_of(session, who)
    one_at_a_time(session, who.district_id, till_id)
    return merchant_id, till_id


def _known(session: Session, district_id: int, key: UUID, till_id: int, kind: str, amount: int, reason: str) -> TillDrawerEvent | None:
    query = select(TillDrawerEvent).where(TillDrawerEvent.district_id == district_id, TillDrawerEvent.key == key)
    row = session.scalars(query).one_or_none()
    if row is not None and (row.till_id, row.kind, row.amount, row.reason) != (till_id, kind, amount, reason):
        raise KeyReused
    return row


def _must_have_come(session: Session, who: Principal, till_id: int, order: CloseDay) -> None:
    """Raises ReceiptsUnsent while the tablet keeps receipts of its own."""
    missing = max(unsent(session, who.district_id, till_id), order.unsent)
    if missing:
        raise ReceiptsUnsent(count=missing)


def _row(who: Principal, merchant_id: int, till_id: int, kind: str, amount: int, reason: str, key: UUID, now: datetime) -> TillDrawerEvent:
    return TillDrawerEvent(
        district_id=who.district_id,
        till_id=till_id,
        merchant_id=merchant_id,
        key=key,
        kind=kind,
        amount=amount,
        reason=reason,
        staff_id=who.staff_id,
        made_at=now,
    )
