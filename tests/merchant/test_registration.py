"""登録番号: a receipt names it on the days on which it holds, and on no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from flask.testing import FlaskClient

import merchant.commands
import merchant.queries
from merchant.queries import RegisterChoice
from tests.merchant.test_pages import Tablet
from tests.merchant.test_register import gives_back, sells
from tests.town import OWNER_PIN, Shop, Town

NUMBER, NEXT = "T7000012050002", "T1180301018771"
A_DAY = timedelta(days=1)


@pytest.fixture
def shop(district: Town) -> Shop:
    shop = district.shop()
    facts = replace(district.new_shop(), registration_number=NUMBER)
    merchant.commands.describe(district.session, district.district_id, shop.id, facts, now=district.now)
    return shop


def holds(shop: Shop, first: date | None, last: date | None, place: int = 0) -> None:
    """The owner says on which days a number holds; `place`: 0 for the newest."""
    town = shop.town
    found = replace(merchant.queries.registrations(town.session, shop.place())[place], first_day=first, last_day=last)
    more = {"issues": True, "registrations": [found], "now": town.now}
    merchant.commands.set_register(town.session, shop.owner, shop.id, RegisterChoice(), **more)  # type: ignore[arg-type]


def test_the_number_stands_on_a_sale_of_its_days_and_on_what_comes_back_of_it(district: Town, shop: Shop) -> None:
    """From today: named; from tomorrow, or ended yesterday: not; goods of a sale that named it come back with it, later too."""
    owner, till, today = shop.hires("店主", role="owner", pin=OWNER_PIN), shop.till(), district.today
    named = {}
    for first, last in ((None, None), (today, None), (today, today), (today + A_DAY, None), (None, today - A_DAY)):
        holds(shop, first, last)
        named[first, last] = sells(till)
    assert [each.content["shop"]["registration"] for each in named.values()] == [NUMBER, NUMBER, NUMBER, None, None]
    sale = named[today, today]
    assert gives_back(till, sale, 1, 0, staff_id=owner).content["shop"]["registration"] == NUMBER


def test_a_registration_after_another_has_its_own_number(district: Town, shop: Shop) -> None:
    """The one before ended yesterday, the next begins in three days: nothing is named until then, and the new number from that day on. A
    day of before is still the old number's."""
    till, today, place = shop.till(), district.today, shop.place
    holds(shop, None, None)
    facts = replace(district.new_shop(), registration_number=NEXT)
    merchant.commands.describe(district.session, district.district_id, shop.id, facts, now=district.now)
    assert sells(till).content["shop"]["registration"] == NEXT
    holds(shop, today + 3 * A_DAY, None)
    assert sells(till).content["shop"]["registration"] == NUMBER
    holds(shop, None, today - A_DAY, place=1)
    assert sells(till).content["shop"]["registration"] is None
    on = [merchant.queries.registration_on(district.session, place(), today + days * A_DAY) for days in (-1, 0, 2, 3, 300)]
    assert on == [NUMBER, None, None, NEXT, NEXT]
    merchant.commands.describe(district.session, district.district_id, shop.id, district.new_shop(), now=district.now)
    assert merchant.queries.registration_on(district.session, place(), today + 3 * A_DAY) is None


def test_the_owner_says_from_when_the_number_holds(client: FlaskClient, district: Town, shop: Shop) -> None:
    """Kept as days; a last day before the first is said, and nothing is changed."""
    desk, today = Tablet(client, district, owner=shop), district.today
    form = {"issues": "till", "tax": "inside", "rounding": "floor", "keypad_name": "お品代", "keypad_rate": "10"}
    form |= {"bag_name": "レジ袋", "bag_price": "5", "phone": ""}
    [found] = merchant.queries.registrations(district.session, shop.place())
    days = {"registered": str(found.place), "registered_from": today.isoformat(), "registered_until": ""}
    assert desk.sends("/shop/register", "/shop/register", **form, **days).status_code == 303
    wrong = days | {"registered_until": (today - A_DAY).isoformat()}
    assert desk.sends("/shop/register", "/shop/register", **form, **wrong).status_code == 422
    assert merchant.queries.registrations(district.session, shop.place()) == [replace(found, first_day=today)]
    stranger = Tablet(client, district, owner=district.shop("となりの店"))
    assert stranger.sends("/shop/register", "/shop/register", **form, **days | {"registered_from": ""}).status_code == 303
    assert merchant.queries.registrations(district.session, shop.place()) == [replace(found, first_day=today)]
    desk = Tablet(client, district, owner=shop)
    assert f'value="{today}"' in desk.looks("/shop/register").text
