"""Receipts are made here and nowhere else: the next number of the till, over the digest of the one before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select, text
from sqlalchemy.orm import Session

import ledger.queries
from base.clock import tokyo_day
from base.db import atomic
from ledger.commands import hash_command
from ledger.errors import KeyReused
from ledger.queries import Transaction
from merchant.commands.printing import print_as_it_is_made
from merchant.models import Staff, TillReceipt
from merchant.queries.invoices import registration_on, settlement_scheme
from merchant.queries.receipts import (
    ReceiptRow,
    as_receipt,
    categories_of,
    left_of_receipt,
    receipt_of_payment,
    register_choice,
    returns_of,
)
from merchant.queries.requests import Asked
from merchant.queries.shops import merchant
from merchant.queries.tills import till
from merchant.rules.bill import Bill, Off, bill_from, work_out
from merchant.rules.invoice import Line
from merchant.rules.slip import SERIES, Issuer, Made, Paid, coupon_part_of, digest_of, return_bill, slip, spread_lines

BY_RECEIPT = UUID("6f5d1f0e-8a35-4a7b-9f66-6d1c1f1f7a10")
"""Names the key of a receipt that nobody asked for by a key of its own: that of a payment, of a refund."""
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:till, 0))")
"""A till's receipts are made one after the other. Taken last of all locks, so that nobody who holds it waits for another."""
BACK = "返金"
FUNDERS = ("promotion", "funder")
"""Roles in the book of whoever pays a shop for a coupon: the association, and others."""
Payers = Mapping[int, tuple[str | None, str, str]]
"""Of their accounts: the funder's name (None: the association), and both names of the coupon."""


@dataclass(frozen=True, slots=True)
class Order:
    """A receipt to be made. `of`: of a return slip, the sale and its lines (index, pieces, yen) that came back.

    `own_coupon`: both names of the coupon that the last discount is. `corrects`: the wrong receipt that this one stands for."""

    merchant_id: int
    till_id: int
    staff_id: int | None
    bill: Bill
    paid: tuple[Paid, ...]
    received: int
    key: UUID
    command_hash: bytes
    transaction_id: int | None = None
    of: tuple[ReceiptRow, tuple[tuple[int, int, int], ...]] | None = None
    own_coupon: tuple[str, str] | None = None
    corrects: ReceiptRow | None = None


def before(session: Session, district_id: int, key: UUID, command_hash: bytes) -> ReceiptRow | None:
    """The receipt that this key made. Raises KeyReused when it was for something else."""
    row = session.scalars(select(TillReceipt).where(TillReceipt.district_id == district_id, TillReceipt.key == key)).one_or_none()
    if row is not None and row.command_hash != command_hash:
        raise KeyReused
    return None if row is None else as_receipt(row)


def make(session: Session, district_id: int, order: Order, *, now: datetime) -> ReceiptRow:
    """Write the receipt, or give back the one that its key made. Inside the database transaction of what it is the receipt of.

    Raises KeyReused.
    """
    with atomic(session):
        session.execute(ONE_AT_A_TIME, {"till": f"till_receipt {district_id} {order.till_id}"})
        known = before(session, district_id, order.key, order.command_hash)
        if known is not None:
            return known
        last = session.execute(
            select(TillReceipt.serial, TillReceipt.digest)
            .where(TillReceipt.district_id == district_id, TillReceipt.till_id == order.till_id, TillReceipt.serial < SERIES)
            .order_by(TillReceipt.serial.desc())
            .limit(1)
        ).one_or_none()
        serial, digest = (1, None) if last is None else (last.serial + 1, last.digest)
        content = _content(session, district_id, order, serial, now)
        row = TillReceipt(
            district_id=district_id,
            till_id=order.till_id,
            serial=serial,
            merchant_id=order.merchant_id,
            key=order.key,
            command_hash=order.command_hash,
            kind="sale" if order.of is None else "return",
            made_at=now,
            staff_id=order.staff_id,
            total=content["total"],
            tax=content["tax"],
            cash=_sum(order.paid, "cash"),
            card=_sum(order.paid, "card"),
            book=sum(each.amount for each in order.paid if each.kind not in ("cash", "card")),
            transaction_id=order.transaction_id,
            of_till=None if order.of is None else order.of[0].till_id,
            of_serial=None if order.of is None else order.of[0].serial,
            content=content,
            before=digest,
            digest=digest_of(digest, content),
            categories=_categories(session, district_id, order, content),
        )
        session.add(row)
        session.flush()
        made = as_receipt(row)
        print_as_it_is_made(session, district_id, made, now=now)
        return made


