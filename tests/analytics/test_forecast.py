"""What is foretold, against towns of which the truth is known: how often it holds, when it is better, and when it says nothing."""

from __future__ import annotations

from datetime import date, timedelta

import jpholiday
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.kernels import rolling
from analytics.rules.calendar import ALWAYS, KNOWN, Extra, calendar
from analytics.rules.forecast import CALENDAR, HORIZON, NAIVE, NOT_YET, forecast, shut_days, within
from analytics.rules.hints import BUSIEST, BUSY, BUSY_BY, EVEN, REASONS, TELL_NOTHING, hints, usual
from tests.analytics.payments import CONSUMERS, DAY, PAYMENTS, QUICK, SHOPS, columns

FIRST = date(2025, 1, 6)
DAYS = 300
RAIN = np.random.default_rng(3).random(DAYS + HORIZON) < 0.3
CALENDAR_OF = calendar(FIRST, DAYS + HORIZON, jpholiday.is_holiday, {"rain": Extra(RAIN.astype(float), ALWAYS)})
PLACE = {name: place for place, name in enumerate(CALENDAR_OF.names)}


def visitors(seed: int, *, drift: float = 0.01, size: float = 40.0) -> np.ndarray:
    """A shop whose weekdays, holidays, paydays and rain have effects of their own, on a level that walks at random; counts by chance."""
    dice = np.random.default_rng(seed)
    effects = np.zeros(len(PLACE))
    effects[:7] = dice.normal(0, 0.3, 7)
    for name, effect in (("holiday", 0.4), ("payday", 0.3), ("rain", -0.4)):
        effects[PLACE[name]] = effect
    return dice.poisson(size * np.exp(CALENDAR_OF.table @ effects + np.cumsum(dice.normal(0, drift, DAYS + HORIZON)))).astype(float)


def foretold(values: np.ndarray, **how):
    days = min(values.size, DAYS)
    return forecast(values[:days], shut_days(values[:days]), CALENDAR_OF, **how)


@pytest.mark.parametrize(("drift", "size"), [(0.0, 40.0), (0.01, 300.0), (0.02, 40.0), (0.01, 3.0)])
def test_eight_days_in_ten_fall_into_their_interval(drift, size):
    """Of 25 shops × 28 days; errors of one shop hang together, so some points of a hundred are chance."""
    within_it, ours, naive = [], [], []
    for seed in range(25):
        truth = visitors(seed, drift=drift, size=size)
        found = foretold(truth)
        later = truth[DAYS:]
        within_it.append(np.mean((found.low <= later) & (later <= found.high)))
        ours.append(np.abs(found.expected - later).mean())
        naive.append(np.abs(np.resize(truth[DAYS - 7 : DAYS], HORIZON) - later).mean())
        assert found.way == CALENDAR and found.scores[CALENDAR].mase < found.scores[NAIVE].mase
    assert 0.73 <= np.mean(within_it) <= 0.88
    assert np.mean(ours) < 0.85 * np.mean(naive)


def test_one_odd_day_is_not_foretold_again_and_a_new_level_is():
    """A festival on the last Sunday of a shop that is always the same; a shop that sells twice as much on its last two Sundays."""
    even = np.resize(np.array([10.0, 12, 14, 16, 30, 50, 40]), 70)
    festival, level = even.copy(), even.copy()
    festival[-1], level[[-8, -1]] = 400, 80
    assert foretold(festival).way == foretold(level).way == NAIVE
    assert foretold(festival).expected[6] == pytest.approx(40)
    assert foretold(level).expected[6] == pytest.approx(80)


def test_the_naive_way_is_taken_where_it_wins():
    """A shop that changes for good now and then, and is even from week to week in between."""
    week = np.array([10.0, 12, 14, 16, 30, 50, 40])
    even = np.concatenate([np.resize(week, 150), np.resize(np.roll(week, 3) * 4, DAYS - 150)])
    found = foretold(even)
    assert found.way == NAIVE and found.scores[NAIVE].mase < found.scores[CALENDAR].mase
    assert found.expected == pytest.approx(np.resize(even[-7:], HORIZON)) and not found.effects.any()


