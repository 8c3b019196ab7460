"""取消: a mistaken top-up or sale of vouchers is taken back, value and cash, as if it had not been (payment-law 26)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
from association.commands.tickets.sale import take_back_booklets
from association.errors import UndoOfAnother, UndoTooLate, VoucherUsed
from association.queries.vouchers import bought
from base.clock import tokyo_day
from base.db import atomic, wake
from identity.commands import authorise
from identity.queries import Principal, person_topic
from ledger.commands import Fact, Posted
from ledger.errors import TransactionUnknown
from ledger.queries import Transaction


@dataclass(frozen=True, slots=True)
class UndoTopUp:
    """Which top-up was a mistake, and why. `key`: one for each intention."""

    transaction_id: int
    reason: str
    key: UUID


def undo_top_up(session: Session, who: Principal, order: UndoTopUp, *, now: datetime) -> Posted:
    """Book the exact opposite: the coin leaves the person's account, the cash the clerk's own drawer.

    Only on the same day in Tokyo and by the clerk who took the cash; vouchers only while all that the person bought of the campaign is
    unused, for the premium is no gift to keep. Undoing again with the same key gives the first answer.
    Raises TransactionUnknown, UndoOfAnother, UndoTooLate, VoucherUsed, and the book's own FloorPassed (the coin was spent, or
    the cash carried to the safe), AlreadyReversed, KeyReused: nothing is written then.
    """
    with atomic(session):
        authorise(session, who, "association.undo_top_up", subject=f"transaction:{order.transaction_id}")
        content = book.hash_command("association.undo_top_up", who.person_id, order.transaction_id)
        known = read.find_key(session, who.district_id, order.key, content)
        if known is not None:
            return known
        mistake = read.transaction(session, who.district_id, order.transaction_id)
        if mistake.kind not in ("top_up", "voucher_sale"):
            raise TransactionUnknown(transaction=order.transaction_id)
        owners = {line.role: line.owner_id for line in mistake.lines}
        if owners["drawer"] != who.person_id:
            raise UndoOfAnother
        if tokyo_day(mistake.posted_at) != tokyo_day(now):
            raise UndoTooLate
        if mistake.kind == "voucher_sale":
            _must_be_unused(session, who.district_id, mistake)
            take_back_booklets(session, who.district_id, mistake.id)
        return reverse(session, who, mistake, order.key, content, {"way": "counter", "staff": who.person_id, "note": order.reason})


def _must_be_unused(session: Session, district_id: int, sale: Transaction) -> None:
    """Raises VoucherUsed."""
    for mine in (line for line in sale.lines if line.role == "voucher_paper"):
        if read.balance(session, district_id, mine.account_id) != -mine.amount:
            raise VoucherUsed
    for mine in (line for line in sale.lines if line.role == "consumer"):
        if read.balance(session, district_id, mine.account_id) != bought(session, district_id, mine.series_id, mine.owner_id):
            raise VoucherUsed


def reverse(session: Session, who: Principal, mistake: Transaction, key: UUID, content: bytes, facts: Mapping[str, Fact]) -> Posted:
    """Book the exact opposite of a top-up, and tell the phone. For doors that have checked whose it is and of which day."""
    lines = tuple(book.Line(line.account_id, -line.amount) for line in mistake.lines)
    posted = book.post(session, who.district_id, book.Draft("reversal", key, content, lines, facts, refers_to=mistake.id))
    for owner_id in {line.owner_id for line in mistake.lines if line.role == "consumer"}:
        wake(session, person_topic(who.district_id, owner_id))
    return posted
