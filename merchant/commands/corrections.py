"""直したレシート: a wrong receipt comes back whole, and the same sale is written down anew and names the first (CTA 57-4(4)). One press
makes both papers, and nothing that was handed over is altered."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

import identity.commands
from base.db import atomic
from identity.queries import Principal
from ledger.commands import hash_command
from merchant.commands.register import CARD, CASH
from merchant.commands.return_slips import make_return, one_return_at_a_time
from merchant.commands.slips import Order, before, make
from merchant.commands.staff import confirmed_by
from merchant.errors import BillWrong, NothingToCorrect, NoTill, ReceiptOfCoin, ReceiptUnknown, RefundNeedsOwner, ReturnWrong
from merchant.queries.receipts import ReceiptRow, day_of, given_by_correcting, left_of_receipt, receipt_at, returns_of
from merchant.queries.sales import refund_limit
from merchant.rules.bill import Bill, bill_from, work_out
from merchant.rules.invoice import ReceiptRefused
from merchant.rules.slip import Paid


@dataclass(frozen=True, slots=True)
class Correct:
    """`rates[i]`: the rate of line i as it should have been, in percent. `staff_id`, `pin`: who answers for it."""

    rates: tuple[int, ...]
    key: UUID
    staff_id: int | None = None
    pin: str | None = None


def correct_receipt(session: Session, who: Principal, till_id: int, serial: int, order: Correct, *, now: datetime) -> ReceiptRow:
    """The corrected receipt of a sale for cash or by card. What was wrong comes back on a return slip, in the same database transaction;
    where the totals differ, the difference goes over the counter in cash, and the card is not touched.

    A cashier may give back up to the series' limit since the first receipt of this sale, the owner more. The same key gives the same
    receipt. Raises PinWrong, PinLocked, PinMissing, StaffUnknown, NoTill, ReceiptUnknown, ReceiptOfCoin, ReturnWrong, BillWrong,
    NothingToCorrect, RefundNeedsOwner, KeyReused.
    """
    actor = confirmed_by(session, who, order.staff_id, order.pin, now=now)
    with atomic(session):
        identity.commands.authorise(session, actor, "merchant.refund", subject=f"correct:{till_id}-{serial}")
        if actor.merchant_id is None or actor.till_id is None:
            raise NoTill
        district_id = actor.district_id
        content = hash_command("merchant.correct_receipt", till_id, serial, order.rates)
        one_return_at_a_time(session, district_id, (till_id, serial))
        known = before(session, district_id, order.key, content)
        if known is not None:
            return known
        sale = receipt_at(session, district_id, actor.merchant_id, till_id, serial)
        if sale.kind != "sale":
            raise ReceiptUnknown
        if sale.book:
            raise ReceiptOfCoin
        if returns_of(session, district_id, till_id, serial):
            raise ReturnWrong
        bill = _corrected(sale, order.rates)
        total = _worth_it(sale, bill)
        limit = refund_limit(session, district_id, now=now)
        gone = given_by_correcting(session, district_id, sale)
        if total < sale.total and gone + sale.total - total > limit and not actor.has("owner"):
            raise RefundNeedsOwner(limit=limit)
        back = [(index, pieces, yen) for index, (pieces, yen) in enumerate(left_of_receipt(sale, []))]
        slip_key, slip_hash = uuid5(order.key, "back"), hash_command("merchant.correct_receipt", "back", till_id, serial)
        place = (actor.till_id, actor.staff_id)
        card = min(sale.card, total)
        make_return(session, district_id, sale, back, _paid(sale.total, card), *place, None, slip_key, now=now, command_hash=slip_hash)
        new = Order(
            sale.merchant_id, *place, bill, _paid(total, card), total - card, order.key, content, corrects=sale, sold_on=day_of(sale)
        )
        return make(session, district_id, new, now=now)


def _paid(total: int, card: int) -> tuple[Paid, ...]:
    """What the card stays charged with, and cash for the rest."""
    cash = total - card
    return (*([Paid("card", card, *CARD)] if card else []), *([Paid("cash", cash, *CASH)] if cash else []))


def _corrected(sale: ReceiptRow, rates: tuple[int, ...]) -> Bill:
    """The bill of the sale at these rates. Raises ReturnWrong for other lines than the sale has."""
    bill = bill_from(sale.content)
    if len(rates) != len(bill.lines):
        raise ReturnWrong
    return replace(bill, lines=tuple(replace(line, rate=rate) for line, rate in zip(bill.lines, rates, strict=True)))


def _worth_it(sale: ReceiptRow, bill: Bill) -> int:
    """What it comes to, counted anew. Raises BillWrong, and NothingToCorrect where the receipt said just that."""
    try:
        totals = work_out(bill).totals
    except ReceiptRefused as refused:
        raise BillWrong(why=refused.code) from refused
    if [[row.rate, row.gross, row.tax, row.net] for row in totals.by_rate] == sale.content["by_rate"]:
        raise NothingToCorrect
    return totals.total
