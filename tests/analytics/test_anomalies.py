"""What somebody should look at: planted things are found, and clean towns give hardly any false alarm."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.rules.anomalies import HIGH_DAY, LOW_DAY, unusual_days, unusual_refunds, unusual_topups
from analytics.rules.forecast import shut_days
from tests.analytics.payments import QUICK

DAYS = 140


def sales(seed: int) -> np.ndarray:
    """A shop with weekdays of its own, shut on Wednesdays."""
    dice = np.random.default_rng(seed)
    week = dice.uniform(15, 60, 7)
    week[2] = 0
    return dice.poisson(np.resize(week, DAYS)) * dice.uniform(900, 1100, DAYS)


def test_planted_days_are_found_and_clean_ones_are_left_alone():
    """In 40 shops × 28 days; a day of which nothing came although it is open is found as well as a fourfold one."""
    false = sum(len(unusual_days(sales(seed), shut_days(sales(seed)))) for seed in range(40))
    assert false <= 6
    for seed in range(10):
        odd = sales(seed)
        shut = shut_days(odd)
        odd[-10] *= 4 if not shut[-10] else 1
        odd[-4] = 0
        found = unusual_days(odd, shut)
        expected = [(DAYS - 10, HIGH_DAY)] * (not shut[-10]) + [(DAYS - 4, LOW_DAY)] * (not shut[-4])
        assert set(expected) <= {(each.place, each.text) for each in found}
        for each in found:
            assert each.text % each.facts and each.facts["seen"] == round(odd[each.place])
    # What comes later changes nothing.
    whole = [each for each in unusual_days(odd, shut, newest=60) if each.place < DAYS - 8]
    assert whole == unusual_days(odd[: DAYS - 8], shut[: DAYS - 8], newest=52)


def test_a_shop_that_is_even_is_not_alarmed_by_little_and_a_young_one_not_at_all():
    even = np.full(100, 10_000.0)
    even[-1] = 10_400
    open_ = np.zeros(100, np.bool_)
    assert unusual_days(even, open_) == []
    even[-1] = 40_000
    assert [each.place for each in unusual_days(even, open_)] == [99]
    assert unusual_days(even[-50:], open_[-50:]) == []


def test_a_shop_that_refunds_more_than_the_others_is_found_alone():
    dice = np.random.default_rng(2)
    payments = dice.integers(0, 2000, 200)
    refunded = dice.binomial(payments, 0.004)
    assert unusual_refunds(payments, refunded) == []
    payments[7], refunded[7] = 400, 14
    (found,) = unusual_refunds(payments, refunded)
    assert found.place == 7 and found.facts["seen"] == 14 and found.facts["usual"] in (1, 2) and found.text % found.facts
    one = np.array([3]), np.array([3])
    assert unusual_refunds(*one) == [] and unusual_refunds(*(part[:0] for part in one)) == []


def test_a_new_customer_who_tops_up_far_more_than_others_is_found():
    """Most top up the same round sum, so that the usual distance is nothing at all."""
    yen = np.array([5_000] * 40 + [10_000] * 20 + [3_000] * 15 + [0] * 9 + [20_000, 30_000, 49_000])
    assert [(each.place, each.facts["seen"], each.facts["usual"]) for each in unusual_topups(yen)] == [
        (86, 49_000, 5_000),
        (85, 30_000, 5_000),
    ]
    assert unusual_topups(yen[60:]) == []


@QUICK
@given(st.lists(st.tuples(st.sampled_from([0.0, 1.0, 50.0, 1e9]), st.booleans()), max_size=120))
def test_whatever_the_days_what_is_found_was_open_and_far(rows):
    values, shut = np.array([value for value, _ in rows]), np.array([is_shut for _, is_shut in rows], np.bool_)
    for each in unusual_days(values, shut):
        assert not shut[each.place] and np.isfinite(each.score) and abs(each.score) >= 4
        assert each.score * (each.facts["seen"] - each.facts["usual"]) > 0


@pytest.mark.parametrize("refunded", [[0, 0], [9, 0], [9, 9]])
def test_two_shops_are_compared_with_each_other(refunded):
    found = unusual_refunds(np.array([300, 300]), np.array(refunded))
    assert [each.place for each in found] == ([0] if refunded == [9, 0] else [])
