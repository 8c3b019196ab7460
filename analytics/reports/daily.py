"""Single days of each shop for forecasts: yen and distinct visitors. Not guarded: whoever shows them to others asks the guard first."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import numpy as np

from analytics import guard
from analytics.guard import Published
from analytics.reports.source import DAY_S, TOKYO_S, Asked, Part, Rows, Source, following, owner_of
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
    from analytics.kernels import rolling  # slow to load, and only whoever counts needs it

    sizes = {"consumers": month.consumers, "shops": month.shops}
    days = rolling.rolling(rolling.rolling_part(rows.at, rows.consumer, rows.shop, rows.yen, **sizes, window=1))
    start = days.since - (month.first - EPOCH).days
    table = np.zeros((2, (following(month.first) - month.first).days, month.shops), np.int64)
    table[:, start : start + len(days.yen)] = days.yen, days.visitors
    return {"yen": table[0], "visitors": table[1]}


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
    """So many days from `first`, as the guard tells a day: people in full tens, or nothing."""
    return guard.publish_days(guard.Raw(range(many), _day(rows, first), rows.consumer, rows.yen))


def days_for_owners(found: Published, rows: Rows, first: date, held_with: Mapping[int, int]) -> Published:
    """`found`, of the same rows, as it is told to whoever may own a shop. `held_with`: as in `Asked`."""
    raw = guard.Raw(found.labels, _day(rows, first), rows.consumer, rows.yen)
    return guard.among_shops(found, raw, owner_of(rows.shop, held_with), adds_up=False)


def _day(rows: Rows, first: date) -> Int64:
    return (rows.at + TOKYO_S) // DAY_S - (first - EPOCH).days


def worth_of_days(source: Source, told: Published, asked: Asked) -> Float:
    """float64[days]: yen of the days that are `told` from `asked.since` on, reckoned from their people and from what a visit brought in the
    months that are asked for, as everybody is told these. So they tell no more. A month that is not told, or not asked for, has the
    visit's worth of the one before; zeros where none is told.
    """
    people = np.array([0 if figure is None else figure.persons for _, figure in told], np.float64)
    a_visit = np.full(len(people), np.nan)
    for month in asked.months:
        start, end = ((day - asked.since).days for day in (month, following(month)))
        of_month = replace(asked, since=month, until=following(month))
        total = None if source.is_of_few_owners(of_month) else source.master(month).total
        if people[start:end].any() and total is not None and total.yen is not None:
            a_visit[start:] = total.yen / people[start:end].sum()
            a_visit[:start] = np.where(np.isnan(a_visit[:start]), a_visit[start], a_visit[:start])
    worth: Float = people * np.nan_to_num(a_visit)
    return worth


def shops_taking_part(days: Days, many: int) -> int:
    """How many shops took anything on the last `many` days."""
    return int((days.yen[-many:].sum(axis=0) > 0).sum())
