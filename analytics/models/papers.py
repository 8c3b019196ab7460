"""The papers that insight keeps."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKeyConstraint
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
