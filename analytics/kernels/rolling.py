"""Sales and visitors of the last 28 days, on every day, for each shop.

A window of 28 days holds each weekday four times, so that it moves only when something changed. Visitors are distinct persons in the
window. Windows that follow each other are linked tables: yesterday's minus today's is one day, so publish them at fixed distances.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from analytics.kernels import people
from analytics.kernels.columns import Int32, Int64, i32, i64
from analytics.kernels.compiler import kernel
from analytics.kernels.people import HALF, People
from analytics.kernels.tokyo import DAY_S, TOKYO_S, days

WINDOW_DAYS = 28


class RollingPart(NamedTuple):
    """One chunk: sums of its days, and who was where first and last in it."""

    since: int
    """Tokyo day of row 0."""
    window: int
    """days"""
    payments: Int64
    yen: Int64
    """int64[days, shops] each: sums of single days."""
    change: Int32
    """int32[days + window, shops]: by how much the number of visitors in the window changes on each day."""
    start: Int64
    person: Int32
    first: Int32
    last: Int32
    """Each (shop, person) once: start int64[shops + 1]; person, first and last Tokyo day int32[m]."""


class Rolling(NamedTuple):
    """Shape [days, shops] each: row d is what the `window` days up to and including day `since + d` hold."""

    since: int
    payments: Int64
    """int64"""
    yen: Int64
    """int64: refunds taken off."""
    visitors: Int64
    """int64: distinct persons who paid."""


@kernel
def _daily(at: Any, shop: Any, yen: Any, since: int, days: int, shops: int) -> Any:
    table = np.zeros((days, shops, 2), np.int64)
    origin = since * DAY_S - TOKYO_S
    day, until = np.int64(0), np.int64(DAY_S)
    for i in range(at.size):
        second = at[i] - origin
        if not until - DAY_S <= second < until:
            day = second // DAY_S
            until = (day + 1) * DAY_S
        table[day, shop[i], 0] += 1
        table[day, shop[i], 1] += yen[i]
    return table


@kernel
def _by_shop(day: Any, consumer: Any, shop: Any, shops: int) -> Any:
    """Counting sort by shop, stable: start, day and person."""
    start = np.zeros(shops + 1, np.int64)
    for i in range(shop.size):
        start[shop[i] + 1] += 1
    for s in range(shops):
        start[s + 1] += start[s]
    place = start[:-1].copy()
    when, who = np.empty(shop.size, np.int32), np.empty(shop.size, np.int32)
    for i in range(shop.size):
        at = place[shop[i]]
        place[shop[i]] = at + 1
        when[at], who[at] = day[i], consumer[i]
    return start, when, who


@kernel
def _visits(start: Any, first: Any, last: Any, who: Any, since: int, window: int, change: Any, consumers: int) -> Any:
    """Joins stays of the same person at the same shop, given in the order of time, and says so in `change`.

    A visit on day d makes its person a visitor of the windows that end on d to d + window - 1. Where the next stay begins before
    that is over, the person neither leaves nor comes: both changes are taken back. Answers each (shop, person) once.
    """
    shops = start.size - 1
    begin = np.zeros(shops + 1, np.int64)
    person, began, ended = np.empty(who.size, np.int32), np.empty(who.size, np.int32), np.empty(who.size, np.int32)
    place = np.full(consumers, -1, np.int64)
    m = 0
    for s in range(shops):
        for i in range(start[s], start[s + 1]):
            row = place[who[i]]
            if row < begin[s]:
                place[who[i]] = m
                person[m], began[m], ended[m] = who[i], first[i], last[i]
                m += 1
                continue
            if first[i] < ended[row] + window:
                change[ended[row] + window - since, s] += 1
                change[first[i] - since, s] -= 1
            ended[row] = last[i]
        begin[s + 1] = m
    return begin, person[:m].copy(), began[:m].copy(), ended[:m].copy()


@kernel
def _alone(start: Any, when: Any, since: int, window: int, change: Any) -> None:
    """Each row as if it were the only visit of its person."""
    for s in range(start.size - 1):
        for i in range(start[s], start[s + 1]):
            change[when[i] - since, s] += 1
            change[when[i] - since + window, s] -= 1


def rolling_part(
    at: Int64, consumer: Int32, shop: Int32, yen: Int64, *, consumers: int, shops: int, window: int = WINDOW_DAYS
) -> RollingPart:
    """Days and visits of one chunk, rows sorted by time. For the whole district give shop 0 to all."""
    day = days(at)
    since, until = (int(day[0]), int(day[-1]) + 1) if day.size else (0, 0)
    table = _daily(i64(at), i32(shop), i64(yen), since, until - since, shops)
    change = np.zeros((until - since + window, shops), np.int32)
    begin, *stays = _by_shop(i32(day), i32(consumer), i32(shop), shops)
    start, when, who = i64(begin), *map(i32, stays)
    _alone(start, when, since, window, change)
    seen = _visits(start, when, when, who, since, window, change, consumers)
    return RollingPart(since, window, table[..., 0].copy(), table[..., 1].copy(), change, *seen)


def combine(parts: Sequence[RollingPart]) -> RollingPart:
    """All chunks together, given in the order of time; all with the same window."""
    parts = [part for part in parts if len(part.payments)] or list(parts[:1])
    if len(parts) == 1:
        return parts[0]
    since = min(part.since for part in parts)
    until = max(part.since + len(part.payments) for part in parts)
    shops, window = max(part.start.size for part in parts) - 1, parts[0].window
    payments, yen = np.zeros((until - since, shops), np.int64), np.zeros((until - since, shops), np.int64)
    change = np.zeros((until - since + window, shops), np.int32)
    for part in parts:
        length, known = len(part.payments), part.start.size - 1
        days_of = slice(part.since - since, part.since - since + length)
        payments[days_of, :known] += part.payments
        yen[days_of, :known] += part.yen
        change[part.since - since : part.since - since + length + window, :known] += part.change
    start, first, last, who = _stays(parts, shops)
    seen = _visits(start, first, last, who, since, window, change, int(who.max(initial=-1)) + 1)
    return RollingPart(since, window, payments, yen, change, *seen)


def _stays(parts: Sequence[RollingPart], shops: int) -> tuple[Any, Any, Any, Any]:
    """The stays of all parts, by shop, and within a shop in the order of the parts."""
    shop = np.concatenate([np.repeat(np.arange(part.start.size - 1), np.diff(part.start)) for part in parts])
    order = np.argsort(shop, kind="stable")
    start = np.zeros(shops + 1, np.int64)
    np.cumsum(np.bincount(shop, minlength=shops), out=start[1:])
    first, last, who = (i32(np.concatenate([getattr(part, name) for part in parts])[order]) for name in ("first", "last", "person"))
    return i64(start), first, last, who


def rolling(part: RollingPart) -> Rolling:
    """The windows that end on each day of the whole. The first ones are shorter than `window`: nothing was before."""
    length = len(part.payments)
    visitors = np.cumsum(part.change[:length], axis=0, dtype=np.int64)
    return Rolling(part.since, _windows(part.payments, part.window), _windows(part.yen, part.window), visitors)


@kernel
def _whole(start: Any, rows: Any, base: int, since: int, days: int, window: int, shops: int) -> Any:
    """By shop and day: payments below and persons who began a stay above; yen. And persons whose stay ended with that day's visit.

    A stay is a run of visits to one shop, none of them `window` days or more after the one before.
    """
    table, ended = np.zeros((shops, days, 2), np.int64), np.zeros((shops, days), np.int32)
    owner, last, mine = np.full(shops, -1, np.int32), np.zeros(shops, np.int64), np.empty(shops, np.int32)
    origin = base + TOKYO_S - since * DAY_S
    for c in range(start.size - 1):
        many = 0
        for i in range(start[c], start[c + 1]):
            s, day = rows[i, 0] & HALF, ((rows[i, 0] >> 32) + origin) // DAY_S
            begins = 0
            if owner[s] != c:
                owner[s], mine[many], begins = c, s, 1
                many += 1
            elif day >= last[s] + window:
                ended[s, last[s]] += 1
                begins = 1
            table[s, day, 0] += 1 + (begins << 32)
            table[s, day, 1] += rows[i, 1]
            last[s] = day
        for k in range(many):
            ended[mine[k], last[mine[k]]] += 1
    return table, ended


def whole(who: People, *, shops: int, window: int = WINDOW_DAYS) -> Rolling:
    """`rolling` of the whole history."""
    if not len(who.rows):
        return Rolling(0, *(np.zeros((0, shops), np.int64) for _ in range(3)))
    since, until = who.days
    found = people.over(_whole, who, since, until - since, window, shops)
    table, ended = (np.ascontiguousarray(sum(piece[field] for piece in found).swapaxes(0, 1)) for field in (0, 1))
    change = table[..., 0] >> 32
    change[window:] -= ended[: max(len(change) - window, 0)]
    return Rolling(since, _windows(table[..., 0] & HALF, window), _windows(table[..., 1], window), np.cumsum(change, axis=0))


def _windows(daily: Int64, window: int) -> Int64:
    total = np.cumsum(daily, axis=0)
    total[window:] -= total[:-window].copy()
    return total
