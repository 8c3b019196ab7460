"""ホーム, 履歴 and the live line: what the consumer reads."""

from __future__ import annotations

from datetime import timedelta

import pytest

from base.clock import tokyo_day
from wallet import queries
from wallet.queries import Search
from wallet.queries.history import PAGE


def looks(district, consumer, **search):
    return queries.history(district.session, consumer.who, Search(**search))


def shown(page):
    return [(one.kind, one.shop_name, one.amount) for day in page.days for one in day.movements]


@pytest.fixture
def busy(district):
    """花子 after a top-up, two payments and a refund."""
    hanako, bakery, soba = district.consumer(coins=5_000), district.shop("みなと屋"), district.shop("蕎麦処 やまびこ")
    hanako.pays(bakery, 1_080)
    dinner = hanako.pays(soba, 1_480)
    soba.refunds(dinner.transaction_id, 480)
    return hanako, bakery, soba


def test_a_day_with_its_total(district, busy):
    """Everything of today stands under today, newest first, with the day's total; the month says what was spent and got."""
    hanako, *_ = busy
    page = looks(district, hanako, month=tokyo_day(district.now).replace(day=1))
    assert shown(page) == [
        ("refund", "蕎麦処 やまびこ", 480),
        ("payment", "蕎麦処 やまびこ", -1_480),
        ("payment", "みなと屋", -1_080),
        ("top_up", None, 5_000),
    ]
    assert [(day.day, day.total) for day in page.days] == [(tokyo_day(district.now), 2_920)]
    assert (page.spent, page.received, page.next_before) == (2_080, 5_000, None)
    partly = page.days[0].movements[1]
    assert (partly.refunded, partly.undone, partly.balance_after) == (480, False, 2_440)


@pytest.mark.parametrize(
    ("search", "amounts"),
    [
        ({"shop": "やまびこ"}, [480, -1_480]),
        ({"shop": "みなとや"}, [480, -1_480, -1_080]),  # by its reading: the test's shops share one
        ({"shop": "どこにもない"}, []),
        ({"kind": "payments"}, [-1_480, -1_080]),
        ({"kind": "refunds"}, [480]),
        ({"kind": "top_ups"}, [5_000]),
        ({"amount_min": 1_080, "amount_max": 1_480}, [-1_480, -1_080]),
        ({"amount_min": 5_001}, []),
        ({"shop": "みなと屋", "kind": "payments", "amount_max": 1_100}, [-1_080]),
    ],
)
def test_searching(district, busy, search, amounts):
    """By shop (name or reading), by kind, by amount, and all of them together."""
    assert [one[2] for one in shown(looks(district, busy[0], **search))] == amounts


def test_another_month_is_empty(district, busy):
    """Last month nothing happened."""
    last = (tokyo_day(district.now).replace(day=1) - timedelta(days=1)).replace(day=1)
    page = looks(district, busy[0], month=last)
    assert (page.days, page.spent, page.received) == ((), 0, 0)


def test_pages_never_cut_a_day(district):
    """A day with more movements than a page holds stays whole, so that its total is right."""
    hanako, bakery = district.consumer(coins=5_000), district.shop()
    for _ in range(PAGE + 3):
        hanako.pays(bakery, 10)
    page = looks(district, hanako)
    assert (len(page.days), len(page.days[0].movements), page.next_before) == (1, PAGE + 4, None)


def test_only_my_own(district, busy):
    """Somebody else at the same shop sees nothing of it."""
    taro = district.consumer()
    assert shown(looks(district, taro)) == []


def test_the_first_page_of_a_newcomer(district):
    """Somebody who has just joined has nothing yet, and the page knows it."""
    home = queries.home(district.session, district.consumer().who, now=district.now)
    assert (home.total, home.is_new, home.ends_soon, [one.balance for one in home.balances]) == (0, True, (), [0])


def test_what_ends_soon_stands_first(district):
    """A series that ends within sixty days is pointed out, once there is something in it."""
    hanako = district.consumer(coins=1_000)
    winter = district.series("winter", "冬の商品券", "Winter voucher", last_day=tokyo_day(district.now) + timedelta(days=30))
    assert queries.home(district.session, hanako.who, now=district.now).ends_soon == ()
    district.clerk().tops_up(hanako, 2_000, series_id=winter)
    home = queries.home(district.session, hanako.who, now=district.now)
    assert [one.series.name for one in home.balances] == ["冬の商品券", "あかりコイン"]
    assert [(one.series.name, one.balance) for one in home.ends_soon] == [("冬の商品券", 2_000)]
    assert (home.total, [one.amount for one in home.recent]) == (3_000, [2_000, 1_000])


def test_the_live_line_misses_nothing(district):
    """From the mark on, each movement is told once, in order, and a question when it comes and when it is over."""
    hanako, till = district.consumer(coins=8_420), district.till()
    mark = queries.news(district.session, hanako.who, None, now=district.now).mark
    quiet = queries.news(district.session, hanako.who, mark, now=district.now)
    assert (quiet.movements, quiet.asks_anew, quiet.mark) == ((), False, mark)
    till.scans(hanako.shows_code().text, 1_000)
    hanako.pays(till.shop, 200)
    told = queries.news(district.session, hanako.who, mark, now=district.now)
    assert [one.amount for one in told.movements] == [-1_000, -200]
    asked = till.scans(hanako.shows_code().text, 5_000)
    told = queries.news(district.session, hanako.who, told.mark, now=district.now)
    assert (told.movements, told.asks_anew, told.asked.id) == ((), True, asked.id)
    assert queries.news(district.session, hanako.who, told.mark, now=district.now).asks_anew is False
    district.clock.advance(seconds=60)
    over = queries.news(district.session, hanako.who, told.mark, now=district.now)
    assert (over.asks_anew, over.asked) == (True, None)


@pytest.mark.parametrize("mark", ["", "/", "x", "1.2.3", "9999.1/nothing", "-1.-1/"])
def test_a_mark_that_is_no_mark(district, mark):
    """A mark that was tampered with tells too much of my own, never somebody else's, and breaks nothing."""
    hanako = district.consumer(coins=100)
    assert [one.amount for one in queries.news(district.session, hanako.who, mark, now=district.now).movements] == [100]
