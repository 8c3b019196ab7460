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

from collections.abc import Iterable
from heapq import heappop, heappush

import numpy as np

from analytics.guard.rule import Bools, Ints
from analytics.kernels import ready

NEVER = np.iinfo(np.int64).max
BARRED = NEVER // 2
NOWHERE = -1
MANY = 500
"""Arcs from which on a kernel is loaded to find paths: among fewer it is not worth it."""


class Network:
    """Arcs from `tails` to `heads` with their `values` (yen, ≥ 0), which are `withheld`, and what it costs to withhold the others."""

    def __init__(self, tails: Ints, heads: Ints, values: Ints, costs: Ints, withheld: Bools) -> None:
        self.tails, self.heads, self.values, self.costs, self.withheld = tails, heads, values, costs, withheld.copy()
        ends, nodes = np.concatenate([tails, heads]), int(max(tails.max(), heads.max())) + 1
        order = np.argsort(ends, kind="stable")
        self._begin = np.concatenate([[0], np.cumsum(np.bincount(ends, minlength=nodes))])
        self._arc, self._is_against, self._from = order % len(tails), order >= len(tails), ends[order]
        self._to = np.concatenate([heads, tails])[order]

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
            path = self._free(start, end, without, left >= at_once) or self._cheapest(start, end, without, left >= at_once, self.costs)
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

    def _free(self, start: int, end: int, without: int, is_wide: Bools) -> list[tuple[int, bool]] | None:
        """One along withheld arcs alone, which is found sooner."""
        return self._cheapest(start, end, without, is_wide, BARRED)

    def _cheapest(self, start: int, end: int, without: int, is_wide: Bools, costs: Ints | int) -> list[tuple[int, bool]] | None:
        """The arcs of the cheapest path, each with whether it is walked against, which only wide ones are. `costs`: of those told."""
        price = np.where(self.withheld, 0, costs)
        price[without] = BARRED
        look = self._by_kernel if len(price) >= MANY and ready.is_ready() else self._by_hand
        by = look(start, end, is_wide, price)
        found, node = [], end
        while node != start:
            step = by[node]
            if step == NOWHERE:
                return None
            found.append((int(self._arc[step]), bool(self._is_against[step])))
            node = int(self._from[step])
        return found

    def _by_kernel(self, start: int, end: int, is_wide: Bools, price: Ints) -> Ints:
        from analytics.kernels.paths import cheapest  # slow to load, and only large tables need it

        return cheapest(start, end, self._begin, self._arc, self._is_against, self._to, price, is_wide, barred=BARRED)

    def _by_hand(self, start: int, end: int, is_wide: Bools, price: Ints) -> Ints:
        """The step by which the cheapest path comes to each node, as far as was looked: what the kernel finds."""
        best, by = np.full(len(self._begin) - 1, NEVER), np.full(len(self._begin) - 1, NOWHERE)
        best[start] = 0
        queue = [(0, start)]
        while queue:
            spent, node = heappop(queue)
            if node == end:
                break
            if spent > best[node]:
                continue
            here = slice(self._begin[node], self._begin[node + 1])
            arcs, costs = self._arc[here], spent + price[self._arc[here]]
            worth = (price[arcs] < BARRED) & (costs < best[self._to[here]]) & (is_wide[arcs] | ~self._is_against[here])
            for at in np.flatnonzero(worth).tolist():
                step = int(self._begin[node]) + at
                cost, following = int(costs[at]), int(self._to[step])
                if cost < best[following]:
                    best[following], by[following] = cost, step
                    if following == end and cost == 0:
                        return by
                    heappush(queue, (cost, following))
        return by
