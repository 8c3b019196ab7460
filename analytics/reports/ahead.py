"""What reports keep of closed months, made before anybody asks: so a page adds a few months up and counts no payment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path

from analytics.reports import circulation, cohorts, customers, daily, rfm, routes
from analytics.reports.source import BEGINNING, Part, Source, following
from analytics.scheduler import spread
from analytics.snapshot import Snapshot

PARTS: Mapping[str, Part] = {
    part.name: part for part in (circulation.PART, cohorts.PART, customers.PART, daily.PART, rfm.PART, routes.PART)
}
END = date(9999, 12, 1)


def ahead(
    snapshot: Snapshot, districts: Iterable[int], *, scheduler: str | None = None, heard: Callable[[int, int], None] | None = None
) -> int:
    """Make what is missing of these districts, months and reports at once, and say of how many months. `heard`: (done, of).

    `scheduler`: where (`analytics.scheduler`). Its workers read and write the same folder. Raises ColumnsMissing, ColumnsBroken,
    SchedulerMissing, SchedulerAway.
    """
    pieces = [piece for district_id in districts for piece in _missing(snapshot, district_id)]
    for done, _ in enumerate(spread(scheduler, make, pieces), start=1):
        if heard is not None:
            heard(done, len(pieces))
    return len(pieces)


def _missing(snapshot: Snapshot, district_id: int) -> list[tuple[Path, int, date, str]]:
    months = Source(snapshot, district_id).columns(BEGINNING, END).months
    return [
        (snapshot.folder, district_id, month.first, part.name)
        for month in months
        for part in PARTS.values()
        if month.is_closed and not month.has_partial(*part.place)
    ]


def make(folder: Path, district_id: int, first: date, name: str) -> None:
    """One piece: what the report `name` keeps of the month that begins on `first`."""
    for _ in Source(Snapshot(folder), district_id).parts(PARTS[name], following(first), first):
        pass
