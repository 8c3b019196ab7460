"""When a figure may be told: by how many people stand behind it, and by how little one of them weighs in it.

Source: Hundepool et al., Handbook on Statistical Disclosure Control, ch. 4: minimum frequency, (n, k)-dominance, p%-rule,
and the protection interval that an outsider's bounds of a withheld figure must cover.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

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


class Tally(NamedTuple):
    """What stands behind each of n figures, int64[n] each: distinct people, and in yen the sum and its two largest persons."""

    persons: Ints
    yen: Ints
    largest: Ints
    second: Ints


def tally(figure: NDArray[Any], person: NDArray[Any], yen: NDArray[Any], figures: int) -> Tally:
    """Count each person once in each figure. `figure`, `person`, `yen`: one entry a contribution, in any order; figures are 0..n-1."""
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