def _categories(session: Session, district_id: int, order: Order, content: Mapping[str, Any]) -> list[list[Any]]:
    """分類 of each line, pieces and yen; what comes back is of the 分類 that it was sold under."""
    if order.of is None:
        return categories_of(session, district_id, order.merchant_id, content)
    sale, back = order.of
    sold = sale.categories or categories_of(session, district_id, order.merchant_id, sale.content)
    return [[sold[index][0], pieces, yen] for index, pieces, yen in back]


def _sum(paid: Sequence[Paid], kind: str) -> int:
    return sum(each.amount for each in paid if each.kind == kind)


def _content(session: Session, district_id: int, order: Order, serial: int, now: datetime) -> dict[str, Any]:
    shop = merchant(session, district_id, order.merchant_id)
    choice = register_choice(session, district_id, order.merchant_id)
    registration = registration_on(session, shop, tokyo_day(now))
    if order.of is not None:  # what comes back is of a sale that named a number, or of one that named none
        registration = order.of[0].content["shop"]["registration"]
    if order.corrects is not None:  # the sale was then, whatever the paper's day
        registration = registration_on(session, shop, tokyo_day(datetime.fromisoformat(order.corrects.content["at"])))
    issuer = Issuer(shop.name, shop.name_en, shop.address, choice.phone, shop.public_number, registration)
    name = None
    if order.staff_id is not None:
        name = session.scalar(select(Staff.name).where(Staff.district_id == district_id, Staff.id == order.staff_id))
    of: dict[str, Any] | None = None
    if order.of is not None:
        sale, lines = order.of
        of = {"till": sale.till_id, "serial": sale.serial, "number": sale.number, "at": sale.content["at"]}
        of["lines"] = [list(each) for each in lines]
        earlier = [each.content for each in returns_of(session, district_id, sale.till_id, sale.serial)]
        if part := coupon_part_of(sale.content, earlier, sum(yen for _index, _pieces, yen in lines)):
            of["shop_part"] = part
    wrong = order.corrects
    corrects = None if wrong is None else {"till": wrong.till_id, "serial": wrong.serial, "number": wrong.number, "at": wrong.content["at"]}
    made = Made(order.till_id, till(session, district_id, order.till_id).name, serial, name, now, of, corrects)
    kind, done = "sale" if of is None else "return", work_out(order.bill)
    scheme = settlement_scheme(session, district_id)
    return slip(
        kind,
        issuer,
        made,
        order.bill,
        done,
        order.paid,
        order.received,
        own_coupon=order.own_coupon,
        counts_as_money_receipt=scheme.counts_as_money_receipt,
    )


def receipt_of_request(session: Session, asked: Asked, transaction_id: int, payers: Payers, *, now: datetime) -> None:
    """A request that carried its bill was paid: its receipt, in the same database transaction. `payers`: of its coupons."""
    assert asked.sold is not None and asked.till_id is not None
    booked = ledger.queries.transaction(session, asked.district_id, transaction_id)
    bill = bill_from(asked.sold)
    in_book, own = paid_in_book(session, asked.district_id, booked, payers)
    if own:
        bill = replace(bill, offs=(*bill.offs, Off(None, amount=own, with_tax=True)))  # the shop bears it: a lower price (invoice 20)
    cash = asked.sold["cash"] + asked.cash
    paid = [*in_book, *([Paid("card", asked.sold["card"])] if asked.sold["card"] else []), *([Paid("cash", cash)] if cash else [])]
    make(
        session,
        asked.district_id,
        Order(
            merchant_id=asked.merchant_id,
            till_id=asked.till_id,
            staff_id=asked.staff_id,
            bill=bill,
            paid=tuple(paid),
            received=max(asked.sold["received"], cash) if asked.sold["cash"] else cash,
            key=uuid5(BY_RECEIPT, f"request {asked.id}"),
            command_hash=hash_command("merchant.receipt", "request", asked.id),
            transaction_id=transaction_id,
            own_coupon=_coupon_names(session, asked.district_id, booked) if own else None,
        ),
        now=now,
    )


