"""From lines to payments, refunds and flows, beside a plain loop: no yen is lost, and each goes from whom to whom it went."""

from __future__ import annotations

from collections import Counter
from typing import NamedTuple

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from analytics.snapshot.lines import Lines, Parts
from analytics.snapshot.schema import ASSETS, CLASSES, KINDS, Accounts
from analytics.snapshot.sorting import sort

Line = tuple[int, int]  # account, amount


class Whose(NamedTuple):
    """Of an account: class, code, series, whether it counts pieces."""

    name: str
    code: int
    series: int
    is_piece: bool = False


WHOSE = {
    10: Whose("consumer", 0, 0),
    11: Whose("consumer", 1, 0),
    12: Whose("consumer", 0, 1),
    13: Whose("consumer", 0, 2, True),
    20: Whose("payable", 0, 0),
    21: Whose("payable", 0, 1),
    30: Whose("suspense", 0, 0),
    40: Whose("promotion", 0, -1),
    41: Whose("funder", 0, -1),
    50: Whose("drawer", 0, -1),
    51: Whose("in_transit", 0, -1),
    52: Whose("safe", 0, -1),
    60: Whose("coupon_used", 0, 2, True),
}
ACCOUNTS = Accounts(
    np.array(list(WHOSE), np.int64),
    np.array([CLASSES.index(each.name) for each in WHOSE.values()], np.int8),
    np.array([each.code for each in WHOSE.values()], np.int32),
    np.array([each.series for each in WHOSE.values()], np.int16),
    np.array([each.is_piece for each in WHOSE.values()], np.int8),
)


SIDE = {"consumer": "person", "suspense": "person", "payable": "shop"}


class Posted(NamedTuple):
    """A transaction as a test thinks of it. `of`: the place that it names."""

    kind: str
    lines: list[Line]
    of: int = -1
    beside: int = 0


yen = st.integers(1, 10**6)


@st.composite
def balanced(draw: st.DrawFn) -> Posted:
    """Any movement between any accounts in yen, sometimes with a piece of a coupon beside it."""
    accounts = draw(st.lists(st.sampled_from([each for each in WHOSE if not WHOSE[each].is_piece]), min_size=2, max_size=7, unique=True))
    amounts = draw(st.lists(st.integers(-(10**6), 10**6).filter(bool), min_size=len(accounts) - 1, max_size=len(accounts) - 1))
    if not sum(amounts):
        amounts[0] += 1
        amounts = [amount or 1 for amount in amounts]
    rest = -sum(amounts)
    lines = list(zip(accounts, [*amounts, rest], strict=True)) if rest else list(zip(accounts[:-1], amounts, strict=True))
    pieces = draw(st.sampled_from([[], [(13, 1), (60, -1)]]))
    return Posted(draw(st.sampled_from(["settlement", "top_up", "correction", "coupon_claim"])), [*lines, *pieces])


@st.composite
def visit(draw: st.DrawFn) -> Posted:
    """A payment of one person to one shop, in one series or two, with funders or without; or all of it back."""
    paid = draw(st.dictionaries(st.sampled_from([10, 12]), yen, min_size=1))
    funded = draw(st.dictionaries(st.sampled_from([40, 41]), yen))
    got = {20: -paid.get(10, 0), 21: -paid.get(12, 0)}
    got[draw(st.sampled_from([20, 21]))] -= sum(funded.values())
    lines = [(account, amount) for account, amount in sorted({**paid, **funded, **got}.items()) if amount]
    if draw(st.booleans()):
        return Posted("coupon_payment", lines, -1, draw(st.integers(0, 100)))
    return Posted("coupon_refund", [(account, -amount) for account, amount in lines], 0, draw(st.integers(0, 100)))


def table_of(posted: list[Posted]) -> tuple[Lines, Parts]:
    rows = [(place, 1_000 + place, KINDS.index(each.kind), *line) for place, each in enumerate(posted) for line in each.lines]
    parts = [(place, each.of, each.beside) for place, each in enumerate(posted) if each.of >= 0 or each.beside]
    return (
        Lines._make(np.array(rows, np.int64).reshape(-1, 5).T),
        Parts._make(np.array(parts, np.int64).reshape(-1, 3).T),
    )


