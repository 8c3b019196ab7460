"""Days on which banks move money. Numbers in brackets are rules of rules/settlement.md.

Which days are national holidays is asked of whoever knows (`is_holiday`): equinoxes are fixed a year before, not counted.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

IsHoliday = Callable[[date], bool]

DAY = timedelta(days=1)
SATURDAY = 5


def is_bank_day(day: date, is_holiday: IsHoliday) -> bool:
    """Whether banks are open: no weekend, no national holiday, not 31 December to 3 January (23)."""
    new_year = (day.month, day.day) == (12, 31) or (day.month, day.day) <= (1, 3)
    return day.weekday() < SATURDAY and not new_year and not is_holiday(day)


def next_bank_day(day: date, is_holiday: IsHoliday) -> date:
    """`day` itself, or the first bank day after it (24)."""
    while not is_bank_day(day, is_holiday):
        day += DAY
    return day


def previous_bank_day(day: date, is_holiday: IsHoliday) -> date:
    """`day` itself, or the last bank day before it (24)."""
    while not is_bank_day(day, is_holiday):
        day -= DAY
    return day


def plus_bank_days(day: date, number: int, is_holiday: IsHoliday) -> date:
    """The `number`-th bank day after `day` (24)."""
    for _ in range(number):
        day = next_bank_day(day + DAY, is_holiday)
    return day


def _bank_days_answer(question: dict[str, Any]) -> dict[str, object]:
    holidays = {date.fromisoformat(day) for day in question["holidays"]}
    day, number = date.fromisoformat(question["date"]), question["plus_n"]
    return {
        "is_bank_day": is_bank_day(day, holidays.__contains__),
        "next_or_same": next_bank_day(day, holidays.__contains__).isoformat(),
        "previous_or_same": previous_bank_day(day, holidays.__contains__).isoformat(),
        "plus_n": number,
        "plus_n_bank_days": plus_bank_days(day, number, holidays.__contains__).isoformat(),
    }


RULES: dict[str, Callable[[dict[str, Any]], object]] = {"zengin.bank_days": _bank_days_answer}
