"""金種: cash as it lies in the hand. All amounts in yen."""

from __future__ import annotations

from collections.abc import Mapping

DENOMINATIONS = (10_000, 5_000, 2_000, 1_000, 500, 100, 50, 10, 5, 1)
"""Notes and coins that are money in Japan, the largest first."""


def counted(pieces: Mapping[int, int]) -> int:
    """What so many pieces of each note and coin are worth."""
    return sum(value * count for value, count in pieces.items())


def broken_down(amount: int) -> dict[int, int]:
    """`amount` in as few notes and coins as there can be; none of a kind is left out."""
    pieces = {}
    for value in DENOMINATIONS:
        count, amount = divmod(amount, value)
        if count:
            pieces[value] = count
    return pieces
