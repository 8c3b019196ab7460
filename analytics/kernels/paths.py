"""The cheapest path through a network whose arcs may be walked along, and some of them against: Dijkstra (1959)."""

from __future__ import annotations

from heapq import heappop, heappush
from typing import Any

import numpy as np

from analytics.kernels.columns import Int64, given, i64
from analytics.kernels.compiler import kernel

NEVER = np.iinfo(np.int64).max
NOWHERE = -1


@kernel
def _cheapest(start: int, end: int, begin: Any, arc: Any, is_against: Any, to: Any, price: Any, is_wide: Any, barred: int) -> Any:
    best, by = np.full(begin.size - 1, NEVER), np.full(begin.size - 1, NOWHERE)
    best[start] = 0
    queue = [(np.int64(0), np.int64(start))]
    while queue:
        spent, node = heappop(queue)
        if node == end:
            break
        if spent > best[node]:
            continue
        for step in range(begin[node], begin[node + 1]):
            a, following = arc[step], to[step]
            cost = spent + price[a]
            if price[a] < barred and cost < best[following] and (is_wide[a] or not is_against[step]):
                best[following], by[following] = cost, step
                if following == end and cost == 0:
                    return by
                heappush(queue, (cost, following))
    return by


def cheapest(
    start: int, end: int, begin: Int64, arc: Int64, is_against: Any, to: Int64, price: Int64, is_wide: Any, *, barred: int
) -> Int64:
    """int64[nodes]: the step by which the cheapest path comes to each node, as far as was looked; -1: none.

    The steps from node n are begin[n] to begin[n + 1]: each goes by `arc` int64 and leads `to` int64; those `is_against` bool an arc's
    direction are for arcs that are wide alone. Of each arc: `price` int64 ≥ 0, from `barred` on not to be paid, and `is_wide` bool.
    """
    found: Int64 = _cheapest(
        start, end, i64(begin), i64(arc), given(is_against, np.bool_), i64(to), i64(price), given(is_wide, np.bool_), barred
    )
    return found
