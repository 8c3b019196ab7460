"""The gate: raw tables go in, published ones come out. A raw table shows nothing of itself to anybody else."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analytics.guard.covers import have_room, room_of, whole_rows_have_room
from analytics.guard.network import BARRED, Network
from analytics.guard.published import SEAL, Grid, Published, figures
from analytics.guard.rule import Bools, Ints, Tally, may_be_told, of_people, tally

NOT_AGAIN = 2**40
"""What it would cost to withhold a total that was told before: more than everything else."""


class Raw:
    """Who contributed how much to which row, and of a table of two sides to which column. Only `publish` reads it.

    `row`, `col`: places among the labels, `person`: dense codes ≥ 0, `yen`: what each contributed, one entry a contribution in any
    order; those without yen are no contribution, since what somebody got back whole was no visit. Without `yen` the
    table counts people alone.
    """

    __slots__ = ("__col", "__cols", "__person", "__row", "__rows", "__yen")

    def __init__(
        self,
        rows: Sequence[Hashable],
        row: NDArray[Any],
        person: NDArray[Any],
        yen: NDArray[Any] | None = None,
        *,
        cols: Sequence[Hashable] | None = None,
        col: NDArray[Any] | None = None,
    ) -> None:
        counts = slice(None) if yen is None else np.asarray(yen) > 0
        self.__rows, self.__cols = tuple(rows), None if cols is None else tuple(cols)
        self.__row, self.__person = (np.asarray(part)[counts].astype(np.int64) for part in (row, person))
        self.__col = np.zeros_like(self.__row) if col is None else np.asarray(col)[counts].astype(np.int64)
        self.__yen = None if yen is None else np.asarray(yen)[counts].astype(np.int64)
        for place, end in ((self.__row, len(self.__rows)), (self.__col, 1 if self.__cols is None else len(self.__cols))):
            if len(place) and (place.min() < 0 or place.max() >= end):
                raise ValueError("a contribution to a row or column that the table does not have")

    def __repr__(self) -> str:
        return "<Raw: only the guard reads it>"


def publish(raw: Raw) -> Published:
    """A table of one side with its total, each figure told or withheld. Yen are exact; no withheld sum can be worked out closely."""
    read = open_raw(raw)
    assert read.cols is None, "a table of two sides: publish_grid"
    cells, total = read.tallies(read.row, len(read.rows)), read.tallies(np.zeros_like(read.row), 1)
    told = [may_be_told(cells), may_be_told(total)]
    if read.has_yen:
        rest = read.tallies(np.zeros_like(read.row), 1, among=~told[0][read.row])
        told = _protect_line(cells, total, rest, told)
    yen = cells.yen.tolist() if read.has_yen else None
    whole = figures(total.persons.tolist(), total.yen.tolist() if read.has_yen else None, told[1].tolist())
    return Published(SEAL, read.rows, figures(cells.persons.tolist(), yen, told[0].tolist()), whole[0])


def publish_within(raw: Raw, groups: Sequence[Hashable], of: Published) -> Published:
    """The parts of figures that were published before: row r belongs to `groups[r]` of `of`, and each group's rows add up to its figure.

    What was told stays told, so nothing but parts is withheld with parts; where the figure was withheld, its parts are.
    """
    read = open_raw(raw)
    assert read.cols is None and read.has_yen, "parts are one side of a table of yen"
    cells = read.tallies(read.row, len(read.rows))
    told = may_be_told(cells)
    of_group: dict[Hashable, list[int]] = {}
    for at, group in enumerate(groups):
        of_group.setdefault(group, []).append(at)
    for group, rows in of_group.items():
        mine = np.isin(read.row, rows)
        part = Tally(*(column[rows] for column in cells))
        if of[group] is None:
            told[rows] = False
            continue
        total = read.tallies(0 * read.row, 1, among=mine)
        rest = read.tallies(0 * read.row, 1, among=mine & ~told[read.row])
        parts_told, total_told = _protect_line(part, total, rest, [told[rows], np.ones(1, bool)], total_cost=NOT_AGAIN)
        told[rows] = parts_told & total_told
    return Published(SEAL, read.rows, figures(cells.persons.tolist(), cells.yen.tolist(), told.tolist()), of.total)


def publish_grid(raw: Raw) -> Grid:
    """A table of two sides with both rows of totals, likewise."""
    return _grid(raw, None)


def publish_grid_within(raw: Raw, of: Published) -> Grid:
    """Another cut of rows that were published before, with their total: what was told of them stays told, what was not is withheld with
    all its parts. No part is known closer than by what was told of its row: it is at most that.
    """
    return _grid(raw, of)


def _grid(raw: Raw, of: Published | None) -> Grid:
    read = open_raw(raw)
    assert read.cols is not None, "a table of one side: publish"
    height, width = len(read.rows), len(read.cols)
    cell = read.row * width + read.col
    parts = (
        read.tallies(cell, height * width),
        read.tallies(read.row, height),
        read.tallies(read.col, width),
        read.tallies(np.zeros_like(read.row), 1),
    )
    told = [may_be_told(part) for part in parts]
    if of is not None:
        told[1] = np.array([of[row] is not None for row in read.rows], bool)
        told[0], told[3] = told[0] & np.repeat(told[1], width), np.array([of.total is not None])
    if read.has_yen:
        small = ~may_be_told(parts[0])[cell]
        rests = read.tallies(read.row, height, among=small), read.tallies(read.col, width, among=small)
        told = _protect_grid(parts, rests, told, rows_told_before=of is not None)
    shown = [
        figures(part.persons.tolist(), part.yen.tolist() if read.has_yen else None, may.tolist())
        for part, may in zip(parts, told, strict=True)
    ]
    rows = [shown[0][at * width : (at + 1) * width] for at in range(height)]
    by_row, by_col = Published(SEAL, read.rows, shown[1], shown[3][0]), Published(SEAL, read.cols, shown[2], shown[3][0])
    return Grid(SEAL, read.rows, read.cols, rows, by_row, by_col)


def open_raw(raw: Raw) -> _Read:
    """For the rooms of the guard alone."""
    return _Read(raw)


class _Read:
    """A raw table, opened."""

    def __init__(self, raw: Raw) -> None:
        self.rows: tuple[Hashable, ...] = raw._Raw__rows  # type: ignore[attr-defined]
        self.cols: tuple[Hashable, ...] | None = raw._Raw__cols  # type: ignore[attr-defined]
        self.row: Ints = raw._Raw__row  # type: ignore[attr-defined]
        self.col: Ints = raw._Raw__col  # type: ignore[attr-defined]
        self.person: Ints = raw._Raw__person  # type: ignore[attr-defined]
        yen: Ints | None = raw._Raw__yen  # type: ignore[attr-defined]
        self.has_yen = yen is not None
        self.yen = np.ones_like(self.row) if yen is None else yen

    def tallies(self, figure: Ints, count: int, *, among: Bools | None = None) -> Tally:
        """What stands behind each figure, of all contributions or `among` some. People alone weigh one each, however often they came."""
        some = slice(None) if among is None else among
        found = tally(figure[some], self.person[some], self.yen[some], count)
        return found if self.has_yen else of_people(found.persons)


def _protect_line(cells: Tally, total: Tally, rest: Tally, told: list[Bools], *, total_cost: int | None = None) -> list[Bools]:
    """Nodes: 0 where the total comes in, 1 where it goes out, 2 where those that the rule withholds branch off; `rest` is their sum."""
    count = len(told[0])
    parts = (cells, total, rest)
    network = Network(
        tails=_joined([np.where(told[0], 0, 2), [1, 0]]),
        heads=_joined([np.ones(count, np.int64), [0, 2]]),
        values=_joined(part.yen for part in parts),
        costs=_joined([cells.persons, total.persons + 1 if total_cost is None else [total_cost], [0]]),
        withheld=~np.concatenate([*told, [False]]),
    )
    _protect(network, ~np.concatenate([*told, may_be_told(rest)]))
    return [~network.withheld[:count], ~network.withheld[count : count + 1]]


def _protect_grid(
    parts: tuple[Tally, ...], rests: tuple[Tally, Tally], told: list[Bools], *, rows_told_before: bool = False
) -> list[Bools]:
    """Nodes: rows, their total, columns, their total; then once more rows and columns, where those branch off that the rule withholds.

    `parts`: cells, totals of rows and of columns, total; `rests`: of each row and column the sum of what the rule withholds, an arc too.
    `rows_told_before`: their totals and the total stay as `told` has them, and are the most that anything in them can be.
    """
    cells, by_row, by_col, total = parts
    height, width = len(by_row.yen), len(by_col.yen)
    by_rule = [may_be_told(part) for part in parts]
    yen, withheld = cells.yen.reshape(height, width), ~told[0].reshape(height, width)
    at_row, at_col = (place.ravel() for place in np.indices((height, width)))
    rows, cols = np.arange(height), np.arange(width)
    row_total, col, col_total = height, height + 1, height + 1 + width
    small_row, small_col = col_total + 1, col_total + 1 + height
    tails = (np.where(~by_rule[0], small_row, 0) + at_row, col_total + 0 * rows, col + cols, [row_total], rows, small_col + cols)
    heads = (np.where(~by_rule[0], small_col, col) + at_col, rows, row_total + 0 * cols, [col_total], small_row + rows, col + cols)
    before = BARRED if rows_told_before else 0  # to withhold them now would hide nothing from whoever has read them
    persons = (cells.persons, by_row.persons + 1 + before, by_col.persons + 1, total.persons + 2 + before, 0 * rows, 0 * cols)
    values = _joined(part.yen for part in (*parts, *rests))
    network = Network(
        tails=_joined(tails),
        heads=_joined(heads),
        values=values,
        costs=_joined(persons),
        withheld=~np.concatenate([*told, rows < 0, cols < 0]),
    )
    most = [by_row.yen[at_row], total.yen + 0 * rows, total.yen + 0 * cols, total.yen, by_row.yen, total.yen + 0 * cols]
    room = room_of(values)
    whole = [whole_rows_have_room(withheld, yen, ~told[1]), whole_rows_have_room(withheld.T, yen.T, ~told[2])]
    lines = [may | is_covered for may, is_covered in zip([*by_rule[1:3], *map(may_be_told, rests)], whole * 2, strict=True)]
    covered = by_rule[0] | have_room(withheld, yen, ~told[1], ~told[2]).ravel()
    small = ~np.concatenate([covered, *lines[:2], by_rule[3], *lines[2:]])
    _protect(network, small, np.minimum(room, _joined(most) - values) if rows_told_before else room)
    kept = ~network.withheld
    ends = np.cumsum([len(part) for part in told])
    found = [kept[end - len(part) : end] for end, part in zip(ends, told, strict=True)]
    return [found[0], told[1], found[2], told[3]] if rows_told_before else found


def _joined(parts: Iterable[Any]) -> Ints:
    return np.concatenate([np.asarray(part, np.int64) for part in parts])


def _protect(network: Network, small: Bools, larger: Ints | None = None) -> None:
    """What holds nothing is withheld like the rest but needs no protection: there is nobody in it. `larger`: where less room is all."""
    room = room_of(network.values)
    network.protect(np.flatnonzero(small & (network.values > 0)).tolist(), room if larger is None else larger, room)
