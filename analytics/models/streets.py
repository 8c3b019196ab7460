"""町の見取り図: the plan that the association gave, and where each shop stands on it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Identity, String
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class StreetPlan(Base):
    """A picture of the streets, redrawn by us. From the day `since` on it holds, of several of one day the newest."""

    __tablename__ = "street_plan"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    since: Mapped[date]
    content: Mapped[bytes]  # PNG
    width: Mapped[int]
    height: Mapped[int]
    made_by: Mapped[int]
    made_at: Mapped[datetime]


class StreetPlace(Base):
    """Where a shop stands from the day `since` on: its street, and thousandths of that day's plan from the left and from the top."""

    __tablename__ = "street_place"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    merchant_id: Mapped[int] = mapped_column(primary_key=True)
    since: Mapped[date] = mapped_column(primary_key=True)
    street: Mapped[str] = mapped_column(String(40))
    x: Mapped[int | None]
    y: Mapped[int | None]
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("x BETWEEN 0 AND 1000 AND y BETWEEN 0 AND 1000", name="stands_on_the_plan"),
        CheckConstraint("(x IS NULL) = (y IS NULL)", name="has_a_whole_place"),
    )
