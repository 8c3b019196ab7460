"""Coming in: by a new or known passkey, or by an address just proved. Each gives an open session."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sqlalchemy.orm import Session

from base.db import atomic
from identity.commands.passkeys import Site, keep_passkey, verify_known, verify_new
from identity.commands.people import NewPerson
from identity.commands.sessions import Browser, Opened, open_session
from identity.queries import person_by_email


class SignUp(Protocol):
    """Makes a person with all that the floors above give them at once: the wallet's door, handed down by the composition root."""

    def __call__(self, session: Session, district_id: int, new: NewPerson, *, now: datetime, handle: bytes | None = None) -> int: ...


def join_by_passkey(
    session: Session, sign_up: SignUp, district_id: int, new: NewPerson, credential: str, site: Site, browser: Browser, *, now: datetime
) -> Opened:
    """A new person with a new passkey, signed in. `credential`: the device's answer as JSON. Raises PasskeyRefused, NicknameInvalid."""
    with atomic(session):
        passkey = verify_new(session, district_id, site, credential, "sign_up", now=now)
        person_id = sign_up(session, district_id, new, now=now, handle=passkey.handle)
        keep_passkey(session, district_id, person_id, passkey, browser.label, trusted_from=now, now=now)
        return open_session(session, district_id, person_id, browser, way="passkey", now=now)


def enter_by_passkey(session: Session, district_id: int, credential: str, site: Site, browser: Browser, *, now: datetime) -> Opened:
    """Sign in whoever's passkey signed our challenge. Raises PasskeyRefused, PasskeyUnknown."""
    with atomic(session):
        passkey = verify_known(session, district_id, site, credential, now=now)
        return open_session(session, district_id, passkey.person_id, browser, way="passkey", now=now, trusted_from=passkey.trusted_from)


def enter_by_email(session: Session, district_id: int, email: str, browser: Browser, *, now: datetime) -> Opened | None:
    """Sign in whose address this is. None: nobody has it yet, ask for a nickname. `email`: as `prove_email` gave it."""
    person_id = person_by_email(session, district_id, email)
    if person_id is None:
        return None
    return open_session(session, district_id, person_id, browser, way="email", now=now)


def join_by_email(session: Session, sign_up: SignUp, district_id: int, new: NewPerson, browser: Browser, *, now: datetime) -> Opened:
    """A new person whose address was just proved, signed in. Raises NicknameInvalid, EmailTaken."""
    with atomic(session):
        person_id = sign_up(session, district_id, new, now=now)
        return open_session(session, district_id, person_id, browser, way="email", now=now)
