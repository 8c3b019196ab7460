"""The second look above the consumer's own limit: a PIN, or a passkey just used."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

import identity.commands
from base.errors import Refused
from identity.queries import Principal

PASSKEY_FRESH = timedelta(minutes=5)
"""How long a sign-in with a passkey also confirms payments."""


def prove(session: Session, who: Principal, pin: str | None, refusal: Refused, *, now: datetime) -> None:
    """Go on with the right PIN, or if this session was opened by a passkey minutes ago; else `refusal`.

    Raises what the PIN's door says (PinWrong, PinLocked, PinMissing); its failures count whatever becomes of the payment.
    """
    if passkey_is_fresh(who, now):
        return
    if pin is None:
        raise refusal
    identity.commands.check_pin(session, who, pin, now=now)


def passkey_is_fresh(who: Principal, now: datetime) -> bool:
    """Whether the person has just shown face, finger or screen lock to this device."""
    return who.way == "passkey" and who.opened_at is not None and now - who.opened_at < PASSKEY_FRESH
