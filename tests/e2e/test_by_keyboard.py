"""Whole payments without a pointer and without looking: by Tab, Enter, and the names that a screen reader says."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import PHONE, TABLET, Opens
from tests.town import CARD_PIN, Town

pytestmark = pytest.mark.browser

STOPS = 40
"""More Tabs than any page of the main job has stops: whoever needs more has missed what they looked for."""
HAS_FOCUS = "element => element === document.activeElement"
IS_SHOWN = """() => [null, "::after"].some((part) => {
    const style = getComputedStyle(document.activeElement, part);  // a link that covers its row draws the line around the row
    return style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
})"""


def tabs_to(page: Page, role: str, name: str | re.Pattern[str]) -> None:
    """Go on with Tab until that control has the focus, and see that the focus can be seen."""
    wanted = page.get_by_role(role, name=name, exact=isinstance(name, str)).first
    expect(wanted).to_be_visible()
    for _ in range(STOPS):
        page.keyboard.press("Tab")
        if wanted.evaluate(HAS_FOCUS):
            assert page.evaluate(IS_SHOWN), f"nobody sees that {name} has the focus"
            return
    raise AssertionError(f"{name} is not reached with Tab")


def presses(page: Page, role: str, name: str | re.Pattern[str]) -> None:
    tabs_to(page, role, name)
    page.keyboard.press("Enter")


def test_a_payment_by_keyboard_and_names(opens: Opens, district: Town, address: str) -> None:
    """The shop opens, types and asks; the consumer finds the shop by its number, confirms and pays; both hear the same word."""
    shop, hanako = district.shop("湯の花まんじゅう みなと屋"), district.consumer(coins=5_000)
    till = shop.till()
    tablet, phone = opens(TABLET), opens(PHONE, hanako.person_id)
    tablet.context.add_cookies([{"name": "meguri_till", "value": till.token, "url": address}])

    tablet.goto("/till/")
    presses(tablet, "button", "開店")
    tablet.keyboard.type("1280")
    presses(tablet, "button", "QRを見せて受け取る")
    tablet.wait_for_url("**/till/request/**")
    expect(tablet.get_by_role("img", name=re.compile("QR"))).to_be_visible()

    phone.goto("/wallet/")
    presses(phone, "link", "読み取って支払う")
    phone.wait_for_url("**/wallet/scan")
    presses(phone, "link", "番号を入れる")
    phone.wait_for_url("**/wallet/number")
    expect(phone.get_by_role("textbox", name="お店番号")).to_be_focused()
    phone.keyboard.type(shop.public_number)
    phone.keyboard.press("Enter")
    phone.wait_for_url(f"**/wallet/pay/shop/{shop.public_number}")
    presses(phone, "link", "レジ1")
    phone.wait_for_url("**/wallet/pay/request/**")
    expect(phone.get_by_role("region", name="湯の花まんじゅう みなと屋")).to_contain_text("1,280")
    presses(phone, "button", "1,280円を支払う")
    phone.wait_for_url(re.compile(r"/wallet/done/\d+$"))

    said = phone.get_by_role("status").filter(has=phone.get_by_role("heading", name="支払いました"))
    expect(said).to_contain_text("1,280")
    word = phone.locator(".match b").inner_text()
    expect(said).to_contain_text(word)
    rung = tablet.get_by_role("alert").or_(tablet.get_by_role("status")).filter(has_text="受け取りました")
    expect(rung.first).to_contain_text(word)
    expect(rung.first).to_contain_text("1,280")
    assert (hanako.coins(), shop.taken(), district.difference()) == (3_720, 1_280, 0)


def test_a_card_by_keyboard(opens: Opens, district: Town, address: str) -> None:
    """The number from the card, its PIN with a slip taken back by its key, Enter; the ring says what is left, and the next one can come."""
    shop, yamada = district.shop("湯の花まんじゅう みなと屋"), district.card_holder(coins=20_000)
    tablet = opens(TABLET)
    tablet.context.add_cookies([{"name": "meguri_till", "value": shop.till().token, "url": address}])

    tablet.goto("/till/")
    presses(tablet, "button", "開店")
    tablet.keyboard.type("4800")
    presses(tablet, "link", "お客様のコードを読む")
    tablet.wait_for_url("**/till/scan**")
    tabs_to(tablet, "textbox", "読めないときは、コードの12桁かカードの16桁")
    tablet.keyboard.type(yamada.card.number, delay=90)  # as a person types: a burst would be a hand scanner
    tablet.keyboard.press("Enter")

    face = tablet.get_by_role("dialog", name="カードの暗証番号を入れてください")
    expect(face).to_contain_text("4,800")
    tablet.keyboard.type(f"{CARD_PIN}9", delay=90)
    presses(tablet, "button", "1桁消す")
    expect(face).to_be_visible()
    presses(tablet, "button", "支払う")

    ring = tablet.locator("section.arrival")
    expect(ring).to_contain_text("4,800")
    expect(ring.locator("[data-left-on-card]")).to_contain_text("15,200")
    expect(ring.get_by_role("link", name="次のお客様へ")).to_be_focused()
    tablet.keyboard.press("Enter")
    expect(tablet.get_by_role("button", name="QRを見せて受け取る")).to_be_visible()
    assert (yamada.coins(), shop.taken(), district.difference()) == (15_200, 4_800, 0)
