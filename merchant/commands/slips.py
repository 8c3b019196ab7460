"""Receipts are made here and nowhere else: the next number of the till, over the digest of the one before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text
from sqlalchemy.orm import Session

from base.clock import tokyo_day
from base.db import atomic
from ledger.errors import KeyReused
from merchant.commands.printing import print_as_it_is_made
from merchant.models import ReceiptPayment, TillReceipt
from merchant.queries.invoices import registration_on
from merchant.queries.receipt_words import receipt_words
from merchant.queries.receipts import ReceiptRow, as_receipt, categories_of, returns_of
from merchant.queries.shops import merchant
from merchant.rules.bill import Bill, work_out
from merchant.rules.slip import SERIES, Issuer, Made, Paid, coupon_part_of, digest_of, slip

BY_RECEIPT = UUID("6f5d1f0e-8a35-4a7b-9f66-6d1c1f1f7a10")
"""Names the key of a receipt that nobody asked for by a key of its own: that of a payment, of a refund."""
ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:till, 0))")
"""A till's receipts are made one after the other. Taken last of all locks, so that nobody who holds it waits for another."""


@dataclass(frozen=True, slots=True)
class Order:
    """A receipt to be made. `of`: of a return slip, the sale and its lines (index, pieces, yen) that came back.

    `own_coupon`: both names of the coupon that the last discount is. `corrects`: the wrong receipt that this one stands for.
    `corrected`: of a return slip, that such a one stands for the sale now, and follows on this till.
    `sold_on`: the Tokyo day of the sale, where that is not the paper's. `prints`: whether the till's printer and drawer are told.
    `others`: payments that it tells of beside `transaction_id`.
    """

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
    sold_on: date | None = None
    prints: bool = True
    others: tuple[int, ...] = ()
    corrected: bool = False


def before(session: Session, district_id: int, key: UUID, command_hash: bytes) -> ReceiptRow | None:
    """The receipt that this key made. Raises KeyReused when it was for something else."""
    row = session.scalars(select(TillReceipt).where(TillReceipt.district_id == district_id, TillReceipt.key == key)).one_or_none()
    if row is not None and row.command_hash != command_hash:
        raise KeyReused
    return None if row is None else as_receipt(row)


def one_at_a_time(session: Session, district_id: int, till_id: int) -> None:
    """Nobody else sells or closes at this till until the database transaction ends. Several always in the order of their numbers."""
    session.execute(ONE_AT_A_TIME, {"till": f"till_receipt {district_id} {till_id}"})


def make(session: Session, district_id: int, order: Order, *, now: datetime) -> ReceiptRow:
    """Write the receipt, or give back the one that its key made. Inside the database transaction of what it is the receipt of.

    Raises KeyReused.
    """
    with atomic(session):
        one_at_a_time(session, district_id, order.till_id)
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
        place = {"district_id": district_id, "till_id": order.till_id, "serial": serial}
        session.add_all(ReceiptPayment(transaction_id=other, **place) for other in order.others)
        session.flush()
        made = as_receipt(row)
        if order.prints:
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
    words = receipt_words(session, district_id, order.merchant_id, order.till_id, order.staff_id)
    registration = registration_on(session, shop, order.sold_on or tokyo_day(now))
    if order.of is not None:  # what comes back is of a sale that named a number, or of one that named none
        registration = order.of[0].content["shop"]["registration"]
    issuer = Issuer(shop.name, shop.name_en, shop.address, words.phone, shop.public_number, registration)
    of: dict[str, Any] | None = None
    if order.of is not None:
        sale, lines = order.of
        of = {"till": sale.till_id, "serial": sale.serial, "number": sale.number, "at": sale.content["at"]}
        of["lines"] = [list(each) for each in lines]
        if order.corrected:
            of["corrected"] = True
        earlier = [each.content for each in returns_of(session, district_id, sale.till_id, sale.serial)]
        if part := coupon_part_of(sale.content, earlier, sum(yen for _index, _pieces, yen in lines)):
            of["shop_part"] = part
    wrong = order.corrects
    corrects = None if wrong is None else {"till": wrong.till_id, "serial": wrong.serial, "number": wrong.number, "at": wrong.content["at"]}
    made = Made(order.till_id, words.till, serial, words.staff, now, of, corrects)
    kind, done = "sale" if of is None else "return", work_out(order.bill)
    return slip(
        kind,
        issuer,
        made,
        order.bill,
        done,
        order.paid,
        order.received,
        own_coupon=order.own_coupon,
        counts_as_money_receipt=words.counts_as_money_receipt,
    )
