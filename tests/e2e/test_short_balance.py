"""残高が足りないとき, in two real browsers: the phone offers, the tablet agrees, both screens say the same two figures."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, Opens
from tests.e2e.test_main_job import DONE, keys, pairs_a_tablet, press
from tests.town import Consumer, Shop, Town
from tests.web.axe import serious, sideways
from web.pdf import read_codes

pytestmark = pytest.mark.browser


@pytest.fixture
def shop(district: Town) -> Shop:
    return district.shop("湯の花まんじゅう みなと屋")


@pytest.fixture
def hanako(district: Town) -> Consumer:
    """Has 340, where the bill is 1,000."""
    return district.consumer(coins=340)


@pytest.fixture
def tablet(opens: Opens, shop: Shop) -> Page:
    page = pairs_a_tablet(opens, shop)
    press(page, "開店")
    press(page, "聞こえました")
    return page


def asks_a_thousand(tablet: Page) -> str:
    """The till shows a QR over 1,000; gives what a camera reads."""
    keys(tablet, "1")
    press(tablet, "000", exact=True)
    press(tablet, "QRを見せて受け取る")
    tablet.wait_for_url("**/till/request/**")
    return read_codes(tablet.screenshot())[0]


def figures(page: Page) -> list[str]:
    """The two figures of a bill, in the order of the page."""
    return [text.replace("\n", "") for text in page.locator(".two-kinds dd").all_inner_texts()]


def test_both_agree_and_both_see_two_figures(opens: Opens, district: Town, shop: Shop, hanako: Consumer, tablet: Page) -> None:
    """Scan, お店に伝える, はい, 340円を支払う: the tablet rings with コイン 340円 and 現金 660円, and the books balance."""
    phone = opens(PHONE, hanako.person_id)
    phone.goto(asks_a_thousand(tablet))
    expect(phone.get_by_role("heading", name="残高が 660円足りません")).to_be_visible()
    assert serious(phone) == [] and sideways(phone) == 0
    press(phone, "お店に伝える")
    expect(phone.get_by_role("heading", name="お店の返事を待っています").last).to_be_visible()
    assert hanako.coins() == 340

    expect(tablet.get_by_role("heading", name="お客様の残高は 340円。残り 660円を現金で受け取りますか")).to_be_visible()
    assert serious(tablet) == []
    press(tablet, "はい、660円を現金で")
    expect(tablet.get_by_text("お客様の支払いを待っています")).to_be_visible()

    expect(phone.get_by_role("button", name="340円を支払う")).to_be_visible()
    expect(phone.locator(".two-kinds__cash")).to_contain_text("660円")
    assert serious(phone) == [] and sideways(phone) == 0
    press(phone, "340円を支払う")
    phone.wait_for_url(DONE)
    ring = tablet.locator("section.arrival")
    expect(ring.get_by_text("コイン", exact=True)).to_be_visible()
    expect(ring.locator('[data-slot="amount"]')).to_contain_text("340")
    expect(ring.locator(".cash-part")).to_contain_text(re.compile(r"現金も受け取ってください\s*660"))
    assert serious(tablet) == []
    word = phone.locator(".match b").inner_text()
    expect(ring.locator(".match b")).to_have_text(word)
    expect(phone.locator("dl")).to_contain_text("660円")
    assert (hanako.coins(), shop.taken(), district.difference()) == (0, 340, 0)

    ring.get_by_role("link", name="次のお客様へ").click()
    expect(tablet.locator(".came").first).to_contain_text(re.compile(r"ほかに現金\s*660"))


def test_the_shop_says_no_and_nothing_is_paid(opens: Opens, shop: Shop, hanako: Consumer, tablet: Page) -> None:
    """いいえ on the tablet: the phone goes on by itself to the sentence, offers no second time, and the QR is there again."""
    phone = opens(PHONE, hanako.person_id)
    phone.goto(asks_a_thousand(tablet))
    press(phone, "お店に伝える")
    press(tablet, "いいえ")
    expect(phone.get_by_text("お店は、足りない分を現金では受け取れません。")).to_be_visible()
    expect(phone.get_by_role("button", name="お店に伝える")).to_have_count(0)
    expect(tablet.get_by_role("img", name=re.compile("お支払い用のQRコード"))).to_be_visible()
    assert (hanako.coins(), shop.taken()) == (340, 0)


def test_the_phone_leaves(opens: Opens, shop: Shop, hanako: Consumer, tablet: Page) -> None:
    """やめる on the phone takes the question from the tablet; nothing is half paid."""
    phone = opens(PHONE, hanako.person_id)
    phone.goto(asks_a_thousand(tablet))
    press(phone, "お店に伝える")
    expect(tablet.get_by_role("button", name="いいえ")).to_be_visible()
    press(phone, "やめる")
    phone.wait_for_url("**/wallet/")
    expect(tablet.get_by_role("button", name="いいえ")).to_have_count(0)
    expect(tablet.get_by_role("img", name=re.compile("お支払い用のQRコード"))).to_be_visible()
    assert (hanako.coins(), shop.taken()) == (340, 0)


def test_the_tablet_leaves(opens: Opens, shop: Shop, hanako: Consumer, tablet: Page) -> None:
    """The cashier is back at the keypad: a strip says that somebody waits; after やめる the phone says that it is over."""
    phone = opens(PHONE, hanako.person_id)
    address = asks_a_thousand(tablet)
    tablet.goto("/till/")
    phone.goto(address)
    press(phone, "お店に伝える")
    expect(tablet.get_by_text("お客様が返事を待っています")).to_be_visible()
    tablet.get_by_role("link", name="確かめる").click()
    press(tablet, "はい、660円を現金で")
    expect(phone.get_by_role("button", name="340円を支払う")).to_be_visible()
    press(tablet, "やめる")
    tablet.wait_for_url("**/till/")
    press(phone, "340円を支払う")
    expect(phone.get_by_text("お店がこのお会計を取り下げました")).to_be_visible()
    assert (hanako.coins(), shop.taken()) == (340, 0)


def test_the_till_reads_the_code(district: Town, shop: Shop, hanako: Consumer, tablet: Page) -> None:
    """By the customer's code: the till says what can be paid, and one press takes it."""
    tablet.goto("/till/scan?amount=1000")
    tablet.get_by_label("読めないときは、コードの12桁かカードの16桁").fill(hanako.shows_code().digits)
    press(tablet, "1,000円を受け取る")
    expect(tablet.get_by_role("heading", name="お客様の残高は 340円。残り 660円を現金で受け取りますか")).to_be_visible()
    assert figures(tablet) == ["340円", "660円"]
    assert serious(tablet) == []
    press(tablet, "はい、残りを現金で")
    ring = tablet.locator("section.arrival")
    expect(ring.locator('[data-slot="amount"]')).to_contain_text("340")
    expect(ring.locator(".cash-part")).to_contain_text("660")
    assert (hanako.coins(), shop.taken(), district.difference()) == (0, 340, 0)


def test_the_printed_code_leads_to_the_till(opens: Opens, shop: Shop, hanako: Consumer) -> None:
    """At the printed code nobody of the shop has typed anything: the phone says how the shop can take the rest."""
    phone = opens(PHONE, hanako.person_id)
    phone.goto(f"/wallet/pay/shop/{shop.public_number}?amount=1000")
    expect(phone.get_by_text("足りない分を現金で払うには")).to_be_visible()
    expect(phone.get_by_role("link", name="コード表示")).to_be_visible()
    assert serious(phone) == [] and sideways(phone) == 0
