"""Two summaries that no table with totals can give: how a day goes so far, and what is usual among shops."""

from __future__ import annotations

from typing import Literal

import numpy as np

from analytics.guard.published import SEAL, Figure, Published
from analytics.guard.rule import DAY_STEP_YEN, LEAST_SHOPS, SHOP_PERCENT, Ints, in_tens, may_be_told, two_digits
from analytics.guard.tables import Raw, open_raw


def publish_steps(raw: Raw) -> Published:
    """How much came together up to the end of each row; rows are steps of time in order, closed ones only. Yen are in full 10,000.

    Looked at again and again, a running sum tells what came in between. So it moves only where what came since it last moved may
    itself be told, and in steps so coarse that the day's exact sum, published later, does not give away what came last.
    """
    read = open_raw(raw)
    assert read.cols is None, "steps have one side"
    found: list[Figure | None] = []
    since = 0
    for step in range(len(read.rows)):
        block = (read.row >= since) & (read.row <= step)
        if may_be_told(read.tallies(0 * read.row, 1, among=block))[0]:
            so_far = read.tallies(0 * read.row, 1, among=read.row <= step)
            yen = int(so_far.yen[0]) // DAY_STEP_YEN * DAY_STEP_YEN if read.has_yen else None
            found.append(Figure(in_tens(int(so_far.persons[0])), yen))
            since = step + 1
        else:
            found.append(found[-1] if found else None)
    return Published(SEAL, read.rows, found, found[-1] if found else None)


def publish_days(raw: Raw) -> Published:
    """Whole days, each by itself: people in full tens, yen in full 10,000 as of the running day, so that a month's exact sum less its
    told days leaves a withheld one as uncertain as it was. There is no total.
    """
    read = open_raw(raw)
    assert read.cols is None and read.has_yen, "days are one side of a table of yen"
    cells = read.tallies(read.row, len(read.rows))
    persons = [in_tens(each) for each in cells.persons.tolist()]
    yen = [each // DAY_STEP_YEN * DAY_STEP_YEN for each in cells.yen.tolist()]
    told = may_be_told(cells).tolist()
    return Published(SEAL, read.rows, [Figure(*each) if may else None for *each, may in zip(persons, yen, told, strict=True)], None)


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
