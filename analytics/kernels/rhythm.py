"""New, returning, back again, lapsed: by day or month, with lapse told from each person's own rhythm.

Somebody who came every third day and has been silent for three weeks is gone; somebody who comes twice a year is not. So a person has
lapsed when the silence is `factor` times as long as their own mean distance of visits so far, within limits that hold for all.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from analytics.kernels.columns import Int8, Int32, Int64, i32, i64
from analytics.kernels.compiler import kernel
from analytics.kernels.tokyo import days

NEVER, ACTIVE, LAPSED = range(3)


class Patience(NamedTuple):
    """How long a silence is still none. A person has lapsed on the day on which it reaches this many days."""

    factor: int = 3
    """times the person's own mean distance of visits, rounded up"""
    least: int = 14
    """days: nobody lapses earlier"""
    most: int = 180
    """days: everybody has lapsed by then"""
    once: int = 60
    """days: for whoever came on one day only, and has no rhythm yet"""


class DaysPart(NamedTuple):
    """The days on which each person paid, each once, ascending."""

    start: Int64
    """int64[consumers + 1]"""
    day: Int32
    """int32[m]: Tokyo days."""


class Comings(NamedTuple):
    """Distinct persons of each period, int32[periods] each. Who paid in a period is in exactly one of the first three."""

    new: Int32
    """paid for the first time ever"""
    back: Int32
    """had lapsed, and came again in this period"""
    returning: Int32
    """all others who paid"""
    lapsed: Int32
    """lapsed in this period, and did not pay again before its end"""


class Standing(NamedTuple):
    """Each person at the end, all of length consumers."""

    state: Int8
    """int8: NEVER, ACTIVE or LAPSED."""
    visits: Int32
    """int32: days with a payment."""
    first: Int32
    last: Int32
    """int32: Tokyo days; 0 for who never paid."""
    lapse: Int32
    """int32: the Tokyo day on which the person lapsed, or will unless they come; 0 for who never paid."""


@kernel
def _by_person(day: Any, consumer: Any, consumers: int) -> Any:
    start = np.zeros(consumers + 1, np.int64)
    for i in range(consumer.size):
        start[consumer[i] + 1] += 1
    for c in range(consumers):
        start[c + 1] += start[c]
    place = start[:-1].copy()
    sorted_day = np.empty(day.size, np.int32)
    for i in range(consumer.size):
        sorted_day[place[consumer[i]]] = day[i]
        place[consumer[i]] += 1
    m = 0
    for c in range(consumers):
        low, high = start[c], start[c + 1]
        start[c] = m
        for i in range(low, high):
            if i == low or sorted_day[i] != sorted_day[m - 1]:
                sorted_day[m] = sorted_day[i]
                m += 1
    start[consumers] = m
    return start, sorted_day[:m].copy()


def days_part(at: Int64, consumer: Int32, *, consumers: int) -> DaysPart:
    """The days of visits of one chunk, rows sorted by time."""
    return DaysPart(*_by_person(i32(days(at)), i32(consumer), consumers))


@kernel
def _append(start: Any, day: Any, first: Any, place: Any, days: Any) -> None:
    """The days of each person to where theirs go on, in `place`. They begin at `first`, and the last one may come again."""
    for c in range(start.size - 1):
        to = place[c]
        for i in range(start[c], start[c + 1]):
            if to == first[c] or days[to - 1] != day[i]:
                days[to] = day[i]
                to += 1
        place[c] = to


@kernel
def _closed(first: Any, place: Any, days: Any) -> Any:
    """The days without the gaps behind those of each person: start and days."""
    start, m = np.zeros(place.size + 1, np.int64), 0
    for c in range(place.size):
        for i in range(first[c], place[c]):
            days[m] = days[i]
            m += 1
        start[c + 1] = m
    return start, days[:m].copy()


def combine(parts: Sequence[DaysPart]) -> DaysPart:
    """All chunks together, given in the order of time."""
    if len(parts) == 1:
        return parts[0]
    consumers = max((part.start.size for part in parts), default=1) - 1
    many = np.zeros(consumers + 1, np.int64)
    for part in parts:
        many[1 : part.start.size] += np.diff(part.start)
    start = np.cumsum(many)
    first, place, found = i64(start[:-1]), start[:-1].copy(), np.empty(int(start[-1]), np.int32)
    for part in parts:
        _append(i64(part.start), i32(part.day), first, place, found)
    return DaysPart(*_closed(first, i64(place), found))


@kernel
def _patience(visits: int, first: int, last: int, patience: Any) -> Any:
    factor, least, most, once = patience
    if visits == 1:
        return once
    return min(most, max(least, -(-factor * (last - first) // (visits - 1))))


@kernel
def _period(periods: Any, first: int, day: int) -> Any:
    """The period that holds the day, or -1."""
    return periods[day - first] if 0 <= day - first < periods.size else -1


@kernel
def _note(table: Any, kind: int, period: int) -> None:
    if period >= 0:
        table[kind, period] += 1


@kernel
def _comings(start: Any, day: Any, periods: Any, since: int, as_of: int, patience: Any, table: Any, standing: Any) -> None:
    state, visits, firsts, lasts, lapses = standing
    for c in range(start.size - 1):
        low, high = start[c], start[c + 1]
        if low == high:
            continue
        first = last = lapse = np.int64(day[low])
        current, kind = -1, 2
        for i in range(low, high):
            d = np.int64(day[i])
            period = _period(periods, since, d)
            if i == low or period != current:
                if i > low:
                    _note(table, kind, current)
                current, kind = period, 2
            if i == low:
                kind = 0
            elif d > lapse:
                kind = min(kind, 1)
                if _period(periods, since, lapse) != period:
                    _note(table, 3, _period(periods, since, lapse))
            last = d
            lapse = last + _patience(i - low + 1, first, last, patience)
        _note(table, kind, current)
        if lapse <= as_of:
            _note(table, 3, _period(periods, since, lapse))
        state[c], visits[c], firsts[c], lasts[c], lapses[c] = 2 if lapse <= as_of else 1, high - low, first, last, lapse


def comings(part: DaysPart, borders: Int32, *, as_of: int, patience: Patience = Patience()) -> tuple[Comings, Standing]:  # noqa: B008
    """Who came, came back and stayed away in each period, and where everybody stands on the day `as_of`, when all is known.

    borders int32[periods + 1]: Tokyo days, ascending; period i begins on borders[i] and ends before borders[i + 1]. Give it the whole
    history: what was before the first border decides who is new. No visit may be later than `as_of`.
    """
    consumers = part.start.size - 1
    table = np.zeros((4, max(len(borders) - 1, 0)), np.int32)
    standing = Standing(np.zeros(consumers, np.int8), *(np.zeros(consumers, np.int32) for _ in range(4)))
    if len(borders) > 1:
        periods = np.repeat(np.arange(len(borders) - 1, dtype=np.int32), np.diff(borders))
        _comings(i64(part.start), i32(part.day), i32(periods), int(borders[0]), as_of, tuple(patience), table, tuple(standing))
    return Comings(*table), standing
