"""Cost lines: every saving is a row of its own, so that nothing typed is ever lost."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKeyConstraint, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base
from subsidy.models.group import of_party, of_project


class CostLine(Base):
    """Line `number` of a project at `revision`; the newest counts. Two people who save the same revision meet in the primary key.

    `amount`: yen, with tax where `is_taxed`, at `tax_rate` percent. `months` of a cloud fee, `tool` names one subscription.
    `is_out`: taken out of the plan. The five days tell how far the line has come, the three of `plan_` when it is
    meant to come there. `key`: of the intention that began it (revision 1).
    """

    __tablename__ = "subsidy_line"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, primary_key=True)
    party_id: Mapped[int]
    provider_id: Mapped[int | None]
    item: Mapped[str] = mapped_column(Text)
    cost_kind: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    amount: Mapped[int]
    is_taxed: Mapped[bool]
    tax_rate: Mapped[int | None] = mapped_column(Integer)
    months: Mapped[int | None] = mapped_column(Integer)
    tool: Mapped[str] = mapped_column(Text)
    functions: Mapped[list[str]] = mapped_column(ARRAY(Text))
    is_registered: Mapped[bool | None]
    quoted: Mapped[date | None] = mapped_column(Date)
    ordered: Mapped[date | None] = mapped_column(Date)
    delivered: Mapped[date | None] = mapped_column(Date)
    invoiced: Mapped[date | None] = mapped_column(Date)
    paid: Mapped[date | None] = mapped_column(Date)
    plan_ordered: Mapped[date | None] = mapped_column(Date)
    plan_delivered: Mapped[date | None] = mapped_column(Date)
    plan_paid: Mapped[date | None] = mapped_column(Date)
    is_out: Mapped[bool]
    key: Mapped[UUID | None]
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    __table_args__ = (
        of_project(),
        of_party(),
        ForeignKeyConstraint(["district_id", "provider_id"], ["subsidy_party.district_id", "subsidy_party.id"]),
        CheckConstraint("number > 0 AND revision > 0", name="is_counted"),
        CheckConstraint("amount BETWEEN 0 AND 1000000000000", name="amount_in_range"),
        CheckConstraint("months >= 1", name="months_count"),
        CheckConstraint("NOT is_taxed OR tax_rate IS NOT NULL", name="a_tax_has_its_rate"),
        CheckConstraint("(key IS NULL) = (revision > 1)", name="a_line_begins_once"),
        Index("lines_of_an_intention", "district_id", "project_id", "key", postgresql_where=text("key IS NOT NULL")),
    )
