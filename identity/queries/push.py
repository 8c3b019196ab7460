"""Browsers that wished to be told, opened for the worker that tells them."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, func, select
from sqlalchemy.orm import Session

from identity.models import Person, PersonKey, PersonSession, PushSubscription
from identity.queries.principals import Principal
from identity.vault import unseal, vault


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where a browser is told, and by which keys (base64url, as the browser gives them). `language`: of its reader."""

    endpoint: str
    p256dh: str
    auth: str
    language: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """One browser and up to where it was told. `with_details`: whether amount and title may stand on a locked screen."""

    id: int
    person_id: int
    with_details: bool
    entries: int
    announcement_id: int


def push_districts(session: Session) -> Sequence[int]:
    """Districts in which anybody wished to be told."""
    return session.scalars(select(PushSubscription.district_id).distinct()).all()


def waiting_browsers(session: Session, district_id: int, *, now: datetime) -> list[Waiting]:
    """Those that may be told now: signed in still, and not left alone after a try that failed."""
    alive = and_(*_is_signed_in(now))
    mine = (PushSubscription.district_id == district_id, PushSubscription.next_at <= now)
    rows = session.scalars(select(PushSubscription).join(PersonSession, alive).where(*mine).order_by(PushSubscription.id)).all()
    return [Waiting(row.id, row.person_id, row.with_details, row.entries, row.announcement_id) for row in rows]


def _is_signed_in(now: datetime) -> tuple[ColumnElement[bool], ...]:
    """That a browser's session goes on: only such a browser is told."""
    return (
        PersonSession.district_id == PushSubscription.district_id,
        PersonSession.id == PushSubscription.session_id,
        PersonSession.ended_at.is_(None),
        PersonSession.expires_at > now,
    )


def subscription(session: Session, district_id: int, subscription_id: int) -> Subscription | None:
    """Address and keys, opened; None once the person has left or taken it back."""
    row = session.get(PushSubscription, (district_id, subscription_id), populate_existing=True)
    key = None if row is None else session.get(PersonKey, (district_id, row.person_id))
    if row is None or key is None:
        return None
    opened = vault(session).open_key(key.wrapped, district_id, row.person_id)
    return Subscription(**json.loads(unseal(opened, row.sealed, district_id, row.person_id, "push")))


def beyond_reach(session: Session, district_id: int, people: Collection[int], *, now: datetime) -> list[int]:
    """Those of these people who have neither a mail address nor a browser that may be told now, and have not left.

    For doors that have asked already.
    """
    told = exists().where(PushSubscription.district_id == Person.district_id, PushSubscription.person_id == Person.id, *_is_signed_in(now))
    mine = (Person.district_id == district_id, Person.id.in_(people), Person.erased_at.is_(None), Person.email_lookup.is_(None), ~told)
    return list(session.scalars(select(Person.id).where(*mine).order_by(Person.id)))


def own_subscriptions(session: Session, who: Principal) -> tuple[int, bool]:
    """How many browsers of this person are told, and whether details may be shown."""
    mine = (PushSubscription.district_id == who.district_id, PushSubscription.person_id == who.person_id)
    found = session.execute(select(func.count(), func.bool_or(PushSubscription.with_details)).where(*mine)).one()
    return int(found[0]), bool(found[1])
