"""非常停止: one person stops paying, issuing, passing on, or one series, at once; starting again takes two."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
from association.errors import StopOver
from base.db import WAKE_ALL, atomic, wake
from identity.commands import authorise
from identity.queries import Principal

START = "start_again"
START_LOCK = 6_740
"""First key of the advisory lock under which a district's stops are proposed to end."""


@dataclass(frozen=True, slots=True)
class StopOrder:
    """What is stopped, and why. `what`: paying, issuing, transfers, or series; `series_id`: 0 but for a series."""

    what: str
    series_id: int
    reason: str


def stop(session: Session, who: Principal, order: StopOrder, *, now: datetime) -> int:
    """Hold it up in the book itself, from the commit on; open tills and phones look again. Gives the stop's number.

    What is stopped already stays so, under its first reason. Raises SeriesUnknown.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.stop", subject=f"stop:{order.what} {order.series_id} {order.reason}")
        stop_id = book.stop(session, who.district_id, order.what, order.series_id, who.person_id, order.reason)
        wake(session, WAKE_ALL)
        return stop_id


def propose_start(session: Session, who: Principal, stop_id: int, *, reason: str, now: datetime) -> int:
    """Put it before a second person that a stop end. Gives the proposal's number; while one waits for this stop, that. Raises StopOver."""
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.propose_start", subject=f"stop:{stop_id}")
        session.execute(select(func.pg_advisory_xact_lock(START_LOCK, who.district_id)))
        stopped = next((each for each in read.stops(session, who.district_id) if each.id == stop_id), None)
        if stopped is None or stopped.ended_at is not None:
            raise StopOver
        waiting = read.proposals(session, who.district_id, waiting=True, purpose=START, limit=100)
        known = next((each.id for each in waiting if each.facts.get("stop") == stop_id), None)
        facts: dict[str, book.Fact] = {"stop": stop_id, "stopped": stopped.what, "series": stopped.series_id, "note": reason}
        return known or book.propose(session, who.district_id, who.person_id, START, [], facts=facts)


def carry_out_start(session: Session, who: Principal, proposal: read.Proposal) -> None:
    """For whoever approves, after the decision: what was stopped runs again. Again is harmless."""
    book.start_again(session, who.district_id, proposal.id)
    wake(session, WAKE_ALL)
