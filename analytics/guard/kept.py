"""A guarded table as arrays, so that a closed month is guarded once: what was told of it is kept, and nothing that was withheld."""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from typing import Any, overload

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


class _Lines(Sequence[list[Figure | None]]):
    """The rows of a kept table. The figures of one are made when it is asked for: a shop's page looks at one in five hundred."""

    def __init__(self, persons: np.ndarray[Any, Any], yen: np.ndarray[Any, Any]) -> None:
        self._persons, self._yen = persons, yen

    def __len__(self) -> int:
        return len(self._persons)

    @overload
    def __getitem__(self, row: int) -> list[Figure | None]: ...
    @overload
    def __getitem__(self, row: slice) -> _Lines: ...
    def __getitem__(self, row: int | slice) -> list[Figure | None] | _Lines:
        if isinstance(row, slice):
            return _Lines(self._persons[row], self._yen[row])
        return _figures(self._persons[row], self._yen[row])


def _figures(persons: np.ndarray[Any, Any], yen: np.ndarray[Any, Any]) -> list[Figure | None]:
    return [
        None if many < 0 else Figure(many, None if amount < 0 else amount)
        for many, amount in zip(persons.tolist(), yen.tolist(), strict=True)
    ]


def unpacked(rows: Sequence[Hashable], cols: Sequence[Hashable], arrays: Mapping[str, np.ndarray[Any, Any]]) -> Grid:
    """The same table again, for its labels."""
    persons, yen = arrays["persons"], arrays["yen"]
    *of_rows, total = _figures(persons[:, -1], yen[:, -1])
    of_cols = _figures(persons[-1, :-1], yen[-1, :-1])
    cells = _Lines(persons[:-1, :-1], yen[:-1, :-1])
    return Grid(SEAL, rows, cols, cells, Published(SEAL, rows, of_rows, total), Published(SEAL, cols, of_cols, total))
