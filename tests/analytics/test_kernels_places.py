"""What happens where: profiles, transitions, rolling windows and co-visits, each against the plainest way to count."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from scipy.stats import chi2_contingency, false_discovery_control, fisher_exact

from analytics.kernels import covisits, profiles, rolling, transitions
from tests.analytics.payments import (
    CONSUMERS,
    DAY,
    EDGES,
    PAYMENTS,
    QUICK,
    SHOPS,
    START,
    Payment,
    cells_of,
    columns,
    counted,
    cut_payments,
    through_a_file,
    whole,
)

SIZES = {"consumers": CONSUMERS, "shops": SHOPS}


def edges():
    return pytest.mark.parametrize("rows", EDGES.values(), ids=EDGES.keys())


def check_profiles(chunks: list[list[Payment]]) -> None:
    by_shop, by_hour = defaultdict(list), defaultdict(list)
    for row in whole(chunks):
        season = {3: 0, 6: 1, 9: 2, 12: 3}[row.moment.month // 3 * 3 or 12]
        hour = (season, row.moment.weekday(), row.moment.hour)
        by_shop[row.shop, *hour].append((row.consumer, row.yen))
        by_hour[0, *hour].append((row.consumer, row.yen))
    rows = [columns(chunk) for chunk in chunks]
    found = profiles.counted(rows, **SIZES)
    assert cells_of(found) == counted(by_shop)
    district = [(at, consumer, 0 * shop, yen) for at, consumer, shop, yen in rows]
    assert cells_of(profiles.counted(district, consumers=CONSUMERS, shops=1)) == counted(by_hour)
    quick = profiles.combine_sums([profiles.sums(*columns(chunk, "at shop yen"), shops=SHOPS) for chunk in chunks])
    assert np.array_equal(quick.payments, found.payments)
    assert np.array_equal(quick.yen, found.yen)


@QUICK
@given(cut_payments())
def test_profiles_are_the_same_for_any_cut(chunks: list[list[Payment]]) -> None:
    check_profiles(chunks)


@edges()
def test_profiles_at_the_edges(rows: list[Payment]) -> None:
    check_profiles([rows])


def check_transitions(chunks: list[list[Payment]], window: int) -> transitions.Transitions:
    before: dict[int, Payment] = {}
    seen = defaultdict(list)
    for row in whole(chunks):
        last = before.get(row.consumer)
        if last is not None and row.at - last.at <= window:
            seen[last.shop, row.shop].append((row.consumer, row.yen))
        before[row.consumer] = row
    parts = [through_a_file(transitions.transitions_part(*columns(chunk), **SIZES, window=window)) for chunk in chunks]
    found = transitions.transitions(transitions.combine(parts))
    assert cells_of(found[:5]) == {cell: of_cell[:5] for cell, of_cell in counted(seen).items()}
    assert found.payments.tolist() == [sum(row.shop == shop for row in whole(chunks)) for shop in range(SHOPS)]
    return found


@QUICK
@given(cut_payments())
def test_transitions_are_the_same_for_any_cut(chunks: list[list[Payment]]) -> None:
    check_transitions(chunks, transitions.VISIT_S)
    check_transitions(chunks, 30 * DAY)


@edges()
def test_transitions_at_the_edges(rows: list[Payment]) -> None:
    check_transitions([rows], 2 * DAY)


def test_shops_and_persons_may_come_later() -> None:
    """A closed month knows fewer shops and persons than the running one: its part still joins."""
    early = transitions.transitions_part(*columns([Payment(START, 0, 1, 100), Payment(START + 60, 0, 0, 200)]), consumers=1, shops=2)
    late = [Payment(START + 120, 0, 4, 300), Payment(START + 180, 5, 1, 400)]
    found = transitions.transitions(transitions.combine([early, transitions.transitions_part(*columns(late), **SIZES)]))
    assert {place: cell[2] for place, cell in cells_of(found[:5]).items()} == {(1, 0): 200, (0, 4): 300}


def test_circulation_counts_further_shops_of_an_outing() -> None:
    """Soba, then sweets, then soba again; next week soba only: two outings, two moves."""
    hours = (0, 1, 2, 7 * 24)
    rows = [Payment(START + 3_600 * hour, 0, shop, 500) for hour, shop in zip(hours, (0, 1, 0, 0), strict=True)]
    found = transitions.circulation(check_transitions([rows], transitions.VISIT_S))
    assert found == (2, 2, 1.0)
    nothing = transitions.circulation(check_transitions([[]], transitions.VISIT_S))
    assert np.isnan(nothing.onward)


@QUICK
@given(PAYMENTS)
def test_the_walker_is_found_where_stepping_long_enough_leads(rows: list[Payment]) -> None:
    moves = check_transitions([rows], 30 * DAY).moves.tolist()
    share = [1 / SHOPS] * SHOPS
    for _ in range(200):
        ahead = [0.0] * SHOPS
        for here, row in enumerate(moves):
            away = [0 if there == here else count for there, count in enumerate(row)]
            for there, count in enumerate(away):
                step = 0.85 * count / sum(away) + 0.15 / SHOPS if sum(away) else 1 / SHOPS
                ahead[there] += share[here] * step
        share = ahead
    assert transitions.stationary(np.array(moves)) == pytest.approx(share, abs=1e-9)


def check_rolling(chunks: list[list[Payment]], window: int) -> None:
    rows = whole(chunks)
    found = rolling.rolling(
        rolling.combine([through_a_file(rolling.rolling_part(*columns(chunk), **SIZES, window=window)) for chunk in chunks])
    )
    if not rows:
        assert found.visitors.size == 0
        return
    assert (found.since, len(found.yen)) == (rows[0].day, rows[-1].day - rows[0].day + 1)
    for index in {0, len(found.yen) - 1, len(found.yen) // 2, *(row.day - rows[0].day for row in rows)}:
        held = [row for row in rows if 0 <= found.since + index - row.day < window]
        for shop in range(SHOPS):
            here = [row for row in held if row.shop == shop]
            expected = (len(here), sum(row.yen for row in here), len({row.consumer for row in here}))
            assert (found.payments[index, shop], found.yen[index, shop], found.visitors[index, shop]) == expected


@QUICK
@given(cut_payments())
def test_rolling_windows_are_the_same_for_any_cut(chunks: list[list[Payment]]) -> None:
    check_rolling(chunks, 28)
    check_rolling(chunks, 1)


@edges()
def test_rolling_windows_at_the_edges(rows: list[Payment]) -> None:
    check_rolling([rows], 28)


def check_covisits(chunks: list[list[Payment]]) -> None:
    shops_of = defaultdict(set)
    for row in whole(chunks):
        shops_of[row.consumer].add(row.shop)
    persons = CONSUMERS + 40  # most of the district paid elsewhere: small and large expected counts
    found = covisits.tested(covisits.both([columns(chunk, "consumer shop") for chunk in chunks], **SIZES), persons=persons)
    pairs, expected_p = [], []
    for a, b in combinations(range(SHOPS), 2):
        both = sum({a, b} <= shops for shops in shops_of.values())
        alone = [sum(shop in shops for shops in shops_of.values()) for shop in (a, b)]
        assert found.persons[a, b] == found.persons[b, a] == both
        assert [found.persons[a, a], found.persons[b, b]] == alone
        if 0 in alone:
            assert np.isnan(found.lift[a, b]) and np.isnan(found.p[a, b]) and np.isnan(found.q[a, b])
            continue
        assert found.lift[a, b] == both * persons / (alone[0] * alone[1])
        table = [[both, alone[0] - both], [alone[1] - both, persons - sum(alone) + both]]
        pairs.append((a, b))
        expected_p.append(fisher_exact(table).pvalue)
    places = tuple(np.array(pairs, int).reshape(-1, 2).T)
    assert found.p[places] == pytest.approx(expected_p, rel=1e-6)
    if pairs:
        assert found.q[places] == pytest.approx(false_discovery_control(found.p[places]))


@QUICK
@given(cut_payments())
def test_covisits_are_the_same_for_any_cut(chunks: list[list[Payment]]) -> None:
    check_covisits(chunks)


@edges()
def test_covisits_at_the_edges(rows: list[Payment]) -> None:
    check_covisits([rows])


def test_many_persons_are_tested_by_chi_squared() -> None:
    """Of 400, 100 go to the soba shop, 120 to the bath, 60 to both."""
    rows = [Payment(START, who, 0, 1) for who in range(100)] + [Payment(START, who, 1, 1) for who in range(40, 160)]
    found = covisits.tested(covisits.both([columns(rows, "consumer shop")], consumers=400, shops=2), persons=400)
    assert found.lift[0, 1] == 2.0
    assert found.p[0, 1] == pytest.approx(chi2_contingency([[60, 40], [60, 240]], correction=False).pvalue)


def test_persons_of_many_shops_share_them_as_those_of_few_do() -> None:
    """More persons of many shops than are compared at once, and as many of few, against the incidence matrix times itself."""
    random = np.random.default_rng(5)
    shops_of = [random.permutation(70)[: (60 if who % 2 else who % 9)] for who in range(2 * covisits.BUSY + 99)]
    person, shop = np.repeat(np.arange(len(shops_of)), list(map(len, shops_of))).astype(np.int32), np.concatenate(shops_of).astype(np.int32)
    incidence = np.zeros((len(shops_of), 70), np.int32)
    incidence[person, shop] = 1
    rows = (np.repeat(person, 2), np.repeat(shop, 2))  # paying twice is being there once
    assert np.array_equal(covisits.both([rows], consumers=len(shops_of), shops=70), incidence.T @ incidence)
