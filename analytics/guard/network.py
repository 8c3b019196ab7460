"""What an outsider can still work out about withheld sums, and which others must be withheld so that it is too little.

A table with totals is a network: each sum is an arc, each total one equation, a node at which inflow is outflow. Whoever sees
the told sums knows the withheld ones up to a circulation through them, nothing more. So a withheld sum can be `room` larger
for all that anybody knows exactly if a path of withheld arcs leads from its head back to its tail, along which arcs against
their direction carry at least `room`; and `room` smaller if such a path leads from its tail to its head. Where there is none, the
cheapest path through told arcs is looked for, and those on it are withheld as well.
Source: Gusfield 1988, A graph theoretic approach to statistical data security, SIAM Journal on Computing 17(3); Handbook on
Statistical Disclosure Control ch. 4 (secondary suppression).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import heappop, heappush

import numpy as np

from analytics.guard.rule import Bools, Ints

NEVER = np.iinfo(np.int64).max
BARRED = NEVER // 2


class Network:
    """Arcs from `tails` to `heads` with their `values` (yen, ≥ 0), which are `withheld`, and what it costs to withhold the others."""

    def __init__(self, tails: Ints, heads: Ints, values: Ints, costs: Ints, withheld: Bools) -> None:
        self.tails, self.heads, self.values, self.costs, self.withheld = tails, heads, values, costs, withheld.copy()
        self._nodes = int(max(tails.max(), heads.max())) + 1
        self._leaving, self._arriving = _by_node(tails, self._nodes), _by_node(heads, self._nodes)

    def protect(self, arcs: Iterable[int], larger: Ints, smaller: Ints) -> None:
        """Withhold what it takes, so each of `arcs` may be larger and smaller by its rooms. Largest first: what they need serves others."""
        for arc in sorted(arcs, key=lambda arc: -self.values[arc]):
            tail, head = int(self.tails[arc]), int(self.heads[arc])
            if not (self._make_room(head, tail, arc, int(larger[arc])) and self._make_room(tail, head, arc, int(smaller[arc]))):
                self.withheld[:] = True
                return

    def _make_room(self, start: int, end: int, without: int, room: int) -> bool:
        """By one path, or where none is wide enough by several. False: not enough of them were found."""
        left = self.values.copy()
        at_once = room
        while room:
            at_once = min(at_once, room)
            path = self._free(start, end, without, left >= at_once) or self._cheapest(start, end, without, left >= at_once, self._prices())
            if path is None and at_once == 1:
                return False
            if path is None:
                at_once //= 2
                continue
            room -= at_once
            for arc, is_against in path:
                self.withheld[arc] = True
                if is_against:
                    left[arc] -= at_once
        return True

    def _prices(self) -> Ints:
        return np.where(self.withheld, 0, self.costs)

    def _free(self, start: int, end: int, without: int, is_wide: Bools) -> list[tuple[int, bool]] | None:
        """One along withheld arcs alone, which is found sooner."""
        return self._cheapest(start, end, without, is_wide, np.where(self.withheld, 0, BARRED))

    def _cheapest(self, start: int, end: int, without: int, is_wide: Bools, price: Ints) -> list[tuple[int, bool]] | None:
        """The arcs of the cheapest path, each with whether it is walked against, which only wide ones are."""
        best = np.full(self._nodes, NEVER)
        best[start] = 0
        came: dict[int, tuple[int, bool, int]] = {}
        queue = [(0, start)]
        while queue:
            spent, node = heappop(queue)
            if node == end:
                return _walked(start, end, came)
            if spent > best[node]:
                continue
            for arc, is_against, following in self._steps(node, spent, without, is_wide, price, best):
                cost = spent + int(price[arc])
                if cost < best[following]:
                    best[following], came[following] = cost, (arc, is_against, node)
                    if following == end and cost == 0:
                        return _walked(start, end, came)
                    heappush(queue, (cost, following))
        return None

    def _steps(self, node: int, spent: int, without: int, is_wide: Bools, price: Ints, best: Ints) -> Iterator[tuple[int, bool, int]]:
        """Those from `node` that lead somewhere cheaper than `best` did when it was looked at."""
        for arcs, ends, is_against in ((self._leaving[node], self.heads, False), (self._arriving[node], self.tails, True)):
            worth = (price[arcs] < BARRED) & (spent + price[arcs] < best[ends[arcs]]) & (arcs != without)
            chosen = arcs[worth & is_wide[arcs]] if is_against else arcs[worth]
            for arc, following in zip(chosen.tolist(), ends[chosen].tolist(), strict=True):
                yield arc, is_against, following


def _by_node(ends: Ints, nodes: int) -> list[Ints]:
    """Of each node the arcs that have that end there."""
    order = np.argsort(ends, kind="stable")
    return np.split(order, np.cumsum(np.bincount(ends, minlength=nodes))[:-1])


def _walked(start: int, end: int, came: dict[int, tuple[int, bool, int]]) -> list[tuple[int, bool]]:
    found, node = [], end
    while node != start:
        arc, is_against, node = came[node]
        found.append((arc, is_against))
    return found
