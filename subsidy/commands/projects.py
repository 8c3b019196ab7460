"""補助事業をはじめる: a project under a call, with its representative."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from base.db import atomic
from base.errors import Forbidden
from identity.commands import authorise
from identity.queries import Principal
from subsidy.commands.parties import NewParty, store_party
from subsidy.errors import ProjectUnknown
from subsidy.models import Project, Seat
from subsidy.queries import lead_of
from subsidy.rules.calls import NEWEST, call_of


@dataclass(frozen=True, slots=True)
class Shape:
    """What the project is. `has_district_body`: whether the group contains the body that makes up the shopping district."""

    name: str
    setting: str
    business_types: tuple[int, ...]
    representative_kind: str
    has_district_body: bool


@dataclass(frozen=True, slots=True)
class NewProject:
    """`key`: one intention; the same again gives the same project."""

    shape: Shape
    representative: NewParty
    key: UUID


def found_project(session: Session, who: Principal, new: NewProject, *, now: datetime) -> int:
    """Whoever founds it sits in it as its lead. It keeps the rules' version of this day. Gives its number."""
    if who.person_id is None:
        raise Forbidden
    with atomic(session):
        authorise(session, who, "subsidy.found")
        again = session.scalar(select(Project.id).where(Project.district_id == who.district_id, Project.key == new.key))
        if again is not None:
            return again
        call = call_of(NEWEST)
        row = Project(
            district_id=who.district_id,
            key=new.key,
            **{**asdict(new.shape), "business_types": list(new.shape.business_types)},
            scheme=call.scheme,
            rules_version=call.version,
            made_by=who.person_id,
            made_at=now,
        )
        session.add(row)
        session.flush()
        party = store_party(session, who, row.id, "representative", new.representative, now=now)
        session.add(Seat(district_id=who.district_id, project_id=row.id, party_id=party.id, person_id=who.person_id, since=now))
        return row.id


def keep_project(session: Session, who: Principal, project_id: int, shape: Shape) -> None:
    """What the project is, said anew. Raises ProjectUnknown."""
    with atomic(session):
        authorise(session, who, "subsidy.keep_group", subject=f"subsidy_project:{project_id}")
        lead_of(session, who, project_id)
        row = held_project(session, who, project_id)
        row.name, row.setting, row.business_types = shape.name, shape.setting, list(shape.business_types)
        row.representative_kind, row.has_district_body = shape.representative_kind, shape.has_district_body


def held_project(session: Session, who: Principal, project_id: int) -> Project:
    """Under its lock: who joins, who leaves and what happened follow one another. Raises ProjectUnknown."""
    row = session.get(Project, (who.district_id, project_id), with_for_update=True, populate_existing=True)
    if row is None:
        raise ProjectUnknown
    return row
