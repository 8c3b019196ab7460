"""Who bears a discount, and how a stock is spread: the vectors, and what must hold for any figures."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from association.rules import RULES, SHARDS_MAX, split_discount, stock_in_shards

CASES = json.loads((Path(__file__).parents[1] / "vectors" / "invoice" / "coupon_split.json").read_text(encoding="utf-8"))


@st.composite
def percents(draw: st.DrawFn) -> list[int]:
    """The shop's part and up to four others, together 100."""
    cuts = sorted(draw(st.lists(st.integers(0, 100), max_size=4)))
    return [high - low for low, high in zip([0, *cuts], [*cuts, 100], strict=True)]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["id"])
def test_the_split_as_in_the_vectors(case: dict[str, object]) -> None:
    """What the shop bears is a discount, the rest a tender."""
    assert RULES["invoice.coupon_split"](case) == case["expect"]


@given(st.integers(0, 100_000), percents())
def test_nobody_bears_a_yen_too_much(value: int, shares: list[int]) -> None:
    """All parts are the discount; the shop's is rounded down, every other is within a yen of its exact share of the rest."""
    shop_percent, *others = shares
    split = split_discount(value, shop_percent, others)
    assert split.shop + sum(split.others) == value
    assert split.shop == value * shop_percent // 100
    for percent, part in zip(others, split.others, strict=True):
        whole = 100 - shop_percent
        assert abs(part * whole - (value - split.shop) * percent) < max(whole, 1)


@given(st.integers(0, 100_000), st.integers(0, 99))
def test_equal_shares_differ_by_the_odd_yen_only_and_the_first_takes_it(value: int, shop_percent: int) -> None:
    """Two funders with the same share: the first named pays the odd yen."""
    if (100 - shop_percent) % 2 == 0:
        first, second = split_discount(value, shop_percent, [(100 - shop_percent) // 2] * 2).others
        assert first - second in (0, 1)


@given(st.integers(1, 1_000_000))
def test_a_stock_is_spread_evenly(pieces: int) -> None:
    """Nothing is lost, no shard is empty, and they differ by one piece at most."""
    shards = stock_in_shards(pieces)
    assert sum(shards) == pieces
    assert 1 <= min(shards) <= max(shards) <= min(shards) + 1
    assert len(shards) == SHARDS_MAX or max(shards) <= 2 * SHARDS_MAX
