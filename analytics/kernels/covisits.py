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

from analytics.kernels import people, tally
from analytics.kernels.columns import Float, Int32, Int64, cut, i32, i64, mapped
from analytics.kernels.compiler import kernel
from analytics.kernels.people import BITS, LAST, Visits

CHI2_FROM = 5.0
"""Smallest expected count for which chi² is near enough."""


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


def visits_part(consumer: Int32, shop: Int32, yen: Int64, *, consumers: int, shops: int) -> tally.Tally:
    """Who paid at which shop: a tally with the shop as its cell. `tally.combine` adds the chunks; other kernels take it as well."""
    return tally.tally(shop, consumer, yen, cells=shops, consumers=consumers)


@kernel
def _by_person(start: Any, person: Any, payments: Any, consumers: int) -> Any:
    """The same pairs by person: begin int64[consumers + 1], shop int32[m] ascending."""
    begin = np.zeros(consumers + 1, np.int64)
    for i in range(person.size):
        if payments[i] > 0:
            begin[person[i] + 1] += 1
    for c in range(consumers):
        begin[c + 1] += begin[c]
    place = begin[:-1].copy()
    shop = np.empty(begin[consumers], np.int32)
    for s in range(start.size - 1):
        for i in range(start[s], start[s + 1]):
            if payments[i] > 0:
                shop[place[person[i]]] = s
                place[person[i]] += 1
    return begin, shop


@kernel
def _pairs(begin: Any, end: Any, shop: Any, shops: int) -> Any:
    """Persons who paid at both, each pair on one side of the diagonal or the other, by the order of its shops."""
    both = np.zeros((shops, shops), np.int32)
    for c in range(begin.size):
        for i in range(begin[c], end[c]):
            row = both[shop[i]]
            for j in range(i, end[c]):
                row[np.uint32(shop[j])] += 1  # without a sign nobody asks whether it counts from the end
    return both


def by_person(part: tally.Tally, consumers: int) -> tuple[Int64, Int32]:
    """The shops of each person, ascending: begin int64[consumers + 1], shop int32[m]. Who only took money back was not there."""
    return _by_person(i64(part.start), i32(part.person), i32(part.payments), consumers)  # type: ignore[no-any-return]


def both(part: tally.Tally) -> Int32:
    """int32[shops, shops]: distinct persons who paid at both shops, from the tally by shop.

    Each (person, shop) is made distinct first, then each person adds 1 for each pair of their shops: the cost is the sum of the
    squares of shops a person, not of payments.
    """
    begin, shop = by_person(part, int(part.person.max(initial=-1)) + 1)
    counted = mapped(_pairs, [(i64(low), i64(high), i32(shop), part.cells) for low, high in cut(begin[:-1], begin[1:])])
    return _symmetric(counted)


def _symmetric(counted: Sequence[Any]) -> Int32:
    one_sided: Int32 = np.sum(counted, axis=0, dtype=np.int32)
    return one_sided + one_sided.T - np.diag(np.diagonal(one_sided))


def whole(visits: Sequence[Visits], *, shops: int) -> Int32:
    """`both` of the whole history, from `people.visits`."""
    return _symmetric(mapped(_pairs, [(i64(one.start[:-1]), i64(one.start[1:]), i32(one.shop), shops) for one in visits]))


@kernel
def _scatter(consumer: Any, shop: Any, place: Any, rows: Any) -> None:
    """To the bucket of its consumer, from `place` on: the last bits of the consumer above the shop."""
    for i in range(consumer.size):
        to = place[consumer[i] >> BITS]
        place[consumer[i] >> BITS] = to + 1
        rows[to] = (np.uint32(consumer[i] & LAST) << 24) | shop[i]


@kernel
def _shared(first: int, low: Any, high: Any, rows: Any, shops: int) -> Any:
    """Persons who paid at both, each pair on one side of the diagonal or the other, of some buckets: so few persons that a table says who
    was where."""
    shared = np.zeros((shops, shops), np.int32)
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
                row = shared[mine[i]]
                for j in range(i, mine.size):
                    row[mine[j]] += 1
            many[who] = 0
    return shared


def of_rows(chunks: Iterable[Sequence[Any]], *, consumers: int, shops: int) -> Int32:
    """`both` of the whole history, from nothing but consumer and shop of each payment: chunks of these two, rows in any order."""
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


def covisits(part: tally.Tally, *, persons: int) -> CoVisits:
    """Pairs of shops with lift and significance. `persons`: everybody who paid anywhere in the period, at least as many as at any shop."""
    return tested(both(part), persons=persons)


def tested(shared: Int32, *, persons: int) -> CoVisits:
    """The same from the shared persons, int32[shops, shops]."""
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
