"""1日の現金チャージの枠: how much coin may be issued against cash in a day, in the whole district, laid before a second person."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
from association.errors import CashBudgetWrong
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal
from ledger.commands import Mandate

PURPOSE = "cash_budget"
DAY_MAX = 1_000_000_000
NOBODY_OWNS = -1
"""A budget of cash is of no account: it counts whatever drawers and agents take."""


def propose_cash_budget(session: Session, who: Principal, most: int, *, note: str = "", now: datetime) -> int:
    """Put it before a second person; while one waits, that one. Gives the proposal's number. Raises CashBudgetWrong."""
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.propose_cash_budget", subject=f"{most} a day")
        before = read.cash_budget(session, who.district_id, now)
        if not 1 <= most <= DAY_MAX or (before is not None and before.most == most):
            raise CashBudgetWrong
        waiting = read.proposals(session, who.district_id, waiting=True, purpose=PURPOSE, limit=1)
        if waiting:
            return waiting[0].id
        facts: dict[str, book.Fact] = {"cash_day": most, "before": before.most if before else None, "worst": most, "note": note or None}
        mandate = Mandate("day", most, NOBODY_OWNS, NOBODY_OWNS)
        return book.propose(session, who.district_id, who.person_id, PURPOSE, [], facts=facts, mandate=mandate)
