"""What is known of a day beforehand: weekday, holiday, when money comes in, what the town does, and the weather.

Holidays come as a predicate. Days on which money comes are bank days: what falls on another day comes on the one before.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Float = NDArray[np.float64]
Int64 = NDArray[np.int64]
Bool = NDArray[np.bool_]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
KNOWN = (*WEEKDAYS, "holiday", "payday", "before_payday", "five_ten", "pension", "new_year", "obon")
DAY = timedelta(days=1)
ALWAYS = 10**6
"""Days ahead for which the calendar itself is known."""


class Extra(NamedTuple):
    """One more thing about each day: an event (1 or 0), millimetres of rain, the highest temperature."""

    values: Float
    """float64[days]; nan where nobody knows."""
    known_ahead: int
    """For how many days a forecast may look at it: ALWAYS an event that was announced, the weather as far as its forecast reaches."""


class Calendar(NamedTuple):
    """Days one after the other from `first`: those that are over, and those to come."""

    first: date
    names: tuple[str, ...]
    table: Float
    """float64[days, names]; nan where nobody knows."""
    known_ahead: Int64
    """int64[names]: see `Extra`."""


def calendar(first: date, days: int, is_holiday: Callable[[date], bool], extras: Mapping[str, Extra] | None = None) -> Calendar:
    """All that may matter, of `days` days from `first`. The values of each extra have that length; names of their own."""
    table = np.zeros((days, len(KNOWN)))
    place = {name: column for column, name in enumerate(KNOWN)}
    for row in range(days):
        for name in _of(first + row * DAY, is_holiday):
            table[row, place[name]] = 1
    return joined(Calendar(first, KNOWN, table, np.full(len(KNOWN), ALWAYS, np.int64)), extras or {})


def joined(known: Calendar, extras: Mapping[str, Extra]) -> Calendar:
    """The same days with more known of each: what is known of all shops alike is made once."""
    columns = [extra.values[:, None] for extra in extras.values()]
    ahead = np.array([extra.known_ahead for extra in extras.values()], np.int64)
    return Calendar(known.first, (*known.names, *extras), np.hstack([known.table, *columns]), np.concatenate([known.known_ahead, ahead]))


def _of(day: date, is_holiday: Callable[[date], bool]) -> list[str]:
    def paid_on(wanted: date) -> date:
        while wanted.weekday() >= 5 or (wanted.month, wanted.day) in BANKS_REST or is_holiday(wanted):
            wanted -= DAY
        return wanted

    payday = paid_on(day.replace(day=25))
    due = [paid_on(each) for each in (day + ahead * DAY for ahead in range(8)) if _is_five_ten(each)]
    pension = [paid_on(date(day.year, month, 15)) for month in (2, 4, 6, 8, 10, 12)]
    found = {
        WEEKDAYS[day.weekday()]: True,
        "holiday": is_holiday(day) and day.weekday() < 6,
        "payday": payday <= day <= payday + 2 * DAY,
        "before_payday": payday - 4 * DAY <= day < payday,
        "five_ten": day in due,
        "pension": day in pension,
        "new_year": (day.month, day.day) in BANKS_REST,
        "obon": day.month == 8 and 13 <= day.day <= 16,
    }
    return [name for name, holds in found.items() if holds]


BANKS_REST = frozenset({(12, 31), (1, 1), (1, 2), (1, 3)})


def _is_five_ten(day: date) -> bool:
    """五十日, on which firms settle: each fifth day, and the end of February for its 30th."""
    return day.day % 5 == 0 or (day.month == 2 and (day + DAY).month == 3)
