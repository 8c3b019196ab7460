"""The town's days: seasons, weekends, holidays, festivals and the weather. Pure, and the same for the same seed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Literal

import jpholiday

Weather = Literal["晴", "曇", "雨", "雪"]

THURSDAY = 3

SEASON = (1.00, 0.92, 0.90, 0.98, 1.10, 0.74, 0.92, 1.34, 0.98, 1.30, 1.32, 0.88)
"""How many visitors a day of each month draws, against an ordinary day of the year."""

GUESTS_BY_WEEKDAY = (0.66, 0.56, 0.60, 0.56, 0.84, 1.72, 1.46)
LOCALS_BY_WEEKDAY = (0.98, 0.96, 0.98, 0.90, 1.02, 1.12, 1.04)

RAIN = (0.14, 0.16, 0.24, 0.26, 0.26, 0.44, 0.38, 0.28, 0.36, 0.26, 0.18, 0.14)
"""Chance that it rains (in winter: snows) on a day of each month after a dry one."""

GUESTS_IN: dict[Weather, float] = {"晴": 1.06, "曇": 1.0, "雨": 0.72, "雪": 0.88}
LOCALS_IN: dict[Weather, float] = {"晴": 1.03, "曇": 1.0, "雨": 0.84, "雪": 0.74}


@dataclass(frozen=True, slots=True)
class Day:
    """One day. `guests` and `locals` say how lively it is against an ordinary day (1.0)."""

    date: date
    holiday: str | None
    festival: str | None
    weather: Weather
    guests: float
    locals: float

    @property
    def is_off(self) -> bool:
        """Whether most people do not work: a weekend or a national holiday."""
        return self.date.weekday() >= 5 or self.holiday is not None


def nth_weekday(year: int, month: int, weekday: int, number: int) -> date:
    """The `number`-th Saturday, Sunday … (0 is Monday) of a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))


def festival(day: date) -> tuple[str, float] | None:
    """The festival held on that day and how many times the usual visitors it draws."""
    weekends = (
        ("灯籠まつり", nth_weekday(day.year, 2, 5, 2), 1.5),
        ("花湯まつり", nth_weekday(day.year, 4, 5, 3), 1.35),
        ("川あかり", nth_weekday(day.year, 8, 5, 1), 1.45),
        ("月見の夜市", nth_weekday(day.year, 9, 5, 3), 1.3),
        ("湯まつり", nth_weekday(day.year, 11, 5, 2), 2.0),
    )
    for name, saturday, draw in weekends:
        if day in (saturday, saturday + timedelta(days=1)):
            return name, draw
    if (day.month, day.day) in ((12, 31), (1, 1)):
        return "年越し湯", 1.7
    return None


def _is_season_of_leave(day: date) -> float:
    """New Year, the early days of May and Obon: the times when the country travels."""
    place = (day.month, day.day)
    if (1, 2) <= place <= (1, 3) or (5, 3) <= place <= (5, 5):
        return 1.45
    if (8, 12) <= place <= (8, 16):
        return 1.7
    return 1.0


def _weather(day: date, wet_before: bool, rng: Random) -> Weather:
    chance = RAIN[day.month - 1] + (0.18 if wet_before else 0.0)
    if rng.random() < chance:
        return "雪" if day.month in (12, 1, 2) and rng.random() < 0.75 else "雨"
    return "晴" if rng.random() < 0.62 else "曇"


def days(first: date, last: date, seed: int) -> Iterator[Day]:
    """The days `first` to `last`, both included. A day does not change when more days follow it."""
    wet = False
    day = first
    while day <= last:
        weather = _weather(day, wet, Random(f"{seed} weather {day}"))
        wet = weather in ("雨", "雪")
        holiday = jpholiday.is_holiday_name(day)
        morrow = day + timedelta(days=1)
        guests = GUESTS_BY_WEEKDAY[day.weekday()]
        if holiday:
            guests = max(guests, GUESTS_BY_WEEKDAY[6])
        elif day.weekday() < 5 and jpholiday.is_holiday(morrow):
            guests = max(guests, 1.3)
        feast = festival(day)
        name, draw = feast if feast else (None, 1.0)
        guests *= SEASON[day.month - 1] * GUESTS_IN[weather] * draw * _is_season_of_leave(day)
        local = LOCALS_BY_WEEKDAY[day.weekday()] * LOCALS_IN[weather] * (1.0 + (draw - 1.0) * 0.7)
        yield Day(day, holiday, name, weather, guests, local)
        day = morrow
