"""A consumer joins: a person, and an account in every series that runs."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

import identity.commands
import ledger.commands
import ledger.queries
from association.queries import newest_announcement
from base.db import atomic
from identity.commands import NewPerson
from wallet.commands.inbox import mark_seen


def sign_up(session: Session, district_id: int, new: NewPerson, *, now: datetime, handle: bytes | None = None) -> int:
    """Make the person and their accounts together, or neither. Gives the person's number.

    Raises what identity's door raises (NicknameInvalid, EmailInvalid, EmailTaken).
    """
    with atomic(session):
        person_id = identity.commands.sign_up(session, district_id, new, now=now, handle=handle)
        open_wallet(session, district_id, person_id, now=now)
        mark_seen(session, district_id, person_id, newest_announcement(session, district_id), now=now)
        return person_id


def open_wallet(session: Session, district_id: int, person_id: int, *, now: datetime) -> None:
    """An account in every running series; harmless for somebody who has them."""
    with atomic(session):
        for series in ledger.queries.running_coins(session, district_id, now=now):
            ledger.commands.open_account(session, district_id, "consumer", person_id, series.id)
