"""What was filed is frozen with its fact: the application, and the result report."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from base.clock import tokyo_day
from base.errors import Forbidden
from identity.queries import Principal
from subsidy import titles
from subsidy.errors import PlanUnready
from subsidy.models import Filing
from subsidy.queries import Costs, Result, Standing, lead_of
from subsidy.queries.claims import held_of
from subsidy.queries.whole import read_standing
from subsidy.rules.reading import asked_of
from subsidy.rules.shares import ByCategory


def frozen_plan(session: Session, who: Principal, project_id: int, now: datetime) -> Filing:
    """The calculation of the application as it is filed. Raises PlanUnready while errors are open.

    Once the call is over, filing is noted of a project that has been filed elsewhere: what is open then is kept beside it, not refused.
    """
    project = _read(session, who, project_id, now)
    if project.errors and not project.is_closed:
        raise PlanUnready(errors=tuple(titles.FAULTS[code] for code in project.errors))
    asked = asked_of(project.application(row.line for row in project.plan_lines), project.call)
    filing = _filing(who, project, asked, project.planned.parts, project.fingerprint, now)
    filing.errors = list(project.errors)
    return filing


def frozen_result(session: Session, who: Principal, project_id: int, now: datetime) -> Filing | None:
    """What the result report claims as it is filed; None where nothing is claimed here and never was: that report was made elsewhere."""
    project = _read(session, who, project_id, now)
    result = Result(Costs(project))
    if not result.claimed and project.claim is None:
        return None
    filing = _filing(who, project, result.asked, result.sum.parts, result.fingerprint, now)
    filing.held = held_of(project.plan_lines, project.parties, project.revision)
    filing.held["exhibits"] = [[each.row.number, each.paper.id] for each in result.exhibits]
    filing.held["lacks"] = [[lack.row.number, lack.why, lack.kinds] for lack in result.lacks]
    return filing


def _read(session: Session, who: Principal, project_id: int, now: datetime) -> Standing:
    return read_standing(session, who.district_id, project_id, lead_of(session, who, project_id), now=now, today=tokyo_day(now))


def _filing(who: Principal, project: Standing, asked: dict[str, Any], sums: ByCategory, fingerprint: str, now: datetime) -> Filing:
    if who.person_id is None:
        raise Forbidden
    return Filing(
        district_id=who.district_id,
        project_id=project.id,
        scheme=project.call.scheme,
        rules_version=project.call.version,
        asked=asked,
        a=sums.a,
        b=sums.b,
        c=sums.c,
        errors=[],
        fingerprint=bytes.fromhex(fingerprint),
        made_by=who.person_id,
        made_at=now,
    )
