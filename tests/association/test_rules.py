"""What payment law says about a series: the vectors, and what must hold for any dates and limits."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from association.rules import RULES, Limits, Regime, add_months, exempt, last_exempt_day, limits_broken, regime

VECTORS = Path(__file__).parents[1] / "vectors" / "deposit"
CASES = json.loads((VECTORS / "exempt.json").read_text(encoding="utf-8"))
DUE = json.loads((VECTORS / "due_dates.json").read_text(encoding="utf-8"))
DAYS = st.dates(date(2000, 1, 1), date(2900, 12, 31))


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_the_six_month_exemption_as_in_the_vectors(case: dict[str, object]) -> None:
    """A campaign is exempt exactly when its last day lies within six months of its first issue."""
    question = {name: case[name] for name in ("id", "first_issue", "last_day")}
    assert RULES["deposit.exempt"](question) == case["expect"]


@pytest.mark.parametrize("case", DUE, ids=[case["id"] for case in DUE])
def test_the_deposit_is_due_as_in_the_vectors(case: dict[str, str]) -> None:
    """Two months from the day after the base date, special ones as well."""
    assert RULES["deposit.due_dates"](case) == {"due_date": case["due_date"]}


@given(DAYS)
def test_the_last_exempt_day_is_the_border(first: date) -> None:
    """One day longer, and the series is regulated."""
    last = last_exempt_day(first)
    assert exempt(first, last) and not exempt(first, last + timedelta(days=1))


@given(DAYS, st.integers(1, 48))
def test_months_are_counted_on_the_calendar(day: date, months: int) -> None:
    """The same day of a later month, or that month's last day where there is no such day."""
    later = add_months(day, months)
    assert (later.year * 12 + later.month) - (day.year * 12 + day.month) == months
    assert later.day == day.day or (later.day < day.day and (later + timedelta(days=1)).day == 1)


@pytest.mark.parametrize(
    ("last_day", "public_body", "expected"),
    [
        (None, False, Regime.THIRD_PARTY),
        (date(2026, 9, 30), False, Regime.EXEMPT),
        (date(2026, 10, 1), False, Regime.THIRD_PARTY),
        (None, True, Regime.PUBLIC_BODY),
        (date(2026, 9, 30), True, Regime.PUBLIC_BODY),
    ],
)
def test_the_regime_is_derived(last_day: date | None, public_body: bool, expected: Regime) -> None:
    """Nobody types whether a series is regulated: it follows from the dates and from who issues."""
    assert regime(date(2026, 4, 1), last_day, public_body=public_body) is expected


@pytest.mark.parametrize(
    ("limits", "broken"),
    [
        (Limits(100_000, 100_000, 0), []),
        (Limits(300_000, 300_000, 100_000), []),
        (Limits(100_000, 300_001, 0), ["balance_max"]),
        (Limits(100_000, 100_000, 100_001), ["transfer_max"]),
        (Limits(100_001, 100_000, 0), ["payment_max"]),
        (Limits(0, 100_000, -1), ["transfer_max", "payment_max"]),
        (Limits(1, 0, 0), ["balance_max", "payment_max"]),
    ],
)
def test_limits_stay_within_the_law(limits: Limits, broken: list[str]) -> None:
    """A district may only lower what the law allows."""
    assert limits_broken(limits, Limits(payment_max=1_000_000, balance_max=300_000, transfer_max=100_000)) == broken
