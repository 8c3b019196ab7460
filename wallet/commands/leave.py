"""退会: a consumer goes for good."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

import association.commands
import identity.commands
import identity.queries
from base.db import atomic
from identity.queries import Principal
from ledger.errors import AccountFrozen
from wallet.commands.confirm import prove
from wallet.commands.consents import decline
from wallet.commands.lock import lock_wallet
from wallet.errors import LeaveNotConfirmed
from wallet.queries.consents import waiting_of


@dataclass(frozen=True, slots=True)
class Leave:
    """`gives_up`: whether what is left may stay behind, unspent. `pin`: unless a passkey was just used."""

    gives_up: bool
    pin: str | None = None


def leave(session: Session, who: Principal, order: Leave, *, now: datetime) -> None:
    """Close the wallet and erase who its holder was; nothing is booked, and what the law keeps stays under a number.

    Not while the wallet is stopped: whoever holds a lost phone could give up what its owner has saved. Raises LeaveNotConfirmed
    and what the PIN's door says, AccountFrozen, RolesRemain, CoinLeft.
    """
    assert who.person_id is not None
    prove(session, who, order.pin, LeaveNotConfirmed(), now=now)
    with atomic(session):
        identity.commands.authorise(session, who, "wallet.leave", subject=f"person:{who.person_id}")
        lock_wallet(session, who.district_id, who.person_id)
        if identity.queries.freeze_of(session, who.district_id, who.person_id) is not None:
            raise AccountFrozen
        asked = waiting_of(session, who.district_id, who.person_id, now=now)
        if asked is not None:
            decline(session, who, asked.id, now=now)
        association.commands.end_account(session, who, who.person_id, gives_up=order.gives_up, now=now)
