"""参加ポイント: what is given for taking part, with which code, and how many have taken it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

import ledger.queries as book
from association.errors import EventUnknown
from association.queries.points import PointPart, borne_of
from association.rules import FEWEST
from base.clock import tokyo_day
from identity.commands import authorise
from identity.queries import Principal, nicknames


@dataclass(frozen=True, slots=True)
class EventTerms:
    """One event or survey. `points`: for each who takes part, once; `most`: how many may; `taken`: how many have. Days in Tokyo, both
    included. `answers`: how many chose each of `choices`; nobody knows who."""

    id: int
    name: str
    name_en: str
    points: int
    most: int
    first_day: date
    last_day: date
    question: str | None
    choices: tuple[str, ...]
    answers: tuple[int, ...]
    code: str
    taken: int
    proposal_id: int
    made_by: int
    made_at: datetime
    begins_at: datetime | None
    ended_at: datetime | None
    parts: tuple[PointPart, ...]

    @property
    def told_answers(self) -> tuple[int, ...] | None:
        """Nothing is told about fewer than ten people."""
        return self.answers if sum(self.answers) >= FEWEST else None

    def state(self, now: datetime) -> str:
        """upcoming, running, full or over; of one that was approved."""
        if self.ended_at is not None or tokyo_day(now) > self.last_day:
            return "over"
        if tokyo_day(now) < self.first_day:
            return "upcoming"
        return "full" if self.taken >= self.most else "running"


TERMS = """
    SELECT e.id, e.name, e.name_en, e.points, e.most, e.first_day, e.last_day, e.question, e.choices, e.answers, e.code, e.taken,
        e.proposal_id, e.made_by, e.made_at, e.begins_at, e.ended_at,
        (SELECT jsonb_agg(jsonb_build_array(s.place, s.payer, f.name, s.percent, s.account_id) ORDER BY s.place)
         FROM point_share s LEFT JOIN funder f ON f.district_id = s.district_id AND f.id = s.funder_id
         WHERE s.district_id = e.district_id AND s.of = 'event' AND s.of_id = e.id) AS parts
    FROM point_event e WHERE e.district_id = :district_id
"""
ALL = text(TERMS + " ORDER BY e.id DESC")
ONE = text(TERMS + " AND e.id = :id")
BEGUN = text(TERMS + " AND e.begins_at IS NOT NULL AND e.last_day >= :since ORDER BY e.id")
BY_CODE = text(TERMS + " AND e.code = :code AND e.begins_at IS NOT NULL")


def _terms(row: Row[Any]) -> EventTerms:
    values = row._asdict()
    values |= {"choices": tuple(row.choices), "answers": tuple(row.answers), "parts": tuple(PointPart(*part) for part in row.parts)}
    return EventTerms(**values)


def begun_events(session: Session, district_id: int, *, since: date) -> list[EventTerms]:
    """Those that were approved and did not end before the day `since`, the oldest first. For doors that have asked already."""
    return [_terms(row) for row in session.execute(BEGUN, {"district_id": district_id, "since": since})]


def one_event(session: Session, district_id: int, event_id: int) -> EventTerms:
    """For doors that have asked already. Raises EventUnknown."""
    row = session.execute(ONE, {"district_id": district_id, "id": event_id}).one_or_none()
    if row is None:
        raise EventUnknown
    return _terms(row)


def event_of_code(session: Session, district_id: int, code: str) -> EventTerms:
    """What a poster's code stands for, once it was approved. For everybody who holds the code. Raises EventUnknown."""
    row = session.execute(BY_CODE, {"district_id": district_id, "code": code[:40]}).one_or_none()
    if row is None:
        raise EventUnknown
    return _terms(row)


@dataclass(frozen=True, slots=True)
class ListedEvent:
    """An event as the desk sees it. `state`: waiting, one of book.FALLEN, upcoming, running, full or over. `borne`, `owed`: yen by
    account."""

    terms: EventTerms
    state: str
    maker_name: str | None
    borne: Mapping[int, int]
    owed: Mapping[int, int]


def listed_events(session: Session, who: Principal, *, now: datetime) -> list[ListedEvent]:
    """All events, the newest first."""
    authorise(session, who, "association.read")
    return _listed(session, who, [_terms(row) for row in session.execute(ALL, {"district_id": who.district_id})], now)


def listed_event(session: Session, who: Principal, event_id: int, *, now: datetime) -> ListedEvent:
    """Raises EventUnknown."""
    authorise(session, who, "association.read")
    return _listed(session, who, [one_event(session, who.district_id, event_id)], now)[0]


def _listed(session: Session, who: Principal, found: Sequence[EventTerms], now: datetime) -> list[ListedEvent]:
    if not found:
        return []
    accounts = [part.account_id for each in found for part in each.parts if part.account_id is not None]
    borne, owed = borne_of(session, who.district_id, accounts), book.natural_balances(session, who.district_id, accounts)
    names = nicknames(session, who.district_id, {each.made_by for each in found})
    return [ListedEvent(each, _state(session, who.district_id, each, now), names.get(each.made_by), borne, owed) for each in found]


def _state(session: Session, district_id: int, terms: EventTerms, now: datetime) -> str:
    if terms.begins_at is not None:
        return terms.state(now)
    return book.fallen(session, district_id, [terms.proposal_id]).get(terms.proposal_id, "waiting")
