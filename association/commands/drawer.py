"""窓口締め: another person counts a clerk's cash by notes and coins; what is too little or too much is booked there and then."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
from association.errors import DifferenceUnexplained, DrawerClosedAlready, DrawerEmpty, DrawerMoved, DrawerUnknown, FloatTooMuch
from association.models import CashCount
from association.queries.drawers import last_count
from association.rules.cash import counted
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal
from ledger.errors import KeyReused, SameHands

ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('association.drawer ' || :clerk, :district))")


@dataclass(frozen=True, slots=True)
class CloseDrawer:
    """What the second person found in the clerk's drawer.

    `pieces`: note or coin → how many, the float included. `stays`: yen left in for tomorrow. `expected`, `after`: what the
    page said must lie there, and the number of the count before (0: none), so that nobody counts what has changed since.
    `reason`: for a difference.
    """

    clerk_id: int
    pieces: Mapping[int, int]
    stays: int
    expected: int
    after: int
    key: UUID
    reason: str = ""

    @property
    def counted(self) -> int:
        return counted(self.pieces)


@dataclass(frozen=True, slots=True)
class DrawerClosed:
    """What was booked, in yen. `difference`: + too much, − too little. `moved` went into the safe, `stays` lies in the drawer."""

    id: int
    closed_at: datetime
    counted: int
    difference: int
    moved: int
    stays: int


def close_drawer(session: Session, who: Principal, closing: CloseDrawer, *, now: datetime) -> DrawerClosed:
    """Count a clerk's drawer: book the difference in one entry, and carry all but the float to the safe, all or nothing.

    The clerk never counts alone: whoever closes is another person. Of two who close the same drawer the second is told
    that it is closed. Raises SameHands, DrawerUnknown, DrawerClosedAlready, DrawerMoved, DrawerEmpty, FloatTooMuch,
    DifferenceUnexplained, KeyReused.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.close_drawer", subject=f"drawer:{closing.clerk_id}")
        session.execute(ONE_AT_A_TIME, {"district": who.district_id, "clerk": str(closing.clerk_id)})
        pieces = {str(value): count for value, count in closing.pieces.items() if count}
        before = session.scalar(select(CashCount).where(CashCount.district_id == who.district_id, CashCount.key == closing.key))
        if before is not None:
            if (before.counted_by, before.clerk_id, before.pieces, before.stays) != (
                who.person_id,
                closing.clerk_id,
                pieces,
                closing.stays,
            ):
                raise KeyReused
            return _closed(before)
        if who.person_id == closing.clerk_id:
            raise SameHands
        drawer = read.account_id(session, who.district_id, "drawer", closing.clerk_id, 0)
        if drawer is None:
            raise DrawerUnknown
        _must_be_as_shown(session, who.district_id, closing, read.balance(session, who.district_id, drawer))
        difference = closing.counted - closing.expected
        row = CashCount(
            district_id=who.district_id,
            key=closing.key,
            clerk_id=closing.clerk_id,
            counted_by=who.person_id,
            pieces=pieces,
            counted=closing.counted,
            expected=closing.expected,
            stays=closing.stays,
            reason=closing.reason,
        )
        if difference:
            row.difference_id = _book(session, who, closing, "drawer_difference", drawer, -difference, "over_short")
        if closing.counted > closing.stays:
            row.moved_id = _book(session, who, closing, "drawer_close", drawer, closing.counted - closing.stays, "safe")
        row.counted_at = session.execute(
            select(func.clock_timestamp())
        ).scalar_one()  # after what it booked and before what comes, in the book's time
        session.add(row)
        session.flush()
        return _closed(row)


def _must_be_as_shown(session: Session, district_id: int, closing: CloseDrawer, expected: int) -> None:
    last = last_count(session, district_id, closing.clerk_id)
    if last is not None and last.id != closing.after:
        raise DrawerClosedAlready(at=last.counted_at)
    if expected != closing.expected:
        raise DrawerMoved(expected=expected)
    if expected == 0 and closing.counted == 0:
        raise DrawerEmpty
    if closing.stays > closing.counted:
        raise FloatTooMuch(counted=closing.counted)
    if closing.counted != expected and not closing.reason:
        raise DifferenceUnexplained(difference=closing.counted - expected)


def _book(session: Session, who: Principal, closing: CloseDrawer, kind: str, drawer: int, amount: int, role: str) -> int:
    """One entry from the drawer to the account of `role`; a negative amount goes the other way. Gives its number."""
    other = book.open_account(session, who.district_id, role, 0, 0)
    draft = book.Draft(
        kind=kind,
        key=uuid5(closing.key, kind),
        command_hash=book.hash_command(kind, closing.clerk_id, amount),
        lines=book.transfer(other, drawer, amount),
        facts={"staff": closing.clerk_id, "counted_by": who.person_id, "note": closing.reason or None},
    )
    return book.post(session, who.district_id, draft).transaction_id


def _closed(row: CashCount) -> DrawerClosed:
    assert row.stays is not None and row.expected is not None, row.id
    return DrawerClosed(row.id, row.counted_at, row.counted, row.counted - row.expected, row.counted - row.stays, row.stays)
