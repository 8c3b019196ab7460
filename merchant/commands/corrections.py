"""直したレシート: a wrong receipt comes back whole, and the same sale is written down anew and names the first (CTA 57-4(4)). One press
makes both papers, and nothing that was handed over is altered (decision 136)."""

from __future__ import annotations

from collections.abc import Sequence
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
from merchant.commands.returns import ReturnGoods, held_sale, same_means, shares, through_the_book
from merchant.commands.slips import Order, before, make
from merchant.commands.staff import confirmed_by
from merchant.errors import BillWrong, NothingToCorrect, NoTill, RefundNeedsOwner, ReturnWrong
from merchant.queries.articles import articles
from merchant.queries.receipts import ReceiptRow, day_of, given_by_correcting, left_of_receipt, returns_of
from merchant.queries.sales import refund_limit
from merchant.rules.bill import Bill, bill_from, work_out
from merchant.rules.invoice import Line, ReceiptRefused
from merchant.rules.slip import Paid

WHY = "レシートを直した差額"
"""What the refund of the difference says in the shop's list."""


@dataclass(frozen=True, slots=True)
class Correct:
    """`lines[i]`: line i as it should have been. `staff_id`, `pin`: who answers for it."""

    lines: tuple[Line, ...]
    key: UUID
    staff_id: int | None = None
    pin: str | None = None


def correct_receipt(session: Session, who: Principal, till_id: int, serial: int, order: Correct, *, now: datetime) -> ReceiptRow:
    """The corrected receipt of a sale. What was wrong comes back on a return slip, in the same database transaction.

    Where the totals differ, the difference of a sale for cash or by card goes over the counter in cash, and the card is not touched. What
    phones have paid stays paid: where it is too much the difference goes back, to each means its part as goods do, and where it is too
    little the rest is taken in cash, since nobody's wallet is charged without them.

    A cashier may give back up to the series' limit since the first receipt of this sale, the owner more. The same key gives the same
    receipt. Raises PinWrong, PinLocked, PinMissing, StaffUnknown, NoTill, ReceiptUnknown, ReturnWrong, BillWrong, NothingToCorrect,
    RefundNeedsOwner, KeyReused, and what `refund` raises.
    """
    actor = confirmed_by(session, who, order.staff_id, order.pin, now=now)
    with atomic(session):
        identity.commands.authorise(session, actor, "merchant.refund", subject=f"correct:{till_id}-{serial}")
        if actor.merchant_id is None or actor.till_id is None:
            raise NoTill
        district_id = actor.district_id
        content = hash_command("merchant.correct_receipt", till_id, serial, order.lines)
        one_return_at_a_time(session, district_id, (till_id, serial))
        known = before(session, district_id, order.key, content)
        if known is not None:
            return known
        sale = held_sale(session, district_id, actor.merchant_id, till_id, serial)
        if returns_of(session, district_id, till_id, serial):
            raise ReturnWrong
        bill = _corrected(session, district_id, sale, order.lines)
        total = _worth_it(sale, bill)
        limit = refund_limit(session, district_id, now=now)
        gone = given_by_correcting(session, district_id, sale)
        if total < sale.total and gone + sale.total - total > limit and not actor.has("owner"):
            raise RefundNeedsOwner(limit=limit)
        was, paid, refunds = _means(session, who, sale, total, order, now)
        back = [(index, pieces, yen) for index, (pieces, yen) in enumerate(left_of_receipt(sale, []))]
        slip_key, slip_hash = uuid5(order.key, "back"), hash_command("merchant.correct_receipt", "back", till_id, serial)
        make_return(
            session,
            district_id,
            sale,
            back,
            was,
            actor.till_id,
            actor.staff_id,
            refunds[-1] if refunds else None,
            slip_key,
            now=now,
            command_hash=slip_hash,
            others=refunds[:-1],
            corrected=True,
        )
        cash = sum(each.amount for each in paid if each.kind == "cash")
        new = Order(
            sale.merchant_id, actor.till_id, actor.staff_id, bill, paid, cash, order.key, content, corrects=sale, sold_on=day_of(sale)
        )
        return make(session, district_id, replace(new, own_coupon=_own_coupon(sale)), now=now)


def _means(
    session: Session, who: Principal, sale: ReceiptRow, total: int, order: Correct, now: datetime
) -> tuple[tuple[Paid, ...], tuple[Paid, ...], tuple[int, ...]]:
    """How the wrong receipt comes back, how the right one is paid, and the refunds of the difference in the book."""
    if not sale.book:
        card = min(sale.card, total)
        return _over_the_counter(sale.total, card), _over_the_counter(total, card), ()
    was = tuple(Paid(**each) for each in sale.content["paid"])
    if total >= sale.total:
        return was, _with_cash(was, total - sale.total), ()
    parts = shares(sale, [], sale.total - total)
    asked = ReturnGoods((), WHY, uuid5(order.key, "difference"), order.staff_id, order.pin)
    in_book, refunds = through_the_book(session, who, sale, parts, asked, now)
    gone = [*in_book, *(each for each in parts if each.kind in ("cash", "card"))]
    kept = [replace(each, amount=each.amount - sum(one.amount for one in gone if same_means(one, each))) for each in was]
    return was, tuple(each for each in kept if each.amount), refunds


def _with_cash(paid: Sequence[Paid], more: int) -> tuple[Paid, ...]:
    cash = more + sum(each.amount for each in paid if each.kind == "cash")
    return (*(each for each in paid if each.kind != "cash"), *([Paid("cash", cash, *CASH)] if cash else []))


def _over_the_counter(total: int, card: int) -> tuple[Paid, ...]:
    """What the card stays charged with, and cash for the rest."""
    return _with_cash([Paid("card", card, *CARD)] if card else [], total - card)


def _own_coupon(sale: ReceiptRow) -> tuple[str, str] | None:
    """Both names of the coupon that the shop itself bears."""
    return next(((ja, en) for ja, en in (off["coupon"] for off in sale.content["discounts"] if off.get("coupon"))), None)


def _corrected(session: Session, district_id: int, sale: ReceiptRow, lines: tuple[Line, ...]) -> Bill:
    """The bill of the sale with these lines; one that has another name now is the shop's article of that name. Raises ReturnWrong for
    another number of lines than the sale has."""
    bill = bill_from(sale.content)
    if len(lines) != len(bill.lines):
        raise ReturnWrong
    numbers = {row.facts.name: row.id for row in articles(session, district_id, sale.merchant_id)}
    named = zip(lines, bill.lines, bill.articles, strict=True)
    return replace(bill, lines=lines, articles=tuple(kept if new.name == old.name else numbers.get(new.name) for new, old, kept in named))


def _worth_it(sale: ReceiptRow, bill: Bill) -> int:
    """What it comes to, counted anew. Raises BillWrong, and NothingToCorrect where the receipt said just that."""
    try:
        totals = work_out(bill).totals
    except ReceiptRefused as refused:
        raise BillWrong(why=refused.code) from refused
    said = [[row.rate, row.gross, row.tax, row.net] for row in totals.by_rate]
    if (said, bill.lines) == (sale.content["by_rate"], bill_from(sale.content).lines) or not totals.total:
        raise NothingToCorrect
    return totals.total
