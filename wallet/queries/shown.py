"""コード表示 as the desk may ask for it: whether the digits that somebody reads out still count."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from wallet.models import OneTimeCode


@dataclass(frozen=True, slots=True)
class SeenCode:
    """A code that a phone has shown. `ended_at`: used, or replaced by the next."""

    person_id: int
    issued_at: datetime
    expires_at: datetime
    ended_at: datetime | None
    used_at: datetime | None


def shown_code(session: Session, district_id: int, digits: str) -> SeenCode | None:
    """The newest code with these twelve digits, as long as it is kept. For doors that have asked already."""
    query = select(OneTimeCode).where(OneTimeCode.district_id == district_id, OneTimeCode.digits == digits)
    row = session.scalars(query.order_by(OneTimeCode.issued_at.desc()).limit(1)).one_or_none()
    return None if row is None else SeenCode(row.person_id, row.issued_at, row.expires_at, row.ended_at, row.used_at)
