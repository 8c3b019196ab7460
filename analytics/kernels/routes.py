"""Typical routes: which shops people go to in which order on one outing, in distinct persons.

Sources: Pei et al. (2001), "PrefixSpan: mining sequential patterns by prefix-projected growth", ICDE; Zaki (2001), "SPADE: an efficient
algorithm for mining frequent sequences", Machine Learning 42, for places by shop that are joined step by step; Tzvetkov, Yan & Han (2005),
"TSP: mining top-k closed sequential patterns", Knowledge and Information Systems 7, for asking for the best alone. A route counts for a
person once, on however many outings it was walked. Other shops may lie between two of its steps.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from analytics.kernels.columns import THREADS, Int32, i32, mapped, spans
from analytics.kernels.compiler import kernel
from analytics.kernels.outings import Outings

PAIR = 2


class Routes(NamedTuple):
    """Routes of three steps or more first, then pairs; within these the one of most persons first, of equal ones by their shops."""

    shops: Int32
    """int32[routes, longest]: the shops in order, -1 behind the end."""
    persons: Int32
    """int32[routes]: distinct persons."""


@kernel
def _pairs(walked: Any, low: int, high: int) -> Any:
    """Distinct persons who went from one shop to another, of some outings: from the first visit here to the last one there."""
    shops = walked.of_shop.size - 1
    table, counted = np.zeros((shops, shops), np.int32), np.full((shops, shops), -1, np.int32)
    seen = np.full(shops, -1, np.int32)
    for o in range(low, high):
        who = walked.owner[o]
        for i in range(walked.begin[o], walked.begin[o + 1]):
            here = walked.shop[i]
            if seen[here] == o:
                continue
            seen[here] = o
            for k in range(walked.is_last[o + 1] - 1, walked.is_last[o] - 1, -1):
                if walked.last[k] <= i:
                    break
                there = walked.shop[walked.last[k]]
                if counted[here, there] != who:
                    counted[here, there] = who
                    table[here, there] += 1
    return table


def _persons_of_pairs(walked: Outings) -> Int32:
    """int32[shops, shops]: distinct persons who went from one to the other, on the diagonal back to the same one."""
    owner = walked.owner
    borders = owner[[low for low, _ in spans(walked.begin)[1:] if low < owner.size]]
    pieces = [0, *np.searchsorted(owner, borders).tolist(), owner.size]  # from the first outing of a person, so that nobody is in two
    table: Int32 = np.sum(mapped(_pairs, [(walked, low, high) for low, high in pairwise(pieces)]), axis=0, dtype=np.int32)
    return table


@kernel
def _begun(walked: Any, step: int, to: Any) -> int:
    """Where each outing comes to its first step; answers how many do."""
    m = 0
    for k in range(walked.of_shop[step], walked.of_shop[step + 1]):
        place = walked.places[k]
        if m == 0 or walked.outing[to[m - 1]] != walked.outing[place]:
            to[m] = place
            m += 1
    return m


@kernel
def _gone_on(walked: Any, at: Any, step: int, to: Any) -> int:
    """Where each outing that is `at` some place comes to its next step; answers how many do."""
    m, k, end = 0, walked.of_shop[step], walked.of_shop[step + 1]
    for place in at:
        while k < end and walked.places[k] <= place:
            k += 1
        if k == end:
            break
        if walked.outing[walked.places[k]] == walked.outing[place]:
            to[m] = walked.places[k]
            m += 1
    return m


@kernel
def _supports(walked: Any, at: Any, support: Any, seen: Any, tick: int) -> None:
    """Into `support`: how many persons could take each shop as the next step. `seen` holds who was counted last, in a code above `tick`."""
    support[:] = 0
    for place in at:
        o = walked.outing[place]
        code = tick + walked.owner[o]
        for k in range(walked.is_last[o + 1] - 1, walked.is_last[o] - 1, -1):
            if walked.last[k] <= place:
                break
            there = walked.shop[walked.last[k]]
            if seen[there] != code:
                seen[there] = code
                support[there] += 1


@kernel
def _goes_on(step: int, support: Any, pairs: Any, least: int) -> bool:
    """Whether after this step another one may have enough persons: no more walk a route than any part of it."""
    for then in range(support.size):  # noqa: SIM110  the compiler knows no generators
        if pairs[step, then] >= least and support[then] >= least and then != step:
            return True
    return False


@kernel
def _next(route: Any, depth: int, support: Any, since: int, pairs: Any, least: int) -> int:
    """The next step that enough persons take, and after which that may be so again; -1 where there is none."""
    for step in range(since, support.size):
        if support[step] >= least and step != route[depth] and _goes_on(step, support, pairs, least):
            return step
    return -1


@kernel
def _longer(walked: Any, pairs: Any, order: Any, least: int, longest: int, most: int) -> Any:
    """Routes of three steps and more, among which are the `most` best of those that begin with a pair in `order`.

    Pairs are grown depth first, by steps that as many persons take as walked the last of the best that are known by then.
    """
    shops, persons = len(pairs), walked.owner[-1] + 1
    at, size = np.empty((longest, walked.owner.size), np.int32), np.zeros(longest, np.int64)
    support, cursor = np.zeros((longest, shops), np.int32), np.zeros(longest, np.int64)
    seen, tick = np.full(shops, -1, np.int64), np.int64(0)
    found, count, route = np.full((64, longest), -1, np.int32), np.zeros(64, np.int32), np.full(longest, -1, np.int32)
    best, lowest, m = np.full(most, least, np.int32), least, 0
    for pair in order:
        route[0], route[1] = pair // shops, pair % shops
        if pairs[route[0], route[1]] < lowest:
            break
        if not _goes_on(route[1], pairs[route[0]], pairs, lowest):
            continue
        size[0] = _begun(walked, route[0], at[0])
        size[1] = _gone_on(walked, at[0][: size[0]], route[1], at[1])
        depth, cursor[1] = 1, 0
        while depth > 0:
            if cursor[depth] == 0:
                tick += persons
                _supports(walked, at[depth][: size[depth]], support[depth], seen, tick)
                for step in range(shops):
                    if support[depth, step] >= lowest and step != route[depth]:
                        if m == count.size:
                            found, count = np.concatenate((found, found)), np.concatenate((count, count))
                        route[depth + 1] = step
                        found[m], count[m] = route, support[depth, step]
                        m += 1
                        worst = best.argmin()
                        best[worst] = max(best[worst], support[depth, step])
                        lowest = best.min()
            step = _next(route, depth, support[depth], cursor[depth], pairs, lowest) if depth + 2 < longest else -1
            route[depth + 1] = step
            if step < 0:
                depth -= 1
                continue
            cursor[depth] = step + 1
            size[depth + 1] = _gone_on(walked, at[depth][: size[depth]], step, at[depth + 1])
            depth += 1
            cursor[depth] = 0
    return found[:m].copy(), count[:m].copy()


def routes(walked: Outings, *, persons: int, most: int, longest: int = 4) -> Routes:
    """The `most` best routes of 2 to `longest` steps that at least `persons` distinct persons walked. persons, most ≥ 1; longest ≥ 2.

    Two steps that follow each other are at different shops. The cost is that of all pairs of shops of each outing, and of growing those
    pairs that may still be part of one of the best. All frequent routes are not looked at: their number grows by the power of their steps.
    """
    pairs = _persons_of_pairs(walked)
    order = np.flatnonzero((pairs >= persons) & ~np.eye(len(pairs), dtype=bool))
    order = order[np.argsort(-pairs.flat[order], kind="stable")]
    found, count = np.empty((0, longest), np.int32), np.empty(0, np.int32)
    if longest > PAIR and order.size:
        each = mapped(_longer, [(walked, i32(pairs), order[k::THREADS].copy(), persons, longest, most) for k in range(THREADS)])
        found, count = (np.concatenate(column) for column in zip(*each, strict=True))
        best = np.lexsort((*found.T[::-1], -count))[:most]
        found, count = found[best], count[best]
    order = order[: most - len(count)]
    two = np.full((order.size, longest), -1, np.int32)
    two[:, 0], two[:, 1] = np.divmod(order, len(pairs)) if order.size else (0, 0)
    return Routes(np.concatenate([found, two]), np.concatenate([count, pairs.flat[order]]))


@kernel
def _walkers(walked: Any, found: Any, route: Any, person: Any) -> int:
    """Each person once for each route that is a part of one of their outings, in its order: into route and person; answers how many."""
    m, at = 0, np.empty((2, walked.owner.size), np.int32)
    for r in range(len(found)):
        many = _begun(walked, found[r, 0], at[0])
        for step in found[r, 1:]:
            if step >= 0:
                many = _gone_on(walked, at[0][:many], step, at[1])
                at[0][:many] = at[1][:many]
        last = -1
        for place in at[0][:many]:
            who = walked.owner[walked.outing[place]]
            if who != last:
                route[m], person[m] = r, who
                m += 1
            last = who
    return m


def walkers(walked: Outings, found: Routes) -> tuple[Int32, Int32]:
    """Who walked: route int32[m], a row of `found`, and person int32[m], each once for a route. `found`: of the same outings."""
    size = int(found.persons.sum())
    route, person = np.empty(size, np.int32), np.empty(size, np.int32)
    m = _walkers(walked, i32(found.shops), route, person)
    return route[:m], person[:m]
