"""月の売上: what the tills took in a month, beside the same weekdays a year before, to the yen of the receipts."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

import analytics.commands
import merchant.commands
import merchant.queries
from analytics.commands import NewSource, Parcel
from analytics.rules.kinds import DAY_S
from analytics.rules.readings import Found, Reading
from base.clock import day_bounds, tokyo_day
from merchant.commands import CloseDay, Sell
from merchant.queries import A_YEAR, ArticleFacts, MonthOfSales, RegisterChoice
from tests.merchant.test_pages import Tablet
from tests.merchant.test_register import SOUVENIRS, asks, gives_back, sells
from tests.town import OWNER_PIN, Shop, Town


@pytest.fixture
def shop(district: Town) -> Shop:
    shop = district.shop()
    merchant.commands.set_register(district.session, shop.owner, shop.id, RegisterChoice(), issues=True, now=district.now)
    return shop


def month_of(shop: Shop) -> MonthOfSales:
    town = shop.town
    return merchant.queries.month_of_sales(town.session, town.district_id, shop.id, town.today, today=town.today)


def test_a_month_adds_up_its_receipts_by_whatever_it_is_asked(district: Town, shop: Shop) -> None:
    """Cash, card, coin, and a box back: the days, means, staff, tills, hours and rates come to the same sum; nobody knows a year before."""
    owner = shop.hires("店主", role="owner", pin=OWNER_PIN)
    till = shop.till()
    sale = sells(till)
    sells(till, received=0, card=1_280)
    district.consumer(coins=3_000).pays(asks(till, coin=780, received=500))
    gives_back(till, sale, 1, 0, staff_id=owner)
    month = month_of(shop)
    back = merchant.queries.receipts_of_day(district.session, district.district_id, shop.id, district.today)
    total = sum(each.total if each.kind == "sale" else -each.total for each in back)
    assert (month.whole.sales, month.whole.total) == (3, total)
    assert (month.whole.card, month.whole.book) == (1_280, 780)
    assert merchant.queries.day_of_sales(district.session, district.district_id, shop.id, district.today) == month.whole
    assert month.by_category == (("", 8, total),)
    for parts in (month.by_staff, month.by_till, month.by_hour):
        assert sum(each.total for _, each in parts) == total
    assert sum(each.gross for each in month.by_rate) == sum(each.sum.total for each in month.days) == total
    assert (month.before, month.compared) == (None, None)
    assert {each.before for each in month.days} == {None}


def test_a_day_stands_beside_the_same_weekday_a_year_before(client: FlaskClient, district: Town, shop: Shop) -> None:
    """52 weeks before; days before the first receipt of all are no zero, days without one are. The page and its file say the same."""
    till, last_night = shop.till(), district.now - timedelta(days=1)
    day, then = tokyo_day(last_night), tokyo_day(last_night) - A_YEAR
    for at in (last_night - A_YEAR, last_night, last_night):
        merchant.commands.sell(district.session, till.who, Sell(SOUVENIRS, 1_280, 2_000, 0, uuid4()), now=at)
    sells(till)
    month = merchant.queries.month_of_sales(district.session, district.district_id, shop.id, day, today=district.today)
    [one] = [each for each in month.days if each.day == day]
    assert (one.sum.total, one.before, one.day - A_YEAR) == (2_560, 1_280, then)
    assert one.day.weekday() == then.weekday()
    assert (month.compared, month.before) == (2_560, 1_280)  # today is not over
    assert all(each.before is None for each in month.days if each.day < day)
    desk = Tablet(client, district, owner=shop)
    page = desk.looks(f"/shop/months?month={day:%Y-%m}").text
    assert "2,560" in page
    assert "前の年の 200%" in page
    rows = list(csv.reader(io.StringIO(desk.looks(f"/shop/months.csv?month={day:%Y-%m}").data.decode("utf-8-sig"))))
    assert [row[1:3] + row[-2:-1] for row in rows if row[0] == day.isoformat()] == [["2560", "2", "1280"]]
    assert desk.looks(f"/shop/months?month={then - timedelta(days=62):%Y-%m}").status_code == 200
    assert desk.looks("/shop/months?month=2026-13").status_code == 422


def test_a_month_is_added_up_by_category_as_it_was_at_the_sale(client: FlaskClient, district: Town, shop: Shop) -> None:
    """Sweets and cards; a box comes back after its article was moved to another 分類; so says the day's report."""
    town, owner, till = district, shop.hires("店主", role="owner", pin=OWNER_PIN), shop.till()
    sweets = ArticleFacts("まんじゅう 4個箱", "", "菓子", 540, True, 8, False, None, None, 10)
    number = merchant.commands.add_article(town.session, shop.owner, shop.id, sweets, key=uuid4(), now=town.now)
    sale = sells(till, bill=replace(SOUVENIRS, articles=(number, None)))
    merchant.commands.edit_article(town.session, shop.owner, shop.id, number, replace(sweets, category="土産"), now=town.now)
    gives_back(till, sale, 1, 0, staff_id=owner)
    assert month_of(shop).by_category == (("菓子", 1, 540), ("", 1, 200))
    page = Tablet(client, town, owner=shop).looks("/shop/months").text
    assert "菓子" in page
    assert "分類なし" in page
    tablet = Tablet(client, town, till=till)
    done = tablet.sends("/till/day/close", "/till/day", pieces=["0"] * 10, seen_serial=2, reason="", key=uuid4())
    report = merchant.queries.day_report_at(town.session, town.district_id, shop.id, till.id, int(done.location.rsplit("/", 1)[1]))
    assert report.content["by_category"] == [["菓子", 1, 540], ["", 1, 200]]


def test_a_day_stands_beside_its_weather(client: FlaskClient, district: Town, shop: Shop) -> None:
    """Where the district measures it: rain and the highest degree of the day, on the page and in its file; elsewhere no column."""
    desk = Tablet(client, district, owner=shop)
    assert "この月の天気の記録は、まだありません。" in desk.looks("/shop/months").text
    admin = district.another_clerk("administrator").who
    made = analytics.commands.add_source(district.session, admin, NewSource("weather", "空", "", DAY_S, ""), key=uuid4(), now=district.now)
    found = Found([Reading(day_bounds(district.today)[0], item, value) for item, value in (("rain", 125), ("high", 84))])
    analytics.commands.take_file(district.session, admin, made, Parcel(found, uuid4()), now=district.now)
    assert "雨 12.5mm・最高 8.4℃" in desk.looks("/shop/months").text
    assert "雨 12.5mm・最高 8.4℃" in desk.looks("/shop/months.csv").data.decode("utf-8-sig")


def test_the_owner_at_home_reads_what_the_tills_closed(client: FlaskClient, district: Town, shop: Shop) -> None:
    """月の売上 has each 日計表 of its days with what was short, and its PDF; a month without one has none."""
    till = shop.till()
    sells(till)
    closed = merchant.commands.close_day(district.session, till.who, CloseDay({1000: 1}, 1, "", uuid4()), now=district.now)
    desk = Tablet(client, district, owner=shop)
    page = desk.looks("/shop/months").text
    assert ("日計表（1枚）" in page, "280円足りない" in page) == (True, True)
    assert desk.looks(f"/shop/tills/{closed.till_id}/{closed.report}.pdf").data.startswith(b"%PDF")
    before = district.today.replace(day=1) - timedelta(days=1)
    assert "日計表（" not in desk.looks(f"/shop/months?month={before:%Y-%m}").text
