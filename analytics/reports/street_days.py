"""Payments of one street by day and part of the day, for what is counted in that street.

Streets and all shops that stand in none are one table, guarded whole, part of a day by part of a day: so that no street is what is left
of the town. A street is told where three shops took part, and so is what is left, whoever reads.
"""

from __future__ import annotations

from datetime import date

import numpy as np

from analytics import guard
from analytics.guard import Grid
from analytics.reports.answers import Told
from analytics.reports.days import labels_of, place_of
from analytics.reports.source import Asked, Kept, Source, following
from analytics.rules.against import Cells

ELSEWHERE = ""
_STREETS: Kept[Grid] = Kept(24)


def streets(asked: Asked) -> list[str]:
    """Those in which shops are known to have stood in these months."""
    return sorted({street for of_month in asked.measured.streets.values() for street in of_month.values()})


def streets_by_month(source: Source, asked: Asked) -> dict[str, Grid]:
    """By the month's name; nothing where no counter stands in such a street."""
    if not {each.name for each in asked.measured.footfall} & set(streets(asked)):
        return {}
    return {_name(month): _of_month(source, month, asked) for month in asked.months}


def told_of_street(asked: Asked, told: Told, street: str, known: Cells) -> tuple[Cells, Cells]:
    """Yen, and people in full tens, of the parts of days that are told of the whole town too (`known`)."""
    yen: dict[tuple[date, int], int] = {}
    people: dict[tuple[date, int], int] = {}
    for month in asked.months:
        grid = told.grid(_name(month))
        for cell in labels_of(month):
            figure = grid.row(cell)[street] if cell in known else None
            if figure is not None and figure.yen is not None:
                yen[cell], people[cell] = figure.yen, figure.persons
    return yen, people


def _name(month: date) -> str:
    return f"{month:%Y%m} streets"


def _of_month(source: Source, month: date, asked: Asked) -> Grid:
    columns = source.columns(month, following(month))
    names = [*streets(asked), ELSEWHERE]
    stood = asked.measured.streets.get(month, {})
    street_of = np.array([names.index(stood.get(row.shop, ELSEWHERE)) for row in columns.shop_rows], np.int64)
    found = columns.months
    key = (found[0].folder, found[0].first, found[0].digest) if found else ("nothing", month)
    return _STREETS.get(
        (*key, *names, street_of.tobytes(), *asked.held_with.items()), lambda: _gathered(source, month, names, street_of, asked)
    )


def _gathered(source: Source, month: date, names: list[str], street_of: np.ndarray[tuple[int], np.dtype[np.int64]], asked: Asked) -> Grid:
    rows = source.rows(month, following(month))
    place, street = place_of(rows, month), street_of[rows.shop]
    raw = guard.Raw(labels_of(month), place, rows.consumer, rows.yen, cols=names, col=street)
    return guard.grid_among_shops(guard.publish_grid(raw), raw, asked.owner(rows.shop))
