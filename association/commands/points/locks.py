"""One at a time: whoever gives points, or changes who gets them, in one district."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

LOCK = "hashtextextended('association.points', :district)"


def alone(session: Session, district_id: int) -> None:
    """Wait until nobody else is at it; until the database transaction ends."""
    session.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"), {"district": district_id})


def is_alone(session: Session, district_id: int) -> bool:
    """The same without waiting: whether nobody else is at it."""
    return bool(session.execute(text(f"SELECT pg_try_advisory_xact_lock({LOCK})"), {"district": district_id}).scalar_one())
