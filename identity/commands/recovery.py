"""Recovery codes: ten on paper, shown once, each signs in once. For whoever has lost phone and mailbox."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from base.db import atomic
from base.ids import random_code
from identity.commands.access import authorise
from identity.commands.limits import limit_caller
from identity.commands.persons import own_number
from identity.commands.sessions import Browser, Opened, end_sessions, open_session
from identity.errors import RecoveryCodeWrong
from identity.models import RecoveryCode
from identity.queries import Principal
from identity.rules import clean_code
from identity.vault import vault

CODES = 10
LENGTH = 10  # 49 bits: not to be guessed at twenty tries an hour


def make_recovery_codes(session: Session, who: Principal, *, now: datetime) -> list[str]:
    """Ten new codes, as they are read (`ABCDE-FGHJK`); the old ones end. They are shown once and only hashes stay."""
    with atomic(session):
        authorise(session, who, "identity.manage_self", subject="recovery_codes")
        person_id = own_number(who)
        session.execute(delete(RecoveryCode).where(RecoveryCode.district_id == who.district_id, RecoveryCode.person_id == person_id))
        codes = [random_code(LENGTH) for _ in range(CODES)]
        for code in codes:
            hashed = code_hash(session, who.district_id, code)
            session.add(RecoveryCode(district_id=who.district_id, code_hash=hashed, person_id=person_id, made_at=now))
        session.flush()
        return [f"{code[:5]}-{code[5:]}" for code in codes]


def recover(session: Session, district_id: int, typed: str, browser: Browser, *, now: datetime) -> Opened:
    """Sign in by a recovery code; all the person's other sessions end, and this device has lower limits for a day.

    Ten tries an hour from one device, and last 300 from one place: a code has fifty bits. Raises RecoveryCodeWrong, TooMany.
    """
    limit_caller(
        session,
        "identity.recover",
        browser.address,
        device=browser.device_token,
        each=10,
        place=300,
        per=timedelta(hours=1),
        district_id=district_id,
    )
    with atomic(session):
        code = session.scalar(
            select(RecoveryCode)
            .where(RecoveryCode.district_id == district_id, RecoveryCode.code_hash == code_hash(session, district_id, clean_code(typed)))
            .with_for_update()
        )
        if code is None or code.used_at is not None:
            raise RecoveryCodeWrong
        code.used_at = now
        end_sessions(session, district_id, code.person_id, now=now)
        return open_session(session, district_id, code.person_id, browser, way="recovery", now=now)


def code_hash(session: Session, district_id: int, code: str) -> bytes:
    """Under which a code is kept. For identity's own rooms."""
    return vault(session).keyed_hash("recovery code", district_id, code)
