"""The two thousand people who pay in the invented town: who they are, when they come, where they like to go. Pure.

What the figures later find is put in here on purpose: people differ in how often they come (gamma) and stop
coming one day (geometric), as BG/NBD assumes; visitors who first came in August return less; everybody has a
handful of favourite places, so that shops share customers in groups.
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from random import Random
from typing import Literal

from demo.almanac import Day
from demo.shops import SHOPS, TRADE_WORDS, Shop, Trade

Kind = Literal["resident", "weekender", "visitor"]
Way = Literal["static", "dynamic", "cpm", "card"]

RESIDENTS, WEEKENDERS, VISITORS = 640, 360, 1_000

YEAR = 365
"""Days of the town's first year. Later the visitors come again at the same time of the year."""

CARD_HOLDERS = {41: "岡本 ヨネ", 62: "市川 トミ", 152: "森田 キヨ", 213: "佐久間 正一", 495: "長谷 フサ"}
"""Residents of great age who have no phone and pay by card, by number. The clerk wrote down their names."""

HOMES: dict[Kind, tuple[float, dict[str, int]]] = {
    "resident": (0.5, {"922": 8, "923": 2}),
    "weekender": (0.4, {"920": 4, "910": 3, "923": 2, "930": 2}),
    "visitor": (0.3, {"530": 4, "460": 3, "600": 2, "160": 2, "920": 1}),
}
"""Of each kind the share who tell where they live, and the first digits of their postcodes by weight."""

NAMES = Path(__file__).with_name("nicknames.txt").read_text(encoding="utf-8").split()
TAILS = ("", "さん", "ちゃん", "丸", "太", "子", "吉", "之助", "姫", "坊")


