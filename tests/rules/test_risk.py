"""見てください: what each rule says something of, and what it leaves alone."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from association.rules import risk
from association.rules.risk import LIMITS, grows, is_asked_anew

NOON = datetime(2026, 6, 1, 3, tzinfo=UTC)
DEFAULT = {rule: {name: limit.default for name, limit in names.items()} for rule, names in LIMITS.items()}


@dataclass(frozen=True)
class Move:
    id: int
    kind: str
    amount: int
    person: int | None = 1
    shop: int | None = 5
    staff: int | None = None
    at: datetime = NOON


def later(minutes: int) -> datetime:
    return NOON + timedelta(minutes=minutes)


def test_money_that_goes_round_is_counted_by_shop() -> None:
    """An owner who pays the own shop, and a customer who buys coin there and spends it there; a customer who only pays is left alone."""
    own = [Move(1, "payment", 6_000), Move(2, "refund", 4_000), Move(3, "payment", 90_000, person=2)]
    works = {1: frozenset({5})}
    [found] = risk.circular(own, works, DEFAULT["circular"])
    assert (found.subject, found.figure, found.facts["people"]) == ("shop:5", 10_000, [1])
    assert risk.circular(own[:1], works, DEFAULT["circular"]) == []
    sold = [Move(1, "agent_top_up", 5_000), Move(2, "payment", 5_000), Move(3, "payment", 9_000, shop=6)]
    [found] = risk.circular(sold, {}, DEFAULT["circular"])
    assert (found.subject, found.figure) == ("shop:5", 10_000)
    spent_elsewhere = [Move(1, "agent_top_up", 50_000), Move(2, "payment", 50_000, shop=6)]
    assert risk.circular(spent_elsewhere, {}, DEFAULT["circular"]) == []


def test_a_cashier_who_gives_back_often_and_much() -> None:
    """By count and by share of what went through the same hands: many small returns of a busy cashier are left alone."""
    back = [Move(number, "refund", 1_000, staff=3) for number in range(4)]
    [found] = risk.refunds([*back, Move(9, "payment", 20_000, staff=3)], DEFAULT["refunds"])
    assert (found.subject, found.figure, found.facts["percent"]) == ("staff:5:3", 4, 20)
    assert risk.refunds([*back, Move(9, "payment", 20_001, staff=3)], DEFAULT["refunds"]) == []
    assert risk.refunds(back[:3], DEFAULT["refunds"]) == []


def test_a_shop_that_gives_back_much_by_whichever_hands() -> None:
    """The owner alone, at once or in pieces; a large shop's returns of a day and one small return of a small shop are left alone."""
    at_once = [Move(1, "payment", 40_000), Move(2, "refund", 30_000)]
    [found] = risk.refunds_of_shop(at_once, DEFAULT["refunds_of_shop"])
    assert (found.subject, found.figure, found.facts["percent"]) == ("shop:5", 30_000, 75)
    pieces = [Move(number, "refund", 5_000, person=number, staff=number % 3 or None) for number in range(6)]
    [found] = risk.refunds_of_shop(pieces, DEFAULT["refunds_of_shop"])
    assert (found.figure, found.facts["percent"], found.facts["count"]) == (30_000, 100, 6)
    assert risk.refunds_of_shop([*pieces, Move(9, "payment", 300_001)], DEFAULT["refunds_of_shop"]) == []
    assert risk.refunds_of_shop(pieces[1:], DEFAULT["refunds_of_shop"]) == []


def test_refunds_before_the_drawer_is_counted() -> None:
    """Three in the last half hour, and more than in all the day before."""
    late = [Move(number, "refund", 500, at=later(600 + number)) for number in range(3)]
    [found] = risk.close([Move(9, "payment", 900, at=later(610)), *late], DEFAULT["close"])
    assert (found.subject, found.figure) == ("shop:5", 3)
    morning = [Move(20 + number, "refund", 500) for number in range(3)]
    assert risk.close([*morning, *late], DEFAULT["close"]) == []


def test_a_top_up_beyond_what_is_usual() -> None:
    """Who tops up so much each week is left alone; who never did is shown."""
    moves = [Move(1, "top_up", 30_000, shop=None), Move(2, "code_redeem", 20_000, shop=None)]
    [found] = risk.top_ups(moves, {}, DEFAULT["top_ups"])
    assert (found.subject, found.figure, found.facts["count"]) == ("person:1", 50_000, 2)
    assert risk.wants_history(moves, DEFAULT["top_ups"]) == [1]
    assert risk.top_ups(moves, {1: 30 * 10_001}, DEFAULT["top_ups"]) == []


def test_topped_up_and_spent_at_once_in_round_sums() -> None:
    """Nearly all of it, at one shop, within two hours; an odd sum or a long walk is shopping."""
    top = Move(1, "top_up", 25_000, shop=None)
    assert [each.figure for each in risk.through([top, Move(2, "payment", 20_000, at=later(30))], DEFAULT["through"])] == [20_000]
    for other in (
        Move(2, "payment", 20_480, at=later(30)),
        Move(2, "payment", 20_000, at=later(121)),
        Move(2, "payment", 19_000, at=later(1)),
    ):
        assert risk.through([top, other], DEFAULT["through"]) == []


def test_benefits_of_several_people_spent_at_one_shop() -> None:
    """Three people; two of them, or half of the money, is left alone."""
    moves = [
        move for who in (1, 2, 3) for move in (Move(who, "benefit", 5_000, who, None), Move(10 + who, "payment", 4_000, who, at=later(1)))
    ]
    [found] = risk.units(moves, DEFAULT["units"])
    assert (found.subject, found.figure, found.facts["people"]) == ("shop:5", 3, [1, 2, 3])
    assert risk.units(moves[:4], DEFAULT["units"]) == []
    assert risk.units([moves[0], Move(9, "payment", 2_000, at=later(1))], DEFAULT["units"] | {"people": 1}) == []


@given(st.integers(1, 10**6), st.integers(1, 10**6))
def test_what_was_answered_comes_back_only_when_it_has_grown(figure: int, answered: int) -> None:
    """By half at least; or after a month in which it was not seen."""
    soon, long_ago = NOON - timedelta(hours=1), NOON - timedelta(days=31)
    for state in ("explained", "acted", "seen"):
        assert is_asked_anew(state, figure, answered, soon, NOON) is grows(figure, answered)
    assert is_asked_anew("explained", figure, answered, long_ago, NOON)
    assert not is_asked_anew("new", figure, None, long_ago, NOON)
    assert grows(figure, answered) == (figure >= 1.5 * answered and figure > answered)


@pytest.mark.parametrize("rule", LIMITS)
def test_every_limit_begins_within_its_bounds(rule: str) -> None:
    """What is set at first could have been set by hand."""
    assert all(limit.least <= limit.default <= limit.most for limit in LIMITS[rule].values())
