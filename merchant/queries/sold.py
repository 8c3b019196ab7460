"""一緒に買われるもの: what stood together on the receipts that local money paid, by whoever paid them."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from base.clock import day_bounds
from merchant.models import ReceiptPayment, TillReceipt
from merchant.queries.receipts import as_it_stands, receipt_at
from merchant.queries.takings import sales_of_days


def sold_together(session: Session, district_id: int, merchant_id: int, first: date, last: date) -> list[tuple[str, list[str]]]:
    """Of each receipt of these Tokyo days, both included, that was paid with local money: what this shop calls the customer, and
    the names of the articles; of one that several phones paid for each of them. What was given back whole within these days is left out,
    and what was typed without an article; of a receipt that was put right it is what stands there now.
    """
    rows = sales_of_days(session, district_id, merchant_id, first, last)
    back: dict[int | None, int] = {}
    for row in rows:
        if row.kind == "refund":
            back[row.refers_to] = back.get(row.refers_to, 0) - row.amount
    paid = {row.transaction_id: row.customer for row in rows if row.kind == "payment" and back.get(row.transaction_id, 0) < row.amount}
    found = []
    for content, payments in _sales(session, district_id, merchant_id, first, last):
        articles = [name for name, _qty, _price, _rate, article in content["lines"] if article is not None]
        customers = {paid[payment] for payment in payments if payment in paid}
        found += [(customer, articles) for customer in sorted(customers) if articles]
    return found


def _sales(session: Session, district_id: int, merchant_id: int, first: date, last: date) -> Iterator[tuple[dict[str, Any], list[int]]]:
    """What receipts that local money paid say, and by which payments; the oldest first."""
    since, until = day_bounds(first, last)
    mine = (TillReceipt.district_id == district_id, TillReceipt.merchant_id == merchant_id)
    in_time = (*mine, TillReceipt.made_at >= since, TillReceipt.made_at < until, TillReceipt.kind == "sale")
    place = (TillReceipt.till_id, TillReceipt.serial)
    others: dict[tuple[int, int], list[int]] = {}
    beside = (ReceiptPayment.district_id == TillReceipt.district_id, ReceiptPayment.till_id == place[0], ReceiptPayment.serial == place[1])
    for till_id, serial, other in session.execute(select(*place, ReceiptPayment.transaction_id).where(*in_time, *beside)):
        others.setdefault((till_id, serial), []).append(other)
    slips = select(TillReceipt.of_till, TillReceipt.of_serial).where(
        *mine, TillReceipt.made_at >= since, TillReceipt.kind == "return", TillReceipt.content["of"].has_key("corrected")
    )
    put_right = {(till_id, serial) for till_id, serial in session.execute(slips)}
    query = select(*place, TillReceipt.content, TillReceipt.transaction_id).where(*in_time, TillReceipt.transaction_id.is_not(None))
    for till_id, serial, content, payment in session.execute(query.order_by(TillReceipt.made_at, *place)):
        if (till_id, serial) in put_right:
            content = as_it_stands(session, district_id, receipt_at(session, district_id, merchant_id, till_id, serial)).content
        yield content, [*others.get((till_id, serial), ()), payment]
