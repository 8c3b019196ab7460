"""What was foretold, held against what came: how many days fell into their interval, and by how much all of them were off together."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

FEWEST_DAYS = 7
"""days that came since, of which nothing is said with fewer."""
STRAY = 0.6
"""share of days within the interval below which a forecast that means to hold 8 times in 10 does not: of 28 days that is no chance."""


@dataclass(frozen=True, slots=True)
class Kept:
    """`days` that were compared, `within` their interval; `percent`: by how much more (or less) came than was expected of them all."""

    days: int
    within: int
    percent: int

    @property
    def can_tell(self) -> bool:
        return self.days >= FEWEST_DAYS

    @property
    def strays(self) -> bool:
        """Whether fewer days lay within than the interval promises, by more than chance."""
        return self.within < STRAY * self.days


def is_within(came: int | None, low: int, high: int) -> bool | None:
    """None: nothing came of which anything may be said."""
    return None if came is None else low <= came <= high


def held(expected: Sequence[int], low: Sequence[int], high: Sequence[int], came: Sequence[int | None]) -> Kept:
    """Days one after the other, all in one unit; `came` None: a day of rest, or one that is withheld, which is not compared."""
    known = [(e, is_within(c, at_least, at_most), c) for e, at_least, at_most, c in zip(expected, low, high, came, strict=True)]
    told = [(e, within, c) for e, within, c in known if c is not None]
    said = sum(e for e, _, _ in told)
    percent = round(100 * (sum(c for _, _, c in told) - said) / said) if said else 0
    return Kept(len(told), sum(within is True for _, within, _ in told), percent)
