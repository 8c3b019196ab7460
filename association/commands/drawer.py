"""窓口締め: another person counts a clerk's cash and puts it into the safe."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
from association.errors import DrawerEmpty, DrawerOver, DrawerUnknown
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal
from ledger.errors import SameHands


@dataclass(frozen=True, slots=True)
class CloseDrawer:
    """What the second person counted in the clerk's drawer, in yen."""

    clerk_id: int
    counted: int
    key: UUID


@dataclass(frozen=True, slots=True)
class DrawerClosed:
    """`moved` yen went into the safe; `short` yen that the book expects were not found and stay with the clerk."""

    transaction_id: int
    posted_at: datetime
    moved: int
    short: int


def close_drawer(session: Session, who: Principal, closing: CloseDrawer, *, now: datetime) -> DrawerClosed:
    """Move what was counted from the clerk's drawer into the safe.

    The clerk never counts alone: whoever closes is another person. Cash that is missing stays on the clerk's
    drawer, so that it is seen; cash that is too much is refused, since something was taken and not booked.
    Raises SameHands, DrawerUnknown, DrawerOver, DrawerEmpty, KeyReused.
    """
    with atomic(session):
        authorise(session, who, "association.close_drawer", subject=f"drawer:{closing.clerk_id}")
        content = book.hash_command("close_drawer", who.person_id, closing.clerk_id, closing.counted)
        known = read.find_key(session, who.district_id, closing.key, content)
        if known is not None:
            return closed(session, who.district_id, known.transaction_id)
        if who.person_id == closing.clerk_id:
            raise SameHands
        drawer = read.account_id(session, who.district_id, "drawer", closing.clerk_id, 0)
        if drawer is None:
            raise DrawerUnknown
        expected = read.balance(session, who.district_id, drawer)
        if closing.counted > expected:
            raise DrawerOver(surplus=closing.counted - expected)
        if closing.counted == 0:
            raise DrawerEmpty
        safe = book.open_account(session, who.district_id, "safe", 0, 0)
        draft = book.Draft(
            kind="drawer_close",
            key=closing.key,
            command_hash=content,
            lines=book.transfer(safe, drawer, closing.counted),
            facts={"staff": closing.clerk_id, "counted_by": who.person_id, "short": expected - closing.counted},
        )
        posted = book.post(session, who.district_id, draft)
        return DrawerClosed(posted.transaction_id, posted.posted_at, closing.counted, expected - closing.counted)


def closed(session: Session, district_id: int, transaction_id: int) -> DrawerClosed:
    """What an earlier close moved, told again."""
    earlier = read.transaction(session, district_id, transaction_id)
    moved = sum(line.amount for line in earlier.lines if line.amount > 0)
    return DrawerClosed(transaction_id, earlier.posted_at, moved, int(earlier.facts["short"] or 0))
