"""An attacker who has all that leaves in two days and at the end of their month, and sets people and yen off against each other at once.

`test_attacker.py` and `test_owners.py` know sums of yen. Here are the figures of people alone as well, in one linear program with the
yen: the running days hour by hour, the screens by street, new and returning, segments, walks and routes, where people live, and open
data. Whoever reads is of the association, or owns a shop and has what a group's lead and an invited expert are told; each also has what
everybody may have.

What a withheld figure of people may be, by its mark alone, is 0 to 9. The Handbook on Statistical Disclosure Control (ch. 4) asks that
what can be reckoned of a protected figure stays open by a width of its own: `OPEN_PEOPLE` of these ten numbers, and of a sum of few
`OPEN_YEN`, half of it upwards and half downwards. To an owner another shop's takings of a day are a secret too, however many paid.
test_attack_notices.py takes the guard's rules out one by one. What coupons brought is no sum: two nights of it are attacked in
`test_uplift.py`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from itertools import product

import numpy as np
import pytest
from scipy.optimize import linprog
from scipy.sparse import csr_array, vstack

from analytics.guard import Figure, Published, rule
from analytics.open_data.tables import tables
from analytics.reports import EVERY, catchment
from analytics.reports.answers import people
from analytics.reports.board import people_today
from analytics.reports.source import SLOTS, Asked, following
from tests.analytics.test_guard import is_small
from tests.analytics.test_reports import NAMES, NOW
from tests.analytics.two_days import (
    AREAS,
    BANDS,
    CELLS,
    DAYS,
    DEAR,
    HOURS,
    MARCH,
    NOBODY,
    SEGMENTS,
    SHOPS,
    STREETS,
    TRADES,
    TYPES,
    Bools,
    Floats,
    Ints,
    Town,
    at_night,
)

OPEN_PEOPLE, OPEN_YEN = 5, 0.4
TAKINGS = {f"day {day} shop {shop}" for day, shop in product(range(len(DAYS)), range(SHOPS))}


class Attacker:
    """Bounds on people by type and on yen by cell, from all that was told to one reader."""

    def __init__(self, town: Town, *, owns: int | None) -> None:
        self.town, self.owns, self.segment = town, owns, town.segments()
        self.rows: list[tuple[Floats, Floats, float, float]] = []
        """weights of types and of cells, and within what their sum lies"""
        self.has = np.bincount(town.type_of, minlength=TYPES.came.size)
        self.paid = np.bincount(town.of_payment, town.yen, CELLS.size)
        for is_outside in (True, False) if owns is None else (True,):
            self.reads_the_district(is_outside)
        if owns is not None:
            self.reads_the_own_shop(owns)

    def knows(self, weights: Floats, cells: Ints | None, least: float, most: float) -> None:
        """That so many people, by weight, and what was paid in these cells make so much together: it must be true."""
        yen = np.zeros(CELLS.size)
        if cells is not None:
            yen[cells.ravel()] = 1
        truth = self.has @ weights + self.paid @ yen
        assert least <= truth <= most, (least, truth, most)
        self.rows.append((weights.astype(float), yen, least, most))

    def learns(self, figure: Figure | None, who: Bools, cells: Ints | None = None, *, is_few: bool = False) -> None:
        """How the guard works is no secret: what is told is of so many people as it asks for. `is_few`: what is withheld is of fewer."""
        if figure is not None:
            in_tens = figure.persons % 10 == 0
            self.knows(who, None, max(figure.persons, rule.LEAST), figure.persons + (9 if in_tens else 0))
        elif is_few:
            self.knows(who, None, 0, rule.LEAST - 1)
        if figure is not None and figure.yen is not None and cells is not None:
            self.knows(NOBODY, cells, figure.yen, figure.yen)

    def asked(self, *, is_outside: bool, shop: int | None = None, since: date = MARCH) -> Asked:
        return Asked(since, following(MARCH), NOW, shop, NAMES, TRADES, is_outside=is_outside)

    def told(self, name: str, part: str, asked: Asked) -> Published:
        return EVERY[name].gather(self.town.source, asked).line(part)

    def reads_the_district(self, is_outside: bool) -> None:
        """As the association's people do, or as those who may own a shop; open data and screens are everybody's."""
        at, came, new, staff = TYPES.at, TYPES.came, ~TYPES.known, not is_outside
        march, quarter = self.asked(is_outside=is_outside), self.asked(is_outside=is_outside, since=date(2026, 1, 1))
        for day, moment in enumerate(DAYS):
            self.by_hour(self.running(march, moment), at[:, day], is_few=staff)
        if is_outside:
            self.reads_what_everybody_may()
        if is_outside and self.town.source.is_of_few_owners(march):
            return
        self.by_part_of_the_week(self.told("profile", "slots", march))
        kinds = self.told("customers", "kinds", march)
        self.learns(kinds[0], came & new, CELLS[:, :, 0])
        self.learns(kinds[1], came & ~new, CELLS[:, :, 1])
        is_march_among_them = self.town.source.master(MARCH).total is not None
        for segment, figure in self.told("rfm", "segments", quarter) if is_march_among_them else ():
            self.learns(figure, (self.segment == segment) & (came | ~new))
        self.walks(quarter, staff)
        self.homes(None)

    def reads_what_everybody_may(self) -> None:
        at, came = TYPES.at, TYPES.came
        for day, moment in enumerate(DAYS):
            boards = [people_today(self.town.source, at_night(moment, hour + 1), STREETS, {}) for hour in HOURS]
            self.by_hour([board[1] for board in boards], at[:, day])
            for name in set(STREETS.values()):
                of_street = [next((each.people for each in board[2] if each.name == name), None) for board in boards]
                self.by_hour(of_street, at[:, day], shops=[shop for shop in range(SHOPS) if STREETS[shop] == name])
        open_data = {each.name: each.rows for each in tables(self.town.source, self.asked(is_outside=True))}
        for day, moment in enumerate(DAYS):
            (row,) = (row for row in open_data["day"] if row[0] == moment)
            self.learns(read(row[2]), at[:, day].any(axis=1))
            for band, shops in BANDS.items():
                row = open_data["weekday"][SLOTS.index((moment.weekday(), band))]
                self.learns(read(row[2], row[3]), at[:, day][:, shops].any(axis=1), CELLS[day, list(shops)])
        self.learns(read(open_data["month"][0][1], open_data["month"][0][2]), came, CELLS)
        self.learns(read(open_data["trade"][0][2]) if open_data["trade"] else None, came)

    def by_hour(self, told: Sequence[int | None], at: Bools, *, is_few: bool = False, shops: Sequence[int] = range(SHOPS)) -> None:
        """A running day, by the hour of each shop: who came so far. Where it moves, ten came since; where not, staff know: nine at most."""
        moved = 0
        for hour in range(SHOPS):
            if told[hour] is not None and (hour == 0 or told[hour] != told[hour - 1]):
                self.learns(Figure(told[hour], None), at[:, [shop for shop in shops if shop <= hour]].any(axis=1))
                self.knows(at[:, [shop for shop in shops if moved <= shop <= hour]].any(axis=1), None, rule.LEAST, self.town.people)
                moved = hour + 1
            elif is_few:
                since = at[:, [shop for shop in shops if moved <= shop <= hour]].any(axis=1)
                self.knows(since, None, 0, max(rule.LEAST, 10) - 1)  # of fewer than ten the same full tens may be told

    def running(self, asked: Asked, day: date) -> list[int | None]:
        told = EVERY["pulse"].gather(self.town.source, replace(asked, now=at_night(day))).line("today")
        return [people(told[hour]) for hour in HOURS]

    def by_part_of_the_week(self, told: Published) -> None:
        for (day, moment), (band, shops) in product(enumerate(DAYS), BANDS.items()):
            self.learns(told[moment.weekday(), band], TYPES.at[:, day][:, shops].any(axis=1), CELLS[day, list(shops)])
        self.learns(told.total, TYPES.came, CELLS)

    def walks(self, quarter: Asked, staff: bool) -> None:
        circulation = EVERY["circulation"].gather(self.town.source, quarter)
        went_on = np.any(list(TYPES.went.values()), axis=0)
        stayed = circulation.line("people")
        self.learns(stayed[0], (TYPES.came | TYPES.known) & ~went_on, is_few=True)
        self.learns(stayed[1], went_on, is_few=True)
        if not staff:
            return
        grid = circulation.grid("moves")
        both = EVERY["covisits"].gather(self.town.source, quarter).grid("both")
        for (a, b), who in TYPES.went.items():
            self.learns(grid.row(a)[b], who, is_few=True)
            if a < b:
                here, there = (TYPES.at[:, :, shop].any(axis=1) for shop in (a, b))
                self.learns(both.row(a)[b], TYPES.known | here & there, is_few=True)
        for route, figure in self.told("routes", "routes", quarter):
            assert isinstance(route, tuple)
            self.learns(figure, TYPES.walked(route))

    def homes(self, shop: int | None) -> None:
        grid = catchment.count(self.town.source, MARCH, {who: AREAS[area] for who, area in enumerate(self.town.area.tolist())}, {})
        line, shops = (grid.by_col, list(range(SHOPS))) if shop is None else (catchment.of_shop(grid, shop), [shop])
        for area, name in enumerate(AREAS):
            if name in line.labels:
                here = (TYPES.area == area) & TYPES.at[:, :, shops].any(axis=(1, 2))
                self.learns(line[name], here, CELLS[:, shops][..., area])

    def reads_the_own_shop(self, shop: int) -> None:
        """Its pages, and its till: each payment and each customer, by day, known or new."""
        asked = self.asked(is_outside=True, shop=shop)
        at, here = TYPES.at[:, :, shop], TYPES.at[:, :, shop].any(axis=1)
        for day, moment in enumerate(DAYS):
            self.by_hour(self.running(asked, moment), TYPES.at[:, day], shops=[shop])
            for known in (False, True):
                cells = CELLS[day, shop, int(known)]
                self.knows(NOBODY, cells, *[self.paid[cells.ravel()].sum()] * 2)
        for days, known in product(product((False, True), repeat=len(DAYS)), (False, True)):
            mine = (at == np.array(days)).all(axis=1) & (TYPES.known == known) & here
            self.knows(mine, None, *[self.has[mine].sum()] * 2)
        moves = EVERY["circulation"].gather(self.town.source, replace(asked, since=date(2026, 1, 1))).grid("moves")
        for (a, b), who in TYPES.went.items():
            if shop in (a, b) and a in moves.by_row.labels:
                self.learns(moves.row(a)[b], who)
        self.homes(shop)

    def secrets(self) -> Iterator[tuple[str, Bools, Ints | None]]:
        """What nobody may learn of few people: any cut of a day, of both, of kinds and homes and walks; of an owner's, at other shops."""
        at, others = TYPES.at, [shop for shop in range(SHOPS) if shop != self.owns]
        for day, shop in product(range(len(DAYS)), others):
            yield f"day {day} shop {shop}", at[:, day, shop], CELLS[day, shop]
        for shop in others:
            yield f"shop {shop}", at[:, :, shop].any(axis=1), CELLS[:, shop]
        for day in range(len(DAYS)):
            yield f"day {day}", at[:, day][:, others].any(axis=1), CELLS[day, others]
        for day, (band, shops) in product(range(len(DAYS)), BANDS.items()):
            mine = [shop for shop in shops if shop in others]
            yield f"day {day} part {band}", at[:, day][:, mine].any(axis=1), CELLS[day, mine]
            yield f"day {day} first at {max(shops)}", at[:, day, max(shops)] & ~at[:, day][:, : max(shops)].any(axis=1), None
        there = at[:, :, others].any(axis=(1, 2))
        for known in (False, True):
            yield f"known {known}", there & (TYPES.known == known), CELLS[:, others, int(known)]
        for segment in range(SEGMENTS):
            yield f"segment {segment}", there & (self.segment == segment), None
        for area in range(len(AREAS)):
            yield f"area {area}", there & (TYPES.area == area), CELLS[:, others][..., area]
        for (a, b), who in TYPES.went.items():
            if self.owns not in (a, b):
                yield f"from {a} to {b}", who, None
        yield "second day for the first time", at[:, 1].any(axis=1) & ~at[:, 0].any(axis=1) & ~TYPES.known, None

    def bounds(self, who: Floats, cells: Ints | None) -> tuple[float, float]:
        """The least and the most of these people, or of what was paid in these cells. Types that nothing tells apart are one."""
        of_types = np.unique(np.array([who, *(weights for weights, *_ in self.rows)]), axis=1)
        of_cells = np.array([np.isin(np.arange(CELLS.size), [] if cells is None else cells), *(yen for _, yen, *_ in self.rows)], float)
        wanted, *rows = np.hstack([of_types, of_cells])
        left, least, most = csr_array(np.array(rows)), *(np.array([row[place] for row in self.rows]) for place in (2, 3))
        ends = []
        for sign in (1, -1):
            found = linprog(
                sign * wanted, A_ub=vstack([left, -left]), b_ub=np.concatenate([most, -least]), bounds=(0, None), method="highs"
            )
            assert found.status in (0, 3), found.message
            ends.append(np.inf if found.status == 3 else sign * found.fun)
        return ends[0], ends[1]


