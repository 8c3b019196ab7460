"""A town of four shops on two days, in which everybody is of a type: what an attacker of people and yen together knows of how it works."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise, product

import numpy as np
from numpy.typing import NDArray

from analytics.kernels import rfm as rfm_kernel
from analytics.reports import rfm
from analytics.reports.source import Source, following
from base.clock import TOKYO
from tests.analytics.test_reports import Diary

MARCH = date(2026, 3, 1)
DAYS = (date(2026, 3, 5), date(2026, 3, 6))
HOURS = (12, 13, 18, 19)
"""Shop s is open at this hour: two at noon, two in the evening."""
SHOPS = len(HOURS)
TRADES = dict.fromkeys(range(SHOPS), "飲食")
STREETS = {0: "本町", 1: "本町", 2: "本町", 3: "川端"}
AREAS = ("922", "530")
BANDS = {1: (0, 1), 3: (2, 3)}
SEGMENTS = len(rfm.SEGMENTS)
Bools, Ints, Floats = NDArray[np.bool_], NDArray[np.int64], NDArray[np.float64]
SIZES = (2 ** (len(DAYS) * SHOPS), 2, len(AREAS))
"""How many patterns of visits there are, known from before or not, and areas."""


class Types:
    """Whoever comes is of one type: where they are on which day, known from February or not, from which area."""

    def __init__(self) -> None:
        pattern, known, self.area = (axis.ravel() for axis in np.indices(SIZES))
        self.known, self.came = known == 1, pattern > 0
        self.at = (pattern[:, None] >> np.arange(len(DAYS) * SHOPS) & 1).astype(bool).reshape(-1, len(DAYS), SHOPS)
        visits = [[(day, shop) for day, shop in product(range(len(DAYS)), range(SHOPS)) if line[day, shop]] for line in self.at]
        walks = [self._walk(each) for each in visits]
        self.went = {(a, b): np.array([(a, b) in moves for moves, _ in walks]) for a, b in product(range(SHOPS), repeat=2) if a != b}
        self.outings = [outings for _, outings in walks]

    @staticmethod
    def _walk(visits: list[tuple[int, int]]) -> tuple[set[tuple[int, int]], list[list[int]]]:
        """Between which shops they go on within 24 hours, and in which order on each outing."""
        moves: set[tuple[int, int]] = set()
        outings: list[list[int]] = [[shop for _, shop in visits[:1]]]
        for (day, shop), (next_day, next_shop) in pairwise(visits):
            if 24 * (next_day - day) + HOURS[next_shop] - HOURS[shop] <= 24:
                moves.add((shop, next_shop))
                outings[-1] += [next_shop] if next_shop != shop else []
            else:
                outings.append([next_shop])
        return moves, outings

    def walked(self, route: tuple[int, ...]) -> Bools:
        """Who passes these shops in this order on one outing."""
        return np.array([any(is_within(route, outing) for outing in outings) for outings in self.outings])


def is_within(route: tuple[int, ...], outing: list[int]) -> bool:
    rest = iter(outing)
    return all(step in rest for step in route)


TYPES = Types()
NOBODY = np.zeros(TYPES.came.size)
CELLS = np.arange(len(DAYS) * SHOPS * 2 * len(AREAS)).reshape(len(DAYS), SHOPS, 2, len(AREAS))
"""What the people of one kind paid on one day at one shop: day, shop, known, area."""


DEAR = {"one who pays nine tenths": (0.901,), "two who know of each other": (0.52, 0.44)}
"""What so few people make of all that is paid on an evening; everybody else pays next to nothing, on that evening and else."""
EVENING = (1, (2, 3))


class Town:
    """Four shops on two days: a crowd here, a handful there; with each person their type, with each payment its cell. `dear`: of DEAR."""

    def __init__(self, seed: int, *, dear: str | None = None) -> None:
        random = np.random.default_rng(seed)
        self.diary, self.people = Diary(), 130
        thin = random.random((len(DAYS), SHOPS)) < 0.4
        likely = np.where(thin, random.choice([0.01, 0.03], thin.shape), random.choice([0.15, 0.4], thin.shape))
        at = random.random((self.people, *likely.shape)) < likely
        self.known = random.random(self.people) < random.choice([0.5, 0.93])
        self.area = (random.random(self.people) < random.choice([0.05, 0.3])).astype(int)
        at = at & ~((self.area == 1)[:, None, None] & (random.random(at.shape) < 0.6))
        for person in np.flatnonzero(self.known).tolist():
            for shop, day in enumerate((1, 9, 17, 25)):  # more than a week apart: nobody goes on from one to the next
                self.diary.pays(f"2026-02-{day:02} 12:00", person, shop, 500)
        self.before = len(self.diary.paid)
        visits = np.argwhere(at).tolist()
        paid = [int(random.integers(3, 50)) * 100 * (12 if random.random() < 0.05 else 1) for _ in visits]
        if dear is not None:
            paid = self._dear(visits, DEAR[dear])
        for (person, day, shop), yen in zip(visits, paid, strict=True):
            self.diary.pays(f"{DAYS[day]} {HOURS[shop]}:00", person, shop, yen)
        self.source = Source(self.diary, 1)  # type: ignore[arg-type]
        pattern = (at.reshape(self.people, -1) << np.arange(len(DAYS) * SHOPS)).sum(axis=1)
        self.type_of = np.ravel_multi_index((pattern, self.known.astype(int), self.area), SIZES)
        self.of_payment = np.array([self._cell(*row[:3]) for row in self.diary.paid[self.before :]])
        self.payer, self.yen = (np.array([row[part] for row in self.diary.paid[self.before :]]) for part in (1, 3))

    @staticmethod
    def _dear(visits: list[list[int]], shares: tuple[float, ...]) -> list[int]:
        """The evening's first visitors make these shares of it, each other visit in the town is 100 yen."""
        evening = [place for place, (_, day, shop) in enumerate(visits) if day == EVENING[0] and shop in EVENING[1]]
        few = {visits[place][0] for place in evening[: len(shares)]}
        others = [place for place in evening if visits[place][0] not in few]
        found = [100] * len(visits)
        for place, share in zip(evening, shares, strict=False):
            found[place] = max(int(100 * len(others) * share / (1 - sum(shares))), 100)
        return found

    def _cell(self, at: int, person: int, shop: int) -> int:
        day = DAYS.index(datetime.fromtimestamp(at, TOKYO).date())
        return int(CELLS[day, shop, int(self.known[person]), self.area[person]])

    def segments(self) -> Ints:
        """Of each type, as if everybody knew where the report's fifths end: read from the guard's own side."""
        rows = self.source.rows(date(2026, 1, 1), following(MARCH))
        scored = rfm_kernel.scored(rfm_kernel.rfm_part(rows.at, rows.consumer, rows.yen, consumers=self.people))
        order = np.array([scored.last, scored.payments, scored.recency, scored.frequency])[:, scored.payments > 0]
        times = [int(at_night(day, hour - 1).timestamp()) + 60 for day, hour in product(DAYS, HOURS)]
        last = np.where(TYPES.at.reshape(-1, len(times)), times, 0).max(axis=1)
        often = TYPES.at.sum(axis=(1, 2)) + SHOPS * TYPES.known
        recency, frequency = (
            np.interp(value, *np.unique(order[[at, at + 2]], axis=1)).astype(int) for at, value in enumerate((last, often))
        )
        return rfm.segments(recency, frequency).astype(int)


def at_night(day: date, hour: int = 23) -> datetime:
    return datetime(day.year, day.month, day.day, hour, 59, tzinfo=TOKYO)
