"""When books are closed and paid, and how a shop's takings are shared out: vectors, examples, and what holds for any figures."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import jpholiday
import pytest
from hypothesis import given
from hypothesis import strategies as st

from association.rules import RULES
from association.rules.bank_days import is_bank_day
from association.rules.settlement import FEE_BP_MAX, Carry, Closing, Shift, closing_days, pay_day, split, times_usual

VECTORS = json.loads((Path(__file__).parents[1] / "vectors" / "zengin" / "bank_days.json").read_text(encoding="utf-8"))
YEN = st.integers(0, 10**12)
DAYS = st.dates(date(2020, 1, 1), date(2060, 12, 31))


@pytest.mark.parametrize("case", VECTORS["cases"], ids=[case["id"] for case in VECTORS["cases"]])
def test_bank_days_as_in_the_vectors(case: dict[str, Any]) -> None:
    """Weekends, holidays with their substitutes, and the banks' New Year."""
    question = {"id": case["id"], "date": case["date"], "plus_n": case["expect"]["plus_n"], "holidays": VECTORS["holidays"]}
    assert RULES["zengin.bank_days"](question) == case["expect"]
    assert is_bank_day(date.fromisoformat(case["date"]), jpholiday.is_holiday) == case["expect"]["is_bank_day"]


@given(YEN, YEN, st.integers(0, FEE_BP_MAX), st.sampled_from([None, *Carry]))
def test_every_yen_of_a_payable_has_one_place(payable: int, agent: int, fee_bp: int, stopped: Carry | None) -> None:
    """payable = net + fee + tax + netted cash + carried, and none of them is below zero or more than there is."""
    becomes = split(payable, agent, fee_bp, stopped)
    assert becomes.payable == becomes.net + becomes.fee + becomes.tax + becomes.agent + becomes.carried == payable
    assert min(becomes.net, becomes.fee, becomes.tax, becomes.agent, becomes.carried) >= 0
    assert becomes.agent <= agent
    assert (becomes.reason is None) == (becomes.carried == 0 and payable > 0)
    if becomes.reason is None and becomes.agent < agent:
        assert becomes.net == 0  # cash stays a debt only where nothing is left to net it with


@given(st.integers(-(10**6), 0), YEN, st.integers(0, FEE_BP_MAX))
def test_nothing_is_taken_from_a_shop_that_is_owed_nothing(payable: int, agent: int, fee_bp: int) -> None:
    becomes = split(payable, agent, fee_bp)
    assert (becomes.carried, becomes.reason, becomes.fee, becomes.agent, becomes.net) == (payable, Carry.nothing, 0, 0, 0)


@given(st.lists(YEN, max_size=30), st.integers(0, FEE_BP_MAX))
def test_a_run_pays_out_what_it_takes_off(payables: list[int], fee_bp: int) -> None:
    """Over all shops together as over each: no yen is made or lost by rounding."""
    shares = [split(payable, payable // 3, fee_bp) for payable in payables]
    assert sum(payables) == sum(one.net + one.fee + one.tax + one.agent + one.carried for one in shares)


def test_a_shop_that_sold_coin_hands_the_cash_over_by_being_paid_less() -> None:
    """Sold 5,000 of coin for cash, took 8,000 in coin: 3,000 are transferred. Sold more than it took: the rest stays its debt."""
    assert split(8_000, 5_000, 0).net == 3_000
    assert (split(8_000, 9_000, 0).net, split(8_000, 9_000, 0).agent) == (0, 8_000)
    assert split(10_050, 0, 150) == split(10_050, 0, 150)
    assert (split(10_050, 0, 150).fee, split(10_050, 0, 150).tax, split(10_050, 0, 150).net) == (150, 15, 9_885)


def test_closing_days() -> None:
    november = (date(2026, 11, 1), date(2026, 11, 30))
    assert closing_days(*november, Closing.month_end, 0, jpholiday.is_holiday) == [date(2026, 11, 30)]
    assert closing_days(*november, Closing.half_month, 0, jpholiday.is_holiday) == [date(2026, 11, 15), date(2026, 11, 30)]
    assert [day.day for day in closing_days(*november, Closing.weekly, 6, jpholiday.is_holiday)] == [1, 8, 15, 22, 29]


def test_a_pay_day_on_which_banks_are_closed_moves() -> None:
    """Month end + 15 = 15 February, a Sunday: Monday the 16th, or Friday the 13th where it is to come earlier."""
    assert pay_day(date(2026, 1, 31), 15, Shift.next, jpholiday.is_holiday) == date(2026, 2, 16)
    assert pay_day(date(2026, 1, 31), 15, Shift.previous, jpholiday.is_holiday) == date(2026, 2, 13)


@given(DAYS, st.integers(1, 90), st.sampled_from(Shift))
def test_a_pay_day_is_a_bank_day_after_the_closing(closes_on: date, after: int, shift: Shift) -> None:
    paid = pay_day(closes_on, after, shift, jpholiday.is_holiday)
    assert is_bank_day(paid, jpholiday.is_holiday)
    assert timedelta() < paid - closes_on <= timedelta(days=after + 12)


def test_what_is_unusually_large() -> None:
    """Two and a half times the usual and more; the first payout has nothing to be measured by."""
    assert times_usual(100_000, []) is None
    assert times_usual(24_000, [10_000, 9_000, 90_000]) is None
    assert times_usual(26_000, [10_000, 9_000, 90_000]) == 26
