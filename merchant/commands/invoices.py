"""登録番号 by periods, and the scheme of the contract with the shops. For doors that have asked already."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session

from merchant.models import SettlementScheme, ShopRegistration
from merchant.queries.invoices import Registration, Scheme, settlement_scheme


def note_registration(session: Session, district_id: int, merchant_id: int, number: str | None, *, first_day: date | None) -> None:
    """Another number of a shop, newer than those before. On a day on which it does not hold, one of them may.

    `first_day`: None only where no sale can have been before it."""
    if number is not None:
        session.add(ShopRegistration(district_id=district_id, merchant_id=merchant_id, number=number, first_day=first_day))
        session.flush()


def set_registration_days(session: Session, district_id: int, merchant_id: int, wanted: Sequence[Registration]) -> None:
    """From when and until when the shop's numbers hold, by their places; what is no place of this shop is left."""
    for each in wanted:
        mine = (
            ShopRegistration.district_id == district_id,
            ShopRegistration.merchant_id == merchant_id,
            ShopRegistration.place == each.place,
        )
        days = {"first_day": each.first_day, "last_day": each.last_day}
        session.execute(update(ShopRegistration).where(*mine).values(days).execution_options(synchronize_session=False))


def set_settlement_scheme(session: Session, district_id: int, new: Scheme, *, set_by: int, now: datetime) -> None:
    """From the next receipt on. Receipts of before stay as they are; the same again is no new version."""
    if new == settlement_scheme(session, district_id):
        return
    last = session.scalar(select(func.max(SettlementScheme.version)).where(SettlementScheme.district_id == district_id))
    session.add(
        SettlementScheme(
            district_id=district_id,
            version=(last or 0) + 1,
            scheme=new.scheme,
            counts_as_money_receipt=new.counts_as_money_receipt,
            cleared_by=new.cleared_by,
            set_by=set_by,
            set_at=now,
        )
    )
    session.flush()
