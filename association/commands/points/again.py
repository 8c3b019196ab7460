"""What the book refused of points: tried again by the worker, less and less often, and at once by hand; shown until it is settled."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select, text
from sqlalchemy.orm import Session

import ledger.queries as read
from association.commands.points.earning import Ground, book_events, take_back
from association.commands.points.ground import ground_of
from association.commands.points.locks import alone
from association.errors import NotSkipped
from association.models import PointSkipped
from base.db import atomic
from base.errors import MeguriError
from identity.commands import authorise
from identity.queries import Principal
from ledger.queries import Followed

PIECE_MAX = 20
"""Transactions of a round of the worker."""
BY_HAND_MAX = 100
FIRST_WAIT = timedelta(minutes=10)
"""Before the first try; twice as long before each further one, up to a day."""
DUE = text(
    "SELECT transaction_id FROM point_skipped WHERE district_id = :district_id AND done_at IS NULL"
    " AND tried_at + LEAST(interval '1 day', :wait * power(2, LEAST(tries, 10))) <= :now ORDER BY transaction_id LIMIT :limit"
)


def try_again(session: Session, ground: Ground) -> int:
    """For the worker: those whose time has come; gives how many were booked."""
    values = {"district_id": ground.district_id, "wait": FIRST_WAIT, "now": ground.now, "limit": PIECE_MAX}
    return sum(_try(session, ground, number, None) for number in session.scalars(DUE, values).all())


def book_skipped(session: Session, who: Principal, *, now: datetime) -> int:
    """いま記帳する: all that wait, up to a hundred, without waiting for their time. Gives how many were booked."""
    with atomic(session):
        authorise(session, who, "association.settle_points", subject="again")
        alone(session, who.district_id)
        ground = ground_of(session, who.district_id, now=now)
        mine = select(PointSkipped.transaction_id).where(PointSkipped.district_id == who.district_id, PointSkipped.done_at.is_(None))
        waiting = session.scalars(mine.order_by(PointSkipped.transaction_id).limit(BY_HAND_MAX)).all()
        return sum(_try(session, ground, number, who.person_id) for number in waiting)


def leave_skipped(session: Session, who: Principal, transaction_id: int, *, note: str, now: datetime) -> None:
    """記帳しない: somebody says why these points are not given, and it is tried no more. Raises NotSkipped."""
    with atomic(session):
        authorise(session, who, "association.settle_points", subject=f"transaction:{transaction_id}")
        alone(session, who.district_id)
        row = session.get(PointSkipped, (who.district_id, transaction_id), populate_existing=True)
        if row is None or row.done_at is not None:
            raise NotSkipped
        row.done_at, row.done_by, row.note = now, who.person_id, note


def _try(session: Session, ground: Ground, number: int, by: int | None) -> bool:
    """One transaction, from the terms of its own day; whether the book took it."""
    row = session.get_one(PointSkipped, (ground.district_id, number), populate_existing=True)
    attempt = replace(ground, given=dict(ground.given))
    row.tries, row.tried_at = row.tries + 1, ground.now
    try:
        with session.begin_nested():
            _settle(session, attempt, number)
    except MeguriError as refusal:
        row.code = refusal.code
        return False
    ground.given.update(attempt.given)
    row.done_at, row.done_by = ground.now, by
    return True


def _settle(session: Session, ground: Ground, number: int) -> None:
    """What it earns; and, since its refunds found nothing to take back at the time, what they take back of it."""
    [event] = read.followed(session, ground.district_id, [number])
    book_events(session, ground, [event])
    if event.kind in read.TAKING:
        for refund in _refunds(session, ground.district_id, number):
            take_back(session, ground, refund, number)


def _refunds(session: Session, district_id: int, payment_id: int) -> list[Followed]:
    return read.followed(session, district_id, list(read.transaction(session, district_id, payment_id).refunds))
