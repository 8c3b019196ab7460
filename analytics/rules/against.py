"""A day against what is usual: the same weekdays of the weeks around it. And whether days of one kind differ from the others.

Figures are by day and part of the day. *Usual* of a cell is the median of the same weekday and part within five weeks, of ordinary days
alone: so that August is not compared with February. A day's ratio is the sum of its known cells over what is usual for the same cells.
Ratios are taken as logarithms: half and double are as far from usual. Intervals are those of Student's t, 95 of 100; nothing is said
with fewer than four days, or where no difference lies in the interval. Source: Student 1908; for one new day the interval of a
prediction (Hahn & Meeker 1991).
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import scipy

Cells = Mapping[tuple[date, int], int]
"""By day in Tokyo and part of the day."""
NEAR = timedelta(days=35)
FEWEST_LIKE, FEWEST_DAYS, FEWEST_ORDINARY = 3, 4, 8
SURE = 0.975


@dataclass(frozen=True, slots=True)
class Effect:
    """By how many percent days of a kind lie from the usual, with its interval. `is_told`: enough days, and not by chance."""

    days: int
    percent: int = 0
    low: int = 0
    high: int = 0
    is_told: bool = False


def ratios(cells: Cells, ordinary: Collection[date]) -> dict[date, float]:
    """The logarithm of each day's ratio, of days for which something is usual."""
    like: dict[tuple[int, int], list[tuple[date, int]]] = {}
    for (day, band), value in sorted(cells.items()):
        if day in ordinary:
            like.setdefault((day.weekday(), band), []).append((day, value))
    sums: dict[date, tuple[float, float]] = {}
    for (day, band), value in cells.items():
        near = [other for when, other in like.get((day.weekday(), band), ()) if when != day and abs(when - day) <= NEAR]
        if len(near) >= FEWEST_LIKE:
            seen, usual = sums.get(day, (0.0, 0.0))
            sums[day] = seen + value, usual + float(np.median(near))
    return {day: math.log(seen / usual) for day, (seen, usual) in sums.items() if seen > 0 and usual > 0}


def effect(found: Mapping[date, float], days: Iterable[date]) -> Effect:
    """Of days of one kind together."""
    logs = np.array([found[day] for day in days if day in found])
    if logs.size < FEWEST_DAYS:
        return Effect(logs.size)
    middle = float(logs.mean())
    room = float(scipy.stats.t.ppf(SURE, logs.size - 1) * logs.std(ddof=1) / math.sqrt(logs.size))
    return _effect(logs.size, middle, room)


def one_day(found: Mapping[date, float], day: date, ordinary: Collection[date]) -> Effect:
    """Of a single day, beside how much ordinary days differ from one another."""
    logs = np.array([value for when, value in found.items() if when in ordinary and when != day])
    if day not in found or logs.size < FEWEST_ORDINARY:
        return Effect(int(day in found))
    room = float(scipy.stats.t.ppf(SURE, logs.size - 1) * logs.std(ddof=1) * math.sqrt(1 + 1 / logs.size))
    return _effect(1, found[day] - float(logs.mean()), room)


def _effect(days: int, middle: float, room: float) -> Effect:
    return Effect(days, percent_of(middle), percent_of(middle - room), percent_of(middle + room), is_told=abs(middle) > room)


def percent_of(log: float) -> int:
    """A logarithm of a ratio as percent more or less."""
    return round((math.exp(min(log, 5.0)) - 1) * 100)
