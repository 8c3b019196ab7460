"""Most withheld cells of a large table cover each other: quick sufficient signs of it, so that few are left for the network.

Two patterns are looked for. Rectangles: a cell, one beside it in its row, one in its column, and the one across, all withheld. Thin lines:
shops all of whose cells are withheld, through which any withheld cell can be exchanged for any other one.
Source: the hypercube method, Handbook on Statistical Disclosure Control ch. 4; the sums are flows in the sense of `network`.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analytics.guard.rule import PROTECTION_PERCENT, Bools, Ints

ACROSS, BESIDE = 64, 8
"""So many of the largest corners are tried: what is not found says nothing."""


def room_of(yen: Ints) -> Ints:
    """How much larger and smaller each sum must be able to be, for all that outsiders know exactly. Rounded up."""
    return -(-yen * PROTECTION_PERCENT // 100)


def have_room(withheld: Bools, yen: Ints, rows_withheld: Bools, cols_withheld: Bools) -> Bools:
    """Which withheld cells can be larger and smaller by the room they need. False says nothing.

    `withheld`, `yen`: [height, width]; `rows_withheld`, `cols_withheld`: totals.
    """
    larger, smaller = _by_rectangles(withheld, yen)
    for one_side in (_by_thin_rows(withheld, yen), _by_whole_rows(withheld, yen, rows_withheld)):
        larger, smaller = larger | one_side[0], smaller | one_side[1]
    for other_side in (_by_thin_rows(withheld.T, yen.T), _by_whole_rows(withheld.T, yen.T, cols_withheld)):
        larger, smaller = larger | other_side[0].T, smaller | other_side[1].T
    found: Bools = withheld & larger & smaller
    return found


def whole_rows_have_room(withheld: Bools, yen: Ints, totals_withheld: Bools) -> Bools:
    """Which rows, with all their cells and their total withheld, can be larger and smaller as a whole at the cost of others like them."""
    whole = withheld.all(axis=1) & totals_withheld
    sums = np.where(whole, yen.sum(axis=1), 0)
    found: Bools = whole & (np.count_nonzero(whole) > 1) & (sums.sum() - sums >= room_of(sums))
    return found


def _by_thin_rows(withheld: Bools, yen: Ints) -> tuple[Bools, Bools]:
    """A cell is larger at the cost of thin rows' cells in its column and of withheld ones in its row, between which these rows exchange;
    it is smaller at the cost of thin rows' cells in the columns of withheld ones in its row."""
    others = _others(np.asarray(withheld.all(axis=1)), yen)
    in_row = np.where(withheld, yen, 0).sum(axis=1)[:, None] - yen
    exchanged = np.where(withheld, others, 0)
    room = room_of(yen)
    return np.minimum(others, in_row) >= room, exchanged.sum(axis=1)[:, None] - exchanged >= room


def _by_whole_rows(withheld: Bools, yen: Ints, totals_withheld: Bools) -> tuple[Bools, Bools]:
    """Where the totals of several thin rows are withheld too, one of their cells is larger at the cost of the others' in its column, and
    smaller by making one of these larger."""
    whole = withheld.all(axis=1) & totals_withheld
    larger = whole[:, None] & (_others(whole, yen) >= room_of(yen))
    return larger, np.broadcast_to(whole[:, None] & (np.count_nonzero(whole) > 1), yen.shape)


def _others(rows: Bools, yen: Ints) -> Ints:
    """What those rows hold in the column of each cell, without the cell itself."""
    mine = np.where(rows[:, None], yen, 0)
    found: Ints = mine.sum(axis=0)[None, :] - mine
    return found


def _by_rectangles(withheld: Bools, yen: Ints) -> tuple[Bools, Bools]:
    """A cell may be larger if the two corners beside it carry the room, smaller if the one across does."""
    height, width = yen.shape
    larger, smaller = np.zeros_like(withheld), np.zeros_like(withheld)
    if height < 2 or width < 2:
        return larger, smaller
    room = room_of(yen)
    weight = np.where(withheld, yen, -1)
    row, col = np.indices(yen.shape)
    for across in np.argsort(-weight.ravel(), kind="stable")[:ACROSS]:
        up, left = divmod(int(across), width)
        if weight[up, left] <= 0:
            break
        corners = withheld[up, :][None, :] & withheld[:, left][:, None] & (row != up) & (col != left)
        smaller |= corners & (weight[up, left] >= room)
    beside_in_row, beside_in_col = _largest(weight), _largest(weight.T)
    for left in beside_in_row:
        for up in beside_in_col:
            lefts, ups = left[:, None] + 0 * col, up[None, :] + 0 * row
            beside = np.minimum(weight[row, lefts], weight[ups, col])
            larger |= (lefts != col) & (ups != row) & (beside >= room) & withheld[ups, lefts]
    return larger, smaller


def _largest(weight: Ints) -> list[NDArray[np.int64]]:
    """Where in each row its largest stand."""
    order = np.argsort(-weight, axis=1, kind="stable")
    return [order[:, at] for at in range(min(BESIDE, weight.shape[1]))]
