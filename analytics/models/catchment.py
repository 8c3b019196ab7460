"""From where customers came, month by month."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKeyConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class InsightCatchment(Base):
    """Shops × areas of a month as they were told when it was over. Never edited, and about nobody: all of it has passed the guard.

    `told`: `shops` (numbers of merchants), `areas`, and `persons` and `yen` as `guard.packed` gives them.
    """

    __tablename__ = "insight_catchment"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(Date, primary_key=True)
    told: Mapped[dict[str, Any]] = mapped_column(JSONB)
    made_at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(["district_id"], ["district.id"]),
        CheckConstraint("extract(day FROM month) = 1", name="month_is_its_first_day"),
    )
