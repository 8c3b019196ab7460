"""ポイント: what a payment earns, until when it lasts, and what a refund takes back, as pure functions.

Amounts paid are whole yen, a point is worth a yen; days are Tokyo's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from association.rules.law import add_months, split_discount

PENDING_DAYS_MAX = 28
"""Days that earned points may wait: so that no lot of a month ends before its last points can be spent."""
MONTHS_MAX = 24
RATE_MAX_PERCENT = 20
"""The most that a rate may give of what was paid."""


class Rounding(StrEnum):
    """What becomes of a part of a point, once a payment."""

    down = "down"
    nearest = "nearest"  # half up
    up = "up"


@dataclass(frozen=True, slots=True)
class Rate:
    """`points` for every `yen` paid."""

    yen: int
    points: int
    rounding: Rounding

    def earned(self, paid: int) -> int:
        """Points on `paid` yen."""
        exact, base = max(paid, 0) * self.points, self.yen
        if self.rounding is Rounding.up:
            return -(-exact // base)
        if self.rounding is Rounding.nearest:
            return (2 * exact + base) // (2 * base)
        return exact // base


EXTRA_MIN, EXTRA_MAX = 10, 1_900
"""Per cent that a campaign may give on top: from 1.1 times to 20 times."""


def bonus_of(points: int, extra: int) -> int:
    """Points on top of those that the rate gives, rounded down once a payment."""
    return points * extra // 100


def budget_months(first_day: date, last_day: date | None) -> int:
    """For how many calendar months a monthly budget is reckoned when it is approved: those of its days, and twelve where it has no end."""
    return 12 if last_day is None else (last_day.year - first_day.year) * 12 + last_day.month - first_day.month + 1


def lot_last_day(month: date, months: int) -> date:
    """The last day on which points earned in the month that begins on `month` can be spent: the end of the `months`th one after."""
    return add_months(month.replace(day=1), months + 1) - timedelta(days=1)


def spendable_from(paid_on: date, pending_days: int) -> date:
    """The day from whose 0:00 on points of a payment of `paid_on` can be spent."""
    return paid_on + timedelta(days=pending_days)


def to_take_back(earned: int, taken: int, deserved: int) -> int:
    """Points that a refund takes back: what was earned beyond what the rest of the payment deserves, less what was taken before."""
    return max(0, earned - taken - min(deserved, earned))


def shares_of_points(points: int, shop_percent: int, percents: Sequence[int]) -> tuple[tuple[int, ...], int]:
    """What each payer bears of so many points, and what the shop does; together exactly that."""
    split = split_discount(points, shop_percent, list(percents))
    return split.others, split.shop


def spread(amount: int, borne: Sequence[int]) -> tuple[int, ...]:
    """`amount` given back to those who bore it, in proportion: floors, and what remains to the largest remainders, the first of equal
    ones. None gets more than it bore while `amount` is not more than all bore together."""
    whole = sum(borne)
    if not whole:
        return tuple(0 for _ in borne)
    parts = [amount * each // whole for each in borne]
    order = sorted(range(len(borne)), key=lambda place: (-(amount * borne[place] % whole), place))
    for place in order[: amount - sum(parts)]:
        parts[place] += 1
    return tuple(parts)
