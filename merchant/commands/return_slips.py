"""返品伝票: what a refund gave back, or what came back over the counter, beside the receipt of its sale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import select, text
from sqlalchemy.orm import Session

import ledger.queries
from ledger.commands import hash_command
from ledger.queries import Transaction
from merchant.commands.payment_slips import FUNDERS
from merchant.commands.slips import BY_RECEIPT, Order, make
from merchant.models import SharedBill, SharedPart
from merchant.queries.receipts import ReceiptRow, left_of_receipt, receipt_of_payment, returns_of
from merchant.rules.slip import Paid, return_bill, spread_lines

BACK = "返金"
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:receipt, 0))")
UNLESS_ANOTHER = text("SELECT pg_try_advisory_xact_lock(hashtextextended(:receipt, 0))")


def one_return_at_a_time(session: Session, district_id: int, *sales: tuple[int, int]) -> None:
    """Whatever gives something of these sales (till, serial) back holds this from before it reads what is left of them until it commits.

    Several always in the same order, and before any lock of a till.
    """
    for sale in sorted(set(sales)):
        session.execute(ONE_AT_A_TIME, _lock_of(district_id, sale))


def may_return_now(session: Session, district_id: int, sale: tuple[int, int]) -> bool:
    """`one_return_at_a_time` for whoever holds a till already and must not wait: False where something of the sale is coming back."""
    return bool(session.scalar(UNLESS_ANOTHER, _lock_of(district_id, sale)))


def _lock_of(district_id: int, sale: tuple[int, int]) -> dict[str, str]:
    return {"receipt": f"merchant.return_goods {district_id} {sale[0]} {sale[1]}"}


def slip_of_refund(
    session: Session,
    district_id: int,
    till_id: int | None,
    staff_id: int | None,
    refund: Transaction,
    cash: int,
    *,
    now: datetime,
) -> None:
    """The return slip of a refund, where its payment has a receipt: without naming goods, over the rates by what is left of them."""
    assert refund.refers_to is not None
    _one_of_a_shared_bill_at_a_time(session, district_id, refund.refers_to)
    sale = receipt_of_payment(session, district_id, refund.refers_to)
    if sale is None or receipt_of_payment(session, district_id, refund.id) is not None:
        return
    returns = returns_of(session, district_id, sale.till_id, sale.serial)
    in_book = given_back(session, district_id, refund, sale)
    if refund.kind == "ticket_release":
        in_book = _of_the_price(in_book, sale, returns)
    paid = (*in_book, *([Paid("cash", cash)] if cash else []))
    left = left_of_receipt(sale, returns)
    amount = sum(each.amount for each in paid)
    if not 0 < amount <= sum(yen for _pieces, yen in left):
        return  # goods came back over the counter before: what the book gives back beyond the bill is no price
    back = spread_lines(left, amount)
    make_return(session, district_id, sale, back, paid, till_id or sale.till_id, staff_id, refund.id, refund.key, now=now)


def _one_of_a_shared_bill_at_a_time(session: Session, district_id: int, payment_id: int) -> None:
    """A part of a shared bill goes back either before its receipt is made, or after: whoever pays the last part holds the same row. And
    two parts that go back at once are spread over the same lines one after the other."""
    of_it = (SharedPart.district_id == SharedBill.district_id) & (SharedPart.shared_id == SharedBill.id)
    part = (SharedPart.district_id == district_id, SharedPart.transaction_id == payment_id)
    session.execute(select(SharedBill.id).join(SharedPart, of_it).where(*part).with_for_update(of=SharedBill))


def _of_the_price(tickets: Sequence[Paid], sale: ReceiptRow, returns: Sequence[ReceiptRow]) -> tuple[Paid, ...]:
    """What of each kind of ticket was a price and has not come back: a ticket's worth beyond the bill was never sold for."""

    def said(slip: ReceiptRow, ticket: Paid) -> int:
        return sum(each["amount"] for each in slip.content["paid"] if (each["kind"], each["name"]) == (ticket.kind, ticket.name))

    left = (said(sale, ticket) - sum(said(slip, ticket) for slip in returns) for ticket in tickets)
    return tuple(replace(ticket, amount=most) for ticket, each in zip(tickets, left, strict=True) if (most := min(ticket.amount, each)) > 0)


def given_back(session: Session, district_id: int, refund: Transaction, sale: ReceiptRow) -> tuple[Paid, ...]:
    """What a refund gave back, by means: to the customer, waiting for them, and to whoever had funded a coupon, as the receipt of the sale
    names them."""
    found: dict[tuple[str, str, str], int] = {}
    for line in refund.in_turn:
        if line.role in ("consumer", "suspense", "voucher_paper") and line.unit == 0:
            series = ledger.queries.one_series(session, district_id, line.series_id)
            name = ("voucher" if series.is_voucher else "point" if series.is_points else "coin", series.name, series.name_en)
            found[name] = found.get(name, 0) + abs(line.amount)
    assert refund.refers_to is not None
    payment = ledger.queries.transaction(session, district_id, refund.refers_to)
    paid = [Paid(kind, amount, name, name_en, refund.payment_number) for (kind, name, name_en), amount in found.items()]
    return tuple(replace(each, of=payment.payment_number) for each in (*paid, *_to_funders(refund, payment, sale)))


def _to_funders(refund: Transaction, payment: Transaction, sale: ReceiptRow) -> list[Paid]:
    """Their parts. A receipt of before they were named says one sum."""
    back = {line.account_id: -line.amount for line in refund.lines if line.role in FUNDERS and line.amount}
    if not back:
        return []
    accounts = [line.account_id for line in payment.lines if line.role in FUNDERS and line.amount]
    mine = [Paid(**each) for each in sale.content["paid"] if each["number"] == payment.payment_number]
    named = [each for each in mine if each.bearer in ("association", "funder")]
    if len(named) != len(accounts):
        return [Paid("funded_coupon", sum(back.values()), "クーポン", "Coupon", refund.payment_number)]
    by_account = dict(zip(accounts, named, strict=True))
    return [replace(by_account[account], amount=amount, number=refund.payment_number) for account, amount in back.items()]


def make_return(
    session: Session,
    district_id: int,
    sale: ReceiptRow,
    back: Sequence[tuple[int, int, int]],
    paid: Sequence[Paid],
    till_id: int,
    staff_id: int | None,
    transaction_id: int | None,
    key: UUID,
    *,
    now: datetime,
    command_hash: bytes = b"",
    named: bool = False,
    prints: bool = True,
    others: tuple[int, ...] = (),
    corrected: bool = False,
) -> ReceiptRow:
    """The slip of what came back of `sale`, on the till where it came back. `named`: whether goods came back, and not an amount;
    `others`: refunds beside `transaction_id`; `corrected`: the next receipt of this till stands for the sale."""
    order = Order(
        merchant_id=sale.merchant_id,
        till_id=till_id,
        staff_id=staff_id,
        bill=return_bill(sale.content, back, BACK, named=named),
        paid=tuple(paid),
        received=0,
        key=key if command_hash else uuid5(BY_RECEIPT, f"refund {key}"),
        command_hash=command_hash or hash_command("merchant.receipt", "refund", transaction_id),
        transaction_id=transaction_id,
        of=(sale, tuple(back)),
        prints=prints,
        others=others,
        corrected=corrected,
    )
    return make(session, district_id, order, now=now)
