"""街頭の画面: which there are, and what they show. Whoever stands before one is nobody: all of it has passed the guard or is announced."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Generic, TypeVar

from sqlalchemy import select
from sqlalchemy.orm import Session

import association.queries
from analytics.errors import ColumnsBroken, ColumnsMissing, ColumnsOff
from analytics.models import Screen
from analytics.queries.notes import Note, notes_between
from analytics.queries.streets import streets_of_shops
from analytics.reports.board import Street, today
from association.queries import CouponTerms
from base.clock import day_bounds, tokyo_day, tokyo_minute
from identity.commands import authorise
from identity.queries import Principal

What = TypeVar("What")
COMING = timedelta(days=14)
MOST = 6
"""lines on a sheet: more cannot be read from five metres"""


@dataclass(frozen=True, slots=True)
class ListedScreen:
    """One that the desk made."""

    id: int
    name: str
    made_at: datetime
    ended_at: datetime | None


@dataclass(frozen=True, slots=True)
class Line(Generic[What]):
    """What a screen that is alone takes away by itself at `until_ms` (Unix time)."""

    what: What
    until_ms: int


@dataclass(frozen=True, slots=True)
class Board:
    """What all screens of a district show. `people`: of today up to the full hour `hour`, in tens; None: not told (yet)."""

    hour: int
    people: int | None
    streets: tuple[Street, ...]
    events: tuple[Line[Note], ...]
    coupons: tuple[Line[CouponTerms], ...]
    made_ms: int
    day_ends_ms: int


def fingerprint(token: str) -> bytes:
    """What the database keeps of it."""
    return hashlib.sha256(token.encode()).digest()


def screens(session: Session, who: Principal) -> list[ListedScreen]:
    """The newest first. Raises Forbidden."""
    authorise(session, who, "analytics.keep_screens")
    found = select(Screen.id, Screen.name, Screen.made_at, Screen.ended_at).where(Screen.district_id == who.district_id)
    return [ListedScreen(*row) for row in session.execute(found.order_by(Screen.id.desc()))]


def is_screen(session: Session, district_id: int, token: str) -> bool:
    """Whether a screen with this address is alive."""
    found = select(Screen.id).where(Screen.district_id == district_id, Screen.token_hash == fingerprint(token), Screen.ended_at.is_(None))
    return session.scalar(found) is not None


def board(session: Session, district_id: int, *, now: datetime) -> Board:
    """What is to be shown at this moment. Where the columns are not there, no people are told."""
    first = tokyo_day(now)
    hour, people, streets = _people(session, district_id, now)
    events = [
        Line(note, _ms(day_bounds(note.last)[1]))
        for note in notes_between(session, district_id, first, first + COMING)
        if _is_for_all(note)
    ]
    coupons = [
        Line(each.terms, _ms(_ends_today(each.terms, first)))
        for each in association.queries.offered_coupons(session, district_id, since=first)
        if each.left and _is_on(each.terms, now)
    ]
    ends = _ms(day_bounds(first)[1])
    return Board(hour, people, tuple(streets[:MOST]), tuple(events[:MOST]), tuple(coupons[:MOST]), _ms(now), ends)


def _ms(moment: datetime) -> int:
    return int(moment.timestamp() * 1000)


def _ends_today(terms: CouponTerms, day: date) -> datetime:
    return day_bounds(day)[0] + timedelta(minutes=terms.conditions.until_minute)


def _people(session: Session, district_id: int, now: datetime) -> tuple[int, int | None, Sequence[Street]]:
    try:
        return today(session, district_id, streets_of_shops(session, district_id, tokyo_day(now)), now=now)
    except (ColumnsOff, ColumnsMissing, ColumnsBroken):
        return 0, None, ()


def _is_for_all(note: Note) -> bool:
    return note.merchant_id is None and note.kind == "event"


def _is_on(terms: CouponTerms, now: datetime) -> bool:
    """Today, and at this hour or later today. One that only some people get is not for a street."""
    day, asked = tokyo_day(now), terms.conditions
    if not terms.first_day <= day <= terms.last_day or asked.segment or terms.ended_at is not None:
        return False
    return bool(asked.weekdays >> day.weekday() & 1) and tokyo_minute(now) < asked.until_minute
