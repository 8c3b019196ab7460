"""What a coupon brought, through the gate: who stands behind the difference decides whether it is told, and how exactly."""

from __future__ import annotations

import numpy as np

from analytics.guard.rule import DOMINANCE_PERCENT, Bools, Ints, in_tens, may_be_told, tally
from analytics.rules.uplift import LESS, MORE, Uplift, uplift

STEPS = tuple(digit * 10**zeros for zeros in range(10) for digit in (1, 2, 5))
"""yen"""


def publish_effect(yen: Ints, took: Bools, *, start: int) -> Uplift:
    """`rules.uplift.uplift` of these persons as it may be told and kept: people in full tens, yen no finer than they are known, a week
    that few people or one of them make is NaN. Two nights do not tell what the one person paid who took it in between.
    """
    found = uplift(yen, took, start=start, may_tell=may_be_set_off)
    effect, room = _coarse(found.effect, (found.high - found.low) / 2)
    weeks = [_coarse(*each) for each in zip(found.by_week.tolist(), found.by_week_room.tolist(), strict=True)]
    return found._replace(
        takers=in_tens(found.takers),
        pairs=in_tens(found.pairs),
        effect=effect,
        low=max(effect - room, 0.0) if found.verdict == MORE else effect - room,
        high=min(effect + room, 0.0) if found.verdict == LESS else effect + room,
        by_week=np.array([middle for middle, _ in weeks], np.float64),
        by_week_room=np.array([room for _, room in weeks], np.float64),
    )


def may_be_set_off(one: Ints, other: Ints) -> bool:
    """Whether the difference of what two groups paid may be told. `one`, `other`: yen of each of their persons, nobody in both.

    Both together like any sum, and neither of them is one person's. Where nobody paid there is nobody to tell about.
    """
    both = np.concatenate([one, other])
    paid = both > 0
    if not paid.any():
        return True
    who = np.flatnonzero(paid)
    is_enough = bool(may_be_told(tally(0 * who, who, both[paid], 1))[0])
    return is_enough and not any(int(side.max(initial=0)) * 100 >= int(side.sum()) * DOMINANCE_PERCENT > 0 for side in (one, other))


def _coarse(middle: float, room: float) -> tuple[float, float]:
    """A mean of pairs in steps of the size of its own error, and that error rounded up to 1, 2 or 5 times a power of ten.

    Whoever pays unlike the other pairs moves the mean by no more than about half its error, however many pairs there are: so a step of two
    fifths of it leaves what one of them paid open by two fifths. Two digits of a mean near nothing are to the yen.
    """
    if not np.isfinite(middle + room):
        return middle, room
    told = next(step for step in STEPS if step >= room)
    step = STEPS[max(STEPS.index(told) - 1, 0)]
    return float(np.floor(middle / step + 0.5) * step), float(told)
