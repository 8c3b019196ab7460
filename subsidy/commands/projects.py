"""補助事業をはじめる: a project under a call, with its representative."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from base.db import atomic
from base.errors import Forbidden
from identity.commands import authorise
from identity.queries import Principal, nicknames
from subsidy.commands.parties import NewParty, keep_saving, store_party
from subsidy.errors import ProjectChanged, ProjectUnknown, RulesNotNewer
from subsidy.models import Project, Seat
from subsidy.queries import PROJECT, lead_of, savings_of
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
            revision=1,
            made_by=who.person_id,
            made_at=now,
        )
        session.add(row)
        session.flush()
        keep_saving(session, who, row.id, PROJECT, 1, _said(row), now)
        party = store_party(session, who, row.id, "representative", new.representative, now=now)
        session.add(Seat(district_id=who.district_id, project_id=row.id, party_id=party.id, person_id=who.person_id, since=now))
        return row.id


def keep_project(session: Session, who: Principal, project_id: int, shape: Shape, revision: int, *, now: datetime) -> None:
    """What the project is, said anew on top of `revision`. Whoever saves second is told. Raises ProjectUnknown, ProjectChanged."""
    with atomic(session):
        authorise(session, who, "subsidy.keep_group", subject=f"subsidy_project:{project_id}")
        lead_of(session, who, project_id)
        row = held_project(session, who, project_id)
        _check_revision(session, who, row, revision)
        row.name, row.setting, row.business_types = shape.name, shape.setting, list(shape.business_types)
        row.representative_kind, row.has_district_body = shape.representative_kind, shape.has_district_body
        row.revision = revision + 1
        keep_saving(session, who, project_id, PROJECT, row.revision, _said(row), now)


def move_rules(session: Session, who: Principal, project_id: int, version: int, revision: int, *, now: datetime) -> None:
    """The project is reckoned by a newer version of its call from now on; what was filed stays as it was.

    Raises ProjectUnknown, ProjectChanged, RulesNotNewer.
    """
    with atomic(session):
        authorise(session, who, "subsidy.move_rules", subject=f"subsidy_project:{project_id} version {version}")
        lead_of(session, who, project_id)
        row = held_project(session, who, project_id)
        _check_revision(session, who, row, revision)
        if not row.rules_version < version <= call_of(row.scheme).version:
            raise RulesNotNewer(version=row.rules_version)
        row.rules_version, row.revision = version, revision + 1
        keep_saving(session, who, project_id, PROJECT, row.revision, _said(row), now)


def _check_revision(session: Session, who: Principal, row: Project, revision: int) -> None:
    if row.revision != revision:
        last = savings_of(session, who.district_id, row.id, PROJECT)[0]
        name = nicknames(session, who.district_id, {last.made_by or 0}).get(last.made_by or 0, "")
        raise ProjectChanged(name=name, when=last.made_at)


def _said(row: Project) -> dict[str, Any]:
    names = ("name", "setting", "business_types", "representative_kind", "has_district_body", "rules_version")
    return {name: getattr(row, name) for name in names}


def held_project(session: Session, who: Principal, project_id: int) -> Project:
    """Under its lock: who joins, who leaves and what happened follow one another. Raises ProjectUnknown."""
    row = session.get(Project, (who.district_id, project_id), with_for_update=True, populate_existing=True)
    if row is None:
        raise ProjectUnknown
    return row
