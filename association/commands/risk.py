"""見てください: the worker looks each hour; people answer, stop a person or a shop by one press, and set the limits of the rules."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import identity.queries
from association.commands.people import freeze_person
from association.commands.shops import suspend_shop
from association.errors import FindingNotStoppable, FindingUnknown, LimitOutside
from association.models import RiskFinding, RiskNote, RiskThreshold
from association.queries.risk import finding, look
from association.rules.risk import LIMITS, Found, is_asked_anew
from base.db import atomic
from identity.commands import FreezeOrder, authorise
from identity.queries import Principal

RISK_LOCK = 6_750
"""First key of the advisory lock under which a district's findings are written."""
KEPT = timedelta(days=30)


def look_for_risks(session: Session, *, now: datetime) -> int:
    """What the rules find in every district, into the queue; how many are new or have grown. For the worker; again is harmless."""
    asked = 0
    for district in identity.queries.districts(session):
        with atomic(session):
            session.execute(select(func.pg_advisory_xact_lock(RISK_LOCK, district.id)))
            asked += sum(_keep(session, district.id, each, now) for each in look(session, district.id, now=now))
    return asked


def note_unusual(session: Session, district_id: int, rule: str, subject: str, figure: int, facts: dict[str, int], *, now: datetime) -> bool:
    """What insight found unusual of one subject, beside what is usual, into the queue; whether it is new or has grown. For its night."""
    with atomic(session):
        session.execute(select(func.pg_advisory_xact_lock(RISK_LOCK, district_id)))
        return _keep(session, district_id, Found(rule, subject, figure, dict(facts)), now)


def answer_finding(session: Session, who: Principal, finding_id: int, state: str, words: str, *, now: datetime) -> None:
    """Somebody has looked at it (`seen`) or knows why it is so (`explained`): it leaves the queue until it grows. Raises FindingUnknown."""
    assert state in ("seen", "explained"), state
    with atomic(session):
        authorise(session, who, "association.answer_risk", subject=f"finding:{finding_id} {state}")
        _answer(session, who, finding_id, state, words, now)


def freeze_found(session: Session, who: Principal, finding_id: int, reason: str, *, now: datetime) -> None:
    """Stop the person or the shop of a finding; their money stays where it is. Another person lets them go again.

    Raises FindingUnknown, FindingNotStoppable where it is neither, and what stopping says.
    """
    with atomic(session):
        authorise(session, who, "association.answer_risk", subject=f"finding:{finding_id} stop")
        found = finding(session, who, finding_id)
        if found.person is not None:
            freeze_person(session, who, found.person, FreezeOrder("association", reason), now=now)
        elif found.shop is not None:
            suspend_shop(session, who, found.shop.id, reason=reason, now=now)
        else:
            raise FindingNotStoppable
        _answer(session, who, finding_id, "acted", reason, now)


def set_risk_limit(session: Session, who: Principal, rule: str, name: str, value: int, *, now: datetime) -> None:
    """From the next look on; who set it when stays on record. Raises LimitOutside."""
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.set_risk_limit", subject=f"{rule}.{name} {value}")
        limit = LIMITS.get(rule, {}).get(name)
        if limit is None or not limit.least <= value <= limit.most:
            raise LimitOutside(least=limit.least if limit else 0, most=limit.most if limit else 0)
        row = {"rule": rule, "name": name, "value": value, "set_by": who.person_id, "set_at": now}
        session.add(RiskThreshold(district_id=who.district_id, **row))


def _keep(session: Session, district_id: int, found: Found, now: datetime) -> bool:
    query = select(RiskFinding).where(
        RiskFinding.district_id == district_id, RiskFinding.rule == found.rule, RiskFinding.subject == found.subject
    )
    row = session.scalar(query)
    if row is None:
        values = {"rule": found.rule, "subject": found.subject, "figure": found.figure, "facts": found.facts}
        session.add(RiskFinding(district_id=district_id, **values, first_at=now, last_at=now, state="new"))
        return True
    is_anew = is_asked_anew(row.state, found.figure, row.answered, row.last_at, now)
    if is_anew or row.state in ("new", "seen"):
        row.figure, row.facts = found.figure, found.facts
    row.last_at = now
    if is_anew:
        row.state, row.first_at = "new", now
        session.add(_note(row, "new", "", None, now))
    return is_anew


def _answer(session: Session, who: Principal, finding_id: int, state: str, words: str, now: datetime) -> None:
    row = session.get(RiskFinding, (who.district_id, finding_id), with_for_update=True, populate_existing=True)
    if row is None:
        raise FindingUnknown
    row.state, row.answered = state, row.figure
    session.add(_note(row, state, words, who.person_id, now))


def _note(row: RiskFinding, state: str, words: str, made_by: int | None, now: datetime) -> RiskNote:
    values = {"finding_id": row.id, "state": state, "figure": row.figure, "words": words, "made_by": made_by, "made_at": now}
    return RiskNote(district_id=row.district_id, **values)
