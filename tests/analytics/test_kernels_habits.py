"""Rhythm and routes, each against the plainest way to count."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from itertools import combinations, pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.kernels import outings, rhythm, routes
from analytics.kernels.columns import i32
from analytics.kernels.rhythm import ACTIVE, LAPSED, Patience
from tests.analytics.payments import (
    CONSUMERS,
    DAY,
    EDGES,
    QUICK,
    SHOPS,
    START,
    Payment,
    columns,
    cut_payments,
    through_a_file,
    whole,
)

FIRST_DAY = (START + 32_400) // DAY
SHORT = Patience(factor=2, least=3, most=40, once=10)


def edges():
    return pytest.mark.parametrize("rows", EDGES.values(), ids=EDGES.keys())


def slow_comings(rows: list[Payment], borders: list[int], as_of: int) -> tuple[list[list[int]], dict[int, tuple[int, int]]]:
    """Day by day, as one would watch a single person; and where each stands: state and day of the lapse."""
    table, standing = [[0] * (len(borders) - 1) for _ in range(4)], {}
    for who in {row.consumer for row in rows}:
        visits = sorted({row.day for row in rows if row.consumer == who})
        happened, past, patience, has_lapsed = defaultdict(set), [], 0, False
        for day in range(visits[0], as_of + 1):
            period = next((p for p in range(len(borders) - 1) if borders[p] <= day < borders[p + 1]), None)
            if day in visits:
                happened[period].add("new" if not past else "back" if has_lapsed else "returning")
                happened[period].discard("lapsed")
                past.append(day)
                rhythm_of_own = math.ceil(SHORT.factor * (day - past[0]) / (len(past) - 1)) if len(past) > 1 else 0
                patience = min(SHORT.most, max(SHORT.least, rhythm_of_own)) if len(past) > 1 else SHORT.once
                has_lapsed = False
            elif day - past[-1] == patience:
                happened[period].add("lapsed")
                has_lapsed = True
        for period, kinds in happened.items():
            if period is not None:
                came = [kind for kind in ("new", "back", "returning") if kind in kinds][:1]
                for kind in (*came, *(kinds & {"lapsed"})):
                    table[("new", "back", "returning", "lapsed").index(kind)][period] += 1
        standing[who] = (LAPSED if has_lapsed else ACTIVE, past[-1] + patience)
    return table, standing


def check_comings(chunks: list[list[Payment]], every: int) -> None:
    rows = whole(chunks)
    as_of = max((row.day for row in rows), default=FIRST_DAY) + 20
    borders = list(range(FIRST_DAY + 5, as_of + every, every))
    part = rhythm.combine([through_a_file(rhythm.days_part(*columns(chunk, "at consumer"), consumers=CONSUMERS)) for chunk in chunks])
    found, standing = rhythm.comings(part, i32(borders), as_of=as_of, patience=SHORT)
    table, expected = slow_comings(rows, borders, as_of)
    assert [field.tolist() for field in found] == table
    assert {who: (standing.state[who], standing.lapse[who]) for who in range(CONSUMERS) if standing.visits[who]} == expected


@QUICK
@given(cut_payments())
def test_comings_are_the_same_for_any_cut(chunks: list[list[Payment]]) -> None:
    check_comings(chunks, 30)
    check_comings(chunks, 1)


@edges()
def test_comings_at_the_edges(rows: list[Payment]) -> None:
    check_comings([rows], 7)


def test_who_comes_twice_a_year_is_not_lost_after_a_month() -> None:
    """And who came every day is, after two weeks of silence."""
    rows = [Payment(START + 100 * DAY * step, 0, 0, 1) for step in range(3)] + [
        Payment(START + (170 + step) * DAY, 1, 0, 1) for step in range(31)
    ]
    part = rhythm.days_part(*columns(sorted(rows, key=lambda row: row.at), "at consumer"), consumers=2)
    _, standing = rhythm.comings(part, i32([FIRST_DAY, FIRST_DAY + 300]), as_of=FIRST_DAY + 230)
    assert standing.state.tolist() == [ACTIVE, LAPSED]
    assert (standing.lapse - FIRST_DAY).tolist() == [200 + 180, 200 + 14]


def slow_routes(rows: list[Payment], persons: int, most: int, longest: int) -> list[tuple[tuple[int, ...], int]]:
    """Every choice of steps from every outing, the best of them: longer ones than pairs first, then by persons, then by shops."""
    walked = defaultdict(set)
    for who in {row.consumer for row in rows}:
        taken, last = [], None
        for row in (row for row in rows if row.consumer == who):
            if last is None or row.at - last > DAY:
                taken.append([])
            if not taken[-1] or taken[-1][-1] != row.shop:
                taken[-1].append(row.shop)
            last = row.at
        for outing in taken:
            assert len(outing) <= 14
            for steps in range(2, longest + 1):
                for route in combinations(outing, steps):
                    if all(here != there for here, there in pairwise(route)):
                        walked[route].add(who)
    enough = [(route, len(people)) for route, people in walked.items() if len(people) >= persons]
    return sorted(enough, key=lambda each: (len(each[0]) == 2, -each[1], each[0]))[:most]


def check_routes(chunks: list[list[Payment]], persons: int, most: int, longest: int = 4) -> None:
    part = outings.combine([outings.outings_part(*columns(chunk, "at consumer shop"), consumers=CONSUMERS) for chunk in chunks])
    walked = outings.outings(part, shops=SHOPS)
    found = routes.routes(walked, persons=persons, most=most, longest=longest)
    as_told = [(tuple(s for s in row if s >= 0), count) for row, count in zip(found.shops.tolist(), found.persons.tolist(), strict=True)]
    assert as_told == slow_routes(whole(chunks), persons, most, longest)
    route, person = routes.walkers(walked, found)
    assert Counter(route.tolist()) == Counter(dict(enumerate(found.persons.tolist())))
    assert len({*zip(route.tolist(), person.tolist(), strict=True)}) == len(route), "each person once for a route"


CLOSE = st.lists(st.builds(Payment, st.integers(START, START + 3 * DAY), st.integers(0, 3), st.integers(0, 3), st.just(1)), max_size=14)


@QUICK
@given(CLOSE.map(lambda rows: sorted(rows, key=lambda row: row.at)), st.integers(0, 14), st.integers(1, 3), st.integers(1, 20))
def test_the_best_routes_are_the_same_for_any_cut(rows: list[Payment], border: int, persons: int, most: int) -> None:
    check_routes([rows[:border], rows[border:]], persons, most)


@QUICK
@given(CLOSE.map(lambda rows: sorted(rows, key=lambda row: row.at)), st.integers(2, 4))
def test_all_routes_where_as_many_are_asked_for(rows: list[Payment], longest: int) -> None:
    check_routes([rows], 1, 10_000, longest)


def test_routes_where_nobody_walks() -> None:
    check_routes([[]], 1, 9)
    check_routes([EDGES["one shop"]], 1, 9)


def test_a_route_counts_a_person_once() -> None:
    """The same two shops on two outings, and from the bath through the sweets to the soba."""
    hours_and_shops = [(0, 0), (1, 2), (2, 1), (100, 0), (101, 1)]
    rows = [Payment(START + 3_600 * hour, 0, shop, 1) for hour, shop in hours_and_shops]
    walked = outings.outings(outings.outings_part(*columns(rows, "at consumer shop"), consumers=1), shops=3)
    found = routes.routes(walked, persons=1, most=9)
    assert list(zip(found.shops.tolist(), found.persons.tolist(), strict=True)) == [
        ([0, 2, 1, -1], 1),
        ([0, 1, -1, -1], 1),
        ([0, 2, -1, -1], 1),
        ([2, 1, -1, -1], 1),
    ]
