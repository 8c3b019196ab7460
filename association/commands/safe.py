"""金庫: a float for a drawer in the morning, cash to the bank, and now and then a count of all that lies there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
from association.commands.top_up import drawer_of
from association.errors import CashNothing, DrawerUnknown, SafeMoved, SafeTooLow, SafeUnexplained
from association.models import CashCount
from association.queries.drawers import is_clerk
from association.rules.cash import counted
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal
from ledger.commands import Posted
from ledger.errors import KeyReused, SameHands

SAFE_LOCK = text("SELECT pg_advisory_xact_lock(hashtextextended('association.safe', :district))")
"""The safe is an account that is appended to and has no floor: whoever takes cash out of it counts it under this lock."""


@dataclass(frozen=True, slots=True)
class HandOutFloat:
    """釣銭準備金: `amount` yen from the safe into a clerk's drawer."""

    clerk_id: int
    amount: int
    key: UUID


@dataclass(frozen=True, slots=True)
class BankDeposit:
    """Cash from the safe, as it was counted: note or coin → how many."""

    pieces: Mapping[int, int]
    key: UUID
    note: str = ""


@dataclass(frozen=True, slots=True)
class CountSafe:
    """金庫の実査: what lies in the safe, note or coin → how many.

    `expected`: what the page said must lie there, in yen. `reason`: for a difference.
    """

    pieces: Mapping[int, int]
    expected: int
    key: UUID
    reason: str = ""


def hand_out_float(session: Session, who: Principal, order: HandOutFloat, *, now: datetime) -> Posted:
    """Put change into a clerk's drawer, out of the safe, by somebody else than that clerk.

    Raises SameHands, DrawerUnknown, CashNothing, SafeTooLow, DrawerFull, KeyReused.
    """
    with atomic(session):
        authorise(session, who, "association.close_drawer", subject=f"drawer:{order.clerk_id} float")
        content = book.hash_command("association.hand_out_float", who.person_id, order.clerk_id, order.amount)
        known = read.find_key(session, who.district_id, order.key, content)
        if known is not None:
            return known
        if who.person_id == order.clerk_id:
            raise SameHands
        if not is_clerk(session, who.district_id, order.clerk_id):
            raise DrawerUnknown
        if order.amount < 1:
            raise CashNothing
        safe = safe_with(session, who.district_id, order.amount)
        draft = book.Draft(
            kind="drawer_float",
            key=order.key,
            command_hash=content,
            lines=book.transfer(drawer_of(session, who.district_id, order.clerk_id, now), safe, order.amount),
            facts={"staff": order.clerk_id, "handed_by": who.person_id},
        )
        return book.post(session, who.district_id, draft)


def deposit(session: Session, who: Principal, order: BankDeposit, *, now: datetime) -> int:
    """Take counted cash from the safe to the bank and give the number of the count, under which the slip is printed.

    Raises CashNothing, SafeTooLow, KeyReused.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.deposit", subject="safe")
        amount, pieces = counted(order.pieces), {str(value): count for value, count in order.pieces.items() if count}
        content = book.hash_command("association.deposit", who.person_id, sorted(pieces.items()))
        session.execute(SAFE_LOCK, {"district": who.district_id})
        before = session.scalar(select(CashCount).where(CashCount.district_id == who.district_id, CashCount.key == order.key))
        known = read.find_key(session, who.district_id, order.key, content)
        if known is not None:
            if before is None:
                raise KeyReused
            return before.id
        if amount < 1:
            raise CashNothing
        bank = book.open_account(session, who.district_id, "bank", 0, 0)
        draft = book.Draft(
            kind="bank_deposit",
            key=order.key,
            command_hash=content,
            lines=book.transfer(bank, safe_with(session, who.district_id, amount), amount),
            facts={"staff": who.person_id, "note": order.note or None},
        )
        posted = book.post(session, who.district_id, draft)
        row = CashCount(
            district_id=who.district_id,
            key=order.key,
            counted_by=who.person_id,
            counted_at=now,
            pieces=pieces,
            counted=amount,
            reason=order.note,
            moved_id=posted.transaction_id,
        )
        session.add(row)
        session.flush()
        return row.id


def count_safe(session: Session, who: Principal, order: CountSafe, *, now: datetime) -> int:
    """Write down what was counted, and book what is too little or too much in one entry. Gives the number of the count.

    Raises SafeMoved, SafeUnexplained, KeyReused.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.count_safe", subject="safe")
        session.execute(SAFE_LOCK, {"district": who.district_id})
        found, pieces = counted(order.pieces), {str(value): count for value, count in order.pieces.items() if count}
        before = session.scalar(select(CashCount).where(CashCount.district_id == who.district_id, CashCount.key == order.key))
        if before is not None:
            if (before.counted_by, before.pieces, before.expected) != (who.person_id, pieces, order.expected):
                raise KeyReused
            return before.id
        safe = book.open_account(session, who.district_id, "safe", 0, 0)
        there = read.balance(session, who.district_id, safe)
        if there != order.expected:
            raise SafeMoved(expected=there)
        if found != there and not order.reason:
            raise SafeUnexplained(difference=found - there)
        row = CashCount(
            district_id=who.district_id,
            key=order.key,
            counted_by=who.person_id,
            counted_at=now,
            pieces=pieces,
            counted=found,
            expected=there,
            reason=order.reason,
        )
        if found != there:
            other = book.open_account(session, who.district_id, "over_short", 0, 0)
            moved = book.transfer(safe, other, found - there) if found > there else book.transfer(other, safe, there - found)
            content = book.hash_command("association.count_safe", who.person_id, sorted(pieces.items()))
            facts: dict[str, book.Fact] = {"counted_by": who.person_id, "note": order.reason}
            posted = book.post(session, who.district_id, book.Draft("safe_difference", order.key, content, moved, facts))
            row.difference_id = posted.transaction_id
        session.add(row)
        session.flush()
        return row.id


def safe_with(session: Session, district_id: int, amount: int) -> int:
    """The safe's account, in which at least `amount` yen lie; nobody else takes from it until this transaction ends. Raises SafeTooLow."""
    session.execute(SAFE_LOCK, {"district": district_id})
    safe = book.open_account(session, district_id, "safe", 0, 0)
    there = read.balance(session, district_id, safe)
    if there < amount:
        raise SafeTooLow(cash=max(there, 0))
    return safe
