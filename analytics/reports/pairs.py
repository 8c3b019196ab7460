"""Pairs that share more people than chance would bring, judged by what is published alone."""

from __future__ import annotations

from collections.abc import Hashable

import numpy as np

from analytics.guard import Grid
from analytics.reports.answers import Cell, Chart, Series, Words
from base.errors import N_

Pair = tuple[str, str, int, float, float]
"""Two names, people of both, how many times chance at least, and q."""
PICTURED, LISTED = 8, 100

FALSE_FINDS = 0.05
"""Share of pairs called more than chance that chance alone brought, at most (Benjamini & Hochberg 1995)."""
SURE, UNSURE = N_("偶然とは言えません"), N_("偶然かもしれません")


def pairs(number: np.ndarray[tuple[int], np.dtype[np.int64]]) -> tuple[np.ndarray[tuple[int], np.dtype[np.int64]], ...]:
    """Rows of the same number, ascending, each with itself and each later one: two arrays of places."""
    ends = np.searchsorted(number, number, side="right")
    many = ends - np.arange(len(number))
    first = np.repeat(np.arange(len(number)), many)
    return first, first + np.arange(len(first)) - np.repeat(np.cumsum(many) - many, many)


def judged(grid: Grid, everybody: int) -> list[tuple[Hashable, Hashable, int, float, float]]:
    """Pairs of shops, or of articles: people of both, how many times chance at least, and q; the surest first, of these the most people;
    at most so many as are listed.

    Full tens hide up to nine people. Each pair is taken as if both had nine more, and nobody else and nobody of both had: then
    times and q are no better than the truth, and nothing stands behind them but what was told. Pairs that are not told count
    as tested, and as chance.
    """
    from analytics.kernels import covisits  # slow to load, and only whoever asks needs it

    labels = grid.by_row.labels
    place = {label: at for at, label in enumerate(labels)}
    shared = np.zeros((len(labels), len(labels)), np.int32)
    for a, b, figure in grid.told():
        shared[place[a], place[b]] = shared[place[b], place[a]] = figure.persons
    hidden = 9 * (np.diagonal(shared) > 0)
    alone = np.minimum(np.diagonal(shared) + hidden, everybody)
    np.fill_diagonal(shared, alone)
    tested = covisits.tested(shared, persons=everybody)
    first, second = np.nonzero(np.triu(~np.isnan(tested.p), 1))
    lift, p, many = tested.lift[first, second], tested.p[first, second], shared[first, second]
    q = covisits.adjusted(np.where(lift > 1, p, 1.0))
    told = np.flatnonzero(many > 0)
    order = told[np.lexsort((-lift[told], -many[told], q[told] > FALSE_FINDS))]
    times = np.floor(lift * 10) / 10
    return [(labels[first[at]], labels[second[at]], int(many[at]), float(times[at]), float(q[at])) for at in order[:LISTED].tolist()]


def shown(found: list[Pair], people: Words) -> tuple[tuple[tuple[Cell, ...], ...], Chart, list[Pair]]:
    """As a table, as a picture, and those that are more than chance; the picture is of these where there are any."""
    rows: tuple[tuple[Cell, ...], ...] = tuple(
        (one, other, many, f"{times:.1f}", Words(SURE if q <= FALSE_FINDS else UNSURE)) for one, other, many, times, q in found
    )
    sure = [each for each in found if each[-1] <= FALSE_FINDS]
    drawn = (sure or found)[:PICTURED]
    series = Series(people, tuple(many for _, _, many, *_ in drawn))
    return rows, Chart("bars", "people", tuple(f"{one} ＋ {other}" for one, other, *_ in drawn), (series,)), sure
