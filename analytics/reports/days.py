"""Single days beside what was measured: payments by day and part of the day, guarded within the month's table of weekdays."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta

import numpy as np

from analytics import guard
from analytics.guard import Published
from analytics.reports.answers import Told
from analytics.reports.measured import Counted
from analytics.reports.source import BAND_OF_HOUR, Asked, Kept, Rows, Source, following, shop_row
from analytics.rules.against import Cells
from analytics.snapshot import Int64
from base.clock import TOKYO

BAND_S = tuple(int(np.count_nonzero(band == BAND_OF_HOUR)) * 3_600 for band in range(4))
"""Seconds that each part of a day has."""


def counted(name: str, readings: Iterable[tuple[int, int]], seconds: int) -> Counted:
    """From sound readings (seconds since 1970, people), each of so many seconds. A part of a day with a gap is no part."""
    sums: dict[tuple[date, int], int] = defaultdict(int)
    lengths: dict[tuple[date, int], int] = defaultdict(int)
    for start, people in readings:
        local = datetime.fromtimestamp(start, UTC).astimezone(TOKYO)
        cell = local.date(), int(BAND_OF_HOUR[local.hour])
        sums[cell] += people
        lengths[cell] += seconds
    return Counted(name, {cell: people for cell, people in sums.items() if lengths[cell] == BAND_S[cell[1]]})


def gather_days(source: Source, asked: Asked) -> Told:
    """Each day's parts of the day, month by month, as parts of what the month tells of the weekday."""
    return Told(**days_by_month(source, asked))


def days_by_month(source: Source, asked: Asked) -> dict[str, Published]:
    """The same, by the month's name."""
    return {f"{month:%Y%m}": _days(source, month, asked) for month in asked.months}


def told_days(asked: Asked, told: Told) -> tuple[Cells, Cells]:
    """Yen, and people in full tens, by day and part of the day; what is withheld is not there."""
    yen: dict[tuple[date, int], int] = {}
    people: dict[tuple[date, int], int] = {}
    for month in asked.months:
        for label, figure in told.line(f"{month:%Y%m}"):
            if figure is not None and figure.yen is not None:
                cell: tuple[date, int] = label  # type: ignore[assignment]
                yen[cell], people[cell] = figure.yen, figure.persons
    return yen, people


_DAYS: Kept[Published] = Kept(48)


def _days(source: Source, month: date, asked: Asked) -> Published:
    """Of the district, or of the shop that asks: guarded within its table of weekdays and parts of the day, so that both together tell
    no more."""
    months = source.columns(month, following(month)).months
    key = (months[0].folder, months[0].first, months[0].digest) if months else ("nothing", month)
    return _DAYS.get((*key, asked.shop, asked.is_outside, *asked.held_with.items()), lambda: _gathered(source, month, asked))


def _gathered(source: Source, month: date, asked: Asked) -> Published:
    labels, rows, of = labels_of(month), source.rows(month, following(month), asked.shop), source.master(month).by_col
    if asked.shop is not None:
        of = shop_row(source.master(month), asked.shop)
    place = place_of(rows, month)
    raw = guard.Raw(labels, place, rows.consumer, rows.yen)
    found = guard.publish_within(raw, [(day.weekday(), band) for day, band in labels], of)
    return guard.among_shops(found, raw, asked.owner(rows.shop), adds_up=False) if asked.is_outside else found


def labels_of(month: date) -> list[tuple[date, int]]:
    """All days of a month and their parts."""
    days = [month + timedelta(days=place) for place in range((following(month) - month).days)]
    return [(day, band) for day in days for band in range(4)]


def place_of(rows: Rows, month: date) -> Int64:
    """Of each visit the place of its day and part among the month's."""
    start = int(datetime(month.year, month.month, 1, tzinfo=TOKYO).timestamp())
    return (rows.at - start) // 86_400 * 4 + BAND_OF_HOUR[rows.hour] if len(rows.at) else np.zeros(0, np.int64)