def read(people: object, yen: object = None) -> Figure | None:
    return Figure(people, yen if isinstance(yen, int) else None) if isinstance(people, int) else None


def breaches(town: Town, *, owns: int | None) -> Iterator[str]:
    """Each secret of this town: "" where what the reader can reckon leaves it open, else how closely it is known."""
    attacker = Attacker(town, owns=owns)
    for name, who, cells in attacker.secrets():
        many = int(attacker.has[who].sum())
        if 0 < many < 10:
            least, most = attacker.bounds(who.astype(float), None)
            assert least - 1e-6 <= many <= most + 1e-6, f"{name}: the program is wrong"
            yield f"{name}: {least} to {most} people" if most - least < OPEN_PEOPLE - 1 - 1e-6 else ""
        here = np.isin(town.of_payment, CELLS[:0] if cells is None else cells)
        is_anothers = owns is not None and name in TAKINGS and here.any()
        if is_anothers or is_small(here, town.payer, town.yen):
            truth = int(town.yen[here].sum())
            least, most = attacker.bounds(NOBODY, cells)
            assert least - 1 <= truth <= most + 1, f"{name}: the program is wrong"
            is_open = least <= (1 - OPEN_YEN / 2) * truth + 1 and most >= (1 + OPEN_YEN / 2) * truth - 1
            yield "" if is_open else f"{name}: {least} to {most} yen for {truth}"


@pytest.mark.parametrize("dear", [None, *DEAR])
@pytest.mark.parametrize("owns", [None, 0], ids=["whoever reads for the association", "an owner with a lead and an expert"])
def test_people_and_yen_of_two_days_together_bound_nobody_closely(owns: int | None, dear: str | None) -> None:
    found = [breach for seed in ((0, 1, 6) if dear is None else (0, 3)) for breach in breaches(Town(seed, dear=dear), owns=owns)]
    assert not any(found), [breach for breach in found if breach]
    assert len(found) >= 5, "towns without secrets prove nothing"
