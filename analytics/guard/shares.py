"""Figures that are no sums: shares, how often money turned, what a model expects. All are coarse, so that no sum follows from them."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

import numpy as np

from analytics.guard.published import SEAL, Figure, Published
from analytics.guard.rule import LEAST_SHOPS, SHARE_STEP, SHOP_PERCENT, Tally, in_tens, may_be_told, two_digits
from analytics.guard.tables import Raw, open_raw

WATCHED = 50
"""People who must still be watched where a curve of survival is told: one of them is at most 2% of it."""


def publish_shares(here: Raw, elsewhere: Raw) -> Published:
    """Of each row, how much of `here` and `elsewhere` together is here, in full steps of 5%; without a total. Rows are the same in both.

    Told only if both sides may be told by themselves: else whoever knows one of them knows the other one within the step.
    """
    mine, other = open_raw(here), open_raw(elsewhere)
    assert mine.rows == other.rows and mine.has_yen and other.has_yen, "two sides of the same rows, in yen"
    inside, outside = mine.tallies(mine.row, len(mine.rows)), other.tallies(other.row, len(other.rows))
    told = may_be_told(inside) & may_be_told(outside)
    return _shares(mine.rows, inside, outside, told.tolist())


def publish_shop_shares(here: Raw, elsewhere: Raw) -> Published:
    """The same of money that is not anybody's but shops': contributors are shops, at least five, none of which makes half of a row."""
    mine, other = open_raw(here), open_raw(elsewhere)
    assert mine.rows == other.rows and mine.has_yen and other.has_yen, "two sides of the same rows, in yen"
    inside, outside = mine.tallies(mine.row, len(mine.rows)), other.tallies(other.row, len(other.rows))
    sides = np.concatenate([mine.row, other.row]), np.concatenate([mine.person, other.person]), np.concatenate([mine.yen, other.yen])
    both = open_raw(Raw(mine.rows, *sides))
    whole = both.tallies(both.row, len(mine.rows))
    told = (whole.persons >= LEAST_SHOPS) & (whole.largest * 100 < whole.yen * SHOP_PERCENT)
    return _shares(mine.rows, inside, outside, told.tolist())


def _shares(rows: Sequence[Hashable], inside: Tally, outside: Tally, told: Sequence[bool]) -> Published:
    found: list[Figure | None] = []
    for persons, here, elsewhere, may in zip(inside.persons.tolist(), inside.yen.tolist(), outside.yen.tolist(), told, strict=True):
        share = here * (100 // SHARE_STEP) // (here + elsewhere) * SHARE_STEP if may else None
        found.append(None if share is None else Figure(in_tens(persons), None, share))
    return Published(SEAL, rows, found, None)


def publish_survival(raw: Raw, shares: Sequence[float]) -> Published:
    """Of each row how much of everybody still comes by a curve of survival (`shares`, of 1), in full steps of 5%, rounded down; without a
    total. `raw`: people alone; of each row those who are still watched and still come, then those who stopped.

    Told only if both sides may be told, and so many are still watched that nobody who stops there moves the curve by half a step.
    """
    read = open_raw(raw)
    assert read.cols is not None and len(read.cols) == 2 and not read.has_yen, "people who still come, and who stopped"
    cells = read.tallies(read.row * 2 + read.col, 2 * len(read.rows))
    still, told = cells.persons[::2], np.all(may_be_told(cells).reshape(-1, 2), axis=1)
    found: list[Figure | None] = []
    for persons, share, may in zip(still.tolist(), shares, told.tolist(), strict=True):
        percent = int(100 * share + 1e-9) // SHARE_STEP * SHARE_STEP
        found.append(Figure(in_tens(persons), None, percent) if may and persons >= WATCHED else None)
    return Published(SEAL, read.rows, found, None)


def publish_times(raw: Raw, label: Hashable, of: float) -> Published:
    """How often all that was paid goes into `of` yen, in percent to two digits, as one figure. NaN or nothing: withheld."""
    read = open_raw(raw)
    whole = read.tallies(0 * read.row, 1)
    figure = None
    if may_be_told(whole)[0] and of > 0:
        figure = Figure(in_tens(int(whole.persons[0])), None, two_digits(int(whole.yen[0] * 100 / of)))
    return Published(SEAL, [label], [figure], figure)


def publish_estimates(raw: Raw, errors: Sequence[float]) -> Published:
    """What a model expects of the people of each row and of all, in two digits. `errors`: standard errors, that of all last.

    How far it may be off is told in percent, rounded up to full steps of 5. Who is expected to bring more than the others together
    is protected as if it had been paid.
    """
    read = open_raw(raw)
    assert read.cols is None and read.has_yen, "estimates are one side, with a unit"
    cells, total = read.tallies(read.row, len(read.rows)), read.tallies(0 * read.row, 1)
    joined = Tally(*(np.concatenate(parts) for parts in zip(cells, total, strict=True)))
    found: list[Figure | None] = []
    for persons, expected, error, may in zip(
        joined.persons.tolist(), joined.yen.tolist(), errors, may_be_told(joined).tolist(), strict=True
    ):
        off = -int(-100 * error // max(expected, 1) // SHARE_STEP) * SHARE_STEP
        found.append(Figure(in_tens(persons), two_digits(expected), off) if may else None)
    return Published(SEAL, read.rows, found[:-1], found[-1])
