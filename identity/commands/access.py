"""The check that stands at every door, and its log."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import insert
from sqlalchemy.orm import Session

from base.db import atomic
from base.errors import Forbidden, NotSignedIn
from identity.apart import apart
from identity.models import AccessLog
from identity.permissions import PERMISSIONS, may
from identity.queries import Principal


def authorise(session: Session, who: Principal, command: str, *, subject: str = "") -> None:
    """Go on only if one of the roles of `who` may open `command` (`package.function`, see permissions).

    A logged command leaves its row in the caller's transaction, a refusal one that stays although the caller's
    is rolled back. `subject`: on whom or what, as kind and number ("person:12", "shop:3"), never a name.
    Raises NotSignedIn, Forbidden.
    """
    permission = PERMISSIONS[command]
    if not may(who.roles, who.scopes if who.api_token_id is not None else None, command):
        if not who.is_somebody:
            raise NotSignedIn
        if permission.logged:
            with apart(session) as own:
                log(own, who, command, subject=subject, allowed=False)
        raise Forbidden
    if permission.logged:
        with atomic(session):
            log(session, who, command, subject=subject)


def authorise_each(session: Session, who: Principal, command: str, subjects: Sequence[str]) -> None:
    """`authorise` for many at once, each on record: a thousand transactions of their own would wait for the disk a thousand times."""
    with atomic(session):
        for subject in subjects:
            authorise(session, who, command, subject=subject)


def log(session: Session, who: Principal, command: str, *, subject: str = "", allowed: bool = True) -> None:
    """Add one row to the access log, in the caller's transaction. The moment is the database's own."""
    session.execute(
        insert(AccessLog).values(
            district_id=who.district_id,
            command=command,
            allowed=allowed,
            subject=subject,
            person_id=who.person_id,
            staff_id=who.staff_id,
            till_id=who.till_id,
            api_token_id=who.api_token_id,
            address=who.address,
        )
    )