@dataclass(frozen=True, slots=True)
class Person:
    """One invented consumer. Shares are 0…1; days are counted from the town's first day."""

    number: int  # from 0
    kind: Kind
    nickname: str
    since: int  # day of the first outing at the earliest
    until: int | None  # day after the last one, None while they keep coming
    rate: float  # outings on an ordinary day (for visitors: while they are in town)
    rhythm: tuple[float, ...]  # by weekday, about 1.0 on average
    early: float  # share of outings before noon
    spending: float  # about 1.0; more means fuller baskets
    wandering: float  # chance to go on to another shop after each
    favourites: tuple[int, ...]  # places in SHOPS
    liking: tuple[float, ...]  # one weight for each favourite
    ways: tuple[float, float]  # cumulative shares of static and dynamic codes, the rest shows its own
    top_up: int  # usual top-up, yen
    trips: tuple[tuple[int, int], ...]  # visitors: first and last day of each stay

    def is_about(self, day: int) -> bool:
        """Whether they may pay in town on that day at all."""
        if self.kind == "visitor":
            return self._trip(day) is not None
        return self.since <= day and (self.until is None or day < self.until)

    def stays_overnight(self, day: int) -> bool:
        """Whether they are a guest of an inn on that day: a visitor who does not go home in the evening."""
        trip = self._trip(day)
        return trip is not None and trip[0] < trip[1]

    def _trip(self, day: int) -> tuple[int, int] | None:
        if day >= YEAR:
            day -= 364 * ((day - YEAR) // 364 + 1)  # whole weeks, so that a weekend stays one
        return next((trip for trip in self.trips if trip[0] <= day <= trip[1]), None)

    def way(self, rng: Random) -> Way:
        draw = rng.random()
        if self.number in CARD_HOLDERS:
            return "card"
        return "static" if draw < self.ways[0] else "dynamic" if draw < self.ways[1] else "cpm"


def nickname(number: int, rng: Random) -> str:
    """A nickname as people choose them; may repeat, as in life."""
    name = rng.choice(NAMES)
    tail = rng.choice(TAILS)
    return f"{name}{tail}{number % 97}" if rng.random() < 0.25 else f"{name}{tail}"


def home_area(person: Person) -> str | None:
    """What somebody tells of where they live; None for most."""
    rng = Random(f"home of {person.number}")
    share, areas = HOMES[person.kind]
    return rng.choices(list(areas), list(areas.values()))[0] if rng.random() < share else None


def _draw(shop: Shop, kind: Kind) -> float:
    if kind == "weekender":
        return (shop.locals_weight + 2 * shop.guests_weight) / 3
    return shop.locals_weight if kind == "resident" else shop.guests_weight


def _favourites(kind: Kind, rng: Random) -> tuple[tuple[int, ...], tuple[float, ...]]:
    """Places somebody likes, drawn by the shops' weights, with trades that go together going together."""
    tastes: dict[Trade, float] = {trade: rng.gammavariate(1.6, 1 / 1.6) + 0.1 for trade in TRADE_WORDS}
    weights = [_draw(shop, kind) * tastes[shop.trade] for shop in SHOPS]
    chosen: dict[int, float] = {}
    for _ in range(rng.randint(6, 15)):
        place = rng.choices(range(len(SHOPS)), weights)[0]
        chosen[place] = chosen.get(place, 0.0) + weights[place] ** 0.5
    return tuple(chosen), tuple(chosen.values())


def _stays(days: list[Day], rng: Random) -> tuple[tuple[int, int], ...]:
    """When a visitor is in town: once, and for some again; those who first came in August return less."""
    lively = list(accumulate(day.guests**1.4 for day in days))
    first = bisect_right(lively, rng.random() * lively[-1])
    returns = 0.16 if days[first].date.month == 8 else 0.34
    stays = []
    start = first
    while start < len(days):
        nights = rng.choices((0, 1, 2, 3), (30, 48, 16, 6))[0]
        stays.append((start, start + nights))
        if rng.random() > returns:
            break
        start += nights + rng.randint(20, 110)
        start += min(range(7), key=lambda ahead: -days[start + ahead].guests if start + ahead < len(days) else 0)
    return tuple(stays)


def _rhythm(kind: Kind, rng: Random) -> tuple[float, ...]:
    if kind == "weekender":
        weights = [0.10, 0.08, 0.10, 0.06, 0.35, 3.2, 2.6]
    else:
        weights = [1.0, 1.0, 1.0, 0.95, 1.05, 1.15, 1.05]
        weights[rng.randrange(7)] *= rng.choice((1.5, 2.0, 3.0))  # the day of the bath, of the market, of the evening out
    mean = sum(weights) / 7
    return tuple(weight / mean for weight in weights)


def _person(number: int, kind: Kind, days: list[Day], seed: int) -> Person:
    rng = Random(f"{seed} person {number}")
    trips = _stays(days, rng) if kind == "visitor" else ()
    if kind == "visitor":
        since, until, rate = trips[0][0], None, rng.gammavariate(9, 0.2)
    else:
        since = 0 if rng.random() < 0.42 else int(YEAR * rng.random() ** 1.25)
        rate = rng.gammavariate(1.7, 0.345) if kind == "resident" else rng.gammavariate(1.6, 0.105)
        until = since + 14 + int(rng.expovariate(1 / 150)) if rng.random() < (0.2 if kind == "resident" else 0.36) else None
    favourites, liking = _favourites(kind, rng)
    static = rng.betavariate(2, 3)
    called = nickname(number, rng)
    return Person(
        number=number,
        kind=kind,
        nickname=CARD_HOLDERS.get(number, called),
        since=since,
        until=until,
        rate=min(rate, 2.4),
        rhythm=_rhythm(kind, rng),
        early=rng.betavariate(3, 3),
        spending=rng.lognormvariate(0, 0.3),
        wandering=rng.betavariate(3, 5) if kind == "resident" else rng.betavariate(6, 5),
        favourites=favourites,
        liking=liking,
        ways=(static, static + (1 - static) * rng.betavariate(4, 2)),
        top_up=rng.choices((1_000, 2_000, 3_000, 5_000, 10_000, 20_000), (2, 4, 16, 38, 30, 10))[0],
        trips=trips,
    )


def people(days: list[Day], seed: int) -> tuple[Person, ...]:
    """All of them. `days` is the town's first year; the people do not change as the town grows older."""
    groups: tuple[tuple[Kind, int], ...] = (("resident", RESIDENTS), ("weekender", WEEKENDERS), ("visitor", VISITORS))
    kinds = [kind for kind, many in groups for _ in range(many)]
    return tuple(_person(number, kind, days, seed) for number, kind in enumerate(kinds))