@pytest.mark.parametrize(("days", "way"), [(0, NOT_YET), (27, NOT_YET), (28, NAIVE), (83, NAIVE), (84, CALENDAR)])
def test_a_young_shop_gets_what_its_days_allow(days, way):
    """Days before its first payment do not count."""
    late = np.concatenate([np.zeros(100), visitors(2)[:days]])
    found = foretold(late)
    assert found.way == way and found.tried == (4 if way == CALENDAR else found.tried)
    assert (found.low <= found.expected).all() and (found.expected <= found.high).all()


def test_a_shop_that_fell_silent_is_not_foretold():
    assert foretold(np.concatenate([visitors(2)[: DAYS - 28], np.zeros(28)])).way == NOT_YET


def test_a_year_without_data_and_days_of_rest_are_no_bad_days():
    truth = visitors(4, drift=0)
    truth[[30, 31, 32, 95, 260]] = 0
    truth[120:170] = 0
    truth[2::7] = 0  # Wednesdays
    found = foretold(truth)
    wednesdays = (np.arange(DAYS, DAYS + HORIZON) % 7) == 2
    assert found.shut.tolist() == wednesdays.tolist() and not found.high[wednesdays].any()
    rest = ~wednesdays
    assert found.expected[rest].sum() == pytest.approx(truth[DAYS:][rest].sum(), rel=0.12)
    assert not shut_days(np.array([0.0, 1, 0, 2, 0, 1, 3] * 8))[14:21][[1, 3]].any()


def test_effects_are_found_and_weather_is_used_only_as_far_as_it_is_forecast():
    """Without a forecast of the weather a rainy day ahead is foretold like any other, and the intervals are wider for it."""
    truth = visitors(7, drift=0, size=200)
    blind = CALENDAR_OF._replace(known_ahead=np.where(np.arange(len(PLACE)) == PLACE["rain"], 0, ALWAYS))
    seeing, unseeing = (forecast(truth[:DAYS], shut_days(truth[:DAYS]), each) for each in (CALENDAR_OF, blind))
    rainy = RAIN[DAYS:]
    assert (seeing.effects[rainy, PLACE["rain"]] < 0).all() and not unseeing.effects[:, PLACE["rain"]].any()
    assert seeing.scores[CALENDAR].mase < unseeing.scores[CALENDAR].mase
    assert (unseeing.high - unseeing.low).mean() > 1.3 * (seeing.high - seeing.low).mean()
    gaps = CALENDAR_OF.table.copy()
    gaps[::5, PLACE["rain"]] = np.nan
    assert forecast(truth[:DAYS], shut_days(truth[:DAYS]), CALENDAR_OF._replace(table=gaps)).way == CALENDAR


def test_a_shop_gets_no_more_time_than_its_budget():
    """The clock moves a second at each look: after five moments of the past its time is up; with two it is the naive way."""
    truth = visitors(1)
    assert foretold(truth, tired=within(5, iter(range(99)).__next__)).tried == 5
    hasty = foretold(truth, tired=within(2, iter(range(99)).__next__))
    assert hasty.way == NAIVE and not hasty.scores and (hasty.high > hasty.low).all()


@QUICK
@given(st.lists(st.sampled_from([0.0, 0.0, 1.0, 7.0, 1e7]), max_size=150))
def test_whatever_the_past_the_answer_is_a_number_within_its_interval(values):
    found = foretold(np.array(values))
    for part in (found.expected, found.low, found.high):
        assert part.shape == (HORIZON,) and np.isfinite(part).all() and (part >= 0).all()
    assert found.way in (CALENDAR, NAIVE, NOT_YET) and (found.low <= found.high).all()


