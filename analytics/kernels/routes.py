"""Typical routes: which shops people go to in which order on one outing, in distinct persons.

Source: Pei et al. (2001), "PrefixSpan: mining sequential patterns by prefix-projected growth", ICDE. A route counts for a person once,
on however many outings it was walked. Other shops may lie between two of its steps.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from analytics.kernels.columns import Int32, Int64, i32, i64
from analytics.kernels.compiler import kernel
from analytics.kernels.people import People
from analytics.kernels.transitions import VISIT_S


class RoutesPart(NamedTuple):
    """The payments of each person, in the order of time."""

    start: Int64
    """int64[consumers + 1]"""
    at: Int64
    """int64[m]"""
    shop: Int32
    """int32[m]"""


class Routes(NamedTuple):
    """Routes by persons, most first; of equal ones by their shops."""

    shops: Int32
    """int32[routes, longest]: the shops in order, -1 behind the end."""
    persons: Int32
    """int32[routes]: distinct persons."""


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


def routes_part(at: Int64, consumer: Int32, shop: Int32, *, consumers: int) -> RoutesPart:
    """Payments of one chunk by person, rows sorted by time."""
    return RoutesPart(*_by_person(i64(at), i32(consumer), i32(shop), consumers))


def of_people(who: People) -> RoutesPart:
    """The part of the whole history: it is sorted so already."""
    return RoutesPart(who.start, who.at, who.shop)


def combine(parts: Sequence[RoutesPart]) -> RoutesPart:
    """All chunks together, given in the order of time."""
    if len(parts) == 1:
        return parts[0]
    consumers = max((part.start.size for part in parts), default=1) - 1
    persons = [np.repeat(np.arange(part.start.size - 1, dtype=np.int32), np.diff(part.start)) for part in parts]
    at, shop = (np.concatenate([getattr(part, name) for part in parts] or [i32([])]) for name in ("at", "shop"))
    return RoutesPart(*_by_person(i64(at), i32(np.concatenate(persons) if parts else []), i32(shop), consumers))


@kernel
def _outings(start: Any, at: Any, shop: Any, window: int) -> Any:
    """Sequences of at least two steps: begin int64[s + 1], item int32[], owner int32[s] ascending. Paying twice in a row is one step."""
    begin, item, owner = np.zeros(at.size + 1, np.int64), np.empty(at.size, np.int32), np.empty(at.size, np.int32)
    outings, m = 0, 0
    for c in range(start.size - 1):
        low, high = start[c], start[c + 1]
        for i in range(low, high):
            if i > low and at[i] - at[i - 1] <= window:
                if item[m - 1] == shop[i]:
                    continue
            elif m - begin[outings] >= 2:
                outings += 1
                begin[outings] = m
            else:
                m = begin[outings]  # a single step before: not a route
            owner[outings] = c
            item[m] = shop[i]
            m += 1
        if m - begin[outings] >= 2:
            outings += 1
            begin[outings] = m
        else:
            m = begin[outings]
    return begin[: outings + 1].copy(), item[:m].copy(), owner[:outings].copy()


@kernel
def _supports(begin: Any, item: Any, owner: Any, of: Any, since: Any, support: Any, seen: Any, tick: int) -> None:
    """Into `support`: how many persons could take each item as the next step. `seen` holds who was counted last, in a code above `tick`."""
    support[:] = 0
    for k in range(of.size):
        code = tick + owner[of[k]]
        for j in range(since[k], begin[of[k] + 1]):
            if seen[item[j]] != code:
                seen[item[j]] = code
                support[item[j]] += 1


@kernel
def _projected(begin: Any, item: Any, of: Any, since: Any, step: int, next_of: Any, next_since: Any) -> int:
    """The sequences that go on after their first `step`: into next_of and next_since; answers how many."""
    m = 0
    for k in range(of.size):
        for j in range(since[k], begin[of[k] + 1]):
            if item[j] == step:
                if j + 1 < begin[of[k] + 1]:
                    next_of[m], next_since[m] = of[k], j + 1
                    m += 1
                break
    return m


@kernel
def _next(support: Any, since: int, least: int) -> int:
    for x in range(since, support.size):
        if support[x] >= least:
            return x
    return -1


@kernel
def _mine(begin: Any, item: Any, owner: Any, shops: int, least: int, longest: int) -> Any:
    """Depth first: each route is grown by the steps that enough persons take next."""
    outings, persons = owner.size, (owner[-1] + 1 if owner.size else 0)
    of, since = np.empty((longest, outings), np.int32), np.empty((longest, outings), np.int64)
    of[0], since[0] = np.arange(outings), begin[:-1]
    size, cursor = np.zeros(longest, np.int64), np.zeros(longest, np.int64)
    support, seen = np.zeros((longest, shops), np.int32), np.full(shops, -1, np.int64)
    found, count, route = np.full((64, longest), -1, np.int32), np.zeros(64, np.int32), np.full(longest, -1, np.int32)
    depth, m, tick = 0, 0, np.int64(0)
    size[0] = outings
    _supports(begin, item, owner, of[0], since[0], support[0], seen, tick)
    while depth >= 0:
        step = _next(support[depth], cursor[depth], least)
        if step < 0:
            route[depth] = -1
            depth -= 1
            continue
        cursor[depth], route[depth] = step + 1, step
        if depth > 0:
            if m == count.size:
                found, count = np.concatenate((found, np.full_like(found, -1))), np.concatenate((count, np.zeros_like(count)))
            found[m], count[m] = route, support[depth, step]
            m += 1
        if depth + 1 < longest:
            here = size[depth]
            size[depth + 1] = _projected(begin, item, of[depth, :here], since[depth, :here], step, of[depth + 1], since[depth + 1])
            depth += 1
            cursor[depth] = 0
            tick += persons
            there = size[depth]
            _supports(begin, item, owner, of[depth, :there], since[depth, :there], support[depth], seen, tick)
    return found[:m].copy(), count[:m].copy()


def routes(part: RoutesPart, *, shops: int, persons: int, longest: int = 4, window: int = VISIT_S) -> Routes:
    """All routes of 2 to `longest` steps that at least `persons` distinct persons walked on an outing.

    An outing is a run of payments of one person, each at most `window` seconds after the one before. persons ≥ 1, longest ≥ 2.
    """
    begin, item, owner = _outings(i64(part.start), i64(part.at), i32(part.shop), window)
    found, count = _mine(begin, item, owner, shops, max(persons, 1), longest)
    order = np.lexsort((*found.T[::-1], -count)) if len(found) else np.empty(0, np.int64)
    return Routes(found[order], count[order])


@kernel
def _walkers(begin: Any, item: Any, owner: Any, found: Any, route: Any, person: Any) -> int:
    """Each person once for each route that is a part of one of their outings, in its order: into route and person; answers how many."""
    m = 0
    for r in range(len(found)):
        last = -1
        for k in range(owner.size):
            if owner[k] == last:
                continue
            step = 0
            for j in range(begin[k], begin[k + 1]):
                if step < found.shape[1] and item[j] == found[r, step]:
                    step += 1
            if step == found.shape[1] or found[r, step] < 0:
                route[m], person[m] = r, owner[k]
                last = owner[k]
                m += 1
    return m


def walkers(part: RoutesPart, found: Routes, *, window: int = VISIT_S) -> tuple[Int32, Int32]:
    """Who walked: route int32[m], a row of `found`, and person int32[m], each once for a route. `found`: of the same part and window."""
    begin, item, owner = _outings(i64(part.start), i64(part.at), i32(part.shop), window)
    size = int(found.persons.sum())
    route, person = np.empty(size, np.int32), np.empty(size, np.int32)
    m = _walkers(begin, item, owner, i32(found.shops), route, person)
    return route[:m], person[:m]
