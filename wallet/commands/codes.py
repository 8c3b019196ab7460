"""コード表示: the phone shows a one-time code."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.orm import Session

import identity.commands
from base.db import atomic
from identity.queries import Principal
from identity.retention import SHOWN_CODES
from wallet.commands.lock import lock_wallet
from wallet.models import OneTimeCode
from wallet.queries.purses import must_move, yen_balances
from wallet.rules import (
    CODE_ACCEPTED,
    CODE_RENEWED,
    CODE_SHOWN,
    fingerprint_of,
    make_code,
    make_digits,
)


@dataclass(frozen=True, slots=True)
class ShownCode:
    """What the phone shows. `text` goes into the QR and is stored nowhere."""

    text: str
    digits: str
    issued_at: datetime
    renew_at: datetime
    ends_at: datetime


def show_code(session: Session, who: Principal, *, now: datetime) -> ShownCode:
    """Make this wallet's code; the one before ends at once. Valid for one payment, until a new one is asked for. Raises AccountFrozen."""
    identity.commands.authorise(session, who, "wallet.show_code")
    assert who.person_id is not None
    with atomic(session):
        lock_wallet(session, who.district_id, who.person_id)
        must_move(yen_balances(session, who.district_id, who.person_id))
        mine = (OneTimeCode.district_id == who.district_id, OneTimeCode.person_id == who.person_id)
        session.execute(update(OneTimeCode).where(*mine, OneTimeCode.ended_at.is_(None)).values(ended_at=now))
        code = make_code()
        digits = _free_digits(session, who.district_id)
        session.execute(
            insert(OneTimeCode).values(
                district_id=who.district_id,
                fingerprint=fingerprint_of(code),
                person_id=who.person_id,
                digits=digits,
                issued_at=now,
                expires_at=now + CODE_ACCEPTED,
            )
        )
        return ShownCode(code, digits, now, now + CODE_RENEWED, now + CODE_SHOWN)


def _free_digits(session: Session, district_id: int) -> str:
    """Digits that no code of the last day has. Two wallets that draw the same at the same moment: one of 10^12."""
    while True:
        digits = make_digits()
        taken = select(OneTimeCode.fingerprint).where(OneTimeCode.district_id == district_id, OneTimeCode.digits == digits)
        if session.execute(taken.limit(1)).first() is None:
            return digits


def sweep_codes(session: Session, *, now: datetime) -> None:
    """Forget the codes of yesterday. To be run each hour."""
    with atomic(session):
        session.execute(delete(OneTimeCode).where(OneTimeCode.issued_at < now - SHOWN_CODES))
