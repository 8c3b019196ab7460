"""審査項目に答える: each saving is a row on top of the one that was seen, so two who write at once lose nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from base.db import atomic
from base.errors import Forbidden
from identity.commands import authorise
from identity.queries import Principal, nicknames
from subsidy.commands.projects import held_project
from subsidy.errors import AnswerChanged
from subsidy.models import ReviewAnswer
from subsidy.queries import lead_of


@dataclass(frozen=True, slots=True)
class NewAnswer:
    """`words` of the answer, or none where an extra point `is_declined`. `figures`: sentences that stood beside it."""

    words: str
    is_declined: bool = False
    figures: tuple[str, ...] = ()


def keep_answer(session: Session, who: Principal, project_id: int, item: int, new: NewAnswer, revision: int, *, now: datetime) -> None:
    """On top of `revision`, 0 for the first. The same words again are kept once. Raises ProjectUnknown, AnswerChanged."""
    if who.person_id is None:
        raise Forbidden
    with atomic(session):
        authorise(session, who, "subsidy.keep_plan", subject=f"subsidy_project:{project_id} review {item}")
        lead_of(session, who, project_id)
        held_project(session, who, project_id)
        newest = session.scalar(
            select(ReviewAnswer)
            .filter_by(district_id=who.district_id, project_id=project_id, item=item)
            .order_by(ReviewAnswer.revision.desc())
            .limit(1)
        )
        if newest is not None and _said(newest) == new and newest.made_by == who.person_id:
            return
        if newest is not None and newest.revision != revision:
            name = nicknames(session, who.district_id, {newest.made_by}).get(newest.made_by, "")
            raise AnswerChanged(name=name, when=newest.made_at)
        session.add(
            ReviewAnswer(
                district_id=who.district_id,
                project_id=project_id,
                item=item,
                revision=(newest.revision if newest else 0) + 1,
                words=new.words,
                is_declined=new.is_declined,
                figures=list(new.figures),
                made_by=who.person_id,
                made_at=now,
            )
        )


def _said(row: ReviewAnswer) -> NewAnswer:
    return NewAnswer(row.words, row.is_declined, tuple(row.figures))
