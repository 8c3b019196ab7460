"""How much a card pays without its PIN: the district decides, in one place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import identity.commands
from base.db import atomic
from identity.queries import Principal
from wallet.errors import LimitTooHigh
from wallet.models import CardPolicy
from wallet.rules import NO_PIN_HIGHEST


@dataclass(frozen=True, slots=True)
class SetCardLimits:
    """Yen without a PIN: in one payment, and in one day. 0 asks for it each time."""

    payment: int
    day: int


def set_card_limits(session: Session, who: Principal, order: SetCardLimits, *, now: datetime) -> None:
    """From the next payment on. A payment's limit above the day's is the day's. Raises LimitTooHigh."""
    if order.day > NO_PIN_HIGHEST:
        raise LimitTooHigh(limit=NO_PIN_HIGHEST)
    values = {"no_pin_payment": min(order.payment, order.day), "no_pin_day": order.day, "changed_by": who.person_id, "changed_at": now}
    with atomic(session):
        identity.commands.authorise(session, who, "wallet.set_card_limits", subject=f"payment:{order.payment} day:{order.day}")
        row = insert(CardPolicy).values(district_id=who.district_id, **values)
        session.execute(row.on_conflict_do_update(index_elements=["district_id"], set_=values))
