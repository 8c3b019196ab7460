"""What customers have got back of one receipt, by all the payments that it tells of: a cashier's limit counts it."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from merchant.models import SharedPart
from merchant.queries.receipts import cash_of_returns, payments_of, receipt_of_payment
from merchant.queries.sales import sale


def shared_of_payment(session: Session, district_id: int, transaction_id: int) -> UUID | None:
    """The bill of several phones that a payment is a part of; None: it is a bill of its own."""
    mine = (SharedPart.district_id == district_id, SharedPart.transaction_id == transaction_id)
    return session.scalar(select(SharedPart.shared_id).where(*mine))


def given_of_receipt(session: Session, district_id: int, merchant_id: int, transaction_id: int) -> int:
    """Yen that went back of the receipt of this payment, in local money, in cash and to cards; of a bill that several phones share and
    that has no receipt yet, of all that were paid. Raises NotRefundable."""
    found = [sale(session, district_id, merchant_id, each) for each in _payments(session, district_id, transaction_id)]
    noted = {back.transaction_id: back.cash for detail in found for back in detail.refunds}
    over_the_counter = sum(noted.values()) + cash_of_returns(session, district_id, transaction_id, noted).given
    return sum(detail.sale.given_back for detail in found) + over_the_counter


def _payments(session: Session, district_id: int, transaction_id: int) -> list[int]:
    receipt = receipt_of_payment(session, district_id, transaction_id)
    if receipt is not None:
        return payments_of(session, district_id, receipt)
    shared = shared_of_payment(session, district_id, transaction_id)
    parts = select(SharedPart.transaction_id).where(SharedPart.district_id == district_id, SharedPart.shared_id == shared)
    return [transaction_id] if shared is None else list(session.scalars(parts))
