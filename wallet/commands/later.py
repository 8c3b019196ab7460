"""あとで払うQR: a phone brings what a shop's tablet asked for without the network."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

import identity.commands
import merchant.commands
from identity.queries import Principal
from merchant.queries import Asked


def open_later(session: Session, who: Principal, token: str, *, now: datetime) -> Asked:
    """The request to be paid; no money moves. Again is harmless. Raises what the shop's door raises."""
    identity.commands.authorise(session, who, "wallet.pay")
    return merchant.commands.open_later(session, who.district_id, token, now=now)
