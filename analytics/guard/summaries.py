"""Two summaries that no table with totals can give: how a day goes so far, and what is usual among shops."""

from __future__ import annotations

from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from analytics.guard.published import SEAL, Figure, Published, figures
from analytics.guard.rule import LEAST_OTHERS, LEAST_SHOPS, SHOP_PERCENT, Ints, in_tens, may_be_told, two_digits
from analytics.guard.tables import Raw, open_raw


def publish_steps(raw: Raw, *, owner: NDArray[Any] | None = None) -> Published:
    """How many people came up to the end of each row; rows are steps of time in order, closed ones only.

    Looked at again and again, a running count tells what came in between. So it moves only where those who came since it last moved may
    themselves be told. Of yen it tells nothing, however coarse: the month's exact sums less the days' would leave those of few people.
    `owner`: of each contribution whose shop it was at, for readers who may own one: then it moves only for three owners or more.
    """
    read = open_raw(raw)
    assert read.cols is None and not read.has_yen, "steps are one side of a table of people"
    found: list[Figure | None] = []
    since = 0
    for step in range(len(read.rows)):
        block = (read.row >= since) & (read.row <= step)
        are_others = owner is None or len(np.unique(owner[block])) >= LEAST_OTHERS
        if are_others and may_be_told(read.tallies(0 * read.row, 1, among=block))[0]:
            so_far = read.tallies(0 * read.row, 1, among=read.row <= step)
            found.append(Figure(in_tens(int(so_far.persons[0])), None))
            since = step + 1
        else:
            found.append(found[-1] if found else None)
    return Published(SEAL, read.rows, found, found[-1] if found else None)


def publish_days(raw: Raw) -> Published:
    """Whole days, each by itself, in people alone: a day's yen, however coarse, set off against the month's exact weekdays would leave
    those of few people. Told only where its yen might be. There is no total.
    """
    read = open_raw(raw)
    assert read.cols is None and read.has_yen, "days are one side of a table of yen"
    cells = read.tallies(read.row, len(read.rows))
    return Published(SEAL, read.rows, figures(cells.persons.tolist(), None, may_be_told(cells).tolist()), None)


def publish_median(raw: Raw) -> Published:
    """What is usual among the shops that are the rows: one figure under the label "median", yen to two digits.

    Withheld if fewer than five of them may be told by themselves, or if one of these makes half of what they take in together.
    The middle one of five is somebody's sum; two digits of it, with nobody knowing whose, do not tell it.
    """
    read = open_raw(raw)
    assert read.cols is None, "shops are one side"
    shops = read.tallies(read.row, len(read.rows))
    told = may_be_told(shops)
    yen = shops.yen[told]
    label: Literal["median"] = "median"
    if len(yen) < LEAST_SHOPS or int(yen.max()) * 100 >= int(yen.sum()) * SHOP_PERCENT:
        return Published(SEAL, [label], [None], None)
    figure = Figure(in_tens(int(_middle(shops.persons[told]))), two_digits(_middle(yen)))
    return Published(SEAL, [label], [figure], None)


def _middle(values: Ints) -> int:
    """The lower one of the two in the middle of an even number."""
    return int(np.sort(values)[(len(values) - 1) // 2])
