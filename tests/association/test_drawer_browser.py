"""窓口締め in a real browser: sums while one counts, and what a press does. And the counter's way to a second person."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.association.test_coupons import TOWN_PAYS_HALF
from tests.association.test_desk_browser import at_the_counter
from tests.e2e.conftest import DESK, Opens, address, clock, opens
from tests.town import Town
from tests.web.axe import serious, sideways

__all__ = ["address", "clock", "opens"]

pytestmark = pytest.mark.browser


def shows(page: Page, name: str) -> str:
    return page.locator(f"[data-count-of={name}]").last.inner_text()


def test_a_drawer_is_closed_by_denomination(district: Town, opens: Opens) -> None:
    """Enter goes from kind to kind; sums, difference and button follow; the reason is asked for only where it differs. Who still
    has the page open in another tab is told that it is closed."""
    clerk, approver = district.clerk(), district.approver()
    clerk.tops_up(district.consumer(), 13_000)
    page, other = opens(DESK, approver.person_id), opens(DESK, district.another_clerk("approver", nickname="藤代").person_id)
    other.goto(f"/desk/drawers/{clerk.person_id}")
    page.goto("/desk/drawers")
    page.get_by_role("link", name="数えて締める").click()
    expect(page.get_by_label("10,000円札")).to_be_focused()
    reason = page.get_by_label("違いの理由")
    expect(reason).to_be_hidden()
    page.keyboard.type("1")
    for keys in ("Enter", "Enter", "Enter"):
        page.keyboard.press(keys)
    expect(page.get_by_label("1,000円札")).to_be_focused()
    page.keyboard.type("２")
    assert (shows(page, "counted"), shows(page, "difference"), shows(page, "moved")) == ("12,000", "−1,000", "12,000")
    expect(page.get_by_role("status").filter(has_text="1,000円足りません")).to_be_visible()
    expect(reason).to_be_visible()
    page.get_by_label("500円玉").fill("2")
    expect(page.get_by_text("ぴったりです")).to_be_visible()
    expect(reason).to_be_hidden()
    page.get_by_label("引き出しに残す額").fill("3000")
    assert serious(page) == []
    press = page.get_by_role("button", name="10,000円を金庫へ移して締める")
    press.click()
    expect(page.get_by_role("heading", name="窓口を締めました")).to_be_visible()
    expect(page.get_by_text("引き出しに残した釣銭準備金 3,000円")).to_be_visible()
    assert (clerk.cash(), district.holds("safe")) == (3_000, 10_000)
    other.get_by_label("10,000円札").fill("1")
    other.get_by_label("1,000円札").fill("3")
    other.get_by_role("button", name=re.compile("締める$")).click()
    expect(other.get_by_text("E-6100")).to_be_visible()
    assert (clerk.cash(), district.holds("safe"), district.holds("over_short")) == (3_000, 10_000, 0)


def test_the_counter_asks_a_second_person(district: Town, opens: Opens) -> None:
    """Where the drawer would pass its ceiling the button is off and the offer stands; the approver's press tops her up."""
    clerk, hanako = district.clerk(), district.consumer()
    for _ in range(5):
        clerk.tops_up(district.consumer(), 99_000)
    page, approver = opens(DESK, clerk.person_id), opens(DESK, district.approver().person_id)
    at_the_counter(page, hanako.shows_code().digits)
    offer = page.get_by_role("button", name="ほかの人に承認を頼む")
    page.get_by_label("チャージする額").fill("5000")
    expect(offer).to_be_hidden()
    page.get_by_label("チャージする額").fill("30000")
    expect(page.get_by_role("alert").filter(has_text="手元現金に入るのは、あと 5,000円までです")).to_be_visible()
    page.get_by_label("申請の理由").fill("団体の旅行")
    assert serious(page) == []
    offer.click()
    expect(page.get_by_text("あなたの申請です。")).to_be_visible()
    approver.goto("/desk/approvals")
    approver.get_by_role("link", name="承認へ").click()
    assert serious(approver) == []
    for width in (1440, 820, 390):
        approver.set_viewport_size({"width": width, "height": 900})
        assert sideways(approver) == 0, width
    approver.get_by_role("button", name="承認して記帳する").dblclick()
    expect(approver.get_by_text("合言葉")).to_be_visible()
    assert (hanako.coins(), clerk.cash()) == (30_000, 495_000)


def test_an_announcement_asks_for_what_its_recipients_need(district: Town, opens: Opens) -> None:
    """Of the six ways to choose them only the chosen one's field stands; and the log says in words what was looked at."""
    page = opens(DESK, district.another_clerk("administrator", nickname="藤代").person_id)
    page.goto("/desk/announcements")
    number, listed = page.locator("#f-person_id"), page.locator("#f-numbers")
    expect(number.or_(listed).first).to_be_hidden()
    page.get_by_label("宛先").select_option("person")
    expect(number).to_be_visible()
    expect(listed).to_be_hidden()
    page.get_by_label("宛先").select_option("list")
    expect(number).to_be_hidden()
    expect(listed).to_be_visible()
    page.goto("/desk/log")
    page.goto("/desk/log")
    expect(page.get_by_role("cell", name="ページ").first).to_be_visible()


def test_a_funders_entry_follows_where_the_money_arrives(district: Town, opens: Opens) -> None:
    """The entry names the chosen account alone."""
    hanako, bakery = district.consumer(coins=5_000), district.shop()
    coupon = district.coupon(155, shares=TOWN_PAYS_HALF)
    hanako.claims(coupon)
    hanako.pays(bakery, 1_000, coupon=coupon)
    place = next(each.part.place for each in district.coupon_row(coupon).costs if each.part.payer == "funder")
    page = opens(DESK, district.another_clerk("administrator", nickname="藤代").person_id)
    page.goto(f"/desk/coupons/{coupon}/funders/{place}")
    account = page.locator(".entries tbody th").first
    assert account.inner_text() == "預金"
    page.get_by_text("現金（金庫）").click()
    assert account.inner_text() == "現金 金庫"
