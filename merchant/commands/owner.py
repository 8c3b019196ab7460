"""What only the owner of this very shop may do."""

from __future__ import annotations

from sqlalchemy.orm import Session

import identity.commands
from base.errors import Forbidden
from identity.queries import Principal


def authorise_owner(session: Session, who: Principal, command: str, merchant_id: int, *, subject: str = "") -> None:
    """Go on only if `who` may open `command`, and at this shop. Raises NotSignedIn, Forbidden.

    Identity knows the role, the shop knows whose it is: an owner is a stranger at the shop next door.
    """
    identity.commands.authorise(session, who, command, subject=subject or f"merchant:{merchant_id}")
    if who.merchant_id != merchant_id:
        raise Forbidden
