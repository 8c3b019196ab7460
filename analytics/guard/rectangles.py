"""Most withheld cells of a large table protect each other: a quick sufficient sign of it, so that few are left for the network."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analytics.guard.rule import PROTECTION_PERCENT, Bools, Ints

ACROSS, BESIDE = 64, 8


def have_room(withheld: Bools, yen: Ints) -> Bools:
    """Which cells are a corner of a rectangle of withheld ones that lets them be larger and smaller by the room they need.

    `withheld`, `yen`: [height, width]. A cell may be larger if the two corners beside it carry the room, smaller if the one
    across does. Only the largest corners are tried: False says nothing.
    Source: the hypercube method, Handbook on Statistical Disclosure Control ch. 4.
    """
    height, width = yen.shape
    larger, smaller = np.zeros_like(withheld), np.zeros_like(withheld)
    if height < 2 or width < 2:
        return larger
    room = -(-yen * PROTECTION_PERCENT // 100)
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
    return withheld & larger & smaller


def _largest(weight: Ints) -> list[NDArray[np.int64]]:
    """Where in each row its largest stand."""
    order = np.argsort(-weight, axis=1, kind="stable")
    return [order[:, at] for at in range(min(BESIDE, weight.shape[1]))]
