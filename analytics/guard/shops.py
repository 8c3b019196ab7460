"""For readers who own a shop, or may: what fewer than three shops did is withheld too, and so much more that nobody takes their own off."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.guard.published import SEAL, Grid, Published
from analytics.guard.rule import LEAST_OTHERS


def among_shops(found: Published, row: NDArray[Any], shop: NDArray[Any], *, adds_up: bool = True) -> Published:
    """`found` as it is told to whoever is not of the association. `row`, `shop`: of each visit its place among the labels, and the shop.

    With one shop a figure is that shop's own, and with two each has the other's by taking its own off. Where the rows add up to something
    that is told, what is withheld is of three shops at least as well: the smallest go, by how often somebody paid.
    """
    labels = found.labels
    behind = shops_behind(row, shop, len(labels))
    often = np.bincount(row, minlength=len(labels))
    told = [at for at in np.argsort(often, kind="stable").tolist() if found[labels[at]] is not None and len(behind[at]) >= LEAST_OTHERS]
    rest: set[int] = set().union(*(behind[at] for at in range(len(labels)) if at not in told))
    while adds_up and told and 0 < len(rest) < LEAST_OTHERS:
        rest |= behind[told.pop(0)]
    total = found.total if len(set().union(*behind)) >= LEAST_OTHERS else None
    kept = set(told)
    return Published(SEAL, labels, [found[label] if at in kept else None for at, label in enumerate(labels)], total)


def grid_among_shops(found: Grid, row: NDArray[Any], col: NDArray[Any], shop: NDArray[Any]) -> Grid:
    """A table of two sides likewise, row by row; of its columns' totals nothing is told."""
    labels, cols = found.by_row.labels, found.by_col.labels
    parts = [among_shops(found.row(label), col[row == at], shop[row == at]) for at, label in enumerate(labels)]
    by_row = Published(SEAL, labels, [part.total for part in parts], None)
    return Grid(
        SEAL, labels, cols, [[part[label] for label in cols] for part in parts], by_row, Published(SEAL, cols, [None] * len(cols), None)
    )


def columns_among_shops(found: Grid, col: NDArray[Any], shop: NDArray[Any]) -> Grid:
    """A table of shops × columns whose totals by column are told as to others; each shop's row is for itself, as it was."""
    labels, cols = found.by_row.labels, found.by_col.labels
    by_col = among_shops(found.by_col, col, shop)
    cells = [[figure for _, figure in found.row(label)] for label in labels]
    return Grid(SEAL, labels, cols, cells, found.by_row, by_col)


def shops_behind(row: NDArray[Any], shop: NDArray[Any], rows: int) -> list[set[int]]:
    """Of each row the shops where somebody paid."""
    found: list[set[int]] = [set() for _ in range(rows)]
    for at, where in np.unique(np.stack([row.astype(np.int64), shop.astype(np.int64)]), axis=1).T.tolist():
        found[at].add(where)
    return found
