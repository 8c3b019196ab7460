"""Time is passed in, stored in UTC and shown in Asia/Tokyo."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")

Clock = Callable[[], datetime]
"""Gives the present moment, always aware and in UTC. Tests pass one of their own."""


def system_clock() -> datetime:
    """The machine's present moment in UTC."""
    return datetime.now(UTC)


def tokyo_day(moment: datetime) -> date:
    """The calendar day in Tokyo on which `moment` (aware) falls."""
    return moment.astimezone(TOKYO).date()


def tokyo_minute(moment: datetime) -> int:
    """How many whole minutes of the Tokyo day have passed at `moment` (aware): 0 to 1439."""
    local = moment.astimezone(TOKYO)
    return local.hour * 60 + local.minute


def day_bounds(first: date, last: date | None = None) -> tuple[datetime, datetime]:
    """[start, end) in UTC of the Tokyo days `first` to `last`, both included."""
    start = datetime.combine(first, time(), TOKYO)
    end = datetime.combine((last or first) + timedelta(days=1), time(), TOKYO)
    return start.astimezone(UTC), end.astimezone(UTC)


def month_bounds(year: int, month: int) -> tuple[datetime, datetime]:
    """[start, end) in UTC of a calendar month in Tokyo."""
    first = date(year, month, 1)
    following = date(year + month // 12, month % 12 + 1, 1)
    return day_bounds(first)[0], day_bounds(following)[0]
