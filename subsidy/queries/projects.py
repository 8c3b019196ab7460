"""The projects that somebody has to do with."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from identity.commands import authorise
from identity.permissions import may
from identity.queries import Principal
from subsidy.models import PARTY_ROLES, Party, Project, Seat
from subsidy.queries.seats import SEAT_ORDER, seat_of
from subsidy.rules.calls import call_of


@dataclass(frozen=True, slots=True)
class ProjectRow:
    """`role`: how whoever asks sits in it. `members`: representative and participants that are there."""

    id: int
    name: str
    call: str
    role: str
    members: int
    made_at: datetime


def projects(session: Session, who: Principal, *, today: date) -> list[ProjectRow]:
    """The newest first. An auditor sees them all, an expert those to which its invitation still lets it in."""
    authorise(session, who, "subsidy.read_own")
    seats = (
        select(Seat.project_id, func.min(SEAT_ORDER).label("place"))
        .join(Party, (Party.district_id == Seat.district_id) & (Party.id == Seat.party_id))
        .where(Seat.district_id == who.district_id, Seat.person_id == who.person_id, Seat.ended_at.is_(None), Party.left_on.is_(None))
        .group_by(Seat.project_id)
        .subquery()
    )
    inside = (Party.district_id == Project.district_id, Party.project_id == Project.id, Party.left_on.is_(None))
    members = select(func.count()).where(*inside, Party.role.in_(("representative", "participant"))).scalar_subquery()
    found = (
        select(Project, seats.c.place, members)
        .join(seats, seats.c.project_id == Project.id, isouter=who.has("auditor"))
        .where(Project.district_id == who.district_id)
        .order_by(Project.id.desc())
    )
    return [
        ProjectRow(row.id, row.name, call_of(row.scheme, row.rules_version).title, role, count, row.made_at)
        for row, place, count in session.execute(found)
        if (role := "auditor" if place is None else PARTY_ROLES[place]) != "expert" or seat_of(session, who, row.id).may_see((), today)
    ]


def may_sit(who: Principal) -> bool:
    """Whether the side bar shows the groups to whoever this is."""
    return may(who.roles, None, "subsidy.read_own")
