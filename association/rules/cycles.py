"""締め方: several cycles beside the ordinary one, which shop is in which, and up to which day each shop has been settled.

A run covers the takings of its shops from the day after they were last covered to its closing day. Whoever changes cycle takes
that day along, so the days of a shop are settled one after the other, whatever cycles it goes through: none twice, none never.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

ORDINARY = 1
"""ふだんの締め方: whatever shop is in no other one."""
GIVEN = "given"
"""A cycle that takes the shops which were given to it by hand; the others are small and large."""


@dataclass(frozen=True, slots=True)
class Takes:
    """Which shops a cycle takes from a day on: small, large or given; None: none any more."""

    since: date
    cycle: int
    which: str | None


@dataclass(frozen=True, slots=True)
class Placed:
    """A shop was given to a cycle from a day on; `cycle` None: again by its size."""

    since: date
    cycle: int | None


@dataclass(frozen=True, slots=True)
class Covering:
    """A run that was not declined, and its shops; None: all there were."""

    run_id: int
    closes_on: date
    shops: frozenset[int] | None


@dataclass(frozen=True, slots=True)
class Covered:
    """Up to which closing day a shop is settled or put forward, and by which run."""

    until: date
    run_id: int


def takes_on(day: date, said: Iterable[Takes]) -> dict[int, str]:
    """Cycle → which shops it takes on a day. `said`: in the order in which it was said."""
    holds = {each.cycle: each.which for each in said if each.since <= day}
    return {cycle: which for cycle, which in holds.items() if which is not None}


def cycle_on(day: date, placed: Sequence[Placed], size: str, takes: Mapping[int, str]) -> int:
    """The one cycle of a shop on a day. `placed`: in the order in which it was said; `takes`: the cycles of that day besides the
    ordinary one. A cycle that has ended gives its shops back to their size."""
    given = next((each.cycle for each in reversed(placed) if each.since <= day), None)
    if given is not None and (given == ORDINARY or given in takes):
        return given
    return next((cycle for cycle, which in sorted(takes.items()) if which == size), ORDINARY)


def covered(shops: Iterable[int], runs: Iterable[Covering]) -> dict[int, Covered]:
    """The newest closing day of each shop. `runs`: the latest closing day first; read no further than needed."""
    left = set(shops)
    found: dict[int, Covered] = {}
    for run in runs:
        if not left:
            break
        for shop in set(left) if run.shops is None else left & run.shops:
            found[shop] = Covered(run.closes_on, run.run_id)
            left.discard(shop)
    return found
