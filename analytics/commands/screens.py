"""街頭の画面: one gets an address that is shown once, and loses it when it is taken down or stolen."""

from __future__ import annotations

import secrets
from datetime import datetime

from sqlalchemy.orm import Session

from analytics.errors import ScreenUnknown
from analytics.models import Screen
from analytics.queries.screens import fingerprint
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal


def open_screen(session: Session, who: Principal, name: str, *, now: datetime) -> str:
    """What to put into its address; nobody can read it again. Each call is another screen. Raises Forbidden."""
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "analytics.keep_screens", subject=f"open:{name}")
        token = secrets.token_urlsafe(24)
        hashed = fingerprint(token)
        session.add(Screen(district_id=who.district_id, name=name, token_hash=hashed, made_by=who.person_id, made_at=now))
        return token


def end_screen(session: Session, who: Principal, screen_id: int, *, now: datetime) -> None:
    """It shows nothing from now on; again is harmless. Raises ScreenUnknown, Forbidden."""
    with atomic(session):
        authorise(session, who, "analytics.keep_screens", subject=f"end:{screen_id}")
        row = session.get(Screen, (who.district_id, screen_id), populate_existing=True, with_for_update={"key_share": True})
        if row is None:
            raise ScreenUnknown
        row.ended_at = row.ended_at or now