def test_days_on_which_money_comes_are_bank_days():
    """25 October 2025 is a Saturday; pensions of 15 February 2026, a Sunday, come on Friday; February's 30th is its last day."""
    days = calendar(date(2025, 10, 1), 160, jpholiday.is_holiday)

    def has(name, day):
        return days.table[(day - date(2025, 10, 1)).days, days.names.index(name)] == 1

    assert has("payday", date(2025, 10, 24)) and has("payday", date(2025, 10, 26)) and not has("payday", date(2025, 10, 27))
    assert has("before_payday", date(2025, 10, 23)) and not has("before_payday", date(2025, 10, 24))
    assert has("pension", date(2026, 2, 13)) and not has("pension", date(2026, 2, 15))
    assert has("five_ten", date(2026, 2, 27)) and not has("five_ten", date(2026, 2, 28))
    assert has("holiday", date(2025, 11, 3)) and has("new_year", date(2026, 1, 3)) and not has("obon", date(2025, 10, 1))
    assert (days.table[:, : len(KNOWN)].sum(axis=0)[:7] >= 22).all()


def test_hints_say_what_stands_out_and_why():
    """Payday of January 2026 comes within the seven days; without anything special the hint says so."""
    first = date(2026, 1, 20)
    past = 370
    days = calendar(first - timedelta(past), past + HORIZON, jpholiday.is_holiday)
    table = np.random.default_rng(1).poisson(60 * (1 + days.table[:, days.names.index("payday")])).astype(float)
    people = forecast(table[:past], shut_days(table[:past]), days)
    yen = forecast(table[:past] * 900, shut_days(table[:past]), days)
    usually = usual(table[:past], shut_days(table[:past]))
    found = hints(first, yen, people, usually, days.names)
    busy = [hint for hint in found if hint.text in (BUSY, BUSY_BY)]
    assert [hint.facts["day"].day for hint in busy] == [23, 24, 25] and {hint.reason for hint in busy} == {REASONS["payday"]}
    assert all(hint.facts["people"] > 90 and hint.facts["usual"] < 80 and hint.facts["more"] >= 10 for hint in busy)
    assert found[0].text == BUSIEST and found[0].facts["low"] < found[0].facts["yen"] < found[0].facts["high"]
    quiet = people._replace(low=usually[np.arange(HORIZON) % 7] - 1, high=usually[np.arange(HORIZON) % 7] + 1)
    assert hints(first, yen._replace(low=yen.low * 0), quiet, usually, days.names)[0].text == EVEN
    few = people._replace(expected=people.expected / 20)
    assert hints(first, yen, few, usually / 20, days.names)[0].text == TELL_NOTHING


@QUICK
@given(PAYMENTS)
def test_daily_sales_and_visitors_are_the_rolling_window_of_one_day(rows):
    """So that the forecast begins with a kernel that is there: a visitor counts once a day."""
    at, consumer, shop, yen = columns(rows)[:4]
    part = rolling.rolling_part(at, consumer, shop, yen, consumers=CONSUMERS, shops=SHOPS, window=1)
    found = rolling.rolling(part)
    seen = {((t + 32_400) // DAY, c, s) for t, c, s in zip(at.tolist(), consumer.tolist(), shop.tolist(), strict=True)}
    wanted = np.zeros_like(found.visitors)
    for day, _, where in seen:
        wanted[day - found.since, where] += 1
    assert (found.visitors == wanted).all()
    assert int(found.yen.sum()) == int(yen.sum())


def test_a_year_without_a_day_of_sales_in_the_middle_is_a_time_of_rest_and_no_forecast_of_nothing():
    """A shop that was shut for a year and is open again is foretold by its open days."""
    dice = np.random.default_rng(4)
    days = calendar(date(2024, 1, 1), 730 + HORIZON, jpholiday.is_holiday)
    yen = dice.poisson(60, 730).astype(float) * 900
    yen[180:545] = 0
    found = forecast(yen, shut_days(yen), days)
    assert found.way != NOT_YET and np.isfinite([found.expected, found.low, found.high]).all()
    assert 45_000 < np.median(found.expected) < 65_000 and (found.low <= found.expected).all() and (found.expected <= found.high).all()
