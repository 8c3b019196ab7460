"""1か月の枠を変える: what a programme may give in a month, laid before a second person. What was approved stands in the book alone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
from association.commands.points.locks import alone
from association.commands.points.programme import MONTHLY_MAX, programme_mandate
from association.errors import PointsOver, PointsWrong
from association.queries.points import one_programme, state_of
from association.rules import budget_months
from base.clock import tokyo_day
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal

PURPOSE = "point_budget"


def propose_point_budget(session: Session, who: Principal, programme_id: int, monthly: int, *, note: str = "", now: datetime) -> int:
    """Put it before a second person; while one waits for this programme, that one. Gives the proposal's number.

    Raises PointsUnknown, PointsOver, PointsWrong.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.propose_points", subject=f"points:{programme_id} {monthly} a month")
        alone(session, who.district_id)
        terms = one_programme(session, who.district_id, programme_id)
        if state_of(terms, "waiting", now) not in ("upcoming", "running"):
            raise PointsOver
        before = read.budget(session, who.district_id, terms.proposal_id, now).most
        if not 1 <= monthly <= MONTHLY_MAX or monthly == before:
            raise PointsWrong
        waiting = read.proposals(session, who.district_id, waiting=True, purpose=PURPOSE, limit=100)
        found = next((each.id for each in waiting if each.facts.get("points") == programme_id), None)
        worst = monthly * budget_months(max(terms.first_day, tokyo_day(now)), terms.last_day)
        facts: dict[str, book.Fact] = {
            "points": programme_id,
            "budget": monthly,
            "before": before,
            "worst": worst,
            "note": note or None,
        }
        mandate = programme_mandate(programme_id, monthly)
        return found or book.propose(session, who.district_id, who.person_id, PURPOSE, [], facts=facts, mandate=mandate)
