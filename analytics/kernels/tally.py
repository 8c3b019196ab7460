"""Who did how much in which cell: the one partial from which counts, yen, distinct persons and the largest person's share fall out.

A cell is whatever is asked about: a shop, an hour of a weekday, a pair of shops, a month. Each question gives its rows a cell and
tallies them; tallies of chunks add up. Persons are counted once, whatever the cut.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from analytics.kernels.columns import Int32, Int64, i32, i64, mapped, spans
from analytics.kernels.compiler import kernel

BITS = 9
LAST = (1 << BITS) - 1
"""Cells whose numbers differ in the last bits only are laid together first."""
HALF = (1 << 32) - 1


class Tally(NamedTuple):
    """Each person once in each cell, cells ascending, persons in the order of their first row there."""

    start: Int64
    """int64[cells + 1]: the rows of cell c are start[c] to start[c + 1]."""
    person: Int32
    """int32[m]: code of the consumer."""
    payments: Int32
    """int32[m]"""
    yen: Int64
    """int64[m]"""

    @property
    def cells(self) -> int:
        return self.start.size - 1

    def cell(self) -> Int32:
        """int32[m]: the cell of each row."""
        return np.repeat(np.arange(self.cells, dtype=np.int32), np.diff(self.start))


class Cells(NamedTuple):
    """What the guard needs to know of each cell. All shaped alike."""

    persons: Int32
    """int32: distinct persons who paid."""
    payments: Int64
    """int64"""
    yen: Int64
    """int64: refunds taken off."""
    most_payments: Int64
    """int64: payments of the person with the most."""
    most_yen: Int64
    """int64: yen of the person with the most, never below 0."""
    second_yen: Int64
    """int64: yen of the one after that, never below 0; 0 if there is none."""

    def shaped(self, *shape: int) -> Cells:
        return Cells._make(field.reshape(shape) for field in self)


@kernel
def _ascends(cell: Any) -> bool:
    for i in range(1, cell.size):  # noqa: SIM110  the compiler knows no generators
        if cell[i] < cell[i - 1]:
            return False
    return True


@kernel
def _starts(cell: Any, cells: int) -> Any:
    start = np.zeros(cells + 1, np.int64)
    for i in range(cell.size):
        start[cell[i] + 1] += 1
    for c in range(cells):
        start[c + 1] += start[c]
    return start


@kernel
def _by_cell(cell: Any, start: Any, person: Any, payments: Any, yen: Any) -> Any:
    """Counting sort by cell, stable."""
    place = start[:-1].copy()
    persons, counts, sums = np.empty(person.size, np.int32), np.empty(payments.size, np.int32), np.empty(yen.size, np.int64)
    for i in range(cell.size):
        at = place[cell[i]]
        place[cell[i]] = at + 1
        persons[at] = person[i]
        sums[at] = yen[i]
        if counts.size:
            counts[at] = payments[i]
    return persons, counts, sums


@kernel
def _tally(start: Any, person: Any, payments: Any, yen: Any, consumers: int) -> Any:
    cells = start.size - 1
    begin = np.zeros(cells + 1, np.int64)
    one, sums = np.empty(person.size, np.int32), np.empty((person.size, 2), np.int64)  # payments and yen, side by side
    place = np.full(consumers, -1, np.int32)  # where this person's row of the running cell lies: valid from begin[c] on
    m = 0
    for c in range(cells):
        for i in range(start[c], start[c + 1]):
            p, count = person[i], payments[i] if payments.size else 1
            at = place[p]
            if at < begin[c]:
                place[p] = m
                one[m], sums[m, 0], sums[m, 1] = p, count, yen[i]
                m += 1
            else:
                sums[at, 0] += count
                sums[at, 1] += yen[i]
        begin[c + 1] = m
    return begin, one[:m].copy(), sums[:m, 0].astype(np.int32), sums[:m, 1].copy()


EACH_ONE = np.empty(0, np.int32)
"""In place of a column of payments: each row is one."""


def tally(cell: Int32, person: Int32, yen: Int64, payments: Int32 = EACH_ONE, *, cells: int, consumers: int) -> Tally:
    """Rows of one chunk, added up by (cell, person).

    cell int32[n], 0 to cells - 1; person int32[n], 0 to consumers - 1; yen int64[n]; payments int32[n], or none for one each.
    Two passes and a table of one number a person; cells that ascend already are not sorted.
    """
    cell, person, payments, yen = i32(cell), i32(person), i32(payments), i64(yen)
    start = i64(_starts(cell, cells))
    if not _ascends(cell):
        sorted_person, sorted_payments, sorted_yen = _by_cell(cell, start, person, payments, yen)
        person, payments, yen = i32(sorted_person), i32(sorted_payments), i64(sorted_yen)
    return Tally(*_tally(start, person, payments, yen, consumers))


def combine(parts: Sequence[Tally]) -> Tally:
    """The tally of all chunks together. A part that ends at an earlier cell is taken as empty there."""
    if len(parts) == 1:
        return parts[0]
    cells = max((part.cells for part in parts), default=0)
    if _follow(parts):
        counts = sum(np.pad(np.diff(part.start), (0, cells - part.cells)) for part in parts)
        return Tally(np.concatenate([[0], np.cumsum(counts)]), *(np.concatenate([part[field] for part in parts]) for field in (1, 2, 3)))
    person = np.concatenate([part.person for part in parts] or [EACH_ONE])
    columns = (
        np.concatenate([part.cell() for part in parts] or [EACH_ONE]),
        person,
        np.concatenate([part.yen for part in parts] or [np.empty(0, np.int64)]),
        np.concatenate([part.payments for part in parts] or [EACH_ONE]),
    )
    return tally(*columns, cells=cells, consumers=int(person.max(initial=-1)) + 1)


def _follow(parts: Sequence[Tally]) -> bool:
    """Whether each part ends before the cell in which the next begins, as whole months do."""
    filled = [np.flatnonzero(np.diff(part.start)) for part in parts]
    ends = [(each[0], each[-1]) for each in filled if each.size]
    return bool(ends) and all(before[1] < after[0] for before, after in pairwise(ends))


@kernel
def _sizes(cell: Any, buckets: int) -> Any:
    count = np.zeros(buckets, np.int64)
    for i in range(cell.size):
        count[np.uint32(cell[i]) >> BITS] += 1  # without a sign nobody asks whether it counts from the end
    return count


@kernel
def _lay(cell: Any, person: Any, yen: Any, place: Any, rows: Any) -> None:
    """To the bucket of their cell, from `place` on: the cell's last bits above the person, and yen."""
    for i in range(cell.size):
        bucket = np.uint32(cell[i]) >> BITS
        to = place[bucket]
        place[bucket] = to + 1
        rows[to, 0], rows[to, 1] = np.int64(cell[i] & LAST) << 32 | person[i], yen[i]


