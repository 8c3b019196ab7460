"""What a consumer decides about their own wallet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

import identity.commands
import ledger.queries
from base.db import atomic
from identity.queries import Principal
from wallet.commands.confirm import prove
from wallet.commands.lock import lock_wallet
from wallet.errors import LimitTooHigh, RaiseNotConfirmed
from wallet.queries.purses import Limits, limits, settings_of


@dataclass(frozen=True, slots=True)
class SetLimits:
    """Yen. `ask_above`: a shop that reads my code takes up to this unasked. `pin_above`: above it I confirm."""

    ask_above: int
    pin_above: int
    pin: str | None = None


def set_limits(session: Session, who: Principal, order: SetLimits, *, now: datetime) -> Limits:
    """Choose one's own limits, at most those of the association. To raise one, a confirmation is needed.

    Raises LimitTooHigh, RaiseNotConfirmed and what the PIN's door says.
    """
    identity.commands.authorise(session, who, "wallet.set_limits", subject=f"ask:{order.ask_above} pin:{order.pin_above}")
    assert who.person_id is not None
    series = ledger.queries.running_series(session, who.district_id, now=now)
    present = limits(settings_of(session, who), who, series, now=now)
    if order.ask_above > present.ask_above_highest:
        raise LimitTooHigh(limit=present.ask_above_highest)
    if order.pin_above > present.pin_above_highest:
        raise LimitTooHigh(limit=present.pin_above_highest)
    if order.ask_above > present.ask_above or order.pin_above > present.pin_above:
        prove(session, who, order.pin, RaiseNotConfirmed(), now=now)
    with atomic(session):
        row = lock_wallet(session, who.district_id, who.person_id)
        row.ask_above, row.pin_above = order.ask_above, order.pin_above
        session.flush()
        return limits(row, who, series, now=now)
