"""登録番号: a receipt names it on the days on which it holds, and on no other."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient

import merchant.commands
import merchant.queries
from merchant.queries import RegisterChoice
from tests.merchant.test_pages import Tablet
from tests.merchant.test_register import gives_back, sells
from tests.town import OWNER_PIN, Shop, Town

NUMBER = "T7000012050002"
A_DAY = timedelta(days=1)


@pytest.fixture
def shop(district: Town) -> Shop:
    shop = district.shop()
    facts = replace(district.new_shop(), registration_number=NUMBER)
    merchant.commands.describe(district.session, district.district_id, shop.id, facts, now=district.now)
    return shop


def chooses(shop: Shop, **days: object) -> None:
    town = shop.town
    choice = RegisterChoice(**days)  # type: ignore[arg-type]
    merchant.commands.set_register(town.session, shop.owner, shop.id, choice, issues=True, now=town.now)


def test_the_number_stands_on_a_sale_of_its_days_and_on_what_comes_back_of_it(district: Town, shop: Shop) -> None:
    """From today: named; from tomorrow, or ended yesterday: not; goods of a sale that named it come back with it, later too."""
    owner, till, today = shop.hires("店主", role="owner", pin=OWNER_PIN), shop.till(), district.today
    named = {}
    for first, last in ((None, None), (today, None), (today, today), (today + A_DAY, None), (None, today - A_DAY)):
        chooses(shop, registered_from=first, registered_until=last)
        named[first, last] = sells(till)
    assert [each.content["shop"]["registration"] for each in named.values()] == [NUMBER, NUMBER, NUMBER, None, None]
    sale = named[today, today]
    assert gives_back(till, sale, 1, 0, staff_id=owner).content["shop"]["registration"] == NUMBER


def test_the_owner_says_from_when_the_number_holds(client: FlaskClient, district: Town, shop: Shop) -> None:
    """Kept as days; a last day before the first is said, and nothing is changed."""
    desk, today = Tablet(client, district, owner=shop), district.today
    form = {"issues": "till", "tax": "inside", "rounding": "floor", "keypad_name": "お品代", "keypad_rate": "10"}
    form |= {"bag_name": "レジ袋", "bag_price": "5", "phone": ""}
    days = {"registered_from": today.isoformat(), "registered_until": ""}
    assert desk.sends("/shop/register", "/shop/register", **form, **days).status_code == 303
    wrong = days | {"registered_until": (today - A_DAY).isoformat()}
    assert desk.sends("/shop/register", "/shop/register", **form, **wrong).status_code == 422
    choice = merchant.queries.register_choice(district.session, district.district_id, shop.id)
    assert (choice.registered_from, choice.registered_until) == (today, None)
    assert f'value="{today}"' in desk.looks("/shop/register").text
