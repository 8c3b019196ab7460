"""The words that a receipt takes from its shop's settings, its till and whoever stands there."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

from merchant.errors import TillUnknown
from merchant.models import RegisterSettings, SettlementScheme, Staff, Till


@dataclass(frozen=True, slots=True)
class ReceiptWords:
    """What stands on a receipt besides its shop and its sale. `counts_as_money_receipt`: of coin and vouchers (invoice 32)."""

    till: str
    staff: str | None
    phone: str
    counts_as_money_receipt: bool


def receipt_words(session: Session, district_id: int, merchant_id: int, till_id: int, staff_id: int | None) -> ReceiptWords:
    """In one statement: it is asked while a payer waits. Raises TillUnknown."""
    scheme = (
        select(SettlementScheme.counts_as_money_receipt)
        .where(SettlementScheme.district_id == district_id)
        .order_by(SettlementScheme.version.desc())
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(Till.name, Staff.name, RegisterSettings.phone, scheme)
        .outerjoin(Staff, (Staff.district_id == Till.district_id) & (Staff.id == staff_id))
        .outerjoin(RegisterSettings, (RegisterSettings.district_id == Till.district_id) & (RegisterSettings.merchant_id == merchant_id))
        .where(Till.district_id == district_id, Till.id == till_id)
    )
    found = session.execute(query).one_or_none()
    if found is None:
        raise TillUnknown
    till, staff, phone, counts = found
    return ReceiptWords(till, staff, phone or "", True if counts is None else counts)
