"""Who is in the town already, and bringing in those who are not: through the doors, found again by their address."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

import identity.commands
import identity.queries
from demo.cast import Named
from identity.queries import Principal


def known(session: Session, district_id: int, one: Named) -> int | None:
    """Their number, None if they have not joined yet."""
    return identity.queries.person_by_email(session, district_id, one.email)


def join(session: Session, district_id: int, one: Named, *, now: datetime) -> int:
    """Their number; they join if they have not."""
    person_id = known(session, district_id, one)
    if person_id is not None:
        return person_id
    new = identity.commands.NewPerson(nickname=one.nickname, email=one.email, roles=one.roles)
    return identity.commands.sign_up(session, district_id, new, now=now)


def principal(district_id: int, person_id: int, one: Named) -> Principal:
    """Them at the door, in their roles."""
    return Principal(district_id, person_id, None, one.roles, address="demo")