def receipt_of_printed_code(
    session: Session, district_id: int, merchant_id: int, transaction_id: int, payers: Payers, *, now: datetime
) -> None:
    """A payment by the shop's printed code: its receipt as one line of the shop's own words and rate, numbered by the till that the owner
    chose for it; none where the owner chose none, or where the till is no more. In the paying transaction."""
    choice = register_choice(session, district_id, merchant_id)
    if choice.code_till is None or not merchant(session, district_id, merchant_id).issues_receipts:
        return
    if till(session, district_id, choice.code_till).revoked_at is not None:
        return
    booked = ledger.queries.transaction(session, district_id, transaction_id)
    in_book, own = paid_in_book(session, district_id, booked, payers)
    names = _coupon_names(session, district_id, booked) if own else None
    total = sum(each.amount for each in in_book) + own
    line = Line(choice.keypad_name, 1, total, choice.keypad_rate)
    offs = (Off(None, amount=own),) if own else ()
    bill = Bill((line,), (None,), offs, False, "inclusive", choice.rounding)  # type: ignore[arg-type]
    if total == own:
        return  # the shop gave it away: nothing was sold for money
    key, content = uuid5(BY_RECEIPT, f"code {transaction_id}"), hash_command("merchant.receipt", "code", transaction_id)
    order = Order(merchant_id, choice.code_till, None, bill, in_book, 0, key, content, transaction_id, own_coupon=names)
    make(session, district_id, order, now=now)


def paid_in_book(session: Session, district_id: int, booked: Transaction, payers: Payers) -> tuple[tuple[Paid, ...], int]:
    """What a payment is made of, as a receipt names it, each funder's part of a coupon by itself, and what of its coupons the shop bears,
    in yen."""
    found: dict[tuple[str, str, str], int] = {}
    for line in booked.lines:
        if line.role == "consumer" and line.unit == 0 and line.amount:
            series = ledger.queries.one_series(session, district_id, line.series_id)
            kind = "voucher" if series.is_voucher else "point" if series.is_points else "coin"
            name = (kind, series.name, series.name_en)
            found[name] = found.get(name, 0) + abs(line.amount)
    discount, own = (int(booked.facts.get(name) or 0) for name in ("discount", "shop_part"))
    paid = [Paid(kind, amount, name, name_en, booked.payment_number) for (kind, name, name_en), amount in found.items()]
    borne = [line for line in booked.lines if line.role in FUNDERS and line.amount]
    assert discount - own == sum(line.amount for line in borne), booked.id
    for line in borne:
        funder, *names = payers[line.account_id]
        bearer = "association" if funder is None else "funder"
        paid.append(Paid("funded_coupon", line.amount, names[0], names[1], booked.payment_number, bearer, funder or ""))
    return tuple(paid), own


def _coupon_names(session: Session, district_id: int, booked: Transaction) -> tuple[str, str]:
    used = [ledger.queries.one_series(session, district_id, line.series_id) for line in booked.lines if line.role == "coupon_used"]
    return "・".join(each.name for each in used), ", ".join(each.name_en for each in used)


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
    for line in refund.lines:
        if line.role in ("consumer", "suspense", "voucher_paper") and line.unit == 0:
            series = ledger.queries.one_series(session, district_id, line.series_id)
            name = ("voucher" if series.is_voucher else "point" if series.is_points else "coin", series.name, series.name_en)
            found[name] = found.get(name, 0) + abs(line.amount)
    paid = [Paid(kind, amount, name, name_en, refund.payment_number) for (kind, name, name_en), amount in found.items()]
    return (*paid, *_to_funders(session, district_id, refund, sale))


def _to_funders(session: Session, district_id: int, refund: Transaction, sale: ReceiptRow) -> list[Paid]:
    """Their parts. A receipt of before they were named says one sum."""
    back = {line.account_id: -line.amount for line in refund.lines if line.role in FUNDERS and line.amount}
    if not back:
        return []
    assert refund.refers_to is not None
    payment = ledger.queries.transaction(session, district_id, refund.refers_to)
    accounts = [line.account_id for line in payment.lines if line.role in FUNDERS and line.amount]
    named = [Paid(**each) for each in sale.content["paid"] if each.get("bearer") in ("association", "funder")]
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
) -> ReceiptRow:
    """The slip of what came back of `sale`, on the till where it came back. `named`: whether goods came back, and not an amount."""
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
    )
    return make(session, district_id, order, now=now)
