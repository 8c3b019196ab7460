"""A phone that loses the network, step by step. What has not started never starts by itself; what may have happened is asked."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from tests.web.waiting import wait_for_the_service_worker

pytestmark = pytest.mark.browser

DONE, NOT_PAID, UNKNOWN = re.compile(r"/wallet/done/\d+$"), re.compile(r"/wallet/not-paid"), re.compile(r"/wallet/unknown/")


@pytest.fixture(autouse=True)
def clock_of_now(clock):
    """Browsers and the database live now."""
    clock.now = datetime.now(UTC)


def installed(hand, consumer, path):
    """A page of a wallet whose service worker has moved in."""
    page = hand(consumer, installed=True)
    page.goto(path)
    wait_for_the_service_worker(page)
    return page


def offline_page_says_so(page):
    expect(page.get_by_role("heading", name="電波が届いていません")).to_be_visible()
    expect(page.get_by_text("何も支払われていません")).to_be_visible()


def test_before_scanning(hand, district):
    """From home to the scanner without a network: an honest page says that nothing was paid."""
    page = installed(hand, district.consumer(coins=1_000), "/wallet/")
    page.context.set_offline(True)
    page.get_by_role("link", name="読み取って支払う").click()
    offline_page_says_so(page)


def test_before_the_amount_is_confirmed(hand, district):
    """The amount is typed, the network is gone: nothing was paid, and going back keeps what was typed."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    page = installed(hand, hanako, f"/wallet/pay/shop/{bakery.public_number}")
    page.get_by_label("お会計の金額").fill("700")
    page.context.set_offline(True)
    page.get_by_role("button", name="確認へ進む").click()
    offline_page_says_so(page)
    assert hanako.coins() == 1_000


def test_at_the_press(hand, district):
    """At the press itself: said so on the page; back in the network nothing has been paid, and nothing is sent by itself."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    page = installed(hand, hanako, f"/wallet/pay/request/{bakery.asks(700).id}")
    page.context.set_offline(True)
    page.get_by_role("button", name="700円を支払う").click()
    expect(page.locator("p.offline")).to_contain_text("支払いは始まっていません")
    page.context.set_offline(False)
    expect(page.locator("p.offline")).to_be_hidden()
    page.wait_for_load_state("networkidle")
    assert hanako.coins() == 1_000


def test_after_the_press(hand, district):
    """The press is on its way when the network goes: unknown until it is back, then sure, and the customer may pay in cash."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    page = hand(hanako)
    page.goto(f"/wallet/pay/request/{bakery.asks(700).id}")
    on_its_way = []
    page.route("**/wallet/pay/request/**", lambda route: on_its_way.append(route) if route.request.method == "POST" else route.continue_())
    with page.expect_request(lambda request: request.method == "POST" and "/wallet/pay/request/" in request.url):
        page.get_by_role("button", name="700円を支払う").click()
    page.wait_for_function("document.querySelector('[aria-busy]')")
    page.context.set_offline(True)
    on_its_way[0].abort("internetdisconnected")
    expect(page.get_by_role("heading", name="確認しています")).to_be_visible()
    page.wait_for_url(UNKNOWN)
    page.context.set_offline(False)
    page.wait_for_url(NOT_PAID, timeout=20_000)
    assert (hanako.coins(), bakery.taken()) == (1_000, 0)


def test_on_the_done_page(hand, district):
    """On the done page the clock stands still and says why, so that a dead page does not look alive."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    receipt = hanako.pays(bakery, 700)
    page = hand(hanako)
    page.goto(f"/wallet/done/{receipt.transaction_id}")
    expect(page.locator("[data-live-clock]")).not_to_have_class(re.compile("is-still"))
    page.context.set_offline(True)
    expect(page.locator("[data-live-clock].is-still")).to_be_visible(timeout=20_000)
    expect(page.locator("p.offline")).to_contain_text("接続が切れました")
    page.context.set_offline(False)
    expect(page.locator("[data-live-clock].is-still")).to_have_count(0, timeout=20_000)


def test_news_is_caught_up(hand, district):
    """A top-up while the phone had no network shows on the home page as soon as it is back."""
    hanako = district.consumer(coins=1_000)
    page = hand(hanako)
    with page.expect_event("request", lambda request: "/wallet/events" in request.url):
        page.goto("/wallet/")
    page.context.set_offline(True)
    expect(page.locator("p.offline")).to_be_visible(timeout=20_000)
    district.clerk().tops_up(hanako, 500)
    page.context.set_offline(False)
    expect(page.locator(".wallet .amount")).to_contain_text("1,500", timeout=20_000)


def test_a_form_without_scripts_that_got_no_answer(hand, district):
    """The browser itself sent the form and no answer came: the installed wallet shows "unknown" and then the truth."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    page = installed(hand, hanako, f"/wallet/pay/request/{bakery.asks(700).id}")
    page.evaluate("document.querySelector('form[data-pay]').removeAttribute('data-pay')")  # the page's script is out of the game
    page.evaluate("document.querySelector('form[data-once]').removeAttribute('data-once')")
    page.context.set_offline(True)
    page.get_by_role("button", name="700円を支払う").click()
    expect(page.get_by_role("heading")).to_contain_text("確認しています")
    assert UNKNOWN.search(page.url)
    page.context.set_offline(False)
    page.wait_for_url(NOT_PAID, timeout=20_000)
    assert hanako.coins() == 1_000


def test_when_a_shop_asks(hand, district):
    """The shop asks for more than it may take unasked and the network goes at the press: said so, nothing is paid, and back in
    the network the same question is still there to be answered, once."""
    hanako, till = district.consumer(coins=8_000), district.till()
    asked = till.scans(hanako.shows_code().text, 5_000)
    page = installed(hand, hanako, f"/wallet/consent/{asked.id}")
    page.context.set_offline(True)
    page.get_by_role("button", name="5,000円を支払う").click()
    expect(page.locator("p.offline")).to_contain_text("支払いは始まっていません")
    assert (hanako.coins(), till.shop.taken()) == (8_000, 0)
    page.context.set_offline(False)
    expect(page.locator("p.offline")).to_be_hidden()
    page.wait_for_load_state("networkidle")
    assert hanako.coins() == 8_000, "nothing is sent by itself"
    page.get_by_role("button", name="5,000円を支払う").click()
    page.wait_for_url(DONE)
    assert (hanako.coins(), till.shop.taken()) == (3_000, 5_000)
