"""A guarded table as arrays, so that a closed month is guarded once: what was told of it is kept, and nothing that was withheld."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np

from analytics.guard.published import SEAL, Figure, Grid, Published

WITHHELD = -1


def packed(grid: Grid) -> dict[str, np.ndarray[Any, Any]]:
    """People in tens and yen of cells, with the totals of rows in the last column and those of columns in the last row; -1: withheld."""
    width = len(grid.by_col.labels)
    lines = [[*(figure for _, figure in grid.row(label)), total] for label, total in grid.by_row]
    lines.append([*(figure for _, figure in grid.by_col), grid.total])
    found = np.full((2, len(lines), width + 1), WITHHELD, np.int64)
    for row, line in enumerate(lines):
        for col, figure in enumerate(line):
            if figure is not None:
                found[:, row, col] = figure.persons, WITHHELD if figure.yen is None else figure.yen
    return {"persons": found[0].astype(np.int32), "yen": found[1]}


def unpacked(rows: Sequence[Hashable], cols: Sequence[Hashable], arrays: Mapping[str, np.ndarray[Any, Any]]) -> Grid:
    """The same table again, for its labels."""
    lines = [
        [None if persons < 0 else Figure(persons, None if yen < 0 else yen) for persons, yen in zip(*line, strict=True)]
        for line in zip(arrays["persons"].tolist(), arrays["yen"].tolist(), strict=True)
    ]
    *cells, last = lines
    total = last[-1]
    by_row = Published(SEAL, rows, [line[-1] for line in cells], total)
    return Grid(SEAL, rows, cols, [line[:-1] for line in cells], by_row, Published(SEAL, cols, last[:-1], total))
