"""The outlook of the effect reports, by sums that anybody can do on paper."""

from __future__ import annotations

from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from subsidy.rules.calls import call_of
from subsidy.rules.effect import Figures, Member, effect, goal_of
from subsidy.rules.outlook import forecast, pulls, years_asked
from subsidy.rules.progress import Happened

CALL = call_of()


def a_year(gross: int, hours: int = 1_000) -> Figures:
    return Figures(max(gross, 0), max(-gross, 0), 1, hours)


def test_five_percent_a_year_is_just_enough_and_the_yen_below_is_not() -> None:
    """1,000,000 → 1,050,000 goes on to 1,102,500 and meets the goal; with a yen less in the first year it does not."""
    met = forecast(effect([Member("a", (a_year(1_000_000), a_year(1_050_000)))], CALL).years, CALL)
    assert (met.goal.is_met, met.gross_needed, met.gross_missing) == (True, 1_102_500, 52_500)
    missed = forecast(effect([Member("a", (a_year(1_000_000), a_year(1_049_999)))], CALL).years, CALL)
    assert (missed.goal.is_met, missed.gross_missing) == (False, 52_501)


def test_a_loss_in_the_first_year_does_not_square_to_a_gain() -> None:
    """What is below zero is taken to come again; the goal is not met, and it is said how much is missing."""
    lost = forecast(effect([Member("a", (a_year(1_000_000), a_year(-2_000_000)))], CALL).years, CALL)
    assert (lost.goal.is_met, lost.goal.average_bp_geometric, lost.gross_missing) == (False, None, 3_102_500)


def test_who_pulls_the_group_down_is_named_first() -> None:
    """A and B each had half. A halved: with it the group fell by 20 %, without it it grew by 10 %: 30 points down."""
    group = [Member("a", (a_year(100), a_year(50))), Member("b", (a_year(100), a_year(110))), Member("c", (None, None), True)]
    assert [(pull.member, pull.bp, pull.is_down) for pull in pulls(group, CALL)] == [("a", -3_000, True), ("b", 3_000, False)]


@given(st.lists(st.tuples(*[st.integers(1, 10**9)] * 3, *[st.integers(1, 10**5)] * 3), min_size=2, max_size=6))
def test_what_is_needed_meets_the_goal_and_a_yen_less_does_not(rows: list[tuple[int, ...]]) -> None:
    """The yen that the page names, with the hours of year 1, are the border of the goal itself."""
    members = [Member(str(n), (a_year(row[0], row[3]), a_year(row[1], row[4]))) for n, row in enumerate(rows)]
    years = effect(members, CALL).years
    found = forecast(years, CALL)
    assume(found.gross_needed > 1)  # no year is told with a base of nothing
    for gross, is_met in ((found.gross_needed, True), (found.gross_needed - 1, False)):
        second = effect([Member("all", (a_year(gross, years[1].hours),) * 2)], CALL).years[0]
        assert goal_of((*years, second), CALL).is_met == is_met


def test_figures_are_asked_for_once_a_year_is_over_and_not_after_its_report() -> None:
    """The base from the first day; a year from the day after its end; nothing of a project that ended."""
    facts = {"decided": Happened("decided", date(2023, 7, 3))}
    assert years_asked({}, date(2023, 4, 1), CALL) == (0,)
    assert years_asked(facts, date(2025, 3, 31), CALL) == (0,)
    assert years_asked(facts, date(2025, 4, 1), CALL) == (0, 1)
    filed = facts | {"report1_filed": Happened("report1_filed", date(2025, 4, 20))}
    assert years_asked(filed, date(2025, 5, 1), CALL) == ()
    assert years_asked(filed, date(2026, 4, 1), CALL) == (2,)
    assert years_asked(facts | {"revoked": Happened("revoked", date(2025, 4, 2))}, date(2026, 4, 1), CALL) == ()
