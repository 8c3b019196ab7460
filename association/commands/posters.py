"""ポスターのコード: what a poster's link ends with, and how often somebody may try one."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from identity.commands import limit_tries, note_wrong
from identity.queries import Principal

CODE_BYTES = 12
"""Of a code: 96 random bits, of which nobody finds one by trying."""
TRIES_A_MINUTE = 10
"""As of a チャージ券, right or wrong."""


def poster_code() -> str:
    """A fresh code in 24 hexadecimal digits."""
    return secrets.token_hex(CODE_BYTES)


def limit_poster(session: Session, who: Principal) -> None:
    """Count one press behind a poster's link, of a coupon or an event. Raises TooMany."""
    limit_tries(
        session, "association.poster", str(who.person_id), per=timedelta(minutes=1), count=TRIES_A_MINUTE, district_id=who.district_id
    )


def note_wrong_poster(session: Session, who: Principal, *, now: datetime) -> None:
    """Of nobody's poster: the desk sees who tries too often."""
    note_wrong(session, who.district_id, "code", f"person:{who.person_id}", now=now)
