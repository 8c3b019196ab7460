"""What we ask of invented payments: at once, and as reports ask it, from a part of each month."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np

from analytics.kernels import cohorts, covisits, people, profiles, rfm, rolling, transitions
from analytics.kernels.columns import cut, mapped
from analytics.kernels.tokyo import DAY_S, TOKYO_S, first_day, months
from benchmarks.analytics_payments import CONSUMERS, SHOPS, Payments

ALL = ("at", "consumer", "shop", "yen")

ROOMS: dict[int, Any] = {}
"""Where to sort so many payments: kept, as the others keep their memory from one question to the next."""


def laid_together(p: Payments) -> people.People:
    return people.people(cut(*p), consumers=CONSUMERS, room=_room(p))


def _room(p: Payments) -> Any:
    return ROOMS.setdefault(len(p.at), np.empty((len(p.at), 2), np.int64))


def by_month(at: Any, *columns: Any) -> list[tuple[Any, ...]]:
    """The rows of each Tokyo month, as the snapshot keeps them."""
    since, until = months(at[[0, -1]]).tolist()
    borders = np.searchsorted(at, [first_day(month) * DAY_S - TOKYO_S for month in range(since + 1, until + 1)])
    return list(zip(*(np.split(column, borders) for column in (at, *columns)), strict=True))


Pieces = Callable[..., list[tuple[Any, ...]]]
"""How columns are cut for the threads: `cut` at once, or `by_month`, as reports do, which keep the part of each month."""


def last_number_and_yen(p: Payments, pieces: Pieces = cut) -> Any:
    return rfm.combine(mapped(rfm.rfm_part, pieces(p.at, p.consumer, p.yen), consumers=CONSUMERS))


def cohorts_at_once(p: Payments) -> Any:
    return cohorts.whole(cut(p.at, p.consumer, p.yen), consumers=CONSUMERS)[1:]


def cohorts_by_month(p: Payments) -> Any:
    parts = mapped(cohorts.months_part, by_month(p.at, p.consumer, p.yen), consumers=CONSUMERS)
    return cohorts.cohorts(cohorts.combine(parts))[1:]


def payments_and_yen(p: Payments) -> Any:
    return profiles.combine_sums(mapped(profiles.sums, cut(p.at, p.shop, p.yen), shops=SHOPS))


def hours(p: Payments) -> Any:
    return profiles.counted(cut(*p), consumers=CONSUMERS, shops=SHOPS)[:5]


def moves(p: Payments, pieces: Pieces = cut) -> transitions.Transitions:
    parts = mapped(transitions.transitions_part, pieces(*p), consumers=CONSUMERS, shops=SHOPS)
    return transitions.transitions(transitions.combine(parts))


def windows(p: Payments) -> Any:
    return rolling.whole(laid_together(p), shops=SHOPS)[1:]


def shared(p: Payments) -> Any:
    return (covisits.both(cut(p.consumer, p.shop), consumers=CONSUMERS, shops=SHOPS),)


class Question(NamedTuple):
    columns: tuple[str, ...]
    """Those that have to be read for it."""
    at_once: Callable[[Payments], Any]
    """From the columns as they come."""
    by_months: Callable[[Payments], Any] | None = None
    """As reports ask: a part of each month, all joined. None where no report keeps parts of it."""


COMPARED: dict[str, Question] = {
    "RFM by consumer": Question(("at", "consumer", "yen"), last_number_and_yen, lambda p: last_number_and_yen(p, by_month)),
    "monthly cohorts": Question(("at", "consumer", "yen"), cohorts_at_once, cohorts_by_month),
    "profiles: payments and yen": Question(("at", "shop", "yen"), payments_and_yen),
    "profiles: persons and largest too": Question(ALL, hours),
    "transitions ≤ 24 h": Question(ALL, lambda p: moves(p)[:5], lambda p: moves(p, by_month)[:5]),
    "rolling 28 days with visitors": Question(ALL, windows),
    "co-visits": Question(("consumer", "shop"), shared),
}
"""What we ask, by the names of `rivals`."""
