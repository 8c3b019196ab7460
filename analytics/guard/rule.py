"""When a figure may be told: by how many people stand behind it, and by how little one of them weighs in it.

Source: Hundepool et al., Handbook on Statistical Disclosure Control, ch. 4: minimum frequency, (n, k)-dominance, p%-rule,
and the protection interval that an outsider's bounds of a withheld figure must cover.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from analytics.kernels import ready

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

LEAST = 10
"""Distinct people behind whatever is told."""
DOMINANCE_PERCENT = 90
"""(1, 90): a figure of which one person makes so much is that person's figure."""
ESTIMATE_PERCENT = 10
"""p%: whoever knows their own part, the second largest, must miss the largest one by at least so much."""
PROTECTION_PERCENT = 20
"""What outsiders can work out about a withheld sum leaves it at least so much room, upwards and downwards."""
STEP = 10
"""People are told in full tens, so that no two answers differ by one person."""


LEAST_SHOPS = 5
"""Shops behind what is called usual among them."""
LEAST_OTHERS = 3
"""Owners of shops behind whatever is told to somebody who may be one: with two, each has the other's by taking the own off."""
SHOP_PERCENT = 50
"""And none of them makes so much of it."""
SHARE_STEP = 5
"""percent: shares and errors of estimates are told in full steps of so much."""


MANY = 20_000
"""Contributions from which on a kernel is loaded for them: fewer are sorted in a few milliseconds."""


class Tally(NamedTuple):
    """What stands behind each of n figures, int64[n] each: distinct people, and in yen the sum and its two largest persons."""

    persons: Ints
    yen: Ints
    largest: Ints
    second: Ints


def tally(figure: NDArray[Any], person: NDArray[Any], yen: NDArray[Any], figures: int) -> Tally:
    """Count each person once in each figure. `figure`, `person`, `yen` > 0: one entry a contribution, in any order; figures are 0..n-1.

    By the kernel where it is worth it and nobody waits for the compiler, else by sorting.
    """
    return (
        _by_kernel(figure, person, yen, figures) if len(figure) >= MANY and ready.is_ready() else _by_sorting(figure, person, yen, figures)
    )


def _by_kernel(figure: NDArray[Any], person: NDArray[Any], yen: NDArray[Any], figures: int) -> Tally:
    from analytics.kernels import tally as kernel  # slow to load, and only whoever counts many needs it
    from analytics.kernels.columns import cut

    found = kernel.counted(cut(figure, person, yen), cells=figures, consumers=int(person.max(initial=-1)) + 1)
    return Tally(found.persons.astype(np.int64), found.yen, found.most_yen, found.second_yen)


def _by_sorting(figure: NDArray[Any], person: NDArray[Any], yen: NDArray[Any], figures: int) -> Tally:
    nothing = Tally(*(np.zeros(figures, np.int64) for _ in Tally._fields))
    if len(figure) == 0:
        return nothing
    people = int(person.max()) + 1
    keys, place = np.unique(figure.astype(np.int64) * people + person, return_inverse=True)
    sums = np.zeros(len(keys), np.int64)
    np.add.at(sums, place, yen)
    owner = keys // people
    ranked = np.lexsort((-sums, owner))
    first = np.flatnonzero(np.diff(owner[ranked], prepend=-1))
    np.add.at(nothing.persons, owner, 1)
    np.add.at(nothing.yen, owner, sums)
    nothing.largest[owner[ranked[first]]] = sums[ranked[first]]
    next_best = first[nothing.persons[owner[ranked[first]]] > 1] + 1
    nothing.second[owner[ranked[next_best]]] = sums[ranked[next_best]]
    return nothing


def of_people(persons: Ints) -> Tally:
    """Where people are counted alone: each weighs one, however often they came."""
    one = np.minimum(persons, 1)
    return Tally(persons, persons, one, np.minimum(persons - one, 1))


def may_be_told(found: Tally) -> Bools:
    """Of each figure: enough people, nobody who dominates it, and nobody whom the second largest could estimate closely."""
    return (found.persons >= LEAST) & is_spread(found)


def is_spread(found: Tally) -> Bools:
    """Whether nobody dominates each figure, and nobody could be estimated closely by the second largest."""
    others = found.yen - found.largest
    dominated = found.largest * 100 >= found.yen * DOMINANCE_PERCENT
    return ~dominated & ((others - found.second) * 100 >= found.largest * ESTIMATE_PERCENT)


def in_tens(persons: int) -> int:
    """As it is told: rounded down to full tens."""
    return persons // STEP * STEP


def two_digits(whole: int) -> int:
    """Half up: 12,500 is 13,000."""
    unit = 10 ** max(len(str(whole)) - 2, 0)
    return int((whole + unit // 2) // unit * unit)
