"""返品: goods come back over the counter, and the money goes back to the means by which it came, each its part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

import identity.commands
import ledger.queries
from base.db import atomic
from identity.queries import Principal
from ledger.commands import hash_command
from merchant.commands.refunds import Refund, one_refund_at_a_time, refund
from merchant.commands.return_slips import given_back, make_return, one_return_at_a_time
from merchant.commands.slips import before
from merchant.commands.staff import confirmed_by
from merchant.errors import NoTill, ReceiptUnknown, RefundNeedsOwner, ReturnWrong
from merchant.queries.receipts import ReceiptRow, given_by_correcting, left_of_receipt, payments_of, receipt_at, returns_of
from merchant.queries.sales import refund_limit
from merchant.rules.invoice import ReceiptRefused, Tender, return_shares
from merchant.rules.slip import Paid, returned_lines

IN_BOOK = ("coin", "voucher", "point")


@dataclass(frozen=True, slots=True)
class ReturnGoods:
    """`quantities[i]`: how many pieces of line i of the receipt come back; `amounts[i]`: yen of it beside them, for a part of a piece;
    empty where there are none. `staff_id`, `pin`: who answers for it."""

    quantities: tuple[int, ...]
    reason: str
    key: UUID
    staff_id: int | None = None
    pin: str | None = None
    amounts: tuple[int, ...] = ()


def return_goods(session: Session, who: Principal, till_id: int, serial: int, order: ReturnGoods, *, now: datetime) -> ReceiptRow:
    """Take goods of a receipt back: the return slip. Local money goes back by the refund's own door, in the same database transaction.

    Each means gets its part of what is left of it (invoice 29). A cashier may give back up to the series' limit of one receipt, by all
    means together, the owner more. The same key gives the same slip. Raises PinWrong, PinLocked, PinMissing, StaffUnknown, NoTill,
    ReceiptUnknown, ReturnWrong, RefundNeedsOwner, and what `refund` raises.
    """
    actor = confirmed_by(session, who, order.staff_id, order.pin, now=now)
    with atomic(session):
        identity.commands.authorise(session, actor, "merchant.refund", subject=f"receipt:{till_id}-{serial}")
        if actor.merchant_id is None or actor.till_id is None:
            raise NoTill
        district_id = actor.district_id
        content = hash_command("merchant.return_goods", till_id, serial, order.quantities, *([order.amounts] if any(order.amounts) else []))
        one_return_at_a_time(session, district_id, (till_id, serial))
        known = before(session, district_id, order.key, content)
        if known is not None:
            return known
        sale = held_sale(session, district_id, actor.merchant_id, till_id, serial)
        returns = returns_of(session, district_id, till_id, serial)
        try:
            back = returned_lines(left_of_receipt(sale, returns), order.quantities, order.amounts)
            parts = shares(sale, returns, sum(yen for _index, _qty, yen in back))
        except ReceiptRefused as refused:
            raise ReturnWrong from refused
        beside = [share for share in parts if share.kind in ("cash", "card")]
        gone = given_by_correcting(session, district_id, sale)
        _within_limit(session, actor, gone, [*parts, *(Paid(**paid) for each in returns for paid in each.content["paid"])], now)
        in_book, refunds = through_the_book(session, who, sale, parts, order, now)
        paid = [*in_book, *beside]
        return make_return(
            session,
            district_id,
            sale,
            back,
            paid,
            actor.till_id,
            actor.staff_id,
            refunds[-1] if refunds else None,
            order.key,
            now=now,
            command_hash=content,
            named=True,
            others=refunds[:-1],
        )


def held_sale(session: Session, district_id: int, merchant_id: int, till_id: int, serial: int) -> ReceiptRow:
    """The receipt of a sale, each of its payments held against another refund until the end. Raises ReceiptUnknown."""
    sale = receipt_at(session, district_id, merchant_id, till_id, serial)
    if sale.kind != "sale":
        raise ReceiptUnknown
    for payment_id in sorted(payments_of(session, district_id, sale)):
        one_refund_at_a_time(session, district_id, payment_id)
    return sale


def shares(sale: ReceiptRow, returns: Sequence[ReceiptRow], amount: int) -> list[Paid]:
    """What of the return goes to which of the sale's means. Raises ReceiptRefused."""
    paid = [Paid(**each) for each in sale.content["paid"]]
    tenders = []
    for each in paid:
        gone = [one.amount for back in returns for one in map(_as_paid, back.content["paid"]) if same_means(one, each)]
        tenders.append(Tender(each.kind, each.amount, min(sum(gone), each.amount)))
    parts = return_shares(tenders, amount)
    return [replace(each, amount=part) for each, part in zip(paid, parts, strict=True) if part]


def _as_paid(said: dict[str, Any]) -> Paid:
    return Paid(**said)


def same_means(one: Paid, paid: Paid) -> bool:
    """Of two coins each is its own, and so is each phone's coin and each funder's part of each coupon; receipts of before these were named
    say one sum."""
    if one.kind == "funded_coupon" and not one.bearer:
        return paid.kind == "funded_coupon" and not paid.bearer
    same = (one.kind, one.bearer, one.funder) == (paid.kind, paid.bearer, paid.funder) and (not one.of or one.of == paid.number)
    return same and (not one.name or not paid.name or one.name == paid.name)


def _within_limit(session: Session, actor: Principal, gone: int, back: Sequence[Paid], now: datetime) -> None:
    """The book's own limit counts what went through the book; this one all that the customer gets, with what correcting the receipt gave
    back. Raises RefundNeedsOwner."""
    limit = refund_limit(session, actor.district_id, now=now)
    if not actor.has("owner") and gone + sum(each.amount for each in back if each.kind != "funded_coupon") > limit:
        raise RefundNeedsOwner(limit=limit)


def through_the_book(
    session: Session, who: Principal, sale: ReceiptRow, parts: Sequence[Paid], order: ReturnGoods, now: datetime
) -> tuple[tuple[Paid, ...], tuple[int, ...]]:
    """The part in local money as the book gave it back, each payment's to whoever paid it, and the refunds' numbers."""
    back: list[Paid] = []
    refunds: list[int] = []
    payments = [ledger.queries.transaction(session, who.district_id, each) for each in payments_of(session, who.district_id, sale)]
    for payment in payments:
        mine = [share for share in parts if len(payments) == 1 or share.number == payment.payment_number]
        amount = sum(share.amount for share in mine if share.kind in IN_BOOK)
        funded = sum(share.amount for share in mine if share.kind == "funded_coupon")
        if not amount + funded:
            continue
        key = order.key if len(payments) == 1 else uuid5(order.key, f"payment {payment.id}")
        given = Refund(payment.id, amount, order.reason, key, order.staff_id, order.pin)
        done = refund(session, who, given, now=now, funded=funded)
        booked = ledger.queries.transaction(session, who.district_id, done.transaction_id)
        back += given_back(session, who.district_id, booked, sale)
        refunds.append(booked.id)
    return tuple(back), tuple(refunds)
