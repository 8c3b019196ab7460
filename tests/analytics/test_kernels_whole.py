"""The whole history at once, person by person, answers what the parts of months answer together."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given

from analytics.kernels import cohorts, people, rolling, tally
from tests.analytics.payments import CONSUMERS, EDGES, QUICK, SHOPS, Payment, columns, cut_payments, whole

SIZES = {"consumers": CONSUMERS, "shops": SHOPS}


def same(one: tuple, other: tuple) -> None:
    for name, ours, theirs in zip(one._fields, one, other, strict=True):
        assert np.array_equal(ours, theirs), name
        assert np.asarray(ours).dtype == np.asarray(theirs).dtype, name


def check(chunks: list[list[Payment]]) -> None:
    rows = [columns(whole(chunks))]
    at, consumer, shop, yen = rows[0]
    who = people.people([columns(chunk) for chunk in chunks], consumers=CONSUMERS)
    order = np.argsort(consumer, kind="stable")
    assert np.array_equal(who.start, np.searchsorted(consumer[order], np.arange(CONSUMERS + 1)))
    for ours, theirs in zip((who.at, who.shop, who.yen), (at, shop, yen), strict=True):
        assert np.array_equal(ours, theirs[order])
    for window in (1, 28):
        same(rolling.whole(who, shops=SHOPS, window=window), rolling.rolling(rolling.rolling_part(*rows[0], **SIZES, window=window)))
    months = cohorts.cohorts(cohorts.months_part(at, consumer, yen, consumers=CONSUMERS))
    same(cohorts.whole([columns(chunk, "at consumer yen") for chunk in chunks], consumers=CONSUMERS), months)


@QUICK
@given(cut_payments())
def test_the_whole_is_what_its_parts_are(chunks: list[list[Payment]]) -> None:
    check(chunks)


@pytest.mark.parametrize("rows", EDGES.values(), ids=EDGES.keys())
def test_the_whole_at_the_edges(rows: list[Payment]) -> None:
    check([rows])


def test_people_of_many_codes_fall_into_their_places() -> None:
    """More persons than are sorted together in one pass, and some who never paid."""
    random = np.random.default_rng(7)
    consumer = (random.integers(0, 900, 4_000) * 3).astype(np.int32)
    at, shop, yen = np.arange(4_000), random.integers(0, 9, 4_000).astype(np.int32), random.integers(1, 99, 4_000)
    who = people.people(
        [(at[:1_500], consumer[:1_500], shop[:1_500], yen[:1_500]), (at[1_500:], consumer[1_500:], shop[1_500:], yen[1_500:])],
        consumers=3_000,
    )
    order = np.argsort(consumer, kind="stable")
    assert np.array_equal(np.diff(who.start), np.bincount(consumer, minlength=3_000))
    assert np.array_equal(who.at, at[order]) and np.array_equal(who.yen, yen[order])
    room = np.full((5_000, 2), -1)
    again = people.people([(at, consumer, shop, yen)], consumers=3_000, room=room)
    assert np.array_equal(again.rows, who.rows) and np.shares_memory(again.rows, room)


def test_months_that_follow_each_other_are_put_in_a_row() -> None:
    """Parts whose cells do not meet need no counting again, and come out the same."""
    cells, person, yen = np.array([0, 0, 1, 3, 3, 3], np.int32), np.array([0, 1, 0, 2, 0, 2], np.int32), np.arange(6)
    parts = [tally.tally(cells[rows], person[rows], yen[rows], cells=4, consumers=3) for rows in (slice(2), slice(2, 3), slice(3, None))]
    same(tally.combine(parts), tally.tally(cells, person, yen, cells=4, consumers=3))