@kernel
def _counted(low: int, high: int, start: Any, rows: Any, consumers: int, table: Any) -> None:
    """The cells of some buckets: persons, payments, yen, payments and yen of the person with the most, yen of the second."""
    most = 0
    for b in range(low, high):
        most = max(most, start[b + 1] - start[b])
    copy, own = np.empty((most, 2), np.int64), np.empty((most, 2), np.int64)
    begin = np.empty(LAST + 2, np.int64)
    line_of = np.full(consumers, -1, np.int32)  # where in `own` a person's payments and yen lie: of this cell from `first` on
    first = 0
    for b in range(low, high):
        begin[:] = 0
        for i in range(start[b], start[b + 1]):
            begin[(rows[i, 0] >> 32) + 1] += 1
        for c in range(1, begin.size):
            begin[c] += begin[c - 1]
        for i in range(start[b], start[b + 1]):
            c = rows[i, 0] >> 32
            copy[begin[c], 0], copy[begin[c], 1] = rows[i, 0] & HALF, rows[i, 1]
            begin[c] += 1
        i = 0
        for c in range(min(LAST + 1, table.shape[1] - (b << BITS))):
            lines = payments = yen = most_payments = most_yen = second_yen = 0
            while i < begin[c]:
                line = line_of[copy[i, 0]] - first
                if line < 0:
                    line, line_of[copy[i, 0]] = lines, first + lines
                    own[line, 0], own[line, 1] = 0, 0
                    lines += 1
                own[line, 0] += 1
                own[line, 1] += copy[i, 1]
                i += 1
            for line in range(lines):
                payments += own[line, 0]
                yen += own[line, 1]
                most_payments = max(most_payments, own[line, 0])
                second_yen = max(second_yen, min(most_yen, own[line, 1]))
                most_yen = max(most_yen, own[line, 1])
            first += lines
            to = (b << BITS) + c
            table[0, to], table[1, to], table[2, to], table[3, to], table[4, to] = lines, payments, yen, most_payments, most_yen
            table[5, to] = second_yen


def counted(chunks: Sequence[tuple[Int32, Int32, Int64]], *, cells: int, consumers: int) -> Cells:
    """Payments added up by cell, by all threads. Chunks: cell, person, yen; fewer than 2**31 rows in all.

    Rows are laid by some hundreds of cells first, and by cell within the nearest cache: in one go each would be a miss of its own.
    """
    given = [(i32(cell), i32(person), i64(yen)) for cell, person, yen in chunks]
    sizes = mapped(_sizes, [(cell, (cells >> BITS) + 1) for cell, _, _ in given])
    start = np.concatenate([[0], np.cumsum(np.sum(sizes, axis=0))])
    place = start[:-1] + np.cumsum(sizes, axis=0) - sizes
    rows, table = np.empty((int(start[-1]), 2), np.int64), np.empty((6, cells), np.int64)
    mapped(_lay, [(*chunk, where, rows) for chunk, where in zip(given, place, strict=True)])
    mapped(_counted, [(*piece, i64(start), i64(rows), consumers, table) for piece in spans(start)])
    return Cells(table[0].astype(np.int32), *table[1:])
