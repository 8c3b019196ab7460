"""What was typed wrong is remembered for a month, so that somebody can look at what is tried too often."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

from identity.apart import apart
from identity.models import WrongTry


def note_wrong(session: Session, district_id: int, name: str, subject: str, *, now: datetime) -> None:
    """One wrong try of `name`; it stays although the caller is rolled back. Whoever types rightly pays nothing for it."""
    with apart(session) as own:
        own.add(WrongTry(district_id=district_id, name=name, subject=subject, at=now))
