"""負担者への請求: what a funder is asked for next, and over which of its campaigns a payment is booked."""

from __future__ import annotations

from collections.abc import Sequence


def asked_for(owed: Sequence[int]) -> int:
    """The next bill in yen: what is owed less what is in credit, over all campaigns of one funder; never below zero."""
    return max(0, sum(owed))


def allocate(owed: Sequence[int], amount: int) -> list[int]:
    """`amount` over the campaigns in their order, none beyond what it owes; what is in credit gets nothing and stays.

    Never more than `asked_for`: so a credit of one campaign is used up by what another one owes, and both are even in all.
    """
    assert 0 <= amount <= asked_for(owed), (amount, owed)
    parts = []
    for each in owed:
        part = min(max(0, each), amount)
        parts.append(part)
        amount -= part
    return parts
