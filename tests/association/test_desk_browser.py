"""The desk in a real browser: what the counter shows while one types, and that every page is for everybody."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest
import qrcode
from flask import Flask
from playwright.sync_api import Browser, Page, expect

from tests.e2e.conftest import DESK, Opens, address, clock, films, opens
from tests.town import Town
from tests.web.axe import serious_in_light_or_dark, sideways

__all__ = ["address", "clock", "films", "opens"]

Films = Callable[[Path], Browser]

pytestmark = pytest.mark.browser
PAGES = (
    "/desk/",
    "/desk/top-up",
    "/desk/drawers",
    "/desk/shops",
    "/desk/shops/new",
    "/desk/cards",
    "/desk/cards/give",
    "/desk/series",
    "/desk/series/new",
    "/desk/notice",
    "/desk/books",
    "/desk/controls",
    "/desk/roles",
    "/desk/tokens",
    "/desk/log",
    "/desk/find?q=1200",
    "/api/docs",
)


OUT_OF_SIGHT = """() => [document.documentElement, ...document.querySelectorAll('.table-wrap')]
  .filter((part) => part.scrollWidth > part.clientWidth + 1)
  .map((part) => `${part.className || 'page'}: ${part.scrollWidth - part.clientWidth} px`)"""
BROKEN_WORDS = """() => {
  document.querySelectorAll('.side details').forEach((group) => (group.open = true));
  const piece = document.createRange();
  return [...document.querySelectorAll('.side :is(a.nav, summary), .side :is(a.nav, summary) > *')]
    .flatMap((name) => [...name.childNodes])
    .filter((node) => node.nodeType === Node.TEXT_NODE)
    .flatMap((node) => [...node.data.matchAll(/\\p{L}+/gu)].filter((word) => {
      piece.setStart(node, word.index);
      piece.setEnd(node, word.index + word[0].length);
      return new Set([...piece.getClientRects()].map((line) => Math.round(line.top))).size > 1;
    }).map((word) => word[0]));
}"""


def at_the_counter(page: Page, digits: str) -> None:
    page.goto("/desk/top-up")
    page.get_by_label("読めないときは、コードの12桁かカードの16桁").fill(digits)
    page.keyboard.press("Enter")
    expect(page.get_by_label("チャージする額")).to_be_focused()


def test_the_counter_by_keyboard(district: Town, opens: Opens) -> None:
    """Twelve digits, amount, cash, press: the page says the change and both sides of the entry before, and the word after."""
    hanako = district.consumer()
    page = opens(DESK, district.clerk().person_id)
    at_the_counter(page, hanako.shows_code().digits)
    page.keyboard.type("５０００")
    expect(page.locator("[data-mirror=amount]").last).to_have_text("5,000")
    page.get_by_label("お預かり", exact=True).fill("3000")
    expect(page.get_by_role("alert")).to_have_text("お預かりが 2,000円足りません")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("/amount"))
    page.get_by_label("お預かり", exact=True).fill("10000")
    expect(page.locator("[data-mirror=change]")).to_have_text("5,000")
    page.get_by_role("button", name="5,000円をチャージする").press("Enter")
    expect(page.get_by_role("heading", name="チャージしました")).to_be_visible()
    expect(page.get_by_text("お預かり 10,000円 − チャージ 5,000円")).to_be_visible()
    assert hanako.coins() == 5_000
    page.go_back()
    page.reload()
    assert hanako.coins() == 5_000


def test_a_hand_scanner_chooses_the_customer(district: Town, opens: Opens) -> None:
    """It types the code very fast, wherever the focus is, and the next step opens by itself."""
    page = opens(DESK, district.clerk().person_id)
    page.goto("/desk/top-up")
    page.locator("h1").click()  # the first touch wakes the sound, which takes a moment
    key = "new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })"
    sends = f"(keys) => keys.forEach((key) => document.body.dispatchEvent({key}))"
    page.evaluate(sends, [*district.consumer(nickname="ゆず").shows_code().text, "Enter"])  # at once: no pause by a busy machine
    expect(page.get_by_role("heading", name="ゆず")).to_be_visible()


def test_a_hand_scanner_reads_the_new_card(district: Town, opens: Opens) -> None:
    """Where more is to be filled in, the new card waits in its field; who came is asked before anything is moved."""
    yamada, blank = district.card_holder(coins=5_000), district.blank_card()
    page = opens(DESK, district.clerk().person_id)
    page.goto(f"/desk/cards/{yamada.card.id}/replace")
    page.locator("h1").click()
    key = "new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true })"
    page.evaluate(f"(keys) => keys.forEach((key) => document.body.dispatchEvent({key}))", [*blank.text, "Enter"])
    expect(page.locator("[name=code]")).to_have_value(blank.text)
    page.get_by_label("家族").check()
    page.get_by_label("聞いたこと").fill("長女")
    page.get_by_role("button", name="新しいカードに移す").click()
    expect(page.get_by_text(f"終わりが {blank.number[-4:]}")).to_be_visible()
    expect(page.get_by_text("5,000", exact=True)).to_be_visible()


def test_the_camera_chooses_the_customer(district: Town, opens: Opens, films: Films, tmp_path: Path) -> None:
    """The desk's camera reads the code off the phone."""
    picture = tmp_path / "code.png"
    qrcode.make(district.consumer(nickname="ゆず").shows_code().text, box_size=12).save(picture)
    page = opens(DESK, district.clerk().person_id, by=films(picture))
    page.goto("/desk/top-up")
    expect(page.get_by_role("heading", name="ゆず")).to_be_visible()


