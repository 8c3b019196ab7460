"""What reports keep of closed months, made before anybody asks: so a page adds a few months up and counts no payment."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import date
from pathlib import Path

from analytics.reports import (
    KEPT,
    REPORTS,
    Period,
    Report,
    about,
    circulation,
    cohorts,
    customers,
    daily,
    has_answer,
    kept_answer,
    rfm,
    routes,
    staying,
)
from analytics.reports.edition import edition
from analytics.reports.frame import QUARTER
from analytics.reports.source import BEGINNING, MASTER, Asked, Part, Source, before, following
from analytics.scheduler import spread
from analytics.snapshot import Snapshot
from base.clock import day_bounds

OF_REPORTS = (circulation.WEEK_PART, *(each.PART for each in (circulation, cohorts, customers, daily, rfm, routes, staying)))
PARTS: Mapping[str, Part] = {part.name: part for part in (MASTER, *OF_REPORTS)}
ANSWERS = {name: each for name, each in REPORTS.items() if name in KEPT and "district" in each.scopes}
"""Reports of the district whose answers are made ahead too. Those of shops are cut from the parts when somebody asks."""
END = date(9999, 12, 1)
Piece = tuple[Path, int, date, str]
"""Folder, district, first day of a month, and what is made of it: a part by its name, or ANSWER and the name of a report."""
ANSWER = "answer "
OF_AN_EDITION = (f"{MASTER.place[0]}-", "answer_")
"""How the names begin of what every edition of the program makes anew."""


def ahead(
    snapshot: Snapshot, districts: Iterable[int], *, scheduler: str | None = None, heard: Callable[[int, int], None] | None = None
) -> int:
    """Make what is missing of these districts, months and reports at once, and say of how many pieces. `heard`: (done, of).

    `scheduler`: where (`analytics.scheduler`). Its workers read and write the same folder. Raises ColumnsMissing, ColumnsBroken,
    SchedulerMissing, SchedulerAway.
    """
    pieces = []
    for district_id in districts:
        snapshot.clear_editions(district_id, OF_AN_EDITION, edition())
        pieces += _missing(snapshot, district_id)
    for done, _ in enumerate(spread(scheduler, make, pieces), start=1):
        if heard is not None:
            heard(done, len(pieces))
    return len(pieces)


def _missing(snapshot: Snapshot, district_id: int) -> list[Piece]:
    """Parts first, of which answers are made, the newest months before the older ones."""
    source = Source(snapshot, district_id)
    months = [month for month in reversed(source.columns(BEGINNING, END).months) if month.is_closed]
    parts = [
        (snapshot.folder, district_id, month.first, part.name)
        for month in months
        for part in PARTS.values()
        if not month.has_partial(*part.place)
    ]
    answers = [
        (snapshot.folder, district_id, month.first, f"{ANSWER}{report.name}")
        for month in months
        for report in ANSWERS.values()
        if _is_end(report, month.first) and not has_answer(source, report, _question(source, report, month.first))
    ]
    return parts + answers


def _is_end(report: Report, month: date) -> bool:
    """Whether a period of the report ends with this month."""
    return report.months != QUARTER or month.month % QUARTER == 0


def _question(source: Source, report: Report, month: date) -> Asked:
    until = following(month)
    chosen = Period(before(until, report.months), until)
    return about(source.columns(chosen.since, until), chosen, now=day_bounds(until)[0], shop=None)


def make(folder: Path, district_id: int, month: date, name: str) -> None:
    """One piece."""
    source = Source(Snapshot(folder), district_id)
    if name.startswith(ANSWER):
        report = ANSWERS[name.removeprefix(ANSWER)]
        kept_answer(source, report, _question(source, report, month), {})
        return
    for _ in source.parts(PARTS[name], following(month), month):
        pass
