"""RFM: how recently, how often and for how much each person paid, and a score from 1 to 5 for each.

Source: Fader, Hardie & Lee (2005), "RFM and CLV", Journal of Marketing Research 42; scores by quintile as Hughes (1994) has them.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np

from analytics.kernels.columns import Int8, Int32, Int64, i32, i64
from analytics.kernels.compiler import kernel

NEVER = np.iinfo(np.int64).min
QUANTILES = 5
YEN_BITS = 40
YEN = (1 << YEN_BITS) - 1
ONE_PAYMENT = 1 << YEN_BITS


class RfmPart(NamedTuple):
    """What one chunk knows of each person. All of length consumers."""

    last: Int64
    """int64: seconds of the last payment, `NEVER` before the first."""
    payments: Int32
    """int32"""
    yen: Int64
    """int64"""


class Rfm(NamedTuple):
    """All of length consumers."""

    last: Int64
    """int64: seconds of the last payment, `NEVER` if none."""
    payments: Int32
    """int32"""
    yen: Int64
    """int64: refunds taken off."""
    recency: Int8
    """int8: 5 for the fifth that came last, 1 for the fifth that stayed away longest, 0 for who never paid."""
    frequency: Int8
    """int8: 5 for the most payments."""
    monetary: Int8
    """int8: 5 for the most yen."""


@kernel
def _paid(consumer: Any, yen: Any, paid: Any) -> None:
    """One word a person: payments above, yen below."""
    for i in range(consumer.size):
        paid[np.uint32(consumer[i])] += ONE_PAYMENT + yen[i]  # without a sign nobody asks whether it counts from the end


@kernel
def _newest(consumer: Any, row: Any) -> None:
    """Rows ascend by time: the last one stays."""
    for i in range(consumer.size):
        row[np.uint32(consumer[i])] = i


@kernel
def _looked_up(at: Any, row: Any, paid: Any, last: Any, payments: Any, total: Any) -> None:
    for c in range(paid.size):
        payments[c], total[c] = paid[c] >> YEN_BITS, paid[c] & YEN
        last[c] = at[row[c]] if payments[c] else NEVER


def rfm_part(at: Int64, consumer: Int32, yen: Int64, *, consumers: int) -> RfmPart:
    """Last payment, number and yen (≥ 0) of each person in one chunk of less than 2**31 rows, sorted by time.

    Two passes, each with a table that fits the second cache, are quicker than one with both; times are read of last rows alone.
    Raises OverflowError where somebody paid 2**23 times or 2**40 yen.
    """
    consumer = i32(consumer)
    paid, row = np.zeros(consumers, np.int64), np.zeros(consumers, np.int32)
    _paid(consumer, i64(yen), paid)
    _newest(consumer, row)
    part = RfmPart(np.empty(consumers, np.int64), np.empty(consumers, np.int32), np.empty(consumers, np.int64))
    _looked_up(i64(at), row, paid, *part)
    if part.payments.sum(dtype=np.int64) != len(consumer):
        raise OverflowError("more payments or yen of one person than a word holds")
    return part


def combine(parts: Sequence[RfmPart]) -> RfmPart:
    """All chunks together, in any order."""
    consumers = max((part.last.size for part in parts), default=0)
    whole = RfmPart(np.full(consumers, NEVER), np.zeros(consumers, np.int32), np.zeros(consumers, np.int64))
    for part in parts:
        known = slice(0, part.last.size)
        np.maximum(whole.last[known], part.last, out=whole.last[known])
        whole.payments[known] += part.payments
        whole.yen[known] += part.yen
    return whole


def scored(part: RfmPart) -> Rfm:
    """Quintile scores among those who paid at all. Equal values get equal scores, whatever the order of rows."""
    return Rfm(*part, *(_scores(field, part.payments > 0) for field in part))


def _scores(values: Any, counts: Any) -> Int8:
    """int8: 1 + the fifths of all persons that lie wholly below this value; 0 for persons who do not count.

    The rank of a value is the number of persons with a smaller one; score = 1 + QUANTILES * rank // persons. It rises at the values
    that stand at QUANTILES - 1 places of the sorted list, so a partition serves in place of a sort.
    """
    scores = np.zeros(values.size, np.int8)
    among = values[counts]
    if not among.size:
        return scores
    places = [-(-step * among.size // QUANTILES) - 1 for step in range(1, QUANTILES)]  # rank r is reached above place r - 1
    placed = np.partition(among, places)
    scores[counts] = 1 + sum((among > placed[place]).astype(np.int8) for place in places)
    return scores


def rfm(at: Int64, consumer: Int32, yen: Int64, *, consumers: int) -> Rfm:
    """Of all rows at once: `scored(combine(parts))` for who has but one chunk."""
    return scored(rfm_part(at, consumer, yen, consumers=consumers))
