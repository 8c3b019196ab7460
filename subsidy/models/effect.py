"""What members report of a year: every saving is a row of its own, so that nothing typed is ever lost."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Integer, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base
from subsidy.models.group import of_party, of_project


class Figure(Base):
    """Sales and cost of sales (yen), employees and yearly hours of one, of a party in a year, at `revision`; the newest counts.

    `year`: 0 is the base (基準), 1 and 2 the report years. `local_sales`: yen of the sales that came as local money, part of `sales`;
    `is_from_book`: the ledger's own figure, taken over as it was proposed. `via`: desk, link, or paper that the lead typed.
    `closed_because`: why nobody worked in the year; empty where somebody did.
    """

    __tablename__ = "subsidy_figure"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(primary_key=True)
    year: Mapped[int] = mapped_column(Integer, primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, primary_key=True)
    sales: Mapped[int]
    cost: Mapped[int]
    employees: Mapped[int] = mapped_column(Integer)
    hours_per_employee: Mapped[int] = mapped_column(Integer)
    closed_because: Mapped[str] = mapped_column(Text, server_default=text("''"))
    local_sales: Mapped[int | None]
    is_from_book: Mapped[bool]
    via: Mapped[str] = mapped_column(Text)
    link_id: Mapped[int | None]
    made_by: Mapped[int | None]
    made_at: Mapped[datetime]
    __table_args__ = (
        of_project(),
        of_party(),
        ForeignKeyConstraint(["district_id", "link_id"], ["subsidy_link.district_id", "subsidy_link.id"]),
        CheckConstraint("year BETWEEN 0 AND 2 AND revision > 0", name="is_counted"),
        CheckConstraint("sales BETWEEN 0 AND 1000000000000 AND cost BETWEEN 0 AND 1000000000000", name="yen_in_range"),
        CheckConstraint("employees BETWEEN 0 AND 100000 AND hours_per_employee BETWEEN 0 AND 8784", name="work_in_range"),
        CheckConstraint("(employees * hours_per_employee = 0) = (closed_because <> '')", name="whoever_is_closed_says_why"),
        CheckConstraint("local_sales BETWEEN 0 AND sales", name="local_is_a_part"),
        CheckConstraint("NOT is_from_book OR local_sales IS NOT NULL", name="a_proposal_is_an_amount"),
        CheckConstraint("via IN ('desk', 'link', 'paper')", name="via_is_known"),
        CheckConstraint("(via = 'link') = (link_id IS NOT NULL) AND num_nonnulls(link_id, made_by) = 1", name="somebody_said_it"),
    )
