"""People: they come, tell their name, and may go for good."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from datetime import datetime

from psycopg.errors import UniqueViolation
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from base.db import atomic
from identity import models
from identity.commands.access import authorise
from identity.commands.persons import open_person, own_number
from identity.commands.roles import begin_roles
from identity.errors import EmailInvalid, EmailTaken, HomeAreaInvalid, NicknameInvalid, SignInAgain
from identity.queries import Principal, device_is_new
from identity.queries.people import email_lookup, nickname_lookup, open_field
from identity.rules import clean_email, clean_home_area, clean_nickname
from identity.vault import seal, vault

LANGUAGES = ("ja", "en")


@dataclass(frozen=True, slots=True)
class NewPerson:
    """Who joins. `email`: only one that they have shown to be theirs. `roles`: what they are from the start."""

    nickname: str
    language: str = "ja"
    email: str | None = None
    roles: frozenset[str] = frozenset({"consumer"})


def sign_up(session: Session, district_id: int, new: NewPerson, *, now: datetime, handle: bytes | None = None) -> int:
    """Make a person and their key. Returns the person's number, the only thing that other packages keep.

    No role check: whoever calls has proved an address or a passkey, or works at the terminal. `handle`: what a
    passkey made for this person already calls them. Raises NicknameInvalid, EmailInvalid, EmailTaken.
    """
    name = clean_nickname(new.nickname)
    if name is None:
        raise NicknameInvalid
    assert new.language in LANGUAGES, new.language
    with atomic(session):
        person = models.Person(district_id=district_id, handle=handle or secrets.token_bytes(32), created_at=now)
        session.add(person)
        session.flush()
        key, wrapped = vault(session).new_key(district_id, person.id)
        session.add(models.PersonKey(district_id=district_id, person_id=person.id, wrapped=wrapped))
        _set_nickname(session, person, key, name)
        person.language = seal(key, new.language, district_id, person.id, "language")
        if new.email is not None:
            _set_email(session, person, key, new.email)
        begin_roles(session, district_id, person.id, new.roles, now=now)
        session.flush()
        return person.id


def _set_nickname(session: Session, person: models.Person, key: bytes, name: str) -> None:
    person.nickname = seal(key, name, person.district_id, person.id, "nickname")
    person.nickname_lookup = nickname_lookup(session, person.district_id, name)


def index_nicknames(session: Session, *, limit: int = 500) -> int:
    """Make people findable by name who joined before names were; gives how many were left to do this time. For the worker."""
    with atomic(session):
        both = select(models.Person, models.PersonKey).join(
            models.PersonKey,
            (models.PersonKey.district_id == models.Person.district_id) & (models.PersonKey.person_id == models.Person.id),
        )
        missing = both.where(models.Person.nickname_lookup.is_(None), models.Person.erased_at.is_(None)).limit(limit)
        found = session.execute(missing.with_for_update(of=models.Person, skip_locked=True)).all()
        for person, key in found:
            name = open_field(session, person, key, "nickname") or ""
            person.nickname_lookup = nickname_lookup(session, person.district_id, name)
        return len(found)


def _set_email(session: Session, person: models.Person, key: bytes, typed: str) -> None:
    email = clean_email(typed)
    if email is None:
        raise EmailInvalid
    sealed = seal(key, email, person.district_id, person.id, "email")
    try:
        with session.begin_nested():
            person.email, person.email_lookup = (sealed, email_lookup(session, person.district_id, email))
    except IntegrityError as error:
        if isinstance(error.orig, UniqueViolation):
            raise EmailTaken from None
        raise


def rename(session: Session, who: Principal, nickname: str) -> None:
    """Change one's own nickname. Raises NicknameInvalid."""
    name = clean_nickname(nickname)
    if name is None:
        raise NicknameInvalid
    with atomic(session):
        authorise(session, who, "identity.manage_self", subject="nickname")
        person, key = open_person(session, who.district_id, own_number(who))
        _set_nickname(session, person, key, name)


def tell_area(session: Session, who: Principal, typed: str) -> None:
    """Say where one lives, by the first three digits of a postcode; nothing takes it back, and is an answer too. Raises HomeAreaInvalid."""
    area = clean_home_area(typed)
    if area is None:
        raise HomeAreaInvalid
    with atomic(session):
        authorise(session, who, "identity.manage_self", subject="home_area")
        person, key = open_person(session, who.district_id, own_number(who))
        person.home_area = seal(key, area, person.district_id, person.id, "home_area")


def change_email(session: Session, who: Principal, person_id: int, email: str, *, now: datetime) -> None:
    """Keep an address that the person has just shown to be theirs. `person_id`: for whom the code was asked.

    Not on a new device, where a stranger with a stolen mailbox could sit. Raises SignInAgain, EmailTaken.
    """
    with atomic(session):
        authorise(session, who, "identity.manage_self", subject="email")
        if own_number(who) != person_id or device_is_new(who, now):
            raise SignInAgain
        person, key = open_person(session, who.district_id, person_id)
        _set_email(session, person, key, email)
