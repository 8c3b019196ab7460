"""Going for good, and sweeping out what has ended."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import delete, text, update
from sqlalchemy.orm import Session

from base.clock import tokyo_day
from base.db import atomic
from identity.commands.access import authorise, log
from identity.commands.contacts import forget_contacts_of, forget_due_contacts
from identity.commands.persons import open_person
from identity.commands.push import sweep_push
from identity.commands.sessions import end_sessions
from identity.models import (
    ApiToken,
    Device,
    EmailCode,
    Mail,
    Passkey,
    PasskeyChallenge,
    PersonKey,
    Pin,
    PushSubscription,
    RecoveryCode,
    RoleGrant,
    WrongTry,
)
from identity.queries import Principal
from identity.retention import MAIL, TRIES, WRONG_TRIES

OLD_TRIES = text("DELETE FROM try_count WHERE clock_timestamp() - CAST(:kept AS interval) > ALL (moments)")


def erase_person(session: Session, who: Principal, person_id: int, *, now: datetime) -> None:
    """Destroy the key of a person's data: oneself, or as administrator. Roles, sessions and ways to sign in end too.

    What the person still owns is not looked at here: the caller's door does that first. The book keeps the number.
    Raises PersonUnknown.
    """
    with atomic(session):
        command = "identity.manage_self" if person_id == who.person_id else "identity.erase_person"
        authorise(session, who, command, subject=f"erase person:{person_id}")
        _erase(session, who.district_id, person_id, now)


def forget_person(session: Session, district_id: int, person_id: int, *, now: datetime) -> None:
    """The same for somebody who has not been here for years; on record like the other, and by nobody. For the worker's chore.

    Raises PersonUnknown.
    """
    with atomic(session):
        nobody = Principal(district_id, None, None, frozenset())
        log(session, nobody, "identity.erase_person", subject=f"unused person:{person_id}")
        _erase(session, district_id, person_id, now)


def _erase(session: Session, district_id: int, person_id: int, now: datetime) -> None:
    with atomic(session):
        person, _ = open_person(session, district_id, person_id)
        if person.email_lookup is not None:
            session.execute(delete(Mail).where(Mail.district_id == district_id, Mail.recipient == person.email_lookup))
        forget_contacts_of(session, district_id, person_id)
        for table in (PersonKey, Passkey, RecoveryCode, PushSubscription):
            session.execute(delete(table).where(table.district_id == district_id, table.person_id == person_id))
        session.execute(
            delete(Pin).where(Pin.district_id == district_id, Pin.holder_kind.in_(("person", "card")), Pin.holder_id == person_id)
        )
        person.nickname = person.email = person.language = person.email_lookup = person.nickname_lookup = person.home_area = None
        person.erased_at = now
        for living in (RoleGrant, ApiToken, Device):
            theirs = (living.district_id == district_id, living.person_id == person_id, living.ended_at.is_(None))
            session.execute(update(living).where(*theirs).values(ended_at=now))
        session.execute(update(Device).where(Device.district_id == district_id, Device.person_id == person_id).values(label=""))
        end_sessions(session, district_id, person_id, now=now)


def sweep(session: Session, *, now: datetime) -> None:
    """Delete what nobody can use any more: challenges, codes, counts of tries, old mail, contacts whose day has come. Each hour."""
    with atomic(session):
        session.execute(delete(PasskeyChallenge).where(PasskeyChallenge.expires_at <= now))
        session.execute(delete(EmailCode).where(EmailCode.expires_at <= now))
        session.execute(delete(Mail).where(Mail.queued_at <= now - MAIL))
        session.execute(delete(WrongTry).where(WrongTry.at <= now - WRONG_TRIES))
        session.execute(OLD_TRIES, {"kept": TRIES})
        sweep_push(session, now=now)
        forget_due_contacts(session, tokyo_day(now))
