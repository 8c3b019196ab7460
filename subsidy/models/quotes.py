"""見積り of a cost line, and what was checked about it. Nothing is edited: a quote stays, a check is a row on top of the last one."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKeyConstraint, Integer, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base
from subsidy.models.group import of_project


class Quote(Base):
    """What a seller asks for a line. `amount`: yen without tax; `day`: as written on the quote."""

    __tablename__ = "subsidy_quote"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[int] = mapped_column(Integer, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    seller: Mapped[str] = mapped_column(Text)
    amount: Mapped[int]
    day: Mapped[date] = mapped_column(Date)
    key: Mapped[UUID]
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    __table_args__ = (
        of_project(),
        UniqueConstraint("district_id", "key"),
        CheckConstraint("amount BETWEEN 0 AND 1000000000000", name="amount_in_range"),
        CheckConstraint("number > 0 AND seller <> ''", name="has_its_seller"),
    )


class LineCheck(Base):
    """What the lead made sure of. `quote`: the chosen one, `why` it and not the cheapest; the numbers of a registered provider and tool.

    `reason`: of an item that is named "other", or the purpose of a C cost. `definition`: how a tool that is not registered was found to
    be what the call pays for. `clear`: what makes a cost ineligible and is not so here (S-16).
    """

    __tablename__ = "subsidy_line_check"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(primary_key=True)
    line: Mapped[int] = mapped_column(Integer, primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, primary_key=True)
    quote: Mapped[int | None] = mapped_column(Integer)
    why: Mapped[str] = mapped_column(Text)
    provider_number: Mapped[str] = mapped_column(Text)
    tool_number: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    definition: Mapped[str] = mapped_column(Text, server_default=text("''"))
    clear: Mapped[list[str]] = mapped_column(ARRAY(Text))
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    __table_args__ = (
        of_project(),
        ForeignKeyConstraint(
            ["district_id", "project_id", "line", "quote"],
            ["subsidy_quote.district_id", "subsidy_quote.project_id", "subsidy_quote.line", "subsidy_quote.number"],
        ),
        CheckConstraint("revision > 0", name="is_counted"),
    )
