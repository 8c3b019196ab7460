"""What a coupon brought, through the gate: who stands behind the difference decides whether it is told, and how exactly."""

from __future__ import annotations

import numpy as np

from analytics.guard.rule import DOMINANCE_PERCENT, Bools, Ints, in_tens, may_be_told, tally, two_digits
from analytics.rules.uplift import Uplift, uplift


def publish_effect(yen: Ints, took: Bools, *, start: int) -> Uplift:
    """`rules.uplift.uplift` of these persons as it may be told and kept: people in full tens, yen to two digits, a week that few people
    or one of them make is NaN. Two nights set off against each other do not tell what the one person paid who took it in between.
    """
    found = uplift(yen, took, start=start, may_tell=may_be_set_off)
    return found._replace(
        takers=in_tens(found.takers),
        pairs=in_tens(found.pairs),
        effect=_two_digits(found.effect),
        low=_two_digits(found.low),
        high=_two_digits(found.high),
        by_week=np.array([_two_digits(each) for each in found.by_week.tolist()], np.float64),
        by_week_room=np.array([_two_digits(each) for each in found.by_week_room.tolist()], np.float64),
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


def _two_digits(value: float) -> float:
    if not np.isfinite(value):
        return value
    return float(np.copysign(two_digits(round(abs(value))), value))
