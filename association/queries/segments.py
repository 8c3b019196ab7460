"""Kinds of customers as the night sorted them: how many, and for the doors that reach them, who."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from association.models import Segment, SegmentPerson
from association.rules import Conditions, Visits, in_tens
from identity.commands import authorise
from identity.queries import Principal


@dataclass(frozen=True, slots=True)
class KeptSegment:
    """`people`: in full tens, None for fewer than ten."""

    name: str
    people: int | None
    sorted_at: datetime


def kept_segments(session: Session, who: Principal) -> list[KeptSegment]:
    """All that were found, for the desk; none before the first night."""
    authorise(session, who, "association.read")
    of = (SegmentPerson.district_id == Segment.district_id, SegmentPerson.name == Segment.name)
    people = select(func.count()).select_from(SegmentPerson).where(*of).scalar_subquery()
    found = select(Segment.name, people, Segment.sorted_at).where(Segment.district_id == who.district_id).order_by(Segment.name)
    return [KeptSegment(name, in_tens(many), at) for name, many, at in session.execute(found)]


def people_in(session: Session, district_id: int, name: str) -> list[int]:
    """Who belongs to it. For doors that have asked already: nobody sees the list."""
    mine = (SegmentPerson.district_id == district_id, SegmentPerson.name == name)
    return list(session.scalars(select(SegmentPerson.person_id).where(*mine).order_by(SegmentPerson.person_id)))


def coupon_is_for(session: Session, district_id: int, what: Conditions, person_id: int, visits: Visits, day: date) -> bool:
    """Whether a person is one of those for whom a coupon is: by their visits, or as the night sorted them."""
    kept = what.segment is not None and what.segment.is_kept and is_in(session, district_id, what.segment.kind, person_id)
    return what.belongs(visits, day, is_in=kept)


def is_in(session: Session, district_id: int, name: str, person_id: int) -> bool:
    """Whether this person belongs to it: one look at the key."""
    return session.get(SegmentPerson, (district_id, name, person_id)) is not None
