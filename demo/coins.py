"""The town's coins, one after the other: none lives longer than six months, so that each is outside the law's chapter. Pure.

The first one lasts three months, so that whoever opens the town a year later meets its third coin in the middle of its life.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, timedelta

from demo.cast import SERIES

FIRST_MONTHS, MONTHS = 3, 6
TODAYS = 2
"""Place of the coin that runs when the town is opened."""

THRIFTY = timedelta(days=21)
"""So long before a coin ends people top up only what they are about to spend."""


@dataclass(frozen=True, slots=True)
class Coin:
    """One of them. Both days count."""

    code: str
    name: str
    name_en: str
    first: date
    last: date


def coins(first_day: date, until: date) -> list[Coin]:
    """All that have begun by `until`, oldest first; `first_day` is the town's."""
    found: list[Coin] = []
    start = first_day
    while start <= until:
        after = _later(start, MONTHS if found else FIRST_MONTHS)
        found.append(_coin(len(found), start, after - timedelta(days=1)))
        start = after
    return found


def coin_on(first_day: date, day: date) -> Coin:
    """What the town paid with on that day."""
    return coins(first_day, day)[-1]


def _coin(place: int, first: date, last: date) -> Coin:
    if place == TODAYS:
        return Coin(SERIES, "あかりコイン", "Akari Coin", first, last)
    month = calendar.month_abbr[last.month]
    return Coin(
        f"{SERIES}_{last:%Y%m}", f"あかりコイン（{last.year}年{last.month}月まで）", f"Akari Coin (until {month} {last.year})", first, last
    )


def _later(day: date, months: int) -> date:
    place = day.month - 1 + months
    year, month = day.year + place // 12, place % 12 + 1
    return date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
