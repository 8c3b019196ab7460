"""Single days of each shop for forecasts: yen and distinct visitors. Not guarded: whoever shows them to others asks the guard first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np

from analytics import guard
from analytics.guard import Published
from analytics.reports.source import DAY_S, TOKYO_S, Part, Rows, Source, following
from analytics.rules.calendar import Float
from analytics.snapshot import Int64, Month

FEWEST_SHOPS = 10
"""A district's days are told only where so many shops took part, so that no owner works out another one by taking the own sales off."""
EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True, eq=False)
class Days:
    """Days one after the other from `first`: `yen`, `visitors` float64[days, shops]. Yen less what came back of it in the same month."""

    first: date
    yen: Float
    visitors: Float


def _month(rows: Rows, month: Month) -> Mapping[str, Any]:
    height = (following(month.first) - month.first).days
    day = (rows.at + TOKYO_S) // DAY_S - (month.first - EPOCH).days
    cell = day * month.shops + rows.shop
    yen = np.zeros(height * month.shops, np.int64)
    np.add.at(yen, cell, rows.yen)
    once = np.unique(cell * max(month.consumers, 1) + rows.consumer) // max(month.consumers, 1)
    visitors = np.bincount(once, minlength=yen.size)
    return {"yen": yen.reshape(height, -1), "visitors": visitors.reshape(height, -1)}


PART = Part("daily", 1, _month)


def days_of_shops(source: Source, first: date, until: date, shops: int) -> Days:
    """From the day `first`, the first of a month, to before the day `until`. Of a closed month it was counted once."""
    length = (until - first).days
    found = Days(first, np.zeros((length, shops)), np.zeros((length, shops)))
    for month, part in source.parts(PART, until, first):
        start = (month - first).days
        height = min(len(part["yen"]), length - start)
        known = part["yen"].shape[1]
        found.yen[start : start + height, :known] = part["yen"][:height]
        found.visitors[start : start + height, :known] = part["visitors"][:height]
    return found


def days_told(rows: Rows, first: date, many: int) -> Published:
    """So many days from `first`, as the guard tells a day: people in full tens, yen in full 10,000, or nothing."""
    return guard.publish_days(guard.Raw(range(many), _day(rows, first), rows.consumer, rows.yen))


def days_of_three_shops(found: Published, rows: Rows, first: date) -> Published:
    """`found`, of the same rows, as it is told to whoever may own a shop."""
    return guard.among_shops(found, _day(rows, first), rows.shop, adds_up=False)


def _day(rows: Rows, first: date) -> Int64:
    return (rows.at + TOKYO_S) // DAY_S - (first - EPOCH).days


def shops_taking_part(days: Days, many: int) -> int:
    """How many shops took anything on the last `many` days."""
    return int((days.yen[-many:].sum(axis=0) > 0).sum())
