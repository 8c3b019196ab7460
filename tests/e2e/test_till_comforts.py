"""Practice and the question about a large amount, on a real tablet."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import Opens
from tests.e2e.test_main_job import keys, pairs_a_tablet, press
from tests.town import Shop, Town
from tests.web.axe import serious, sideways
from web.pdf import read_codes

pytestmark = pytest.mark.browser


@pytest.fixture
def shop(district: Town) -> Shop:
    return district.shop("湯の花まんじゅう みなと屋")


@pytest.fixture
def tablet(opens: Opens, shop: Shop) -> Page:
    page = pairs_a_tablet(opens, shop)
    press(page, "開店")
    press(page, "聞こえました")
    return page


def starts_practising(tablet: Page) -> None:
    tablet.goto("/till/staff")
    tablet.get_by_role("link", name="練習する").click()
    expect(tablet.get_by_role("heading", name="練習を始めますか")).to_be_visible()
    press(tablet, "練習を始める")
    expect(tablet.get_by_role("complementary", name="練習モード")).to_be_visible()


def test_a_practice_from_the_first_key_to_the_refund(district: Town, shop: Shop, tablet: Page) -> None:
    """Everything as in earnest, marked on every screen; the QR pays nothing, and at the end the shop has taken nothing."""
    starts_practising(tablet)
    keys(tablet, "1280")
    assert serious(tablet) == [] and sideways(tablet) == 0
    press(tablet, "練習のQRを見せる")
    expect(tablet.get_by_text("このQRでは支払えません")).to_be_visible()
    assert not any("/q/" in code for code in read_codes(tablet.screenshot()))
    assert serious(tablet) == [] and sideways(tablet) == 0 and "【練習】" in tablet.title()
    press(tablet, "お客様が支払ったことにする")
    expect(tablet.get_by_role("heading", name="受け取りました")).to_be_visible()
    expect(tablet.get_by_text("お金は動いていません")).to_be_visible()
    assert serious(tablet) == [] and sideways(tablet) == 0
    tablet.get_by_role("link", name="取り消す").click()
    tablet.get_by_label("返す金額").fill("280")
    press(tablet, "返金したことにする")
    expect(tablet.locator(".split__sum")).to_contain_text("1,000")
    press(tablet, "練習を終える")
    expect(tablet.get_by_role("button", name="QRを見せて受け取る")).to_be_visible()
    expect(tablet.get_by_role("complementary", name="練習モード")).to_have_count(0)
    assert (shop.taken(), district.difference()) == (0, 0)


def test_real_money_comes_first(district: Town, shop: Shop, tablet: Page) -> None:
    """A real payment arrives while an amount is being practised: it takes the whole screen and says that it is real."""
    starts_practising(tablet)
    expect(tablet.get_by_text("つながっています")).to_be_visible()
    keys(tablet, "99")
    receipt = district.consumer(coins=1_000).pays(shop, 450)
    ring = tablet.locator("section.arrival")
    expect(ring).to_contain_text(receipt.word)
    expect(ring.get_by_text("本物の受け取りです（練習ではありません）")).to_be_visible()
    expect(ring.locator('[data-slot="amount"]')).to_contain_text("450")
    assert serious(tablet) == []


def test_a_slip_of_one_digit_is_asked_about_once(district: Town, shop: Shop, tablet: Page) -> None:
    """12,800 where 1,000 is usual: the amount stands large, 打ち直す keeps it to be mended, a yes goes on at once, and a usual
    amount is never asked about."""
    hanako = district.consumer(coins=50_000)
    for _ in range(20):
        hanako.pays(shop, 1_000)
    for _ in range(20):  # their rings, one after the other
        tablet.locator("section.arrival [data-next]").click()
    tablet.goto("/till/")
    keys(tablet, "12800")
    press(tablet, "QRを見せて受け取る")
    sheet = tablet.get_by_role("dialog", name="いつもより大きい金額です")
    expect(sheet.locator(".amount__n")).to_have_text("12,800")
    expect(sheet.get_by_text("12,800円でよいですか")).to_be_visible()
    expect(sheet.get_by_role("button", name="打ち直す")).to_be_focused()
    assert serious(tablet) == []
    press(tablet, "打ち直す")
    expect(tablet.locator("[data-total] .amount__n")).to_have_text("12,800")
    press(tablet, "1桁消す")
    press(tablet, "QRを見せて受け取る")
    expect(tablet.get_by_role("img", name=re.compile("1,280円"))).to_be_visible()
    press(tablet, "やめる")
    keys(tablet, "12800")
    tablet.get_by_role("link", name="お客様のコードを読む").click()
    press(tablet, "この金額で進む")
    expect(tablet.get_by_role("button", name="12,800円を受け取る")).to_be_visible()
    tablet.get_by_label("読めないときは、コードの12桁かカードの16桁").fill(hanako.shows_code().digits)
    press(tablet, "12,800円を受け取る")
    expect(tablet.get_by_text("お客様のスマホに、支払いの確認が出ています。")).to_be_visible()

    tablet.goto("/till/scan")
    tablet.get_by_role("textbox", name="お会計").fill("12800")
    tablet.get_by_label("読めないときは、コードの12桁かカードの16桁").fill(hanako.shows_code().digits)
    press(tablet, "受け取る")
    expect(sheet).to_be_visible()
    tablet.keyboard.press("Escape")
    expect(sheet).to_be_hidden()
    assert shop.taken() == 20_000


def test_what_was_typed_outlives_a_suspension(shop: Shop, tablet: Page) -> None:
    """The banner comes and goes over the keypad; the amount stays as it was typed."""
    keys(tablet, "1280")
    shop.is_suspended()
    expect(tablet.get_by_text("いまコインを受け取れません。")).to_be_visible(timeout=12_000)
    shop.is_resumed()
    expect(tablet.get_by_text("いまコインを受け取れません。")).to_be_hidden(timeout=12_000)
    expect(tablet.locator("[data-total] .amount__n")).to_have_text("1,280")
