"""計画変更を書く: what is asked of the office, with the sums of that moment, and its answer. Both are facts of the project as well."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from base.db import atomic
from base.errors import Forbidden
from identity.commands import authorise
from identity.queries import Principal
from ledger.errors import KeyReused
from subsidy.commands.facts import NewFact, note_fact
from subsidy.commands.projects import held_project
from subsidy.errors import ChangeAnswered, ChangeUnknown, ChangeWaits
from subsidy.models import PlanChange
from subsidy.queries import lead_of
from subsidy.queries.changes import changes_of
from subsidy.rules.shares import ByCategory


@dataclass(frozen=True, slots=True)
class NewChange:
    """What is asked, on which `day` and why. `said`, `before`, `after`: the differences and sums as they stand."""

    day: date
    words: str
    said: tuple[str, ...]
    before: ByCategory
    after: ByCategory
    key: UUID


def ask_change(session: Session, who: Principal, project_id: int, new: NewChange, *, now: datetime) -> int:
    """Gives its number; the same key gives the same one. Raises ProjectUnknown, ChangeWaits, FactTooSoon, FactDayWrong, KeyReused."""
    if who.person_id is None:
        raise Forbidden
    with atomic(session):
        authorise(session, who, "subsidy.keep_plan", subject=f"subsidy_project:{project_id} change")
        lead_of(session, who, project_id)
        held_project(session, who, project_id)
        mine = (PlanChange.district_id == who.district_id, PlanChange.project_id == project_id)
        again = session.scalar(select(PlanChange).where(PlanChange.district_id == who.district_id, PlanChange.key == new.key))
        if again is not None:
            if (again.project_id, again.day, again.words) != (project_id, new.day, new.words):
                raise KeyReused
            return again.number
        if any(row.answer is None for row in changes_of(session, who.district_id, project_id)):
            raise ChangeWaits
        number = (session.scalar(select(func.max(PlanChange.number)).where(*mine)) or 0) + 1
        note_fact(session, who, project_id, NewFact("change_asked", new.day, words=new.words[:200]), now=now)
        session.add(
            PlanChange(
                district_id=who.district_id,
                project_id=project_id,
                number=number,
                revision=1,
                state="asked",
                day=new.day,
                words=new.words,
                said=list(new.said),
                before=[new.before.a, new.before.b, new.before.c],
                after=[new.after.a, new.after.b, new.after.c],
                key=new.key,
                made_by=who.person_id,
                made_at=now,
            )
        )
        return number


def answer_change(
    session: Session, who: Principal, project_id: int, number: int, *, is_approved: bool, day: date, words: str, now: datetime
) -> None:
    """What the office said, once. Raises ProjectUnknown, ChangeUnknown, ChangeAnswered, FactDayWrong."""
    if who.person_id is None:
        raise Forbidden
    with atomic(session):
        authorise(session, who, "subsidy.keep_plan", subject=f"subsidy_project:{project_id} change {number}")
        lead_of(session, who, project_id)
        held_project(session, who, project_id)
        found = next((row for row in changes_of(session, who.district_id, project_id) if row.number == number), None)
        if found is None:
            raise ChangeUnknown
        if found.answer is not None:
            raise ChangeAnswered
        note_fact(session, who, project_id, NewFact("change_answered", day, words=words[:200]), now=now)
        session.add(
            PlanChange(
                district_id=who.district_id,
                project_id=project_id,
                number=number,
                revision=2,
                state="approved" if is_approved else "refused",
                day=day,
                words=words,
                said=list(found.said),
                before=[found.before.a, found.before.b, found.before.c],
                after=[found.after.a, found.after.b, found.after.c],
                made_by=who.person_id,
                made_at=now,
            )
        )
