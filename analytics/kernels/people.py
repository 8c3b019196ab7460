"""All payments, person by person: for the whole history at once, where parts of months need not be kept.

What one person did lies together then, so a kernel passes over it once with tables that stay in the nearest cache, and what it
found of different persons simply adds up: no person is in two pieces. Sorting so costs about as much as one kernel; the sorted
rows serve whatever asks so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from analytics.kernels.columns import THREADS, Int32, Int64, i32, i64, mapped, spans
from analytics.kernels.compiler import kernel
from analytics.kernels.tokyo import DAY_S, TOKYO_S

BITS = 8
"""Consumers whose codes differ in the last bits only are sorted together, in the second of two passes: some hundreds, so that the
places written to fit the nearest cache in both."""
LAST = (1 << BITS) - 1
SPAN_MAX_S = 1 << 31
HALF = (1 << 32) - 1


class People(NamedTuple):
    """Sorted by consumer, and within a consumer by time. A row is two words, since half the memory is half the time."""

    start: Int64
    """int64[consumers + 1]"""
    rows: Int64
    """int64[n, 2]: seconds since `base` in the upper half and shop in the lower one; yen."""
    base: int
    """Seconds since 1970 of the earliest payment."""
    until: int
    """Seconds since 1970 of the latest payment; 0, as `base` is, without any."""

    @property
    def days(self) -> tuple[int, int]:
        """The Tokyo day of the earliest payment, and the one after that of the latest."""
        return (self.base + TOKYO_S) // DAY_S, (self.until + TOKYO_S) // DAY_S + 1

    @property
    def at(self) -> Int64:
        """int64[n]"""
        return self.base + (self.rows[:, 0] >> 32)

    @property
    def shop(self) -> Int32:
        """int32[n]"""
        return (self.rows[:, 0] & HALF).astype(np.int32)

    @property
    def yen(self) -> Int64:
        """int64[n]"""
        return self.rows[:, 1]


@kernel
def _histogram(consumer: Any, buckets: int) -> Any:
    count = np.zeros(buckets, np.int64)
    for i in range(consumer.size):
        count[consumer[i] >> BITS] += 1
    return count


@kernel
def _scatter(at: Any, consumer: Any, shop: Any, yen: Any, base: int, place: Any, rows: Any) -> None:
    """First pass: to the bucket of its consumer, from `place` on. The last bits of the consumer stand above the shop."""
    for i in range(at.size):
        who = consumer[i]
        to = place[who >> BITS]
        place[who >> BITS] = to + 1
        rows[to, 0] = ((at[i] - base) << 32) | ((who & LAST) << 24) | shop[i]
        rows[to, 1] = yen[i]


@kernel
def _settle(first: int, low: Any, high: Any, rows: Any, start: Any) -> None:
    """Second pass: each bucket by consumer, by way of a copy that fits the cache. `first`: number of the first bucket; fills `start`."""
    most = 0
    for b in range(low.size):
        most = max(most, high[b] - low[b])
    copy = np.empty((most, 2), np.int64)
    place = np.empty(LAST + 2, np.int64)
    for b in range(low.size):
        place[:] = 0
        for i in range(low[b], high[b]):
            copy[i - low[b], 0], copy[i - low[b], 1] = rows[i, 0], rows[i, 1]
            place[((rows[i, 0] >> 24) & LAST) + 1] += 1
        place[0] = low[b]
        for c in range(1, place.size):
            place[c] += place[c - 1]
        base = (first + b) << BITS
        for c in range(min(LAST + 1, start.size - 1 - base)):
            start[base + c] = place[c]
        for i in range(high[b] - low[b]):
            word = copy[i, 0]
            who = (word >> 24) & LAST
            to = place[who]
            place[who] = to + 1
            rows[to, 0], rows[to, 1] = word & ~(LAST << 24), copy[i, 1]


class Buckets(NamedTuple):
    """Where rows go that are laid together by the upper bits of their consumer."""

    place: Int64
    """int64[chunks, buckets]: where each chunk's first row of a bucket goes: earlier chunks first, so that time goes on."""
    low: Int64
    high: Int64
    """int64[buckets]: from where to before where the rows of a bucket lie."""

    def pieces(self) -> list[tuple[int, Int64, Int64]]:
        """First bucket, low and high: in pieces of nearly as many rows each, for several threads."""
        borders = np.searchsorted(self.low, np.arange(THREADS + 1) * int(self.high[-1]) // THREADS)
        borders[[0, -1]] = 0, self.low.size
        return [(a, self.low[a:b], self.high[a:b]) for a, b in pairwise(borders.tolist())]


def buckets(consumers_of: Sequence[Int32], *, consumers: int) -> Buckets:
    """Of the rows of each chunk, in the order of time."""
    many = (consumers >> BITS) + 1
    counts = np.array(mapped(_histogram, [(i32(codes), many) for codes in consumers_of]), np.int64).reshape(len(consumers_of), many)
    ends = np.cumsum(counts.sum(axis=0))
    low = ends - counts.sum(axis=0)
    return Buckets(low + np.cumsum(counts, axis=0) - counts, i64(low), i64(ends))


def people(chunks: Iterable[Sequence[Any]], *, consumers: int, room: Int64 | None = None) -> People:
    """All chunks together. Each: at, consumer, shop, yen, sorted by time; chunks in the order of time.

    `room` int64[n or more, 2]: where to sort, of whoever asks again and again: fresh memory costs more than the sorting. What was sorted
    there before is lost. Within 68 years (else an OverflowError), and with fewer than 16 million shops.
    """
    given = [(i64(at), i32(consumer), i32(shop), i64(yen)) for at, consumer, shop, yen in chunks if len(at)]
    base, until = (int(given[0][0][0]), int(given[-1][0][-1])) if given else (0, 0)
    if until - base >= SPAN_MAX_S:
        raise OverflowError("more years than a row of People holds")
    plan = buckets([chunk[1] for chunk in given], consumers=consumers)
    size = int(plan.high[-1])
    rows, start = np.empty((size, 2), np.int64) if room is None else room[:size], np.full(consumers + 1, size, np.int64)
    mapped(_scatter, [(*chunk, base, place, rows) for chunk, place in zip(given, plan.place, strict=True)])
    mapped(_settle, [(*piece, rows, start) for piece in plan.pieces()])
    return People(start, rows, base, until)


def ranges(start: Int64) -> list[Int64]:
    """`start` in such pieces."""
    return [i64(start[low : high + 1]) for low, high in spans(start)]


def over(work: Callable[..., Any], who: People, *rest: Any) -> list[Any]:
    """`work(start, rows, base, *rest)` of each range of persons, several at once: what it answers adds up."""
    return mapped(work, [(start, i64(who.rows), who.base, *rest) for start in ranges(who.start)])
