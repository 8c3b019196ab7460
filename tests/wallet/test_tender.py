"""How a payment is put together, and how a code reads: pure rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wallet.rules import (
    Account,
    Obstacle,
    Offer,
    Part,
    best_offers,
    fingerprint_of,
    go_together,
    grouped_digits,
    make_code,
    make_digits,
    obstacle,
    plan_tender,
    read_code,
)

NOW = datetime(2026, 11, 24, 3, 41, tzinfo=UTC)
YEAR = timedelta(days=365)


def account(
    number: int, available: int, *, ends: int | None = None, coin: bool = False, restricted: bool = False, most: int = 100_000
) -> Account:
    """`ends`: in so many days from now."""
    return Account(number, number, available, NOW - YEAR, None if ends is None else NOW + timedelta(days=ends), most, coin, restricted)


def test_what_expires_first_is_spent_first():
    """The voucher that ends on the 31st is spent before the one that ends in March, whichever I got first."""
    tender = plan_tender(1_500, [account(1, 1_000, ends=120), account(2, 1_000, ends=37)], now=NOW)
    assert tender.parts == (Part(2, 2, 1_000), Part(1, 1, 500))
    assert tender.shortage == 0


def test_restricted_before_unrestricted():
    """Of two vouchers that end together, the one for local shops only goes first."""
    tender = plan_tender(300, [account(1, 1_000, ends=37), account(2, 1_000, ends=37, restricted=True)], now=NOW)
    assert tender.parts == (Part(2, 2, 300),)


def test_coin_comes_last():
    """Coin is spent only when the vouchers are used up, even if the coin ends sooner."""
    tender = plan_tender(1_080, [account(1, 8_420, ends=5, coin=True), account(2, 1_000, ends=37)], now=NOW)
    assert tender.parts == (Part(2, 2, 1_000), Part(1, 1, 80))
    assert tender.shown() == "2:1000,1:80"


def test_what_is_missing_is_said():
    """With 960 of 1,280 yen, 320 yen are missing."""
    assert plan_tender(1_280, [account(1, 960, coin=True)], now=NOW).shortage == 320


@pytest.mark.parametrize(("begins", "ends", "spent"), [(0, 1, 500), (1, 2, 0), (-2, 0, 0), (-2, None, 500)])
def test_a_series_counts_from_its_first_moment_to_its_last(begins, ends, spent):
    """At the very moment of its end a series is over; at the very moment of its beginning it runs."""
    one = Account(1, 1, 500, NOW + timedelta(days=begins), None if ends is None else NOW + timedelta(days=ends), 100_000)
    assert plan_tender(500, [one], now=NOW).amount == spent


def offer(number: int, off: int, *, least: int = 1_000, ends: int = 30, pieces: int = 1, here: bool = True, stopped: bool = False) -> Offer:
    """A coupon that began a year ago and ends in so many days."""
    return Offer(number, 100 + number, off, least, NOW - YEAR, NOW + timedelta(days=ends), pieces, here, stopped)


@pytest.mark.parametrize(
    ("one", "bill", "reason"),
    [
        (offer(1, 200), 1_000, None),
        (offer(1, 200), 999, Obstacle.too_small),
        (offer(1, 200, ends=0), 1_000, Obstacle.over),
        (offer(1, 200, pieces=0), 1_000, Obstacle.none_left),
        (offer(1, 200, here=False), 1, Obstacle.other_shops),
        (offer(1, 200, stopped=True, pieces=0), 1, Obstacle.stopped),
        (replace(offer(1, 200), is_visited=False, for_first=True), 999, Obstacle.visited),  # no larger bill would help
        (replace(offer(1, 200), is_in_hours=False), 999, Obstacle.hours),
    ],
)
def test_the_first_reason_is_told(one, bill, reason):
    """Each reason against a coupon, and the most final one first."""
    assert obstacle(one, bill, now=NOW) is reason


def test_the_best_coupon_takes_most_off_and_then_ends_first():
    """One coupon a payment: 300 before 200, and of two that take 300 the one that ends sooner; none where none fits."""
    both = [offer(1, 200), offer(2, 300), offer(3, 300, ends=5), offer(4, 500, least=2_000)]
    assert best_offers(both, 1_000, now=NOW) == (both[2],)
    assert best_offers(both, 900, now=NOW) == ()


@given(bill=st.integers(2, 1_000_000), off=st.integers(1, 100_000), available=st.integers(0, 1_000_000))
def test_a_coupon_and_coin_make_the_bill(bill, off, available):
    """What the person pays, what is missing and the discount are the bill together; the plan names the coupon."""
    one = offer(7, off, least=off + 1)
    used = one if obstacle(one, bill, now=NOW) is None else None
    tender = plan_tender(bill, [account(1, available, coin=True, most=1_000_000)], offers=[used] if used else [], now=NOW)
    assert tender.amount + tender.shortage + tender.discount == bill
    assert tender.shown().startswith(f"c7:{off}") == (used is not None)


@given(
    amount=st.integers(1, 1_000_000),
    accounts=st.lists(
        st.builds(
            account,
            st.integers(1, 9),
            st.integers(0, 300_000),
            ends=st.none() | st.integers(-3, 400),
            coin=st.booleans(),
            restricted=st.booleans(),
            most=st.integers(1, 300_000),
        ),
        max_size=6,
        unique_by=lambda one: one.account_id,
    ),
)
def test_a_tender_is_exact(amount, accounts):
    """Whatever I hold: no account gives more than it has or may give, nothing ended is touched, and the sum is exact."""
    tender = plan_tender(amount, accounts, now=NOW)
    by_account = {one.account_id: one for one in accounts}
    assert tender.amount + tender.shortage == amount
    for part in tender.parts:
        source = by_account[part.account_id]
        assert 0 < part.amount <= min(source.available, source.payment_max)
        assert source.ends is None or source.ends > NOW
    coins = [by_account[part.account_id].coin for part in tender.parts]
    assert coins == sorted(coins)
    if tender.shortage:  # then everything that could give has given all it may
        given_up = {part.account_id: part.amount for part in tender.parts}
        for one in accounts:
            if one.ends is None or one.ends > NOW:
                assert given_up.get(one.account_id, 0) == min(one.available, one.payment_max)


def test_a_code_has_its_form():
    """28 signs that a QR holds in its small alphabet, different each time; read back it has the fingerprint that is stored."""
    code, other = make_code(), make_code()
    assert len(code) == 28 and code.startswith("M1") and code != other
    assert read_code(code).fingerprint == fingerprint_of(code)
    assert read_code(code.lower()).fingerprint == fingerprint_of(code)


@pytest.mark.parametrize("typed", ["417359260318", "4173 5926 0318", "4173-5926-0318", "４１７３　５９２６　０３１８"])
def test_digits_are_read_however_they_are_typed(typed):
    """Twelve digits count, grouped or not, half or full width."""
    assert read_code(typed).digits == "417359260318"
    assert grouped_digits("417359260318") == "4173 5926 0318"


@pytest.mark.parametrize("typed", ["", "M1", "41735926031", "4173592603189", "https://example.jp/q/AQEA", "M1" + "A" * 25 + "1", "漢字"])
def test_anything_else_is_no_code(typed):
    """Neither a shop's code nor half a code is taken for a consumer's."""
    assert read_code(typed) is None


def test_digits_keep_their_leading_zeros():
    """Twelve digits are twelve digits."""
    assert all(len(make_digits()) == 12 and make_digits().isdigit() for _ in range(50))


@given(
    st.lists(st.tuples(st.integers(1, 900), st.integers(1, 1_500), st.booleans()), max_size=6),
    st.integers(1, 2_000),
)
def test_the_best_coupons_are_allowed_and_no_others_take_more(drawn, bill):
    """One alone or two that both say so, something left to pay, and no allowed choice takes more off."""
    offers = [replace(offer(number, off, least=least), together=together) for number, (off, least, together) in enumerate(drawn, start=1)]
    best = best_offers(offers, bill, now=NOW)
    fitting = [one for one in offers if obstacle(one, bill, now=NOW) is None]
    sets = [some for many in (0, 1, 2) for some in combinations(fitting, many)]
    allowed = [some for some in sets if len(some) < 2 or all(one.together for one in some)]
    takes = [sum(one.amount_off for one in some) for some in allowed]
    assert sum(one.amount_off for one in best) == max(off for off in takes if off < bill)
    assert len(best) < 2 or all(one.together for one in best)
    assert go_together(best, bill)
