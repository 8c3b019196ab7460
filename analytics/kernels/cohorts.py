"""Who comes back: cohorts by the month of the first payment, and how long people stay.

Cohort tables as in Fader & Hardie (2007), "How to project customer retention"; survival as in Kaplan & Meier (1958),
"Nonparametric estimation from incomplete observations", JASA 53, with the variance of Greenwood (1926).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from analytics.kernels import tally
from analytics.kernels.columns import Float, Int16, Int32, Int64, i32, i64, mapped, spans
from analytics.kernels.compiler import kernel
from analytics.kernels.tokyo import DAY_S, TOKYO_S, first_day, months

YEN_BITS = 43
YEN = (1 << YEN_BITS) - 1
ONE_PAYMENT = 1 << YEN_BITS


TOO_MUCH = "more payments or yen of one person in a month than a word holds"


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


@kernel
def _add(consumer: Any, yen: Any, paid: Any) -> None:
    """One word a person, so that the table fits the second cache: payments above, yen below."""
    for i in range(consumer.size):
        paid[np.uint32(consumer[i])] += ONE_PAYMENT + yen[i]


@kernel
def _by_month(borders: Any, consumer: Any, yen: Any, consumers: int) -> Any:
    """start, person, payments and yen of a `MonthsPart`."""
    start, paid = np.zeros(borders.size, np.int64), np.zeros(consumers, np.int64)
    many = borders[-1] - borders[0]
    person, payments, total, m = np.empty(many, np.int32), np.empty(many, np.int32), np.empty(many, np.int64), 0
    for month in range(borders.size - 1):
        rows = slice(borders[month], borders[month + 1])
        _add(consumer[rows], yen[rows], paid)
        for c in range(consumers):
            if paid[c]:
                person[m], payments[m], total[m] = c, paid[c] >> YEN_BITS, paid[c] & YEN
                paid[c] = 0
                m += 1
        start[month + 1] = m
    return start, person[:m].copy(), payments[:m].copy(), total[:m].copy()


def months_part(at: Int64, consumer: Int32, yen: Int64, *, consumers: int) -> MonthsPart:
    """The months of one chunk, from that of its first row to that of its last; rows sorted by time, persons of a month ascending.

    Raises OverflowError where somebody paid 2**20 times or 2**43 yen in a month.
    """
    if not len(at):
        return MonthsPart(0, *tally.tally(i32([]), i32([]), i64([]), cells=0, consumers=0))
    since, until = (int(month) for month in months(np.asarray(at)[[0, -1]]))
    borders = np.searchsorted(at, [first_day(month) * DAY_S - TOKYO_S for month in range(since, until + 2)])
    start, person, payments, total = _by_month(i64(borders), i32(consumer), i64(yen), consumers)
    if payments.sum(dtype=np.int64) != len(at):
        raise OverflowError(TOO_MUCH)
    return MonthsPart(since, start, person, payments, total)


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
def _earliest(consumer: Any, month: int, first: Any) -> None:
    """Months are given from the newest back, so that each person's earliest one stays."""
    for i in range(consumer.size):
        first[np.uint32(consumer[i])] = month  # without a sign nobody asks whether it counts from the end


@kernel
def _close(month: int, first: Any, paid: Any, table: Any) -> None:
    """Everybody who paid in the month goes into the line of their cohort; `paid` is empty again."""
    for c in range(paid.size):
        if paid[c]:
            first[c] = min(first[c], month)
            payments, yen = paid[c] >> YEN_BITS, paid[c] & YEN
            line = table[first[c], month - first[c]]
            line[0] += 1
            line[1] += payments
            line[2] += yen
            line[3] = max(line[3], yen)
            paid[c] = 0


def whole(chunks: Iterable[Sequence[Any]], *, consumers: int) -> Cohorts:
    """`cohorts` of the whole history. Chunks of at, consumer, yen (≥ 0), sorted by time, in the order of time.

    Month by month with a word a person; nothing is sorted. Raises OverflowError where somebody paid 2**20 times or 2**43 yen in a month.
    """
    given = [(i64(at), i32(consumer), i64(yen)) for at, consumer, yen in chunks if len(at)]
    if not given:
        return cohorts(months_part(i64([]), i32([]), i64([]), consumers=0))
    since, until = (int(months(at)[0]) for at in (given[0][0][:1], given[-1][0][-1:]))
    borders = [first_day(month) * DAY_S - TOKYO_S for month in range(since, until + 2)]
    starts = np.array([np.searchsorted(at, borders) for at, _, _ in given])

    def rows(month: int) -> list[tuple[Int32, Int64]]:
        places = zip(given, starts[:, month].tolist(), starts[:, month + 1].tolist(), strict=True)
        return [(consumer[low:high], yen[low:high]) for (_, consumer, yen), low, high in places if low < high]

    def began(low: int, high: int) -> Int16:
        first = np.full(consumers, np.iinfo(np.int16).max, np.int16)
        for month in range(high - 1, low - 1, -1):
            for consumer, _ in rows(month):
                _earliest(consumer, month, first)
        return first

    def counted(low: int, high: int) -> Int64:
        first = before.copy()
        table, paid = np.zeros((until - since + 1, until - since + 1, 4), np.int64), np.zeros(consumers, np.int64)
        for month in range(low, high):
            for consumer, yen in rows(month):
                _add(consumer, yen, paid)
            _close(month, first, paid, table)
        return table

    many = starts.sum(axis=0)
    pieces = spans(many)
    before = np.min(mapped(began, spans(many[: pieces[-1][0] + 1])), axis=0)  # who first paid in the last piece is found on the way
    tables = np.array(mapped(counted, pieces))
    if tables[..., 1].sum() != starts[:, -1].sum():
        raise OverflowError(TOO_MUCH)
    return _named(since, np.concatenate([tables[..., :3].sum(axis=0), tables[..., 3:].max(axis=0)], axis=-1))


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
