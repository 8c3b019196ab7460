"""Browsers that wish to be told: kept sealed, taken back, and forgotten once their service does not know them any more."""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from base.db import atomic
from identity.commands.persons import open_person, own_number
from identity.models import PersonSession, PushSubscription
from identity.queries import Principal
from identity.queries.push import Subscription, Waiting
from identity.vault import seal, vault

MOST = 5
"""Browsers of one person; the oldest gives way."""
LEASE = timedelta(minutes=1)
"""While one worker tells a browser, no other does."""
GIVE_UP = 8
"""Failed tries in a row after which a browser is forgotten: with twice the time between them, more than a day."""


def keep_subscription(
    session: Session, who: Principal, wish: Subscription, *, with_details: bool, entries: int, announcement_id: int, now: datetime
) -> None:
    """Tell this browser from now on: what was before `entries` and `announcement_id` is no news. Role checks are the caller's door's."""
    person_id, district_id = own_number(who), who.district_id
    with atomic(session):
        _, key = open_person(session, district_id, person_id)
        values = {
            "person_id": person_id,
            "session_id": who.session_id,
            "sealed": seal(key, json.dumps(asdict(wish)), district_id, person_id, "push"),
            "with_details": with_details,
            "entries": entries,
            "announcement_id": announcement_id,
            "tries": 0,
            "next_at": now,
            "made_at": now,
        }
        row = insert(PushSubscription).values(
            district_id=district_id, endpoint_hash=vault(session).keyed_hash("push", district_id, wish.endpoint), **values
        )
        session.execute(row.on_conflict_do_update(index_elements=["district_id", "endpoint_hash"], set_=values))
        mine = (PushSubscription.district_id == district_id, PushSubscription.person_id == person_id)
        kept = select(PushSubscription.id).where(*mine).order_by(PushSubscription.made_at.desc(), PushSubscription.id.desc()).limit(MOST)
        session.execute(delete(PushSubscription).where(*mine, PushSubscription.id.not_in(kept)))


def end_subscriptions(session: Session, who: Principal) -> None:
    """No browser of this person is told any more. Again is harmless. Role checks are the caller's door's."""
    with atomic(session):
        mine = (PushSubscription.district_id == who.district_id, PushSubscription.person_id == own_number(who))
        session.execute(delete(PushSubscription).where(*mine))


def lease_browser(session: Session, district_id: int, waiting: Waiting, *, now: datetime) -> bool:
    """Whether this worker is the one that tells this browser now."""
    with atomic(session):
        this = (PushSubscription.district_id == district_id, PushSubscription.id == waiting.id, PushSubscription.next_at <= now)
        taken = session.execute(update(PushSubscription).where(*this).values(next_at=now + LEASE).returning(PushSubscription.id))
        return taken.first() is not None


def note_told(session: Session, district_id: int, waiting: Waiting, *, entries: int, announcement_id: int, now: datetime) -> None:
    """It was told up to there."""
    with atomic(session):
        this = (PushSubscription.district_id == district_id, PushSubscription.id == waiting.id)
        told = {"entries": entries, "announcement_id": announcement_id, "tries": 0, "next_at": now}
        session.execute(update(PushSubscription).where(*this).values(told))


def note_untold(session: Session, district_id: int, waiting: Waiting, *, now: datetime) -> None:
    """It could not be told: later again, each time twice as late, and after many tries never again."""
    with atomic(session):
        row = session.get(PushSubscription, (district_id, waiting.id), with_for_update=True, populate_existing=True)
        if row is None:
            return
        row.tries += 1
        row.next_at = now + LEASE * 2**row.tries
        if row.tries >= GIVE_UP:
            session.delete(row)


def forget_browser(session: Session, district_id: int, waiting: Waiting) -> None:
    """Its service says that it is gone."""
    with atomic(session):
        this = (PushSubscription.district_id == district_id, PushSubscription.id == waiting.id)
        session.execute(delete(PushSubscription).where(*this))


def sweep_push(session: Session, *, now: datetime) -> None:
    """Forget browsers whose session is over: nobody is signed in there. To be run each hour."""
    with atomic(session):
        over = select(PersonSession.id).where(
            PersonSession.district_id == PushSubscription.district_id,
            PersonSession.id == PushSubscription.session_id,
            PersonSession.ended_at.is_(None),
            PersonSession.expires_at > now,
        )
        session.execute(delete(PushSubscription).where(~over.exists()))
