"""お知らせ: how far they were read."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import func
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal
from wallet.models import InboxMark


def see_inbox(session: Session, who: Principal, seen_id: int, *, now: datetime) -> None:
    """Everything up to announcement `seen_id` has been seen; the mark never goes back."""
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "wallet.see_inbox")
        mark_seen(session, who.district_id, who.person_id, seen_id, now=now)


def mark_seen(session: Session, district_id: int, person_id: int, seen_id: int, *, now: datetime) -> None:
    """The same without a role check, for somebody who has just joined: what was told before is no news to them."""
    row = insert(InboxMark).values(district_id=district_id, person_id=person_id, seen_id=seen_id, seen_at=now)
    later = {"seen_id": func.greatest(InboxMark.seen_id, row.excluded.seen_id), "seen_at": row.excluded.seen_at}
    session.execute(row.on_conflict_do_update(index_elements=[InboxMark.district_id, InboxMark.person_id], set_=later))
