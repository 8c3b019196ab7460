"""登録ツールの名簿 as it stands: the newest list that the lead took in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from subsidy.models import Tool, ToolList
from subsidy.rules.evidence import plain_name


@dataclass(frozen=True, slots=True)
class ToolRow:
    """A registered tool with its provider. `functions`: beyond that of its item."""

    name: str
    tool_number: str
    item: str
    functions: tuple[str, ...]
    provider: str
    provider_number: str


@dataclass(frozen=True, slots=True)
class Tools:
    """A list: of which version of the call, from where and as of when."""

    number: int
    rules_version: int
    source: str
    day: date
    made_at: datetime
    rows: tuple[ToolRow, ...]

    def named(self, name: str) -> ToolRow | None:
        """The tool of that name, if it is the only one: two of one name are two tools."""
        found = [row for row in self.rows if name and plain_name(row.name) == plain_name(name)]
        return found[0] if len(found) == 1 else None


def tools_of(session: Session, district_id: int, project_id: int) -> Tools | None:
    """None before the first list. For doors that have asked already."""
    here = {"district_id": district_id, "project_id": project_id}
    newest = session.scalar(select(ToolList).filter_by(**here).order_by(ToolList.number.desc()).limit(1))
    if newest is None:
        return None
    return Tools(newest.number, newest.rules_version, newest.source, newest.day, newest.made_at, rows_of(session, newest))


def rows_of(session: Session, one: ToolList) -> tuple[ToolRow, ...]:
    """In the order in which they were sent. For doors that have asked already."""
    here = {"district_id": one.district_id, "project_id": one.project_id, "list_number": one.number}
    return tuple(map(_row, session.scalars(select(Tool).filter_by(**here).order_by(Tool.place))))


def _row(row: Tool) -> ToolRow:
    return ToolRow(row.name, row.tool_number, row.item, tuple(row.functions), row.provider, row.provider_number)
