"""給付 under way: stopped for a while, gone on with, ended; and set aside by the worker where a piece could not be done."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

import ledger.queries as read
from association.commands.benefits import locked_benefit
from association.errors import BenefitFailed, BenefitStateWrong
from association.models import Benefit
from base.db import atomic
from base.errors import MeguriError
from identity.commands import authorise
from identity.queries import Principal


def set_benefit_aside(session: Session, failed: BenefitFailed, *, now: datetime) -> None:
    """A piece could not be done: the benefit stands still until somebody has looked, and those behind it go on. For the worker."""
    with atomic(session):
        row = locked_benefit(session, failed.facts["district"], failed.facts["benefit"])
        row.stuck_at = now
        met = failed.__cause__ if isinstance(failed.__cause__, MeguriError) else failed
        row.stuck_number, row.stuck_facts = met.number, {name: _kept(value) for name, value in met.facts.items()}


def stop_benefit(session: Session, who: Principal, benefit_id: int, *, now: datetime) -> None:
    """一時停止: no further piece is posted. What is posted stays. Raises BenefitUnknown, BenefitStateWrong."""
    with atomic(session):
        row = _asked_about(session, who, benefit_id, "stop")
        _must_run(session, row)
        row.stopped_by, row.stopped_at = who.person_id, now


def go_on_with_benefit(session: Session, who: Principal, benefit_id: int, *, now: datetime) -> None:
    """つづける: the rest is posted, also whom the book refused before; what stands still is tried again where it stood.

    Raises BenefitUnknown, BenefitStateWrong.
    """
    with atomic(session):
        row = _asked_about(session, who, benefit_id, "go on")
        if row.stuck_at is not None:
            row.stuck_at = row.stuck_number = row.stuck_facts = None
            return
        _must_run(session, row)
        row.stopped_by, row.stopped_at, row.next_place = None, None, 1


def end_benefit(session: Session, who: Principal, benefit_id: int, *, now: datetime) -> None:
    """打ち切る: what is not posted by now never will be; its keys are closed for good. Raises BenefitUnknown, BenefitStateWrong."""
    with atomic(session):
        row = _asked_about(session, who, benefit_id, "end")
        _must_run(session, row)
        row.stopped_by, row.stopped_at, row.next_place = None, None, 1
        row.stuck_at = row.stuck_number = row.stuck_facts = None
        row.ended_by, row.ended_at = who.person_id, now


def _asked_about(session: Session, who: Principal, benefit_id: int, what: str) -> Benefit:
    authorise(session, who, "association.run_benefit", subject=f"benefit:{benefit_id} {what}")
    return locked_benefit(session, who.district_id, benefit_id)


def _must_run(session: Session, row: Benefit) -> None:
    """It was approved, has not ended, and is not posted whole. Raises BenefitStateWrong."""
    approved = row.proposal_id is not None and read.outcomes(session, row.district_id, [row.proposal_id]).get(row.proposal_id)
    if not approved or row.ended_at is not None or row.posted == row.people:
        raise BenefitStateWrong


def _kept(value: object) -> object:
    """A fact as JSON holds it."""
    if isinstance(value, tuple):
        return list(value)
    return value if value is None or isinstance(value, bool | int | str) else value.isoformat() if isinstance(value, date) else str(value)
