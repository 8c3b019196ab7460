"""What payment law says about a series: the vectors, and what must hold for any dates and limits."""

from __future__ import annotations

import json
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from association.rules import (
    RULES,
    Limits,
    Regime,
    add_months,
    base_date_before,
    exempt,
    last_exempt_day,
    limits_broken,
    regime,
    required_deposit,
)
from association.rules.deposit import SOON_DAYS, Caps, base_date_from, threshold_percent

VECTORS = Path(__file__).parents[1] / "vectors" / "deposit"
CASES = json.loads((VECTORS / "exempt.json").read_text(encoding="utf-8"))
DUE = json.loads((VECTORS / "due_dates.json").read_text(encoding="utf-8"))
OTHERS = [
    (name, case)
    for name in ("unspent", "refund_caps", "transfer_limits")
    for case in json.loads((VECTORS / f"{name}.json").read_text("utf-8"))
]
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


@pytest.mark.parametrize(("name", "case"), OTHERS, ids=[case["id"] for _, case in OTHERS])
def test_unspent_balance_refunds_and_transfers_as_in_the_vectors(name: str, case: dict[str, object]) -> None:
    """What is unspent and must be deposited, how much may be paid back in cash, how much may be handed on."""
    assert RULES[f"deposit.{name}"]({"id": case["id"], "input": case["input"]}) == case["expect"]


YEN = st.integers(0, 10**9)


@given(YEN, YEN, YEN)
def test_the_most_that_may_be_refunded_is_the_border(issued: int, unspent: int, already: int) -> None:
    """So much may be paid back in cash, and not a yen more."""
    caps = Caps(issued, unspent, already)
    assert caps.allows(caps.largest) or not caps.largest
    assert not caps.allows(caps.largest + 1)


@given(DAYS, st.dates(date(2000, 1, 1), date(2900, 12, 31)))
def test_base_dates_come_one_after_another(day: date, special_from: date) -> None:
    """The one before and the one from a day on have no other between them, also where special ones began some day."""

    def special_on(of: date) -> bool:
        return of >= special_from

    before, following = base_date_before(day, special_on), base_date_from(day, special_on)
    assert before < day <= following <= before + timedelta(days=185)
    assert base_date_before(following, special_on) == before or following == day
    assert base_date_from(before + timedelta(days=1), special_on) == following


@given(st.integers(0, 10**8), st.integers(0, 10**8), st.integers(0, 200))
def test_what_is_secured_is_no_reason_to_warn(expected: int, secured: int, days_left: int) -> None:
    """Somebody must act in the last month before a base date, exactly where less is secured than will be asked for."""
    percent = threshold_percent(expected, secured, days_left)
    assert (percent > 100) == (days_left <= SOON_DAYS and required_deposit(expected) > secured)


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
