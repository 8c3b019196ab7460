"""The papers that insight keeps."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKeyConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class InsightPaper(Base):
    """今月の報告書 of a month as it was made when the month was over. Never edited. What it prints has passed the guard."""

    __tablename__ = "insight_paper"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(Date, primary_key=True)
    made_at: Mapped[datetime]
    digest: Mapped[bytes]
    pdf: Mapped[bytes] = mapped_column(deferred=True)
    __table_args__ = (
        ForeignKeyConstraint(["district_id"], ["district.id"]),
        CheckConstraint("extract(day FROM month) = 1", name="month_is_its_first_day"),
        CheckConstraint("digest = sha256(pdf)", name="digest_is_of_the_paper"),
    )


class InsightMonthEnd(Base):
    """What stood when the month was over, for its paper: later nights say and estimate otherwise. Never edited.

    `forecast`: `yen`, `people` and `hints` of the district's 28 days that follow, as in `InsightForecast`. `effects`: of each coupon and
    campaign that held in the month its `name`, what it is (`of`: coupon or campaign) and its estimate (`found`, as in `InsightUplift`;
    None where no night had made one).
    """

    __tablename__ = "insight_month_end"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(Date, primary_key=True)
    made_at: Mapped[datetime]
    forecast: Mapped[dict[str, Any]] = mapped_column(JSONB)
    effects: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    __table_args__ = (
        ForeignKeyConstraint(["district_id"], ["district.id"]),
        CheckConstraint("extract(day FROM month) = 1", name="month_is_its_first_day"),
    )
