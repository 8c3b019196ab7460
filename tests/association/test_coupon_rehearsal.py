"""試しに当てはめる over payments that were really made: who gains, and how the budget goes."""

from __future__ import annotations

from datetime import timedelta

import association.commands
from association import queries
from association.queries import Conditions
from base.clock import tokyo_day
from tests.association.test_pages import desk
from tests.town import Town

__all__ = ["desk"]


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
