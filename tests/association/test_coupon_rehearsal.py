"""試しに当てはめる over payments that were really made: who gains, and how the budget goes."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

from sqlalchemy import Engine
from sqlalchemy.orm import Session

import association.commands
import ledger.commands as book
import ledger.queries
from association import queries
from association.queries import Conditions
from association.queries.rehearsal import _percents
from base.clock import day_bounds, tokyo_day
from base.db import atomic
from tests.association.test_pages import desk
from tests.association.test_points import demo_engine
from tests.town import Town

__all__ = ["demo_engine", "desk"]


def a_morning(town: Town) -> None:
    """Twelve people pay 1,000 yen at a small shop, and then 3,000 at a large one."""
    small, large = town.shop("小さな店"), town.shop("大きな店")
    association.commands.classify_shop(town.session, town.clerk().who, large.place().id, size="large", now=town.now)
    for _ in range(12):
        each = town.consumer(coins=4_000)
        each.pays(small, 1_000)
        each.pays(large, 3_000)


def test_small_shops_against_large_ones(district: Town) -> None:
    """One coupon a person, used at the first payment: all of it goes to the small shop, where a quarter of the money was spent."""
    a_morning(district)
    now = district.now + timedelta(days=9)
    first = tokyo_day(now) + timedelta(days=1)
    last = first + timedelta(days=13)
    who = district.approver().signs_in_again().who
    tried = queries.rehearsal(district.session, who, Conditions(100, 500), pieces=500, per_person=1, first=first, last=last, now=now)
    rows = [(one.size, one.shops, one.usual_percent, one.gain_percent, one.cost) for one in tried.sizes]
    assert rows == [("small", 1, 25, 100, 1_200), ("large", 1, 75, 0, 0)]
    assert len(tried.burn) == 14 and tried.burn[-1] == (tried.last, 1_200) and {amount for _day, amount in tried.burn} == {0, 1_200}


def test_payments_are_replayed_in_the_order_in_which_they_were_made(district: Town, demo_engine: Engine) -> None:
    """One that was brought into the book later, of an earlier hour, comes first: else the last piece would go before the last use."""
    a_morning(district)
    shop, taro = district.shop("町の店"), district.consumer(coins=4_000)
    with Session(demo_engine) as session, atomic(session):
        till = book.open_account(session, district.district_id, "payable", shop.id, district.series_id)
        purse = book.open_account(session, district.district_id, "consumer", taro.person_id, district.series_id)
        facts = {"merchant": shop.id}
        lines, at = book.transfer(purse, till, 900), day_bounds(tokyo_day(district.now))[0]
        book.post(session, district.district_id, book.Draft("payment", uuid4(), bytes(32), lines, facts, posted_at=at))
    paid = ledger.queries.payments_made(
        district.session, district.district_id, since=district.now - timedelta(days=9), until=district.now + timedelta(days=1)
    )
    assert paid == sorted(paid, key=lambda one: one[:2]) and paid[0][2] == taro.person_id


def test_fewer_than_ten_people_tell_no_shares(district: Town) -> None:
    """Where hardly anybody paid, only the most that it could cost is told."""
    district.consumer(coins=1_000).pays(district.shop(), 1_000)
    now = district.now + timedelta(days=9)
    first = tokyo_day(now) + timedelta(days=1)
    who = district.approver().signs_in_again().who
    tried = queries.rehearsal(
        district.session, who, Conditions(100, 500), pieces=5, per_person=1, first=first, last=first + timedelta(days=13), now=now
    )
    assert (tried.people, tried.sizes, tried.burn) == (None, (), ())


def test_the_shares_of_both_sizes_make_a_hundred() -> None:
    """Five sixths and one sixth are 83 and 17, not 83 and 16."""
    assert [_percents(sums) for sums in ([25_000, 5_000], [0, 7], [1, 1], [0, 0])] == [[83, 17], [0, 100], [50, 50], [None, None]]
