"""登録ツールの名簿 as the lead took it from the programme's site, with source and day. Nothing is edited; a newer list counts."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKeyConstraint, Integer, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base
from subsidy.models.group import of_project


class ToolList(Base):
    """List `number` of a project, for the call at `rules_version`. `source`: where it was taken from, `day`: as of when."""

    __tablename__ = "subsidy_tool_list"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    rules_version: Mapped[int] = mapped_column(Integer)
    source: Mapped[str] = mapped_column(Text)
    day: Mapped[date] = mapped_column(Date)
    key: Mapped[UUID]
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    __table_args__ = (
        of_project(),
        UniqueConstraint("district_id", "key"),
        CheckConstraint("number > 0 AND source <> ''", name="has_its_source"),
    )


class Tool(Base):
    """A line of a list. `item`: of the call's catalogue, which gives category and function; `functions`: of a tool with several."""

    __tablename__ = "subsidy_tool"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(primary_key=True)
    list_number: Mapped[int] = mapped_column(Integer, primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    tool_number: Mapped[str] = mapped_column(Text)
    item: Mapped[str] = mapped_column(Text)
    functions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    provider: Mapped[str] = mapped_column(Text)
    provider_number: Mapped[str] = mapped_column(Text)
    __table_args__ = (
        ForeignKeyConstraint(
            ["district_id", "project_id", "list_number"],
            ["subsidy_tool_list.district_id", "subsidy_tool_list.project_id", "subsidy_tool_list.number"],
        ),
        CheckConstraint("name <> '' AND tool_number <> '' AND provider <> ''", name="is_named"),
    )
