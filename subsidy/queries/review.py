"""The answers to what the reviewers ask, as they stand, and every saving of one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import distinct_on
from sqlalchemy.orm import Session

from subsidy.models import ReviewAnswer


@dataclass(frozen=True, slots=True)
class AnswerRow:
    """One saving of an answer. `figures`: as they stood when it was saved."""

    item: int
    revision: int
    words: str
    is_declined: bool
    figures: tuple[str, ...]
    made_by: int
    made_at: datetime


def answers_of(session: Session, district_id: int, project_id: int) -> tuple[AnswerRow, ...]:
    """The newest of each criterion. For doors that have asked already."""
    mine = (ReviewAnswer.district_id == district_id, ReviewAnswer.project_id == project_id)
    newest = select(ReviewAnswer).where(*mine).ext(distinct_on(ReviewAnswer.item)).order_by(ReviewAnswer.item, ReviewAnswer.revision.desc())
    return _rows(session.scalars(newest).all())


def answer_history(session: Session, district_id: int, project_id: int, item: int) -> tuple[AnswerRow, ...]:
    """Every saving of one, the newest first. For doors that have asked already."""
    mine = (ReviewAnswer.district_id == district_id, ReviewAnswer.project_id == project_id, ReviewAnswer.item == item)
    return _rows(session.scalars(select(ReviewAnswer).where(*mine).order_by(ReviewAnswer.revision.desc())).all())


def _rows(found: Sequence[ReviewAnswer]) -> tuple[AnswerRow, ...]:
    return tuple(
        AnswerRow(row.item, row.revision, row.words, row.is_declined, tuple(row.figures), row.made_by, row.made_at) for row in found
    )
