"""A phone pays its part of a bill that several share: the last one makes the receipt of them all (decision 119)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy import select
from sqlalchemy.orm import Session

import ledger.queries
from ledger.commands import hash_command
from merchant.commands.payment_slips import Payers, coupon_names, paid_in_book
from merchant.commands.return_slips import slip_of_refund
from merchant.commands.slips import BY_RECEIPT, Order, make, one_at_a_time
from merchant.errors import RequestCancelled
from merchant.models import PaymentRequest, SharedBill, SharedPart, TillDrawerEvent
from merchant.queries.receipts import ReceiptRow
from merchant.queries.requests import Asked
from merchant.queries.shared_bills import PartRow, SharedRow, shared_bill
from merchant.rules.bill import Off, bill_from
from merchant.rules.slip import Paid

IN_ANOTHER_DRAWER = "割り勘の現金"
"""Why cash of a receipt counts in another drawer, on both reports, with the receipt's number."""


def take_part(session: Session, asked: Asked, transaction_id: int, payers: Payers, *, now: datetime) -> None:
    """A part was paid, in the paying transaction; with the last of them the receipt is made.

    Raises RequestCancelled for what is not asked any more, so that nothing of the payment stands.
    """
    assert asked.sold is not None
    shared_id, district_id = UUID(asked.sold["shared"]), asked.district_id
    row = locked(session, district_id, shared_id)
    if row.closed_at is not None or asked.bill not in shared_bill(session, district_id, row.merchant_id, shared_id).due:
        raise RequestCancelled
    booked = ledger.queries.transaction(session, district_id, transaction_id)
    paid, own = paid_in_book(session, district_id, booked, payers)
    session.add(
        SharedPart(
            district_id=district_id,
            transaction_id=transaction_id,
            shared_id=shared_id,
            amount=asked.bill,
            cash=asked.cash,
            own=own,
            own_coupon=list(coupon_names(session, district_id, booked)) if own else None,
            paid=[each.as_json() for each in paid],
            paid_at=now,
        )
    )
    session.flush()
    shared = shared_bill(session, district_id, row.merchant_id, shared_id)
    if not shared.due:
        write(session, row, shared, cash=row.bill["cash"], card=row.bill["card"], received=0, now=now)


def locked(session: Session, district_id: int, shared_id: UUID) -> SharedBill:
    """Its row, for whoever is about to change it."""
    return session.get_one(SharedBill, (district_id, shared_id), with_for_update=True, populate_existing=True)


def write(session: Session, row: SharedBill, shared: SharedRow, *, cash: int, card: int, received: int, now: datetime) -> ReceiptRow:
    """The one receipt of all who have paid. `cash`, `card`: what was taken beside the phones, in yen; `received`: what was handed over.

    What was given back of a part before it was made has its return slip with it. The cash beside a phone lies in the drawer of the till
    that had asked that phone, and counts there.
    """
    parts = shared.standing
    elsewhere = _taken_elsewhere(session, row, parts)
    for till_id in sorted({row.till_id, *elsewhere} if elsewhere else ()):
        one_at_a_time(session, row.district_id, till_id)
    cash += sum(part.cash for part in parts)
    bill, own = bill_from(row.bill), sum(part.own for part in parts)
    if own:
        bill = replace(bill, offs=(*bill.offs, Off(None, amount=own, with_tax=True)))  # the shop bears it: a lower price (invoice 20)
    names = [part.own_coupon for part in parts if part.own_coupon]
    paid = [
        *(Paid(**each) for part in parts for each in part.paid),
        *([Paid("card", card)] if card else []),
        *([Paid("cash", cash)] if cash else []),
    ]
    payments = [part.transaction_id for part in parts]
    order = Order(
        merchant_id=row.merchant_id,
        till_id=row.till_id,
        staff_id=row.staff_id,
        bill=bill,
        paid=tuple(paid),
        received=max(received, cash),
        key=uuid5(BY_RECEIPT, f"shared {row.id}"),
        command_hash=hash_command("merchant.receipt", "shared", str(row.id)),
        transaction_id=payments[-1] if payments else None,
        others=tuple(payments[:-1]),
        own_coupon=("・".join(ja for ja, _en in names), ", ".join(en for _ja, en in names)) if own else None,
    )
    made = make(session, row.district_id, order, now=now)
    row.closed_at, row.serial = now, made.serial
    for till_id, taken in elsewhere.items():
        for place, kind in ((row.till_id, "out"), (till_id, "in")):
            session.add(_moved(row, place, kind, taken, f"{IN_ANOTHER_DRAWER} {made.number}", uuid5(row.id, f"{kind} {till_id}"), now))
    session.flush()
    for part in parts:
        for refund_id in ledger.queries.transaction(session, row.district_id, part.transaction_id).refunds:
            refund = ledger.queries.transaction(session, row.district_id, refund_id)
            slip_of_refund(session, row.district_id, row.till_id, row.staff_id, refund, ledger.queries.cash_of(refund.facts), now=now)
    return made


def _taken_elsewhere(session: Session, row: SharedBill, parts: Sequence[PartRow]) -> dict[int, int]:
    """Cash that was taken beside a phone at another till than the one that makes the receipt: that till, yen."""
    cash = {part.transaction_id: part.cash for part in parts if part.cash}
    asked = select(PaymentRequest.transaction_id, PaymentRequest.till_id).where(
        PaymentRequest.district_id == row.district_id, PaymentRequest.transaction_id.in_(cash), PaymentRequest.till_id != row.till_id
    )
    found: dict[int, int] = {}
    for transaction_id, till_id in session.execute(asked) if cash else ():
        assert transaction_id is not None and till_id is not None
        found[till_id] = found.get(till_id, 0) + cash[transaction_id]
    return found


def _moved(row: SharedBill, till_id: int, kind: str, amount: int, reason: str, key: UUID, now: datetime) -> TillDrawerEvent:
    place = {"district_id": row.district_id, "merchant_id": row.merchant_id, "till_id": till_id}
    return TillDrawerEvent(**place, key=key, kind=kind, amount=amount, reason=reason, staff_id=row.staff_id, made_at=now)
