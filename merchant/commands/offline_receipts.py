"""A receipt that a tablet printed without a network, as the shop's books keep it: to the letter what was printed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

from base.clock import tokyo_day
from ledger.commands import hash_command
from merchant.commands.return_slips import make_return, may_return_now
from merchant.commands.slips import BY_RECEIPT
from merchant.models import Staff, TillLog, TillReceipt
from merchant.queries.invoices import registration_on
from merchant.queries.receipts import as_receipt, categories_of, left_of_receipt, returns_of
from merchant.queries.shops import merchant
from merchant.rules.bill import bill_from, work_out
from merchant.rules.invoice import ReceiptRefused
from merchant.rules.slip import SERIES, Issuer, Made, Paid, digest_of, number_of, slip

CLOCK = timedelta(minutes=5)
"""So far may a tablet's time be from what is possible before it is noted as wrong."""
COUNTED = ("amounts", "discounts", "by_rate", "total", "tax", "received", "change", "stamp")
"""What follows from the bill, and is counted again."""


@dataclass(frozen=True, slots=True)
class OfflineSale:
    """A sale for cash that a tablet made by itself. `content`: its receipt as it was printed (rules/slip.py); `key`: the press."""

    key: UUID
    staff_id: int | None
    content: dict[str, Any]


def keep_receipt(
    session: Session, log: TillLog, seq: int, sale: OfflineSale, command_hash: bytes, *, now: datetime
) -> tuple[int, dict[str, Any]] | None:
    """Write the receipt of an entry: its serial and what is to be noted of it. None: it is no receipt that this till could have printed.

    Inside the database transaction that holds the log and the till (till_logs.py).
    """
    said = sale.content
    serial = log.log * SERIES + seq
    shop = merchant(session, log.district_id, log.merchant_id)
    if (said["till"]["id"], said["serial"], said["number"]) != (log.till_id, serial, number_of(shop.public_number, log.till_id, serial)):
        return None
    noted: dict[str, Any] = {}
    counted = _counted(sale, log.till_id, serial)
    differs = {name: counted.get(name) for name in COUNTED if counted.get(name) != said[name]}
    if differs:
        noted["sums"] = differs
    at = datetime.fromisoformat(said["at"])
    if not log.opened_at - CLOCK <= at <= now + CLOCK:
        noted["clock"], at = True, now
    registration = registration_on(session, shop, tokyo_day(at))
    if said["shop"]["registration"] != registration:
        noted["registration"] = registration
    key = sale.key
    twin = session.scalars(select(TillReceipt).where(TillReceipt.district_id == log.district_id, TillReceipt.key == key)).one_or_none()
    if twin is not None:
        key = uuid5(BY_RECEIPT, f"log {log.till_id} {log.log} {seq}")
        noted["twin"] = twin.content["number"]
    _write(session, log, serial, sale, key, command_hash, at)
    if twin is not None:
        noted["back"] = _give_back(session, log, twin, said, key=f"twin {log.till_id} {log.log} {seq}", now=now)
    return serial, noted


def _counted(sale: OfflineSale, till_id: int, serial: int) -> dict[str, Any]:
    """The receipt as the rules make it of what the entry says was sold; nothing where they refuse it."""
    said = sale.content
    bill = bill_from(said)
    made = Made(till_id, said["till"]["name"], serial, said["staff"], datetime.fromisoformat(said["at"]))
    paid = (Paid("cash", said["total"], "現金", "Cash"),)
    try:
        return slip("sale", Issuer(**said["shop"]), made, bill, work_out(bill), paid, said["received"])
    except ReceiptRefused:
        return {}


def _write(session: Session, log: TillLog, serial: int, sale: OfflineSale, key: UUID, command_hash: bytes, at: datetime) -> None:
    said = sale.content
    before = None
    if serial % SERIES > 1:
        before = session.get_one(TillReceipt, (log.district_id, log.till_id, serial - 1)).digest
    staff = session.get(Staff, (log.district_id, sale.staff_id)) if sale.staff_id else None
    session.add(
        TillReceipt(
            district_id=log.district_id,
            till_id=log.till_id,
            serial=serial,
            merchant_id=log.merchant_id,
            key=key,
            command_hash=command_hash,
            kind="sale",
            made_at=at,
            staff_id=staff.id if staff is not None and staff.merchant_id == log.merchant_id else None,
            total=said["total"],
            tax=said["tax"],
            cash=said["total"],
            card=0,
            book=0,
            transaction_id=None,
            content=said,
            before=before,
            digest=digest_of(before, said),
            categories=categories_of(session, log.district_id, log.merchant_id, said),
        )
    )
    session.flush()


def _give_back(session: Session, log: TillLog, twin: TillReceipt, said: Mapping[str, Any], *, key: str, now: datetime) -> str | None:
    """The press had been booked before its answer was lost, and nobody has that receipt: it is given back, so that the sale counts once.

    None where the two are not the same sale for cash, or something of it came back already or is about to: then the owner decides.
    """
    row, total = as_receipt(twin), said["total"]
    if row.content["lines"] != said["lines"] or not may_return_now(session, log.district_id, (row.till_id, row.serial)):
        return None
    left = left_of_receipt(row, returns_of(session, log.district_id, row.till_id, row.serial))
    if (row.cash, row.till_id, sum(yen for _pieces, yen in left)) != (total, log.till_id, total):
        return None
    back = [(index, pieces, yen) for index, (pieces, yen) in enumerate(left)]
    paid = (Paid("cash", total, "現金", "Cash"),)
    slip_key = uuid5(BY_RECEIPT, key)
    order_hash = hash_command("merchant.receipt", key)
    done = make_return(
        session, log.district_id, row, back, paid, log.till_id, row.staff_id, None, slip_key, now=now, command_hash=order_hash
    )
    return done.number
