"""名簿を取り込む: a list of registered tools and providers, whole, with where it comes from. The one before it stays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from base.clock import tokyo_day
from base.db import atomic
from base.errors import Forbidden
from identity.commands import authorise
from identity.queries import Principal
from ledger.errors import KeyReused
from subsidy.commands.projects import held_project
from subsidy.errors import LineDayWrong
from subsidy.models import Tool, ToolList
from subsidy.queries import ToolRow, lead_of
from subsidy.queries.tools import rows_of


@dataclass(frozen=True, slots=True)
class NewTools:
    """`source`: where it was taken from; `day`: as of when."""

    source: str
    day: date
    rows: tuple[ToolRow, ...]
    key: UUID


def keep_tools(session: Session, who: Principal, project_id: int, new: NewTools, *, now: datetime) -> int:
    """Gives the list's number; the same key gives the same one. Raises ProjectUnknown, KeyReused, LineDayWrong."""
    if who.person_id is None:
        raise Forbidden
    with atomic(session):
        authorise(session, who, "subsidy.keep_costs", subject=f"subsidy_project:{project_id} tools")
        lead_of(session, who, project_id)
        project = held_project(session, who, project_id)
        again = session.scalar(select(ToolList).where(ToolList.district_id == who.district_id, ToolList.key == new.key))
        if again is not None:
            if (again.project_id, again.source, again.day) != (project_id, new.source, new.day) or rows_of(session, again) != new.rows:
                raise KeyReused
            return again.number
        if new.day > tokyo_day(now):
            raise LineDayWrong(latest=tokyo_day(now))
        mine = (ToolList.district_id == who.district_id, ToolList.project_id == project_id)
        number = (session.scalar(select(func.max(ToolList.number)).where(*mine)) or 0) + 1
        here = {"district_id": who.district_id, "project_id": project_id}
        session.add(
            ToolList(
                **here,
                number=number,
                rules_version=project.rules_version,
                source=new.source,
                day=new.day,
                key=new.key,
                made_by=who.person_id,
                made_at=now,
            )
        )
        session.flush()
        session.add_all(
            Tool(
                **here,
                list_number=number,
                place=place,
                name=row.name,
                tool_number=row.tool_number,
                item=row.item,
                functions=list(row.functions),
                provider=row.provider,
                provider_number=row.provider_number,
            )
            for place, row in enumerate(new.rows, 1)
        )
        return number
