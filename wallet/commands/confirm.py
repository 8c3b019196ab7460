"""The second look above the consumer's own limit: a PIN, or a passkey just used."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

import identity.commands
from identity.queries import Principal
from wallet.errors import ConfirmationNeeded
from wallet.queries.purses import limits, running_series

PASSKEY_FRESH = timedelta(minutes=5)
"""How long a sign-in with a passkey also confirms payments."""


def confirm(session: Session, who: Principal, amount: int, pin: str | None, *, now: datetime) -> None:
    """Go on only if `amount` yen need no confirmation, or if it is given.

    Raises ConfirmationNeeded, and what the PIN's door says (PinWrong, PinLocked, PinMissing); its failures count
    whatever becomes of the payment.
    """
    limit = limits(session, who, running_series(session, who.district_id, now=now), now=now).pin_above
    if amount > limit:
        prove(session, who, pin, ConfirmationNeeded(limit=limit), now=now)


def prove(session: Session, who: Principal, pin: str | None, refusal: ConfirmationNeeded, *, now: datetime) -> None:
    """Go on with the right PIN, or if this session was opened by a passkey minutes ago; else `refusal`."""
    if passkey_is_fresh(who, now):
        return
    if pin is None:
        raise refusal
    identity.commands.check_pin(session, who, pin, now=now)


def passkey_is_fresh(who: Principal, now: datetime) -> bool:
    """Whether the person has just shown face, finger or screen lock to this device."""
    return who.way == "passkey" and who.opened_at is not None and now - who.opened_at < PASSKEY_FRESH