def test_more_than_there_is_room_for(district: Town, opens: Opens) -> None:
    """The page says how much still fits, and offers no key above it."""
    hanako = district.consumer(coins=95_000)
    page = opens(DESK, district.clerk().person_id)
    at_the_counter(page, hanako.shows_code().digits)
    assert page.locator("[data-fills=amount] button").all_inner_texts() == ["1,000", "3,000", "5,000"]
    page.get_by_label("チャージする額").fill("5001")
    expect(page.get_by_role("alert")).to_have_text("あと 5,000円までです")


def test_every_page_is_for_everybody(district: Town, opens: Opens) -> None:
    """axe finds nothing serious, light and dark; nothing scrolls sideways on a desk, a small tablet or a phone."""
    hanako, bakery = district.consumer(coins=5_000), district.shop("灯ノ沢温泉まんじゅう本舗 みなと屋本店")
    hanako.pays(bakery, 1_200)
    district.applicant("民宿 あおば")
    page = opens(DESK, district.another_clerk("administrator", nickname="藤代").person_id)
    for path in PAGES:
        page.goto(path)
        assert serious_in_light_or_dark(page) == [], path
        for width in (390, 820, 1440):  # the next page is opened at a desk again
            page.set_viewport_size({"width": width, "height": 900})
            assert sideways(page) == 0, (path, width)


def test_no_page_of_the_desk_is_wider_than_a_small_notebook(app: Flask, district: Town, opens: Opens) -> None:
    """Every page of the desk that has an address of its own, at 1024 pixels: nobody pushes it or a table of it sideways to read on."""
    hanako, bakery = district.consumer(coins=9_000), district.shop("灯ノ沢温泉まんじゅう本舗 みなと屋本店")
    district.settles_by(fee_bp=125)
    coupon, voucher, programme = (
        district.coupon(name="湯めぐりのあとに、まちなかで使える朝風呂クーポン"),
        district.voucher(),
        district.points(),
    )
    district.clerk().sells(hanako, voucher)
    hanako.claims(coupon)
    hanako.pays(bakery, 1_200, coupon=coupon)
    batch, _codes = district.issued()
    closing = district.month_passes()
    every = (rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/desk") and not rule.arguments)
    paths = sorted(rule.rule for rule in every if "GET" in (rule.methods or ()) and "." not in rule.rule)
    paths += [f"/desk/coupons/{coupon}", f"/desk/vouchers/{voucher}", f"/desk/vouchers/{voucher}/report"]
    paths += [f"/desk/vouchers/{voucher}/tickets", f"/desk/points/{programme}", f"/desk/codes/{batch}"]
    paths += [f"/desk/shops/{bakery.id}", f"/desk/settlement/draft?closing={closing}"]
    page = opens((1024, 768), district.another_clerk("administrator", nickname="藤代").person_id)
    wide, tables = {}, []
    for path in paths:
        answer = page.goto(path, wait_until="domcontentloaded")
        if answer is not None and answer.headers.get("content-type", "").startswith("text/html"):
            tables += [path] if page.locator(".table-wrap").count() else []
            if hidden := page.evaluate(OUT_OF_SIGHT):
                wide[path] = hidden
    page.goto("/desk/?lang=en")  # longer words: every table once more, and the names in the side bar
    wide |= {"side bar": broken} if (broken := page.evaluate(BROKEN_WORDS)) else {}
    for path in tables:
        page.goto(path, wait_until="domcontentloaded")
        if hidden := page.evaluate(OUT_OF_SIGHT):
            wide[f"{path} in English"] = hidden
    assert len(paths) > 60 and len(tables) > 20 and wide == {}
