"""Outings: the shops that a person goes to one after the other, without a long pause between.

An outing is found once all chunks are together, since it may go on over their border. Its steps are laid by outing and, once more, by shop.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from analytics.kernels.columns import Int32, Int64, i32, i64
from analytics.kernels.compiler import kernel
from analytics.kernels.transitions import VISIT_S

LEAST = 2
"""Steps of an outing: nobody walks from one shop to nowhere."""


class OutingsPart(NamedTuple):
    """The payments of each person, in the order of time."""

    start: Int64
    """int64[consumers + 1]"""
    at: Int64
    """int64[m]"""
    shop: Int32
    """int32[m]"""


class Outings(NamedTuple):
    """Runs of payments of one person, of at least `LEAST` steps. Paying twice in a row is one step. A place is the number of a step."""

    owner: Int32
    """int32[outings]: its person, ascending."""
    begin: Int64
    """int64[outings + 1]: the places of each."""
    outing: Int32
    """int32[steps]: of each place."""
    shop: Int32
    """int32[steps]"""
    of_shop: Int64
    """int64[shops + 1]: where the places of each shop begin in `places`."""
    places: Int32
    """int32[steps]: by shop, ascending within one."""
    is_last: Int64
    """int64[outings + 1]: where the last visits of each outing begin in `last`."""
    last: Int32
    """int32[]: places, ascending, to whose shop the outing does not come again: each shop of an outing once."""


@kernel
def _by_person(at: Any, consumer: Any, shop: Any, consumers: int) -> Any:
    start = np.zeros(consumers + 1, np.int64)
    for i in range(consumer.size):
        start[consumer[i] + 1] += 1
    for c in range(consumers):
        start[c + 1] += start[c]
    place = start[:-1].copy()
    when, where = np.empty(at.size, np.int64), np.empty(at.size, np.int32)
    for i in range(consumer.size):
        row = place[consumer[i]]
        place[consumer[i]] = row + 1
        when[row], where[row] = at[i], shop[i]
    return start, when, where


def outings_part(at: Int64, consumer: Int32, shop: Int32, *, consumers: int) -> OutingsPart:
    """Payments of one chunk by person, rows sorted by time."""
    return OutingsPart(*_by_person(i64(at), i32(consumer), i32(shop), consumers))


@kernel
def _append(start: Any, at: Any, shop: Any, place: Any, when: Any, where: Any) -> None:
    """The rows of each person to where theirs go on, in `place`."""
    for c in range(start.size - 1):
        to = place[c]
        for i in range(start[c], start[c + 1]):
            when[to], where[to] = at[i], shop[i]
            to += 1
        place[c] = to


def combine(parts: Sequence[OutingsPart]) -> OutingsPart:
    """All chunks together, given in the order of time."""
    if len(parts) == 1:
        return parts[0]
    consumers = max((part.start.size for part in parts), default=1) - 1
    many = np.zeros(consumers, np.int64)
    for part in parts:
        many[: part.start.size - 1] += np.diff(part.start)
    start = np.concatenate([[0], np.cumsum(many)])
    when, where, place = np.empty(int(start[-1]), np.int64), np.empty(int(start[-1]), np.int32), start[:-1].copy()
    for part in parts:
        _append(i64(part.start), i64(part.at), i32(part.shop), place, when, where)
    return OutingsPart(start, when, where)


@kernel
def _steps(start: Any, at: Any, shop: Any, window: int) -> Any:
    """owner, begin, outing and shop of `Outings`."""
    owner, begin = np.empty(at.size, np.int32), np.zeros(at.size + 1, np.int64)
    outing, where = np.empty(at.size, np.int32), np.empty(at.size, np.int32)
    outings, m = 0, 0
    for c in range(start.size - 1):
        low, high = start[c], start[c + 1]
        for i in range(low, high):
            if i > low and at[i] - at[i - 1] <= window:
                if where[m - 1] == shop[i]:
                    continue
            elif m - begin[outings] >= LEAST:
                outings += 1
                begin[outings] = m
            else:
                m = begin[outings]  # a single step before: not a route
            owner[outings], outing[m], where[m] = c, outings, shop[i]
            m += 1
        if m - begin[outings] >= LEAST:
            outings += 1
            begin[outings] = m
        else:
            m = begin[outings]
    return owner[:outings].copy(), begin[: outings + 1].copy(), outing[:m].copy(), where[:m].copy()


@kernel
def _by_shop(shop: Any, shops: int) -> Any:
    start = np.zeros(shops + 1, np.int64)
    for i in range(shop.size):
        start[shop[i] + 1] += 1
    for s in range(shops):
        start[s + 1] += start[s]
    place, places = start[:-1].copy(), np.empty(shop.size, np.int32)
    for i in range(shop.size):
        places[place[shop[i]]] = i
        place[shop[i]] += 1
    return start, places


@kernel
def _last(begin: Any, shop: Any, shops: int) -> Any:
    """is_last and last of `Outings`: found from behind."""
    outings = begin.size - 1
    start, last, m = np.empty(outings + 1, np.int64), np.empty(shop.size, np.int32), shop.size
    seen = np.full(shops, -1, np.int32)
    start[outings] = m
    for o in range(outings - 1, -1, -1):
        for i in range(begin[o + 1] - 1, begin[o] - 1, -1):
            if seen[shop[i]] != o:
                seen[shop[i]] = o
                m -= 1
                last[m] = i
        start[o] = m
    return start - m, last[m:].copy()


def outings(part: OutingsPart, *, shops: int, window: int = VISIT_S) -> Outings:
    """An outing is a run of payments of one person, each at most `window` seconds after the one before. Fewer than 2**31 payments."""
    owner, begin, outing, shop = _steps(i64(part.start), i64(part.at), i32(part.shop), window)
    of_shop, places = _by_shop(i32(shop), shops)
    is_last, last = _last(i64(begin), i32(shop), shops)
    return Outings(i32(owner), i64(begin), i32(outing), i32(shop), i64(of_shop), i32(places), i64(is_last), i32(last))
