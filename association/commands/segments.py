"""Kinds of customers are kept as insight found them in the night: for coupons and announcements."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from association.models import Segment
from base.db import atomic

LEAVE = text("""
    DELETE FROM segment_person WHERE district_id = :district_id AND name = :name AND person_id <> ALL (CAST(:people AS bigint[]))
""")
JOIN = text("""
    INSERT INTO segment_person (district_id, name, person_id)
    SELECT :district_id, :name, person_id FROM unnest(CAST(:people AS bigint[])) AS person_id ON CONFLICT DO NOTHING
""")


def keep_segments(session: Session, district_id: int, people: Mapping[str, Collection[int]], *, now: datetime) -> None:
    """From now on these people, by the name of each kind, and nobody else. For the worker: nobody asks for it on a page."""
    with atomic(session):
        for name, whom in people.items():
            row = insert(Segment).values(district_id=district_id, name=name, sorted_at=now)
            session.execute(row.on_conflict_do_update(index_elements=["district_id", "name"], set_={"sorted_at": now}))
            values = {"district_id": district_id, "name": name, "people": list(whom)}
            session.execute(LEAVE, values)
            session.execute(JOIN, values)
