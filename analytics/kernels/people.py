"""All payments, person by person: for the whole history at once, where parts of months need not be kept.

What one person did lies together then, so a kernel passes over it once with tables that stay in the nearest cache, and what it
found of different persons simply adds up: no person is in two pieces. Sorting so costs about as much as one kernel; the sorted
columns serve every `whole` function of the other files.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from analytics.kernels.columns import THREADS, Int32, Int64, i32, i64, mapped
from analytics.kernels.compiler import kernel
from analytics.kernels.tally import Cells

BITS = 8
"""Consumers whose codes differ in the last bits only are sorted together, in the second of two passes: some hundreds, so that the
places written to fit the nearest cache in both."""


class People(NamedTuple):
    """Sorted by consumer, and within a consumer by time."""

    start: Int64
    """int64[consumers + 1]"""
    at: Int64
    shop: Int32
    yen: Int64
    """[n] each"""


class Visits(NamedTuple):
    """Each (person, shop) once, by person; shops in the order of the first payment."""

    start: Int64
    """int64[consumers + 1]"""
    shop: Int32
    payments: Int32
    yen: Int64


@kernel
def _histogram(consumer: Any, buckets: int) -> Any:
    count = np.zeros(buckets, np.int64)
    for i in range(consumer.size):
        count[consumer[i] >> BITS] += 1
    return count


@kernel
def _scatter(at: Any, consumer: Any, shop: Any, yen: Any, place: Any, rough: Any) -> None:
    """First pass: to the bucket of its consumer, from `place` on. A row lies together (at, consumer and shop, yen): one place a bucket."""
    for i in range(at.size):
        bucket = consumer[i] >> BITS
        to = place[bucket]
        place[bucket] = to + 1
        rough[to, 0], rough[to, 1], rough[to, 2] = at[i], (np.int64(consumer[i]) << 32) | shop[i], yen[i]


@kernel
def _settle(low: Any, high: Any, first: int, rough: Any, start: Any, at: Any, shop: Any, yen: Any) -> None:
    """Second pass: inside each bucket by consumer. `first`: the number of the first bucket; start, at, shop, yen are filled."""
    place = np.empty((1 << BITS) + 1, np.int64)
    for b in range(low.size):
        base = (first + b) << BITS
        place[:] = 0
        for i in range(low[b], high[b]):
            place[(rough[i, 1] >> 32) - base + 1] += 1
        place[0] = low[b]
        for c in range(1, place.size):
            place[c] += place[c - 1]
        for c in range(min(place.size - 1, start.size - 1 - base)):
            start[base + c] = place[c]
        for i in range(low[b], high[b]):
            who = (rough[i, 1] >> 32) - base
            to = place[who]
            place[who] = to + 1
            at[to], shop[to], yen[to] = rough[i, 0], rough[i, 1] & 0xFFFF_FFFF, rough[i, 2]


def people(chunks: Iterable[Sequence[Any]], *, consumers: int) -> People:
    """All chunks together. Each: at, consumer, shop, yen, sorted by time; chunks in the order of time."""
    given = [(i64(at), i32(consumer), i32(shop), i64(yen)) for at, consumer, shop, yen in chunks]
    buckets = (consumers >> BITS) + 1
    counts = np.array(mapped(_histogram, [(chunk[1], buckets) for chunk in given]), np.int64).reshape(len(given), buckets)
    size = int(counts.sum())
    low = np.cumsum(counts.sum(axis=0)) - counts.sum(axis=0)
    place = low + np.cumsum(counts, axis=0) - counts  # earlier chunks first, so that time goes on
    rough = np.empty((size, 3), np.int64)
    mapped(_scatter, [(*chunk, place[number], rough) for number, chunk in enumerate(given)])
    answer = People(np.full(consumers + 1, size, np.int64), np.empty(size, np.int64), np.empty(size, np.int32), np.empty(size, np.int64))
    high = i64(np.append(low[1:], size))
    borders = np.searchsorted(low, np.arange(THREADS + 1) * size // THREADS)
    borders[[0, -1]] = 0, buckets
    mapped(_settle, [(i64(low[a:b]), high[a:b], a, rough, *answer) for a, b in pairwise(borders.tolist())])
    return answer


def ranges(start: Int64, pieces: int = THREADS) -> list[Int64]:
    """`start` in pieces of persons with nearly as many rows each, for several threads."""
    borders = np.searchsorted(start, np.arange(pieces + 1) * int(start[-1]) // pieces).tolist()
    borders[0], borders[-1] = 0, start.size - 1
    return [i64(start[low : high + 1]) for low, high in pairwise(borders)]


def over(work: Callable[..., Any], who: People, *rest: Any) -> list[Any]:
    """`work(start, at, shop, yen, *rest)` of each range of persons, several at once: what it answers adds up."""
    return mapped(work, [(start, i64(who.at), i32(who.shop), i64(who.yen), *rest) for start in ranges(who.start)])


@kernel
def add_up(start: Any, cell: Any, yen: Any, table: Any) -> None:
    """Into table int64[cells, 5], the fields of `tally.Cells`: who did how much where.

    start int64[persons + 1]: where each person's rows begin in cell int32[n] (-1: counts nowhere) and yen int64[n].
    """
    place = np.full(len(table), -1, np.int32)  # this person's line of the cell: valid from `base` on
    most = 1
    for c in range(start.size - 1):
        most = max(most, start[c + 1] - start[c])
    where, payments, total = np.empty(most, np.int32), np.empty(most, np.int64), np.empty(most, np.int64)
    base = 0
    for c in range(start.size - 1):
        lines = 0
        for i in range(start[c], start[c + 1]):
            if cell[i] < 0:
                continue
            line = place[cell[i]] - base
            if line < 0:
                line = lines
                place[cell[i]] = base + line
                where[line], payments[line], total[line] = cell[i], 0, 0
                lines += 1
            payments[line] += 1
            total[line] += yen[i]
        for line in range(lines):
            to, paid, sum_of = where[line], payments[line], total[line]
            table[to, 0] += 1
            table[to, 1] += paid
            table[to, 2] += sum_of
            table[to, 3] = max(table[to, 3], paid)
            table[to, 4] = max(table[to, 4], sum_of)
        base += lines


@kernel
def _merge(table: Any, more: Any) -> None:
    for cell in range(len(table)):
        for field in range(3):
            table[cell, field] += more[cell, field]
        for field in range(3, 5):
            table[cell, field] = max(table[cell, field], more[cell, field])


@kernel
def _fields(table: Any) -> Any:
    persons, fields = np.empty(len(table), np.int32), np.empty((4, len(table)), np.int64)
    for cell in range(len(table)):
        persons[cell] = table[cell, 0]
        for field in range(4):
            fields[field, cell] = table[cell, field + 1]
    return persons, fields


def cells(tables: Sequence[Any]) -> Cells:
    """The tables of disjoint persons, added up into the first."""
    for table in tables[1:]:
        _merge(tables[0], table)
    persons, fields = _fields(tables[0])
    return Cells(persons, *fields)


@kernel
def _visits(start: Any, at: Any, shop: Any, yen: Any, shops: int) -> Any:
    size = start[-1] - start[0]
    begin, where, payments, total = (
        np.zeros(start.size, np.int64),
        np.empty(size, np.int32),
        np.empty(size, np.int32),
        np.empty(size, np.int64),
    )
    place = np.full(shops, -1, np.int64)
    m = 0
    for c in range(start.size - 1):
        for i in range(start[c], start[c + 1]):
            line = place[shop[i]]
            if line < begin[c]:
                place[shop[i]] = line = m
                where[m], payments[m], total[m] = shop[i], 0, 0
                m += 1
            payments[line] += 1
            total[line] += yen[i]
        begin[c + 1] = m
    return begin, where[:m].copy(), payments[:m].copy(), total[:m].copy()


def visits(who: People, *, shops: int) -> list[Visits]:
    """Who paid at which shop, one for each range of persons (`over`)."""
    return [Visits(*piece) for piece in over(_visits, who, shops)]