@given(st.lists(balanced() | visit(), max_size=6))
def test_no_yen_is_lost_on_the_way(posted: list[Posted]) -> None:
    """What each account gave and got in flows, payments and refunds is what its lines say, transaction by transaction."""
    found = sort(*table_of(posted), ACCOUNTS)
    moved: Counter[tuple[int, str, int]] = Counter()
    for seq, _at, source_class, source, target_class, target, amount, _kind, _series in zip(
        *(each.tolist() for each in found.flows), strict=True
    ):
        assert amount > 0
        if source_class in ASSETS and target_class in ASSETS:
            amount = -amount  # what an asset gives is a credit
        moved[seq, SIDE.get(CLASSES[source_class], CLASSES[source_class]), source] += amount
        moved[seq, SIDE.get(CLASSES[target_class], CLASSES[target_class]), target] -= amount
    for sign, table in ((1, found.payments), (-1, found.refunds)):
        for seq, consumer, shop, price, off in zip(*(each.tolist() for each in (table.seq, *table[2:6])), strict=True):
            moved[seq, "person", consumer] += sign * (price - off)
            moved[seq, "shop", shop] -= sign * (price - off)
    wanted: Counter[tuple[int, str, int]] = Counter()
    for place, each in enumerate(posted):
        for account, amount in each.lines:
            if not WHOSE[account].is_piece:
                wanted[place, SIDE.get(WHOSE[account].name, WHOSE[account].name), WHOSE[account].code] += amount
    assert {key: value for key, value in moved.items() if value} == {key: value for key, value in wanted.items() if value}
    assert found.flows.seq.tolist() == sorted(found.flows.seq.tolist())


@given(yen, yen, st.integers(0, 10**6), st.integers(0, 10**6), st.integers(0, 500), st.integers(0, 500))
def test_a_payment_has_its_price_and_its_refund_the_same(coin: int, voucher: int, funded: int, promoted: int, own: int, split: int) -> None:
    """In two series, with two funders and the shop's own part; the refund, part of it late, gives back all of it."""
    funders = [(account, amount) for account, amount in ((40, promoted), (41, funded)) if amount]
    paid = [(10, coin), (12, voucher), (20, -coin - funded - promoted), (21, -voucher), *funders, (13, 1), (60, -1)]
    late = min(split, coin - 1)
    back = (
        [(account, -amount) for account, amount in paid if account not in (10, 13, 60)]
        + [(10, -(coin - late))]
        + ([(30, -late)] if late else [])
    )
    pays, gives_back, flows = sort(
        *table_of([Posted("coupon_payment", sorted(paid), -1, own), Posted("refund_late", sorted(back), 0, own)]), ACCOUNTS
    )
    price, off = coin + voucher + funded + promoted + own, funded + promoted + own
    main = 0 if coin >= voucher else 1
    assert [each.tolist() for each in pays] == [[0], [1_000], [0], [0], [price], [off], [main]]
    assert [each.tolist() for each in gives_back[2:6]] == [[0], [0], [price], [off]] and gives_back.of.tolist() == [0]
    assert int(flows.yen.sum()) == 2 * (funded + promoted)


def test_a_settlement_is_taken_apart_series_by_series() -> None:
    """Two payables against what goes to the bank and the fee: from each what it gave."""
    flows = sort(*table_of([Posted("settlement", [(20, 700), (21, 300), (50, -50), (51, -950)])]), ACCOUNTS).flows
    assert list(zip(flows.yen.tolist(), flows.series.tolist(), flows.target_class.tolist(), strict=True)) == [
        (50, 0, CLASSES.index("drawer")),
        (650, 0, CLASSES.index("in_transit")),
        (300, 1, CLASSES.index("in_transit")),
    ]


def test_cash_goes_from_the_drawer_to_the_safe_and_from_the_funder_to_the_bank() -> None:
    """Between two assets a debit receives; else whoever is debited gives."""
    posted = [
        Posted("drawer_close", [(50, -900), (52, 900)]),
        Posted("funder_pays", [(41, -70), (52, 70)]),
        Posted("top_up", [(50, 5), (10, -5)]),
    ]
    flows = sort(*table_of(posted), ACCOUNTS).flows
    assert [(CLASSES[a], CLASSES[b]) for a, b in zip(flows.source_class.tolist(), flows.target_class.tolist(), strict=True)] == [
        ("drawer", "safe"),
        ("funder", "safe"),
        ("drawer", "consumer"),
    ]


def test_nothing_is_nothing() -> None:
    """No line at all, and a key that was closed, which has none."""
    assert [len(table.seq) for table in sort(*table_of([]), ACCOUNTS)] == [0, 0, 0]
    assert [len(table.seq) for table in sort(*table_of([Posted("key_closed", [])]), ACCOUNTS)] == [0, 0, 0]
