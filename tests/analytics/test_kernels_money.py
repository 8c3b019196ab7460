"""The money's path: velocity, hands and leakage, each against the plainest way to count."""

from __future__ import annotations

from collections import Counter, defaultdict
from fractions import Fraction
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.kernels import money
from analytics.kernels.columns import i32, i64
from tests.analytics.payments import DAY, QUICK, START

ACCOUNTS, OUTSIDE = 4, money.OUTSIDE
Flow = tuple[int, int, int, int]  # at, source, target, yen

FLOWS = st.lists(
    st.tuples(st.integers(START, START + 90 * DAY), st.integers(-1, ACCOUNTS - 1), st.integers(-1, ACCOUNTS - 1), st.integers(1, 5_000)),
    max_size=30,
).map(sorted)


def columns(flows: list[Flow]) -> tuple[np.ndarray, ...]:
    at, source, target, yen = zip(*flows, strict=True) if flows else ((), (), (), ())
    return i64(at), i32(source), i32(target), i64(yen)


def cuts(flows: list[Flow], borders: list[int]) -> list[list[Flow]]:
    places = sorted(min(border, len(flows)) for border in borders)
    return [flows[low:high] for low, high in pairwise([0, *places, len(flows)])]


@QUICK
@given(FLOWS, st.lists(st.integers(0, 30), max_size=3), st.integers(0, 10_000))
def test_velocity_is_the_same_for_any_cut(flows: list[Flow], borders: list[int], opening: int) -> None:
    since, until = START - DAY, START + 91 * DAY
    held, integral, before, paid = opening, 0, since, 0
    for at, source, target, yen in flows:
        integral += held * (at - before)
        before = at
        held += yen * ((source < 0) - (target < 0))
        paid += yen if source >= 0 and target >= 0 else 0
    integral += held * (until - before)
    parts = []
    for chunk in cuts(flows, borders):
        at, source, target, yen = columns(chunk)
        parts.append(money.velocity_part(at, source, target, yen, np.where((source >= 0) & (target >= 0), yen, 0)))
    found = money.velocity(parts, opening=opening, since=since, until=until)
    assert found.paid == paid
    assert found.mean == float(Fraction(integral, until - since))
    assert found.turns == pytest.approx(paid / found.mean) if found.mean > 0 else np.isnan(found.turns)


def slow_path(flows: list[Flow]) -> tuple[dict, dict, Counter]:
    """Balances as hands → yen, taken in proportion, the rest from the least travelled."""
    held, cashed, unknown = defaultdict(Counter), defaultdict(Counter), Counter()
    for _, source, target, yen in flows:
        if source < 0:
            moved = Counter({-1: yen})  # becomes 0 hands on arrival
        else:
            here = held[source]
            total = sum(here.values())
            wanted = min(yen, total)
            moved = Counter({hands: kept * wanted // total for hands, kept in here.items()} if total else {})
            rest = wanted - sum(moved.values())
            for hands in sorted(here):
                more = min(rest, here[hands] - moved[hands])
                moved[hands] += more
                rest -= more
            here.subtract(moved)
            unknown[source] += yen - wanted
            moved[0] += yen - wanted
        if target >= 0:
            for hands, part in moved.items():
                held[target][min(hands + 1, money.HANDS)] += part
        elif source >= 0:
            cashed[source].update(moved)
    return held, cashed, unknown


def followed(flows: list[Flow], borders: list[int]) -> money.Path:
    path = money.nothing(ACCOUNTS)
    for chunk in cuts(flows, borders):
        path = money.follow(*columns(chunk)[1:], path)
    return path


@QUICK
@given(FLOWS, st.lists(st.integers(0, 30), max_size=3))
def test_the_path_is_the_same_for_any_cut_and_no_yen_is_lost(flows: list[Flow], borders: list[int]) -> None:
    path = followed(flows, borders)
    held, cashed, unknown = slow_path(flows)
    for account in range(ACCOUNTS):
        assert path.held[account].tolist() == [held[account][hands] for hands in range(money.HANDS + 1)]
        assert path.cashed[account].tolist() == [cashed[account][hands] for hands in range(money.HANDS + 1)]
        assert path.unknown[account] == unknown[account]
    came = sum(yen for _, source, target, yen in flows if source < 0 <= target)
    assert path.held.sum() + path.cashed.sum() == came + path.unknown.sum()


def test_a_coin_that_is_spent_once_and_cashed_went_through_one_hand() -> None:
    """Top-up, soba, 換金: one. With the soba shop buying tofu before: two."""
    consumer, soba, tofu = 0, 1, 2
    flows = [
        (1, OUTSIDE, consumer, 1_000),
        (2, consumer, soba, 1_000),
        (3, soba, tofu, 500),
        (4, soba, OUTSIDE, 500),
        (5, tofu, OUTSIDE, 500),
    ]
    path = followed(flows, [])
    assert path.cashed.sum(axis=0).tolist()[:4] == [0, 500, 500, 0]
    assert (path.received.tolist()[1:3], path.passed.tolist()[1:3]) == ([1_000, 500], [500, 0])


def test_nothing_moved_says_nothing() -> None:
    path = money.nothing(3)
    assert path.cashed.shape == (3, money.HANDS + 1) and not path.cashed.any()
    assert np.isnan(money.velocity([], opening=0, since=0, until=DAY).turns)


def test_the_whole_money_of_a_town_fits() -> None:
    """A billion yen on one account, paid in one piece."""
    path = followed([(1, OUTSIDE, 0, 10**9), (2, 0, 1, 10**9)], [])
    assert path.held[1, 1] == 10**9
