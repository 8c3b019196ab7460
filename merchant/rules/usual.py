"""打ち間違い: what an amount is measured by before the till asks whether it is meant.

The measure is the median: one digit too many makes ten of it, whatever the shop's few large sales are.
"""

from __future__ import annotations

from collections.abc import Sequence

ENOUGH = 20
"""Payments from which on a shop has something usual."""
TIMES = 5
"""So many times the usual is asked about: below a slip of one digit, above what people often buy."""


def usual(bills: Sequence[int]) -> int | None:
    """What one payment at the shop usually is, in yen: the lower middle of its last `bills`; None while there are too few."""
    return sorted(bills)[(len(bills) - 1) // 2] if len(bills) >= ENOUGH else None


def asks_above(bills: Sequence[int]) -> int | None:
    """The most that is never asked about, in yen; None: nothing is."""
    middle = usual(bills)
    return None if middle is None else middle * TIMES
