"""商品レジ on a small tablet: a barcode that no article has, by scanner, camera and hand; categories that do not fit beside each other."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserType, Page, expect

import merchant.commands
from merchant.queries import ArticleFacts
from tests.conftest import Site
from tests.merchant.conftest import OPENED
from tests.merchant.test_register_pages import opens_register
from tests.merchant.test_tablet import scans
from tests.town import Shop, Till, Town

pytestmark = pytest.mark.browser

UNKNOWN = "4900000000016"
STANDS_STILL = "nav => { const at = nav.scrollLeft; return new Promise((is) => setTimeout(() => is(nav.scrollLeft === at), 80)); }"
SMALL = {"width": 1024, "height": 768}
WIDTH, HEIGHT, BAR_PX = 640, 480, 4
LEFT = ("0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011")
MIXED = ("LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL")


def bars(code: str) -> str:
    """EAN-13, dark as 1 (GS1 General Specifications, 5.2)."""
    right = ["".join("10"[int(bit)] for bit in each) for each in LEFT]
    left = [
        LEFT[int(digit)] if kind == "L" else right[int(digit)][::-1] for digit, kind in zip(code[1:7], MIXED[int(code[0])], strict=True)
    ]
    return "101" + "".join(left) + "01010" + "".join(right[int(digit)] for digit in code[7:]) + "101"


def film(path: Path, code: str) -> None:
    """A short film of the code for Chromium's fake camera: YUV4MPEG2, grey, 4:2:0."""
    row = bytearray([235]) * WIDTH
    dark = bars(code)
    start = (WIDTH - len(dark) * BAR_PX) // 2
    for place, bar in enumerate(dark):
        if bar == "1":
            row[start + place * BAR_PX : start + (place + 1) * BAR_PX] = bytes([16]) * BAR_PX
    light = bytes([235]) * (WIDTH * 120) + bytes(row) * 240 + bytes([235]) * (WIDTH * 120)
    with path.open("wb") as out:
        out.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F15:1 Ip A1:1 C420jpeg\n".encode())
        for _frame in range(8):
            out.write(b"FRAME\n" + light + bytes([128]) * (WIDTH * HEIGHT // 2))


@pytest.fixture
def register(
    browser_type: BrowserType, browser_type_launch_args: dict[str, Any], tmp_path: Path, site: Site, district: Town, shop: Shop, till: Till
) -> Iterator[Page]:
    """The register of a shop with fifteen categories, on a tablet whose camera sees the code."""
    opens_register(district, shop)
    for place in range(12):
        each = ArticleFacts(f"木彫り {place}", "", f"手仕事の品 {place}", 1_000, True, 10, False, None, None, 50 + place)
        merchant.commands.add_article(district.session, shop.owner, shop.id, each, key=uuid4(), now=district.now)
    film(tmp_path / "code.y4m", UNKNOWN)
    camera = ("fake-device-for-media-stream", "fake-ui-for-media-stream", f"file-for-fake-video-capture={tmp_path / 'code.y4m'}")
    more = {**browser_type_launch_args, "args": [*browser_type_launch_args["args"], *(f"--use-{each}" for each in camera)]}
    browser = browser_type.launch(**more)
    context = browser.new_context(viewport=SMALL, locale="ja-JP", timezone_id="Asia/Tokyo")  # type: ignore[arg-type]
    context.add_cookies([{"name": "meguri_till", "value": till.token, "url": f"{site.address}/till"}])
    page = context.new_page()
    page.add_init_script(OPENED)
    page.goto(f"{site.address}/till/register")
    expect(page.locator("[data-register][data-ready]")).to_be_visible()
    yield page
    browser.close()


def test_a_barcode_that_no_article_has_is_said_and_the_bill_stays(register: Page) -> None:
    """Read by the scanner it is sold at a typed amount; by the camera it is said too; typed into the search nothing is found. What stood
    in the bill stands there."""
    unknown, total = register.locator("dialog[data-unknown]"), register.locator("[data-total] .amount__n")
    register.locator("[data-tiles] .tile").filter(has_text="4個箱").click()
    scans(register, UNKNOWN)
    expect(unknown).to_contain_text(UNKNOWN)
    unknown.get_by_role("button", name="金額を打って売る").click()
    for digit in "300":
        register.locator(f"dialog[data-typed] [data-key='{digit}']").click()
    register.get_by_role("button", name="決める").click()
    expect(total).to_have_text("840")

    register.locator("[data-jan-open]").click()
    expect(unknown).to_contain_text(UNKNOWN)
    expect(register.locator("dialog[data-jan]")).to_be_hidden()
    unknown.locator("[data-close]").click()

    register.get_by_role("button", name="さがす").click()
    register.get_by_role("searchbox").fill(UNKNOWN)
    expect(register.locator("[data-nothing-found]")).to_be_visible()
    register.locator("dialog[data-search] [data-close]").click()
    expect(total).to_have_text("840")
    expect(register.locator("[data-lines] > li")).to_have_count(2)


def test_categories_that_do_not_fit_come_by_their_button(register: Page) -> None:
    """It stands there while some are out of sight, brings the next ones, and leads from the last back to the first."""
    pills, following = register.locator("[data-pills]"), register.get_by_role("button", name="ほかの分類を出す")
    last = pills.get_by_role("button", name="手仕事の品 11")
    expect(last).not_to_be_in_viewport()
    for _press in range(12):
        if last.evaluate("pill => pill.getBoundingClientRect().right <= pill.parentElement.getBoundingClientRect().right + 1"):
            break
        before = pills.evaluate("nav => nav.scrollLeft")
        following.click()
        register.wait_for_function("([nav, before]) => nav.scrollLeft > before + 20", arg=[pills.element_handle(), before])
        register.wait_for_function(STANDS_STILL, arg=pills.element_handle())
    last.click()
    expect(register.locator("[data-tiles] .tile")).to_have_text([re.compile("木彫り 11")])
    following.click()
    register.wait_for_function("nav => nav.scrollLeft === 0", arg=pills.element_handle())
    register.set_viewport_size({"width": 4_000, "height": 768})
    expect(following).to_be_hidden()
