"""Who stands at both of two: a table of people alone, of as many columns as rows, counted without a row for each pair of each person."""

from __future__ import annotations

import numpy as np

from analytics.guard.kept import WITHHELD, unpacked
from analytics.guard.published import Grid
from analytics.guard.rule import STEP, Ints, may_be_told, of_people
from analytics.guard.tables import Raw, open_raw


def publish_shared(raw: Raw) -> Grid:
    """Of each two rows how many people are in both, in the row of the earlier one; on the diagonal, and in all totals, who is in one.

    As `publish_grid` tells a table of every pair of every person. `raw`: of one side, whose yen count for nothing.
    """
    from analytics.kernels import covisits  # slow to load, and only whoever asks needs it
    from analytics.kernels.columns import cut

    read = open_raw(raw)
    assert read.cols is None, "people of one side, who are paired here"
    many = len(read.rows)
    both = covisits.both(cut(read.person, read.row), consumers=int(read.person.max(initial=-1)) + 1, shops=many).astype(np.int64)
    persons = np.zeros((many + 1, many + 1), np.int64)
    persons[:many, :many] = np.triu(both)
    persons[:many, many] = persons[many, :many] = np.diagonal(both)
    persons[many, many] = np.count_nonzero(np.bincount(read.person))
    told = _in_tens(persons)
    return unpacked(read.rows, read.rows, {"persons": told, "yen": np.full_like(told, WITHHELD)})


def _in_tens(persons: Ints) -> Ints:
    may = may_be_told(of_people(persons))
    return np.where(may, persons // STEP * STEP, WITHHELD)
