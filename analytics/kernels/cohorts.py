"""Who comes back: cohorts by the month of the first payment, and how long people stay.

Cohort tables as in Fader & Hardie (2007), "How to project customer retention"; survival as in Kaplan & Meier (1958),
"Nonparametric estimation from incomplete observations", JASA 53, with the variance of Greenwood (1926).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np

from analytics.kernels import tally
from analytics.kernels.columns import THREADS, Float, Int32, Int64, cut, i32, i64
from analytics.kernels.compiler import kernel
from analytics.kernels.rfm import NEVER
from analytics.kernels.tokyo import DAY_S, TOKYO_S, days, first_day, months


class MonthsPart(NamedTuple):
    """Who paid how often and how much in which month: a tally whose cell 0 is the month `since`."""

    since: int
    start: Int64
    person: Int32
    payments: Int32
    yen: Int64


class Cohorts(NamedTuple):
    """Row: cohort, by month of the first payment from `since` on. Column: months since that. Shape [months, months]."""

    since: int
    """Month of row 0, counted from January 1970."""
    persons: Int64
    """int64: distinct persons of the cohort who paid in that month; column 0 is the whole cohort."""
    payments: Int64
    """int64"""
    yen: Int64
    """int64"""
    most_yen: Int64
    """int64: yen of the one person with the most."""

    def retention(self) -> Float:
        """float64[months, months]: share of the cohort that paid in that month; NaN for an empty cohort or a month to come."""
        size = self.persons[:, :1].astype(np.float64)
        share: Float = np.divide(self.persons, size, out=np.full(self.persons.shape, np.nan), where=size > 0)
        row, column = np.indices(share.shape)
        share[row + column >= len(share)] = np.nan
        return share


def months_part(at: Int64, consumer: Int32, yen: Int64, *, consumers: int) -> MonthsPart:
    """The months of one chunk, from that of its first row to that of its last; rows sorted by time."""
    if not len(at):
        return MonthsPart(0, *tally.tally(i32([]), i32([]), i64([]), cells=0, consumers=0))
    since, until = (int(month) for month in months(np.asarray(at)[[0, -1]]))
    borders = np.array([first_day(month) * DAY_S - TOKYO_S for month in range(since, until + 2)])
    return MonthsPart(since, *tally.grouped(np.searchsorted(at, borders), consumer, yen, consumers=consumers))


def combine(parts: Sequence[MonthsPart]) -> MonthsPart:
    """All chunks together, in any order."""
    parts = [part for part in parts if part.person.size] or list(parts[:1])
    if len(parts) <= 1:
        return parts[0] if parts else months_part(i64([]), i32([]), i64([]), consumers=0)
    since = min(part.since for part in parts)
    return MonthsPart(since, *tally.combine([_moved(part, part.since - since) for part in parts]))


def _moved(part: MonthsPart, by: int) -> tally.Tally:
    return tally.Tally(np.concatenate([np.zeros(by, np.int64), part.start]), *part[2:])


@kernel
def _cohorts(start: Any, person: Any, payments: Any, yen: Any, consumers: int) -> Any:
    months = start.size - 1
    table = np.zeros((months, months, 4), np.int64)
    first = np.full(consumers, -1, np.int32)
    for month in range(months):
        for i in range(start[month], start[month + 1]):
            cohort = first[person[i]]
            if cohort < 0:
                cohort = first[person[i]] = month
            age = month - cohort
            table[cohort, age, 0] += 1
            table[cohort, age, 1] += payments[i]
            table[cohort, age, 2] += yen[i]
            table[cohort, age, 3] = max(table[cohort, age, 3], yen[i])
    return table


def cohorts(part: MonthsPart) -> Cohorts:
    """The table of all months together. Give it the whole history: whoever paid before the first chunk would count as new."""
    consumers = int(part.person.max(initial=-1)) + 1
    table = _cohorts(i64(part.start), i32(part.person), i32(part.payments), i64(part.yen), consumers)
    return _named(part.since, table)


def _named(since: int, table: Any) -> Cohorts:
    return Cohorts(since, *(np.ascontiguousarray(table[..., field]) for field in range(4)))


@kernel
def _add(consumer: Any, yen: Any, paid: Any) -> None:
    for i in range(consumer.size):
        paid[consumer[i], 0] += 1
        paid[consumer[i], 1] += yen[i]


@kernel
def _end_month(paid: Any, low: int, high: int, month: int, first: Any, table: Any) -> None:
    """Persons from low to high: what they paid in the month goes to their cohort, and `paid` is empty for the next one.

    paid int64[pieces, consumers, 2]; first int32[consumers]: month of the first payment, -1 before it.
    """
    for c in range(low, high):
        payments = yen = np.int64(0)
        for piece in range(len(paid)):
            payments += paid[piece, c, 0]
            yen += paid[piece, c, 1]
            paid[piece, c, 0] = paid[piece, c, 1] = 0
        if payments:
            if first[c] < 0:
                first[c] = month
            line = table[first[c], month - first[c]]
            line[0] += 1
            line[1] += payments
            line[2] += yen
            line[3] = max(line[3], yen)


def whole(chunks: Iterable[Sequence[Any]], *, consumers: int) -> Cohorts:
    """`cohorts` of the whole history. Chunks of at, consumer, yen, sorted by time, in the order of time.

    Month after month by all threads together: rows are added up by person, then persons by cohort. So nothing is sorted, and what is
    kept is as long as there are persons.
    """
    given = [(i64(at), i32(consumer), i64(yen)) for at, consumer, yen in chunks if len(at)]
    if not given:
        return cohorts(months_part(i64([]), i32([]), i64([]), consumers=0))
    since, until = (int(months(at)[0]) for at in (given[0][0][:1], given[-1][0][-1:]))
    size = until - since + 1
    paid, first = np.zeros((THREADS, consumers, 2), np.int64), np.full(consumers, -1, np.int32)
    tables = np.zeros((THREADS, size, size, 4), np.int64)
    borders = [consumers * piece // THREADS for piece in range(THREADS + 1)]
    with ThreadPoolExecutor(THREADS) as pool:
        for month in range(size):
            low, high = (first_day(since + month + end) * DAY_S - TOKYO_S for end in (0, 1))
            for at, consumer, yen in given:
                rows = slice(*np.searchsorted(at, (low, high)).tolist())
                pieces = zip(cut(consumer[rows], yen[rows]), paid, strict=True)
                list(pool.map(lambda piece: _add(*piece[0], piece[1]), pieces))
            works = [(paid, low, high, month, first, table) for (low, high), table in zip(pairwise(borders), tables, strict=True)]
            list(pool.map(lambda work: _end_month(*work), works))
    table = np.concatenate([tables[..., :3].sum(axis=0), tables[..., 3:].max(axis=0)], axis=-1)
    return _named(since, table)


class Survival(NamedTuple):
    """A step curve: after `days[i]` days, `survival[i]` of the persons have not lapsed. All of the same length, days ascending."""

    days: Int32
    """int32: days since the first payment at which somebody lapsed."""
    at_risk: Int64
    """int64: persons still watched and not lapsed just before."""
    lapsed: Int64
    """int64: persons who lapsed on that day."""
    survival: Float
    """float64: Kaplan and Meier's product of 1 - lapsed / at_risk."""
    error: Float
    """float64: standard error after Greenwood; 0 where nobody is left."""


