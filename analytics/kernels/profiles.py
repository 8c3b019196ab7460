"""When people come: payments, yen and distinct persons by season, weekday and hour, for each shop and for the district.

Seasons are those of the Japan Meteorological Agency, hours and weekdays are Tokyo's.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

import numpy as np

from analytics.kernels import tally
from analytics.kernels.columns import Int32, Int64, grown, i32, i64, mapped
from analytics.kernels.compiler import kernel
from analytics.kernels.tokyo import HOUR_S, TOKYO_S, month_of, season_of

SHAPE = (4, 7, 24)
"""Season, weekday from Monday, hour."""
CELLS = 4 * 7 * 24


class Sums(NamedTuple):
    """Shape [shops, 4, 7, 24] each; chunks add up field by field."""

    payments: Int64
    """int64"""
    yen: Int64
    """int64"""


@kernel
def _slot(day: int) -> int:
    """The first cell of a day: season and weekday, hour 0. 1970-01-01 was a Thursday."""
    return (season_of(month_of(day)) * 7 + (day + 3) % 7) * 24  # type: ignore[no-any-return]


@kernel
def _sums(at: Any, shop: Any, yen: Any, shops: int) -> Any:
    """By hour and then by shop: the rows of one hour lie together, and its shops fit the nearest cache."""
    table = np.zeros((CELLS, shops, 2), np.int64)
    until, of_hour = np.int64(0), table[0]
    for i in range(at.size):
        if not until - HOUR_S <= at[i] < until:  # another hour than that of the row before
            hour = (at[i] + TOKYO_S) // HOUR_S
            until = (hour + 1) * HOUR_S - TOKYO_S
            of_hour = table[_slot(hour // 24) + hour % 24]
        s = np.uint32(shop[i])  # without a sign nobody asks whether it counts from the end
        of_hour[s, 0] += 1
        of_hour[s, 1] += yen[i]
    return table


def sums(at: Int64, shop: Int32, yen: Int64, *, shops: int) -> Sums:
    """Payments and yen of each shop by season, weekday and hour; quick where rows are sorted by time. Persons are not counted: what leaves
    the house needs `counted`."""
    table = _sums(i64(at), i32(shop), i64(yen), shops).reshape(*SHAPE, shops, 2)
    return Sums(*(np.ascontiguousarray(np.moveaxis(table[..., field], -1, 0)) for field in (0, 1)))


def combine_sums(parts: Sequence[Sums]) -> Sums:
    """All chunks together, in any order; a chunk may know fewer shops."""
    shops = max((len(part.payments) for part in parts), default=0)
    whole = Sums(np.zeros((shops, *SHAPE), np.int64), np.zeros((shops, *SHAPE), np.int64))
    for part in parts:
        for field, more in zip(whole, part, strict=True):
            field += grown(more, shops, *SHAPE)
    return whole


@kernel
def _by_slot(at: Any, shop: Any, shops: int) -> Any:
    """The cell slot * shops + shop of each row: rows of one hour lie together then, as they do in time."""
    cells = np.empty(at.size, np.int32)
    until, slot = np.int64(0), 0
    for i in range(at.size):
        if not until - HOUR_S <= at[i] < until:  # another hour than that of the row before
            hour = (at[i] + TOKYO_S) // HOUR_S
            until = (hour + 1) * HOUR_S - TOKYO_S
            slot = (_slot(hour // 24) + hour % 24) * shops
        cells[i] = slot + shop[i]
    return cells


def counted(chunks: Iterable[Sequence[Any]], *, consumers: int, shops: int) -> tally.Cells:
    """Counts, yen, persons and largest person's part, each of shape [shops, 4, 7, 24]. Chunks of at, consumer, shop, yen, sorted by time.

    For the whole district give shop 0 to all: a person who goes to two shops counts once there.
    """
    given = [(i64(at), i32(consumer), i32(shop), i64(yen)) for at, consumer, shop, yen in chunks]
    cells = mapped(_by_slot, [(at, shop, shops) for at, _, shop, _ in given])
    rows = [(cell, consumer, yen) for cell, (_, consumer, _, yen) in zip(cells, given, strict=True)]
    found = tally.counted(rows, cells=CELLS * shops, consumers=consumers).shaped(*SHAPE, shops)
    return tally.Cells._make(np.ascontiguousarray(np.moveaxis(field, -1, 0)) for field in found)
