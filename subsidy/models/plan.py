"""事業計画: answers to what the reviewers ask. Every saving is a row of its own, so that nothing typed is ever lost."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class ReviewAnswer(Base):
    """The answer to criterion `item` at `revision`; the newest counts. Two who save the same revision meet in the primary key.

    `is_declined`: an extra point that the group does without, and then no words. `figures`: sentences as they stood on that day.
    """

    __tablename__ = "subsidy_answer"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(primary_key=True)
    item: Mapped[int] = mapped_column(Integer, primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, primary_key=True)
    words: Mapped[str] = mapped_column(Text)
    is_declined: Mapped[bool]
    figures: Mapped[list[str]] = mapped_column(ARRAY(Text))
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "project_id"], ["subsidy_project.district_id", "subsidy_project.id"]),
        CheckConstraint("item BETWEEN 1 AND 99 AND revision > 0", name="is_counted"),
        CheckConstraint("is_declined = (words = '')", name="says_something"),
    )
