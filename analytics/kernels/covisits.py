"""Who goes to both: distinct persons shared by two shops, how far beyond chance, and whether that can be told from chance.

Lift: Church & Hanks (1990), Computational Linguistics 16, whose mutual information is its logarithm. Tests of a 2 × 2 table: Pearson's
chi² where every expected count is 5 or more (Cochran 1954), else Fisher's exact test (1922), two-sided. Many pairs are tested at once,
so the share of false finds is held by Benjamini & Hochberg (1995).
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from analytics.kernels import people
from analytics.kernels.columns import Float, Int32, i32, mapped
from analytics.kernels.compiler import kernel
from analytics.kernels.people import BITS, LAST

CHI2_FROM = 5.0
"""Smallest expected count for which chi² is near enough."""
MANY = 32
"""Shops from which on a person is quicker counted as a bit than pair by pair: the pairs are as many as half their square."""
BUSY = 4_096
"""Such persons that are compared at once: their bits fit the second cache."""
ONE, TWO, FOUR, LAST_BYTE = np.uint64(1), np.uint64(2), np.uint64(4), np.uint64(56)
EVERY_SECOND, PAIRS, NIBBLES, BYTES = (np.uint64((2**64 - 1) // part) for part in (3, 5, 17, 255))


class CoVisits(NamedTuple):
    """Shape [shops, shops], symmetric."""

    persons: Int32
    """int32: distinct persons who paid at both; on the diagonal, at this one."""
    lift: Float
    """float64: persons at both ÷ what chance would bring; NaN where one shop has nobody, and on the diagonal."""
    p: Float
    """float64: how likely chance alone brings a table at least as uneven; NaN as above."""
    q: Float
    """float64: p after Benjamini and Hochberg over all pairs: pairs with q ≤ 0.05 hold 5 % false finds on average."""


def _symmetric(counted: Sequence[Any]) -> Int32:
    one_sided: Int32 = np.sum(counted, axis=0, dtype=np.int32)
    return one_sided + one_sided.T - np.diag(np.diagonal(one_sided))


@kernel
def _scatter(consumer: Any, shop: Any, place: Any, rows: Any) -> None:
    """To the bucket of its consumer, from `place` on: the last bits of the consumer above the shop."""
    for i in range(consumer.size):
        to = place[consumer[i] >> BITS]
        place[consumer[i] >> BITS] = to + 1
        rows[to] = (np.uint32(consumer[i] & LAST) << 24) | shop[i]


@kernel
def _ones(word: Any) -> Any:
    """How many bits of a uint64 are set: Warren (2012), "Hacker's Delight", 5-1."""
    word -= (word >> ONE) & EVERY_SECOND
    word = (word & PAIRS) + ((word >> TWO) & PAIRS)
    word = (word + (word >> FOUR)) & NIBBLES
    return (word * BYTES) >> LAST_BYTE


@kernel
def _add_pairs(mine: Any, shared: Any) -> None:
    for i in range(mine.size):
        row = shared[mine[i]]
        for j in range(i, mine.size):
            row[mine[j]] += 1


@kernel
def _add_busy(busy: Any, noted: int, shared: Any) -> None:
    """Persons of many shops: a row a shop, one a bit, so many of them. Empties it."""
    for s in range(len(busy) if noted else 0):
        for t in range(s, len(busy)):
            both = np.uint64(0)
            for word in range((noted + 63) >> 6):
                both += _ones(busy[s, word] & busy[t, word])
            shared[s, t] += np.int32(both)
    busy[:] = 0


@kernel
def _shared(first: int, low: Any, high: Any, rows: Any, shops: int) -> Any:
    """Persons who paid at both, each pair on one side of the diagonal or the other, of some buckets.

    The persons of a bucket are so few that a table says who was where. Who was in few shops adds to each pair; who was in many is noted as
    a bit of each shop's words, and words are compared.
    """
    shared, busy, noted = np.zeros((shops, shops), np.int32), np.zeros((shops, BUSY >> 6), np.uint64), 0
    seen, shop_of = np.zeros((LAST + 1, shops), np.bool_), np.empty((LAST + 1, shops), np.uint32)
    many = np.zeros(LAST + 1, np.int64)
    for b in range(low.size):
        for i in range(low[b], high[b]):
            who, shop = rows[i] >> 24, rows[i] & ((1 << 24) - 1)
            if not seen[who, shop]:
                seen[who, shop] = True
                shop_of[who, many[who]] = shop
                many[who] += 1
        for who in range(LAST + 1):
            mine = shop_of[who, : many[who]]
            for i in range(mine.size):
                seen[who, mine[i]] = False
            if mine.size >= MANY:
                for i in range(mine.size):
                    busy[mine[i], noted >> 6] |= ONE << np.uint64(noted & 63)
                noted += 1
                if noted == BUSY:
                    _add_busy(busy, noted, shared)
                    noted = 0
            else:
                _add_pairs(mine, shared)
            many[who] = 0
    _add_busy(busy, noted, shared)
    return shared


def both(chunks: Iterable[Sequence[Any]], *, consumers: int, shops: int) -> Int32:
    """int32[shops, shops]: distinct persons who paid at both shops. Chunks of consumer and shop of each payment, in any order.

    Each (person, shop) is made distinct first, so the cost beyond reading is the sum of the squares of shops a person, not of payments.
    """
    given = [(i32(consumer), i32(shop)) for consumer, shop in chunks]
    plan = people.buckets([consumer for consumer, _ in given], consumers=consumers)
    rows = np.empty(int(plan.high[-1]), np.uint32)
    mapped(_scatter, [(*chunk, place, rows) for chunk, place in zip(given, plan.place, strict=True)])
    return _symmetric(mapped(_shared, [(*piece, rows, shops) for piece in plan.pieces()]))


@kernel
def _fisher(a: int, n1: int, n2: int, n: int, log_factorial: Any) -> float:
    """Two-sided: the sum of all tables with these margins that are no more likely than this one, as R and scipy define it."""
    low, high = max(0, n1 + n2 - n), min(n1, n2)
    log_rest = log_factorial[n1] + log_factorial[n - n1] + log_factorial[n2] + log_factorial[n - n2] - log_factorial[n]
    seen = log_rest - log_factorial[a] - log_factorial[n1 - a] - log_factorial[n2 - a] - log_factorial[n - n1 - n2 + a]
    total = 0.0
    for k in range(low, high + 1):
        one = log_rest - log_factorial[k] - log_factorial[n1 - k] - log_factorial[n2 - k] - log_factorial[n - n1 - n2 + k]
        if one <= seen + 1e-7:  # equal tables may differ in the last digits
            total += math.exp(one)
        if one < seen - 50 and k * n > n1 * n2:  # beyond the peak: all that follows is nothing beside this table
            break
    return min(total, 1.0)


@kernel
def _chi2(a: float, n1: float, n2: float, n: float) -> float:
    """Pearson's chi² with one degree of freedom, no correction for continuity."""
    off = a * n - n1 * n2
    return math.erfc(math.sqrt(off * off * n / (n1 * n2 * (n - n1) * (n - n2)) / 2))


