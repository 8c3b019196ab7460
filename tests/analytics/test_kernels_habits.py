"""Rhythm, wallet, movers, routes and baskets, each against the plainest way to count."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analytics.kernels import baskets, covisits, movers, rhythm, routes, tally, wallet
from analytics.kernels.columns import i32, i64
from analytics.kernels.rhythm import ACTIVE, LAPSED, Patience
from tests.analytics.payments import (
    CONSUMERS,
    DAY,
    EDGES,
    PAYMENTS,
    QUICK,
    SHOPS,
    START,
    Payment,
    columns,
    cut_payments,
    through_a_file,
    whole,
)

SIZES = {"consumers": CONSUMERS, "shops": SHOPS}
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


def slow_wallets(rows: list[Payment], trade: list[int]) -> tuple[list[list[int]], list[list[int]]]:
    spent = defaultdict(lambda: [0] * SHOPS)
    for row in rows:
        spent[row.consumer][row.shop] += row.yen

    def one(is_here) -> list[int]:
        mine = [(paid, sum(paid[s] for s in range(SHOPS) if is_here(s))) for paid in spent.values()]
        there = [(paid, here) for paid, here in mine if here]
        of = {trade[s] for s in range(SHOPS) if is_here(s)}
        in_trade = sum(yen for paid, _ in there for s, yen in enumerate(paid) if trade[s] in of)
        yen = [here for _, here in there]
        return [
            len(there),
            sum(yen),
            in_trade,
            sum(sum(paid) for paid, _ in there),
            max(yen, default=0),
            max((sum(p) for p, _ in there), default=0),
        ]

    return [one(lambda s, shop=shop: s == shop) for shop in range(SHOPS)], [one(lambda s, t=t: trade[s] == t) for t in range(3)]


@QUICK
@given(cut_payments(), st.lists(st.integers(0, 2), min_size=SHOPS, max_size=SHOPS))
def test_wallets_are_shared_as_spent(chunks: list[list[Payment]], trade: list[int]) -> None:
    part = tally.combine([covisits.visits_part(*columns(chunk, "consumer shop yen"), **SIZES) for chunk in chunks])
    by_shop, by_trade = wallet.wallets(part, np.array(trade, np.int16), trades=3)
    shops, trades = slow_wallets(whole(chunks), trade)
    assert np.stack(by_shop, axis=1).tolist() == shops
    assert np.stack(by_trade, axis=1).tolist() == trades


def test_what_changed_is_named_and_the_dimension_that_shifted_explains_it() -> None:
    """Sales fell by 400, all of it in one shop; over the hours it is spread evenly."""
    by_shop = movers.moved(i64([1_000, 500, 500]), i64([600, 500, 500]))
    by_hour = movers.moved(i64([1_000, 1_000]), i64([800, 800]))
    assert by_shop.change.tolist() == [-400, 0, 0]
    assert by_shop.named.tolist() == [0]
    assert movers.best({"hour": by_hour, "shop": by_shop}) == ["shop", "hour"]


@QUICK
@given(st.lists(st.tuples(st.integers(0, 900), st.integers(0, 900)), min_size=1, max_size=8))
def test_shares_of_the_change_add_up(sides: list[tuple[int, int]]) -> None:
    before, after = (i64([side[k] for side in sides]) for k in (0, 1))
    found = movers.moved(before, after)
    if before.sum() == after.sum():
        assert np.isnan(found.share).all() and not found.named.size
        assert movers.best({"any": found}) == []
        return
    assert found.share.sum() == pytest.approx(1)
    p, q = (side / max(side.sum(), 1) for side in (before, after))
    terms = [sum(s * math.log(2 * s / (a + b)) / 2 for s in (a, b) if s) for a, b in zip(p, q, strict=True)]
    assert found.surprise == pytest.approx(terms, abs=1e-12)


def test_new_customers_are_those_whose_first_payment_falls_into_the_period() -> None:
    assert movers.is_new(i32([0, 1, 0, 2]), i64([5, 10, 11]), 10).tolist() == [0, 1, 0, 1]


def slow_routes(rows: list[Payment], persons: int, longest: int) -> dict[tuple[int, ...], int]:
    walked = defaultdict(set)
    for who in {row.consumer for row in rows}:
        outings, last = [], None
        for row in (row for row in rows if row.consumer == who):
            if last is None or row.at - last > DAY:
                outings.append([])
            if not outings[-1] or outings[-1][-1] != row.shop:
                outings[-1].append(row.shop)
            last = row.at
        for outing in outings:
            for steps in range(2, longest + 1):
                for route in combinations(outing[:14], steps):
                    walked[route].add(who)
            assert len(outing) <= 14 or longest <= 3
    return {route: len(people) for route, people in walked.items() if len(people) >= persons}


def check_routes(chunks: list[list[Payment]], persons: int) -> None:
    part = routes.combine([routes.routes_part(*columns(chunk, "at consumer shop"), consumers=CONSUMERS) for chunk in chunks])
    found = routes.routes(part, shops=SHOPS, persons=persons, longest=3)
    as_table = {tuple(s for s in row if s >= 0): count for row, count in zip(found.shops.tolist(), found.persons.tolist(), strict=True)}
    assert len(as_table) == len(found.persons)
    assert as_table == slow_routes(whole(chunks), persons, 3)
    route, person = routes.walkers(part, found)
    assert Counter(route.tolist()) == Counter(dict(enumerate(found.persons.tolist())))
    assert len({*zip(route.tolist(), person.tolist(), strict=True)}) == len(route), "each person once for a route"
    assert found.persons.tolist() == sorted(found.persons.tolist(), reverse=True)


CLOSE = st.lists(st.builds(Payment, st.integers(START, START + 3 * DAY), st.integers(0, 3), st.integers(0, 3), st.just(1)), max_size=14)


@QUICK
@given(CLOSE.map(lambda rows: sorted(rows, key=lambda row: row.at)), st.integers(0, 14), st.integers(1, 3))
def test_routes_are_the_same_for_any_cut(rows: list[Payment], border: int, persons: int) -> None:
    check_routes([rows[:border], rows[border:]], persons)


def test_routes_where_nobody_walks() -> None:
    check_routes([[]], 1)
    check_routes([EDGES["one shop"]], 1)


def test_a_route_counts_a_person_once() -> None:
    """The same two shops on two outings, and from the bath through the sweets to the soba."""
    hours_and_shops = [(0, 0), (1, 2), (2, 1), (100, 0), (101, 1)]
    rows = [Payment(START + 3_600 * hour, 0, shop, 1) for hour, shop in hours_and_shops]
    found = routes.routes(routes.routes_part(*columns(rows, "at consumer shop"), consumers=1), shops=3, persons=1)
    assert list(zip(found.shops.tolist(), found.persons.tolist(), strict=True)) == [
        ([0, 1, -1, -1], 1),
        ([0, 2, -1, -1], 1),
        ([0, 2, 1, -1], 1),
        ([2, 1, -1, -1], 1),
    ]


@QUICK
@given(
    st.lists(st.tuples(st.integers(0, 7), st.integers(0, 4)), max_size=30),
    st.lists(st.integers(-1, 3), min_size=8, max_size=8),
    st.integers(1, 3),
)
def test_pairs_on_receipts(lines: list[tuple[int, int]], person: list[int], least: int) -> None:
    found = baskets.baskets(i32([r for r, _ in lines]), i32([i for _, i in lines]), i32(person), items=5, least=least)
    on = defaultdict(set)
    for receipt, item in lines:
        on[item].add(receipt)
    expected = {}
    for a, b in combinations(range(5), 2):
        both = on[a] & on[b]
        if len(both) >= least:
            behind = [person[receipt] for receipt in both if person[receipt] >= 0]
            most = max((behind.count(who) for who in behind), default=0)
            lift = len(both) * 8 / (len(on[a]) * len(on[b]))
            expected[a, b] = (len(both), len(set(behind)), most, len(both) / len(on[a]), len(both) / len(on[b]), lift)
    columns_of = (found.receipts, found.persons, found.most, found.confidence[:, 0], found.confidence[:, 1], found.lift)
    assert dict(zip(zip(found.first, found.second, strict=True), zip(*columns_of, strict=True), strict=True)) == expected


@QUICK
@given(PAYMENTS)
def test_wallets_and_covisits_see_the_same_persons(rows: list[Payment]) -> None:
    part = covisits.visits_part(*columns(rows, "consumer shop yen"), **SIZES)
    by_shop, _ = wallet.wallets(part, np.zeros(SHOPS, np.int16), trades=1)
    assert by_shop.persons.tolist() == np.diagonal(covisits.both(part)).tolist()