def lifetimes(first: Int64, last: Int64, *, as_of: int, silence_days: int) -> tuple[Int32, Any]:
    """Days from the first payment to the lapse, and whether that was seen: (int32[m], bool[m]) of the persons who ever paid.

    first, last int64[consumers] in seconds, `NEVER` if none; as_of: a Tokyo day, no payment is later. A person lapses on the day on
    which the silence since the last payment reaches `silence_days`. Who has not by `as_of` is censored there: seen for so long, end
    unknown. Whoever came back after a longer silence counts as not having lapsed then.
    """
    known = first != NEVER
    began, ended = days(first[known]), days(last[known])
    lapsed = ended + silence_days <= as_of
    return np.where(lapsed, ended + silence_days, as_of).astype(np.int32) - began, lapsed


def survival(duration: Int32, seen: Any) -> Survival:
    """Kaplan–Meier's estimate. duration int32[m] in days, seen bool[m]: whether the end was seen, else the person is right-censored."""
    length = int(duration.max(initial=-1)) + 1
    ends, leaves = np.bincount(duration[seen], minlength=length), np.bincount(duration, minlength=length)
    at_risk = leaves[::-1].cumsum()[::-1]
    day = np.flatnonzero(ends)
    n, d = at_risk[day], ends[day]
    curve = np.cumprod(1 - d / n)
    with np.errstate(divide="ignore", invalid="ignore"):
        error = curve * np.sqrt(np.cumsum(d / (n * (n - d))))
    return Survival(day.astype(np.int32), n.astype(np.int64), d.astype(np.int64), curve, np.where(n > d, error, 0.0))