@kernel
def _tests(both: Any, n: int, log_factorial: Any, lift: Any, p: Any) -> None:
    shops = both.shape[0]
    for s in range(shops):
        for t in range(s + 1, shops):
            n1, n2, a = both[s, s], both[t, t], both[s, t]
            if n1 == 0 or n2 == 0:
                continue
            lift[s, t] = lift[t, s] = float(a) * n / (float(n1) * n2)
            least = float(min(n1, n - n1)) * min(n2, n - n2) / n
            if least >= CHI2_FROM:
                p[s, t] = p[t, s] = _chi2(float(a), float(n1), float(n2), float(n))
            else:
                p[s, t] = p[t, s] = _fisher(a, n1, n2, n, log_factorial)


def tested(shared: Int32, *, persons: int) -> CoVisits:
    """Pairs of shops with lift and significance, from the shared persons int32[shops, shops]. `persons`: everybody who paid anywhere in the
    period, at least as many as at any shop."""
    lift, p = np.full(shared.shape, np.nan), np.full(shared.shape, np.nan)
    log_factorial = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, persons + 1)))])
    _tests(shared, persons, log_factorial, lift, p)
    q = np.full(shared.shape, np.nan)
    upper = np.triu(~np.isnan(p), 1)
    q[upper] = adjusted(p[upper])
    q.T[upper] = q[upper]
    return CoVisits(shared, lift, p, q)


def adjusted(p: Float) -> Float:
    """float64[m]: Benjamini and Hochberg's adjusted p of m tests, in the order given."""
    order = np.argsort(p, kind="stable")
    raised = p[order] * p.size / np.arange(1, p.size + 1)
    least = np.minimum(np.minimum.accumulate(raised[::-1])[::-1], 1.0)
    answer = np.empty_like(least)
    answer[order] = least
    return answer
