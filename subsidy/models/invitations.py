"""What an expert is invited to: never edited, of each expert the newest counts."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base
from subsidy.models.group import of_party, of_project


class Invitation(Base):
    """`parts` of the project that the expert `party_id` sees until the end of day `until`; none: the invitation was ended."""

    __tablename__ = "subsidy_invitation"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int]
    party_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    parts: Mapped[list[str]] = mapped_column(ARRAY(Text))
    until: Mapped[date] = mapped_column(Date)
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    __table_args__ = (
        of_project(),
        of_party(),
        CheckConstraint("number > 0", name="number_counts"),
        CheckConstraint("parts <@ ARRAY['plan', 'members', 'costs', 'papers', 'evidence', 'reports']", name="parts_are_known"),
    )
