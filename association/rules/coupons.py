"""クーポン: what is off, when, and for whom, as pure functions.

The door that takes a payment and the rehearsal over past payments ask the same functions, so that a rehearsal is what the door
would have done. Amounts are whole yen; days are Tokyo's, and minutes count from its midnight.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum
from itertools import accumulate, groupby
from typing import NamedTuple

WHOLE_WEEK = 0b1111111
"""Weekdays as bits, Monday the lowest."""
WHOLE_DAY = 24 * 60
FEWEST = 10
"""Nothing is told about fewer people than this, and no segment is smaller."""

KEPT_SEGMENTS = ("often", "silent", "once", "new", "unspent")
"""Kinds of customers that insight finds each night: see docs/analytics.md."""

Visits = Mapping[int, date]
"""Of one person: shop, and the last day on which they paid there and did not get it all back."""


class Visit(StrEnum):
    """What must have happened before a coupon can be used."""

    first = "first"  # nothing was ever paid at this shop
    again = "again"  # something was paid at this shop within so many days
    pair = "pair"  # something was paid at one of the other shops that the coupon names


class Barrier(StrEnum):
    """Why the conditions do not hold. The first that applies is told."""

    other_shops = "other_shops"
    hours = "hours"
    visited = "visited"  # it is for a first visit
    no_visit = "no_visit"  # it needs a payment within so many days
    too_small = "too_small"


@dataclass(frozen=True, slots=True)
class Segment:
    """For whom a coupon is: a condition over the book, never a list. `kind`: regular (has paid within `days` at shops of this
    trade; "" for any, and not at shops of the trade `without`, if one is named), absent (has paid once, and not within `days`), or one
    of KEPT_SEGMENTS, which have no `days`."""

    kind: str
    days: int = 0
    trade: str = ""
    without: str = ""

    @property
    def is_kept(self) -> bool:
        """Whether the night's sorting says who belongs to it, not the visits."""
        return self.kind in KEPT_SEGMENTS


