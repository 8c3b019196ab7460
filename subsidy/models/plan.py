"""事業計画: answers to what the reviewers ask, and changes asked of the office. Every saving is a row: nothing typed is lost."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Date, Integer, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base
from subsidy.models.group import of_project


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
        of_project(),
        CheckConstraint("item BETWEEN 1 AND 99 AND revision > 0", name="is_counted"),
        CheckConstraint("is_declined = (words = '')", name="says_something"),
    )


class PlanChange(Base):
    """計画変更 `number`: revision 1 is what was asked, revision 2 what the office answered.

    `said`: the differences as sentences of that day. `before`, `after`: yen of A, B and C, decided and planned.
    """

    __tablename__ = "subsidy_change"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, primary_key=True)
    state: Mapped[str] = mapped_column(Text)
    day: Mapped[date] = mapped_column(Date)
    words: Mapped[str] = mapped_column(Text)
    said: Mapped[list[str]] = mapped_column(ARRAY(Text))
    before: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    after: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    key: Mapped[UUID | None]
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    __table_args__ = (
        of_project(),
        UniqueConstraint("district_id", "key"),
        CheckConstraint("(revision = 1 AND state = 'asked') OR (revision = 2 AND state IN ('approved', 'refused'))", name="state_is_known"),
        CheckConstraint("(key IS NOT NULL) = (revision = 1)", name="is_asked_once"),
        CheckConstraint("number > 0 AND (revision > 1 OR words <> '')", name="has_its_reason"),
        CheckConstraint(
            "cardinality(before) = 3 AND cardinality(after) = 3 AND 0 <= ALL (before) AND 0 <= ALL (after)", name="by_category"
        ),
    )
