"""Tokyo's calendar in whole numbers: days and months since 1970-01-01, without a time-zone table.

Tokyo is UTC + 9 h and has had no summer time since 1951. A day is int, days since 1970-01-01 in Tokyo; a month is int, months
since January 1970. Source: Howard Hinnant, "chrono-compatible low-level date algorithms" (2013), days_from_civil and back.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from analytics.kernels.columns import Int32, Int64, i64
from analytics.kernels.compiler import kernel

TOKYO_S = 32_400
HOUR_S = 3_600
DAY_S = 86_400
SPRING, SUMMER, AUTUMN, WINTER = range(4)
"""Seasons as the Japan Meteorological Agency counts them: March to May, June to August, September to November, the rest."""


@kernel
def day_of(at: int) -> int:
    """The Tokyo day of a moment in seconds."""
    return (at + TOKYO_S) // DAY_S


@kernel
def month_of(day: int) -> int:
    """The month of a day."""
    shifted = day + 719_468  # days since 0000-03-01
    era = shifted // 146_097
    in_era = shifted - era * 146_097
    year = (in_era - in_era // 1_460 + in_era // 36_524 - in_era // 146_096) // 365
    in_year = in_era - (365 * year + year // 4 - year // 100)
    march_month = (5 * in_year + 2) // 153
    return (year + era * 400 - 1970) * 12 + march_month + 2  # March is month 0 here, and 2 in January's count


@kernel
def first_day(month: int) -> int:
    """The first day of a month: the inverse of `month_of`."""
    march = month - 2  # months since March 1970
    year = 1970 + march // 12
    in_year = (153 * (march % 12) + 2) // 5
    era = year // 400
    of_era = year - era * 400
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + in_year - 719_468


@kernel
def season_of(month: int) -> int:
    """0 spring, 1 summer, 2 autumn, 3 winter."""
    return ((month + 10) % 12) // 3


@kernel
def _days(at: Any) -> Any:
    days = np.empty(at.size, np.int32)
    for i in range(at.size):
        days[i] = day_of(at[i])
    return days


@kernel
def _months(at: Any) -> Any:
    months = np.empty(at.size, np.int32)
    since = until = np.int64(0)  # the month found last holds for most rows that follow
    month = 0
    for i in range(at.size):
        if not since <= at[i] < until:
            month = month_of(day_of(at[i]))
            since = first_day(month) * DAY_S - TOKYO_S
            until = first_day(month + 1) * DAY_S - TOKYO_S
        months[i] = month
    return months


def days(at: Int64) -> Int32:
    """int32[n]: the Tokyo day of each moment."""
    return _days(i64(at))  # type: ignore[no-any-return]


def months(at: Int64) -> Int32:
    """int32[n]: the Tokyo month of each moment."""
    return _months(i64(at))  # type: ignore[no-any-return]
