"""Whether an amount is asked about."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from merchant.rules.usual import ENOUGH, TIMES, asks_above, usual

bills = st.lists(st.integers(1, 1_000_000), min_size=ENOUGH, max_size=60)


@pytest.mark.parametrize(
    ("sold", "above"),
    [
        ([], None),
        ([1_000] * 19, None),
        ([1_000] * 20, 5_000),
        ([1_000] * 15 + [90_000] * 5, 5_000),
        ([500] * 10 + [1_500] * 10, 2_500),
    ],
)
def test_the_usual_needs_twenty_payments(sold: list[int], above: int | None) -> None:
    """A new shop is never asked; a few large sales do not move the measure."""
    assert asks_above(sold) == above


@given(bills)
def test_half_of_the_sales_lie_on_either_side(sold: list[int]) -> None:
    """The measure is an amount that was really paid, with no more than half below it and half above."""
    middle = usual(sold)
    assert middle in sold
    assert sum(one < middle for one in sold) <= len(sold) / 2 and sum(one > middle for one in sold) <= len(sold) / 2


@given(bills)
def test_one_digit_too_many_is_always_caught(sold: list[int]) -> None:
    """Ten times any amount from the usual on is asked about, and the usual itself never is."""
    middle, above = usual(sold), asks_above(sold)
    assert middle is not None and above is not None
    assert middle * 10 > above >= middle * TIMES > 0
