"""Who the customers are: RFM, cohorts and survival, each against the plainest way to count."""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from datetime import date, timedelta
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.kernels import cohorts, rfm, tokyo
from analytics.kernels.columns import i64
from tests.analytics.payments import CONSUMERS, DAY, EDGES, QUICK, START, Payment, columns, cut_payments, through_a_file, whole


def edges():
    return pytest.mark.parametrize("rows", EDGES.values(), ids=EDGES.keys())


def test_days_and_months_are_those_of_the_calendar() -> None:
    """Every day from 1950 to 2150, and the first and last second of each."""
    day = date(1950, 1, 1)
    while day.year < 2150:
        number = (day - date(1970, 1, 1)).days
        month = (day.year - 1970) * 12 + day.month - 1
        assert tokyo.month_of.py_func(number) == month
        assert tokyo.season_of.py_func(month) == {3: 0, 6: 1, 9: 2, 12: 3}[day.month // 3 * 3 or 12]
        if day.day == 1:
            assert tokyo.first_day.py_func(month) == number
        day += timedelta(days=1)


@QUICK
@given(st.lists(st.integers(-(2**31), 2**33), max_size=9))
def test_moments_fall_on_tokyo_s_days(moments: list[int]) -> None:
    assert tokyo.days(i64(moments)).tolist() == [(at + 32_400) // DAY for at in moments]
    assert tokyo.months(i64(moments)).tolist() == [tokyo.month_of.py_func((at + 32_400) // DAY) for at in moments]


def slow_rfm(rows: list[Payment]) -> list[tuple[int, ...]]:
    """Per person: last, payments, yen and three scores: 1 + 5 × the share of persons with less."""
    own: dict[int, list[Payment]] = defaultdict(list)
    for row in rows:
        own[row.consumer].append(row)
    values = {who: (max(r.at for r in paid), len(paid), sum(r.yen for r in paid)) for who, paid in own.items()}
    ranked = [sorted(field) for field in zip(*values.values(), strict=True)]
    answer = []
    for who in range(CONSUMERS):
        if who not in values:
            answer.append((rfm.NEVER, 0, 0, 0, 0, 0))
            continue
        scores = (1 + 5 * bisect_left(order, value) // len(order) for value, order in zip(values[who], ranked, strict=True))
        answer.append((*values[who], *scores))
    return answer


def check_rfm(chunks: list[list[Payment]]) -> None:
    parts = [rfm.rfm_part(*columns(chunk, "at consumer yen"), consumers=CONSUMERS) for chunk in chunks]
    found = rfm.scored(rfm.combine(parts))
    assert [tuple(int(field[who]) for field in found) for who in range(CONSUMERS)] == slow_rfm(whole(chunks))


@QUICK
@given(cut_payments())
def test_rfm_is_the_same_for_any_cut(chunks: list[list[Payment]]) -> None:
    check_rfm(chunks)


@edges()
def test_rfm_at_the_edges(rows: list[Payment]) -> None:
    check_rfm([rows])


def test_equal_customers_get_equal_scores() -> None:
    """Whatever the order of their rows: nobody is in the lower fifth for having come in later."""
    rows = [Payment(START, who, 0, 500) for who in (3, 1, 0, 2)]
    found = rfm.rfm(*columns(rows, "at consumer yen"), consumers=CONSUMERS)
    assert found.monetary.tolist() == found.recency.tolist() == [1, 1, 1, 1, 0, 0]


@pytest.mark.parametrize("yen", [[1 << 40], [1 << 39, 1 << 39], [(1 << 40) - 1, 1]])
def test_more_than_a_word_holds_is_refused_and_not_counted_wrong(yen: list[int]) -> None:
    """2**40 yen of one person in one chunk are read as a payment more; a yen less is right."""
    rows = [Payment(START, 1, 0, each) for each in yen]
    with pytest.raises(OverflowError):
        rfm.rfm_part(*columns(rows, "at consumer yen"), consumers=CONSUMERS)
    eightfold = columns([row._replace(yen=row.yen << 3) for row in rows], "at consumer yen")
    for count in (lambda: cohorts.whole([eightfold], consumers=CONSUMERS), lambda: cohorts.months_part(*eightfold, consumers=CONSUMERS)):
        with pytest.raises(OverflowError):
            count()
    rows[-1] = rows[-1]._replace(yen=yen[-1] - 1)
    assert rfm.rfm_part(*columns(rows, "at consumer yen"), consumers=CONSUMERS).yen[1] == (1 << 40) - 1
    most = [*[row._replace(yen=row.yen << 3) for row in rows], rows[0]._replace(yen=7)]
    assert cohorts.whole([columns(most, "at consumer yen")], consumers=CONSUMERS).yen[0, 0] == (1 << 43) - 1


def slow_cohorts(rows: list[Payment]) -> dict[tuple[int, int], tuple[int, int, int, int]]:
    """By (cohort, months since): persons, payments, yen, yen of the largest person."""
    first: dict[int, int] = {}
    spent: dict[tuple[int, int], Counter[int]] = defaultdict(Counter)
    count: Counter[tuple[int, int]] = Counter()
    for row in rows:
        cohort = first.setdefault(row.consumer, row.month)
        spent[cohort, row.month - cohort][row.consumer] += row.yen
        count[cohort, row.month - cohort] += 1
    return {cell: (len(who), count[cell], sum(who.values()), max(who.values())) for cell, who in spent.items()}


def check_cohorts(chunks: list[list[Payment]]) -> None:
    parts = [through_a_file(cohorts.months_part(*columns(chunk, "at consumer yen"), consumers=CONSUMERS)) for chunk in chunks]
    found = cohorts.cohorts(cohorts.combine(parts))
    cells = {
        (found.since + int(row), int(age)): tuple(int(field[row, age]) for field in found[1:])
        for row, age in zip(*np.nonzero(found.persons), strict=True)
    }
    assert cells == slow_cohorts(whole(chunks))


@QUICK
@given(cut_payments())
def test_cohorts_are_the_same_for_any_cut(chunks: list[list[Payment]]) -> None:
    check_cohorts(chunks)


@edges()
def test_cohorts_at_the_edges(rows: list[Payment]) -> None:
    check_cohorts([rows])


def test_retention_says_nothing_of_months_to_come() -> None:
    rows = [Payment(START + 40 * DAY * step, who, 0, 100) for step, who in enumerate((0, 1, 0))]
    found = cohorts.cohorts(cohorts.months_part(*columns(rows, "at consumer yen"), consumers=2))
    share = found.retention()
    assert share[0].tolist() == [1.0, 0.0, 0.0, 1.0]  # December, and March
    assert np.isnan(share[2, 2:]).all()
    assert np.isnan(share[1]).all(), "nobody began in January: that is not zero per cent"


def slow_survival(people: list[tuple[int, bool]]) -> list[tuple[int, int, int, Fraction]]:
    curve, answer = Fraction(1), []
    for day in sorted({duration for duration, seen in people if seen}):
        at_risk = sum(duration >= day for duration, _ in people)
        lapsed = sum(duration == day and seen for duration, seen in people)
        curve *= 1 - Fraction(lapsed, at_risk)
        answer.append((day, at_risk, lapsed, curve))
    return answer


@QUICK
@given(st.lists(st.tuples(st.integers(0, 12), st.booleans()), max_size=30))
def test_survival_is_kaplan_and_meier_s(people: list[tuple[int, bool]]) -> None:
    found = cohorts.survival(np.array([d for d, _ in people], np.int32), np.array([s for _, s in people], bool))
    expected = slow_survival(people)
    assert list(zip(found.days, found.at_risk, found.lapsed, strict=True)) == [row[:3] for row in expected]
    assert found.survival == pytest.approx([float(row[3]) for row in expected])


def test_survival_of_the_published_example() -> None:
    """Remission of 21 patients on 6-MP (Freireich et al. 1963), in every textbook: 0.857 after 6 weeks, 0.448 after 23, errors beside."""
    weeks = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
    seen = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    found = cohorts.survival(np.array(weeks, np.int32), np.array(seen, bool))
    assert found.days.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert found.survival.round(4).tolist() == [0.8571, 0.8067, 0.7529, 0.6902, 0.6275, 0.5378, 0.4482]
    assert found.error.round(4).tolist() == [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346]