@dataclass(frozen=True, slots=True)
class Conditions:
    """All that decides about one piece on one bill. `amount_off`: the most that it takes off; `percent`: None for just that amount.

    `shops`: None for all; `shop_class` (all, small or `trades`) narrows them, and is looked up in the register before anything is asked:
    see association.queries.shop_classes. `sources`: the shops of a pair, at which the coupon itself cannot be used. `segment_shops`: shops
    of the segment's trade, None for any; `segment_not_at`: those at which nothing was paid.
    """

    amount_off: int
    min_spend: int
    percent: int | None = None
    weekdays: int = WHOLE_WEEK
    from_minute: int = 0
    until_minute: int = WHOLE_DAY
    visit: Visit | None = None
    within_days: int | None = None
    shops: frozenset[int] | None = None
    shop_class: str = "all"
    trades: frozenset[str] = frozenset()
    sources: frozenset[int] = frozenset()
    segment: Segment | None = None
    segment_shops: frozenset[int] | None = None
    segment_not_at: frozenset[int] = frozenset()

    @property
    def asks_the_book(self) -> bool:
        """Whether a claim depends on what was paid before."""
        return self.segment is not None or self.visit in (Visit.again, Visit.pair)

    def discount(self, bill: int) -> int:
        """What it takes off a bill: the amount, or so many percent, rounded down to the yen and never above the cap."""
        return self.amount_off if self.percent is None else min(self.amount_off, bill * self.percent // 100)

    def is_for(self, shop: int) -> bool:
        assert self.shops is not None or self.shop_class == "all", "look the class up first"
        return (self.shops is None or shop in self.shops) and shop not in self.sources

    def is_open(self, day: date, minute: int) -> bool:
        """Whether it can be used on this weekday at this minute; the last minute is excluded."""
        return bool(self.weekdays >> day.weekday() & 1) and self.from_minute <= minute < self.until_minute

    def is_visited(self, shop: int, visits: Visits, day: date) -> bool:
        """Whether what must have happened before a use at this shop has happened."""
        if self.visit is None:
            return True
        if self.visit is Visit.first:
            return shop not in visits
        places = self.sources if self.visit is Visit.pair else (shop,)
        return _was_at(visits, places, day, self.within_days or 0)

    def barrier(self, shop: int, bill: int, visits: Visits, day: date, minute: int) -> Barrier | None:
        """Why a piece cannot be used on this bill; None when it can."""
        if not self.is_for(shop):
            return Barrier.other_shops
        if not self.is_open(day, minute):
            return Barrier.hours
        if not self.is_visited(shop, visits, day):
            return Barrier.visited if self.visit is Visit.first else Barrier.no_visit
        return Barrier.too_small if bill < self.min_spend or self.discount(bill) < 1 else None

    def belongs(self, visits: Visits, day: date, *, is_in: bool = False) -> bool:
        """Whether somebody is one of those for whom it is. `is_in`: whether the night sorted them into a segment that is kept."""
        if self.segment is None:
            return True
        if self.segment.is_kept:
            return is_in
        if self.segment.kind == "absent":
            return bool(visits) and not _was_at(visits, visits, day, self.segment.days)
        places = visits if self.segment_shops is None else self.segment_shops
        days = self.segment.days
        return _was_at(visits, places, day, days) and not _was_at(visits, self.segment_not_at, day, days)

    def has_come(self, visits: Visits, day: date) -> bool:
        """Whether the payment that a claim needs has been made. A first visit is looked at when it is used."""
        if self.visit is Visit.pair:
            return _was_at(visits, self.sources, day, self.within_days or 0)
        if self.visit is Visit.again:
            return _was_at(visits, [shop for shop in visits if self.is_for(shop)], day, self.within_days or 0)
        return True


def _was_at(visits: Visits, shops: Iterable[int], day: date, days: int) -> bool:
    since = day - timedelta(days=days)
    return any(shop in visits and visits[shop] >= since for shop in shops)


class Past(NamedTuple):
    """A payment that was made: by whom, where, when, and what was owed before any discount. A tuple: a year has many."""

    day: date
    minute: int
    person: int
    shop: int
    bill: int


@dataclass(frozen=True, slots=True)
class Use:
    """A piece that would have been used."""

    past: Past
    discount: int


def rehearse(
    what: Conditions, pieces: int, per_person: int, past: Sequence[Past], first: date, last: date, members: Container[int] = ()
) -> list[Use]:
    """What these payments, oldest first, would have used of a coupon that ran from `first` to `last`.

    Everybody is taken to claim a piece right before they pay and to use it whenever the door lets them: what comes out is the
    most that can happen. Payments before `first` count as visits. `members`: who is in a segment that is kept, as it is today.
    """
    uses: list[Use] = []
    visits: dict[int, dict[int, date]] = {}
    used: dict[int, int] = {}
    for one in past:
        mine = visits.setdefault(one.person, {})
        may = first <= one.day <= last and len(uses) < pieces and used.get(one.person, 0) < per_person
        if (
            may
            and what.barrier(one.shop, one.bill, mine, one.day, one.minute) is None
            and what.belongs(mine, one.day, is_in=one.person in members)
            and what.has_come(mine, one.day)
        ):
            uses.append(Use(one, what.discount(one.bill)))
            used[one.person] = used.get(one.person, 0) + 1
        mine[one.shop] = one.day
    return uses


@dataclass(frozen=True, slots=True)
class Group:
    """A row of a table about people. `people`: how many different ones stand behind it."""

    name: object
    people: int
    figures: tuple[int, ...] = field(default=())


def hidden(groups: Sequence[Group]) -> frozenset[int]:
    """Places of the rows that are not shown, since fewer than ten people stand behind them.

    Where those that are hidden are one row, or fewer than ten people together, the smallest other row is hidden as well:
    else it would follow from the sum. Rows without anybody tell nothing and are shown.
    """
    small = {place for place, group in enumerate(groups) if 0 < group.people < FEWEST}
    others = sorted(
        (place for place, group in enumerate(groups) if group.people >= FEWEST), key=lambda place: (groups[place].people, place)
    )
    while small and others and (len(small) < 2 or sum(groups[place].people for place in small) < FEWEST):
        small.add(others.pop(0))
    return frozenset(small)


def in_tens(people: int) -> int | None:
    """How many people may be told: full tens, so that two questions do not single anybody out; None for fewer than ten."""
    return people // 10 * 10 if people >= FEWEST else None


WEEK = timedelta(days=7)


def burn(uses: Sequence[Use], first: date, last: date) -> list[tuple[date, int]]:
    """What has gone of the budget by the end of each day, in yen, as far as it may be told: the line rises only where ten people or more
    stand behind the step, and weeks that a table hides (`hidden`) come in at the end, all together.

    `uses` oldest first; the last point is their whole cost.
    """
    weeks: dict[int, list[Use]] = {}
    for one in uses:
        weeks.setdefault((one.past.day - first) // WEEK, []).append(one)
    numbers = sorted(weeks)
    veiled = hidden([Group(number, _people(weeks[number])) for number in numbers])
    steps: dict[date, int] = {}
    for place, number in enumerate(numbers):
        if place not in veiled:
            steps |= _steps(weeks[number])
    days = [first + timedelta(days=number) for number in range((last - first).days + 1)]
    reached = list(accumulate(steps.get(day, 0) for day in days))
    reached[-1] = sum(one.discount for one in uses)
    return list(zip(days, reached, strict=True))


def _steps(uses: Sequence[Use]) -> dict[date, int]:
    """Of one week: day → what is told on it, together with the days before that had too few people."""
    told: list[list[Use]] = [[]]
    for _day, group in groupby(uses, key=lambda one: one.past.day):
        if _people(told[-1]) >= FEWEST:
            told.append([])
        told[-1].extend(group)
    if len(told) > 1 and _people(told[-1]) < FEWEST:
        told[-2:] = [told[-2] + told[-1]]
    return {step[-1].past.day: sum(one.discount for one in step) for step in told if step}


def _people(uses: Iterable[Use]) -> int:
    return len({one.past.person for one in uses})
