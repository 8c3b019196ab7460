"""How a part of a sum is spread."""

from __future__ import annotations

from collections.abc import Sequence


def in_proportion(amount: int, shares: Sequence[int]) -> list[int]:
    """`amount` yen spread over `shares` in their proportion, none above its share; odd yen go to the largest remainders, the first
    named before the later ones. 0 <= amount <= sum of the shares."""
    whole = sum(shares)
    assert 0 <= amount <= whole, (amount, shares)
    if not amount:
        return [0] * len(shares)
    parts = [amount * share // whole for share in shares]
    odd = amount - sum(parts)
    for place in sorted(range(len(shares)), key=lambda place: (-(amount * shares[place] % whole), place))[:odd]:
        parts[place] += 1
    return parts
