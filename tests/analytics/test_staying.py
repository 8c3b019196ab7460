"""通い続ける人: a silence is judged by each person's own habit, and the page says how many, never who."""

from __future__ import annotations

from datetime import date, timedelta

from analytics.queries import Answer
from analytics.reports import Period
from tests.analytics.test_reports import Diary

SPRING = Period(date(2026, 4, 1), date(2026, 7, 1))


def town(daily: int, weekly: int, monthly: int) -> Diary:
    """Since January so many come every day until May 20, so many every week to the end of May, so many once a month to the end of May."""
    diary = Diary()
    first, end = date(2026, 1, 1), date(2026, 6, 1)
    for person in range(daily + weekly + monthly):
        step, until = (1, date(2026, 5, 20)) if person < daily else (7, end) if person < daily + weekly else (30, end)
        for day in range((until - first).days // step):
            diary.pays(f"{first + timedelta(days=step * day)} 12:00", person, person % 3, 500)
    return diary


def told(answer: Answer) -> tuple[object, ...]:
    return answer.can_tell, *(row[1] for row in answer.rows)


def test_who_came_daily_has_stopped_after_weeks_and_who_comes_monthly_has_not() -> None:
    """At the end of June, forty days and more of silence are no habit of whoever came every day or week, but are of the monthly ones."""
    answer = town(20, 30, 120).answers("staying", SPRING)
    assert told(answer) == (True, 120, 50, 170, 170, 170, 120)
    assert [row[2] for row in answer.rows[2:]] == [None, None, None, 70] and answer.sentence.facts["stopped"] == 50
    shop = town(60, 30, 120).answers("staying", SPRING, 0)
    assert told(shop)[:3] == (True, 40, 30)


def test_whoever_came_first_lately_counts_as_long_as_they_were_watched() -> None:
    """A hundred stopped in February after a month; another hundred came first ten weeks ago, and still come. Of those who came first 90
    days ago or more 140 of 240 still do (58%), but what is known of the newer ones says that more stay: 240 of 340 after 44 days (70%)."""
    diary = town(20, 0, 120)
    for person in range(200, 400):
        first, days = (date(2026, 1, 1), 31) if person < 300 else (date(2026, 4, 21), 71)
        for day in range(days):
            diary.pays(f"{first + timedelta(days=day)} 12:00", person, 0, 500)
    answer = diary.answers("staying", SPRING)
    assert [row[2] for row in answer.rows[2:]] == [None, 70, 70, 60] and answer.sentence.facts["share"] == 60


def test_a_share_of_which_fewer_than_fifty_are_still_watched_is_not_told() -> None:
    answers = [town(20, 30, many).answers("staying", SPRING) for many in (49, 50)]
    assert [answer.rows[-1][2] for answer in answers] == [None, 50]


def test_of_nine_who_stopped_nothing_is_told() -> None:
    answer = town(9, 0, 120).answers("staying", SPRING)
    assert (answer.can_tell, answer.rows, answer.action) == (False, (), None)
