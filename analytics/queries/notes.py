"""メモ: what somebody said of a day, and what a forecast makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics.models import InsightNote
from analytics.queries.measurements import announced_days
from analytics.rules.calendar import ALWAYS, Bool, Extra
from base.clock import day_bounds
from base.errors import Forbidden
from identity.commands import authorise
from identity.queries import Principal

EPOCH = date(1970, 1, 1)
LISTED = 20
NOTED_BACK = timedelta(days=731)
"""As far back as a note may be written."""
WEATHER = ("rain", "snow", "heat", "storm")
WEATHER_KNOWN = 7
"""Days ahead for which a forecast may believe somebody who says that it will rain."""


@dataclass(frozen=True, slots=True)
class Note:
    """`merchant_id` None: of the whole district, written by the association. `kind`: event, closed, one of WEATHER or other."""

    id: int
    merchant_id: int | None
    kind: str
    first: date
    last: date
    words: str


def shop_notes(session: Session, who: Principal, *, today: date) -> list[Note]:
    """The newest of the own shop and of its district, of today and later first. Raises Forbidden."""
    authorise(session, who, "analytics.shop_reports")
    if who.merchant_id is None:
        raise Forbidden
    return listed(session, who.district_id, who.merchant_id, today)


def district_notes(session: Session, who: Principal, *, today: date) -> list[Note]:
    """Those of the whole district. Raises Forbidden."""
    authorise(session, who, "analytics.district_reports")
    return listed(session, who.district_id, None, today)


def every_district_note(session: Session, who: Principal, *, today: date) -> list[Note]:
    """All of the whole district that a forecast may still learn from, by day. Raises Forbidden."""
    authorise(session, who, "analytics.district_reports")
    found = notes_between(session, who.district_id, today - NOTED_BACK, today + timedelta(days=366))
    return [note for note in found if note.merchant_id is None]


def listed(session: Session, district_id: int, merchant_id: int | None, today: date) -> list[Note]:
    """What lies ahead, the next first, and then what was, the newest first."""
    found = notes_between(session, district_id, today - timedelta(days=60), today + timedelta(days=366))
    mine = [note for note in found if note.merchant_id in (None, merchant_id)]
    ahead = [note for note in mine if note.last >= today]
    return [*ahead, *reversed([note for note in mine if note.last < today])][:LISTED]


def notes_between(session: Session, district_id: int, first: date, last: date) -> list[Note]:
    """All of a district that touch these days, by day. No role check: for the doors that have one."""
    query = (
        select(InsightNote)
        .where(InsightNote.district_id == district_id, InsightNote.last_day >= first, InsightNote.first_day <= last)
        .where(InsightNote.dropped_at.is_(None))
        .order_by(InsightNote.first_day, InsightNote.id)
    )
    return [Note(row.id, row.merchant_id, row.kind, row.first_day, row.last_day, row.words) for row in session.scalars(query)]


def known_days(session: Session, district_id: int, first: date, last: date) -> list[Note]:
    """Notes, and what was announced by file, as far as it touches these days."""
    since, until = day_bounds(first, last)
    announced = announced_days(session, district_id, since, until)
    days = ((EPOCH + timedelta(days=day), name) for day, name in announced.items())
    return [*notes_between(session, district_id, first, last), *(Note(0, None, "event", day, day, name) for day, name in days)]


def extras(notes: Sequence[Note], merchant_id: int | None, first: date, days: int) -> dict[str, Extra]:
    """What a forecast of this shop, or of the district, may know of `days` days from `first` beside the calendar.

    Measured weather comes beside it, by `measured.weather_extras`.
    """
    return {
        "event": Extra(_days(notes, merchant_id, "event", first, days).astype(np.float64), ALWAYS),
        **{kind: Extra(_days(notes, merchant_id, kind, first, days).astype(np.float64), WEATHER_KNOWN) for kind in WEATHER},
    }


def closed(notes: Sequence[Note], merchant_id: int | None, first: date, days: int) -> Bool:
    """bool[days]: of which a note says that the shop, or the whole district, is closed."""
    return _days(notes, merchant_id, "closed", first, days)


def _days(notes: Sequence[Note], merchant_id: int | None, kind: str, first: date, days: int) -> Bool:
    found = np.zeros(days, np.bool_)
    for note in notes:
        if note.kind == kind and note.merchant_id in (None, merchant_id):
            found[max((note.first - first).days, 0) : max((note.last - first).days + 1, 0)] = True
    return found
