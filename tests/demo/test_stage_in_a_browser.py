"""The stage in a real browser: one press a device, one payment each way, all three screens move."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from dataclasses import replace

import pytest
from playwright.sync_api import FrameLocator, Page, expect
from werkzeug.serving import make_server

import wsgi
from demo.cast import CARD_PIN
from tests.conftest import without_fonts
from tests.demo.conftest import Place
from tests.web.axe import serious

pytestmark = [pytest.mark.slow, pytest.mark.browser]


@pytest.fixture(scope="module")
def address(place: Place) -> Iterator[str]:
    """The product in demo mode, listening, on the town with three booked days."""
    server = make_server("127.0.0.1", 0, lambda *request: without_fonts(app)(*request), threaded=True)
    here = f"http://localhost:{server.server_port}"
    app = wsgi.create_app(replace(place.settings, public_url=here))
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    yield here
    assert app.extensions["meguri.hub"].close(15), "a live line was left open"
    server.shutdown()
    thread.join()
    server.server_close()
    app.extensions["meguri.engine"].dispose()


@pytest.fixture
def browser_context_args() -> dict[str, object]:
    return {"locale": "ja-JP", "viewport": {"width": 1440, "height": 900}}


@pytest.fixture
def stage(page: Page, address: str) -> Page:
    """Everybody has taken their place, by one press each."""
    page.set_default_timeout(30_000)
    page.goto(f"{address}/demo")
    for name, sign in (("phone", "あかりコインの残高"), ("tablet", "QRを見せて受け取る"), ("desk", "今日の仕事")):
        page.locator(f"[data-device={name}] [data-enter] button").click()
        expect(device(page, name).get_by_text(sign).filter(visible=True).first).to_be_visible()
    return page


def device(page: Page, name: str) -> FrameLocator:
    return page.frame_locator(f"iframe[name={name}]")


def types(tablet: FrameLocator, keys: str) -> None:
    for key in keys:
        tablet.locator(f'[data-key="{key}"]').click()


def test_one_round_in_one_window(stage: Page) -> None:
    """The tablet asks, the phone reads what the QR says and pays, the tablet rings, the desk counts it."""
    phone, tablet, desk = device(stage, "phone"), device(stage, "tablet"), device(stage, "desk")
    types(tablet, "1080")
    tablet.get_by_role("button", name="QRを見せて受け取る").click()
    expect(tablet.locator("[data-request]")).to_be_visible()
    stage.get_by_role("button", name="タブレットのQRを電話で読む").click()
    phone.get_by_role("button", name=re.compile("円を支払う")).click()  # less what the coupon in this phone takes off
    expect(phone.get_by_text("支払いました")).to_be_visible()
    expect(tablet.get_by_text("受け取りました")).to_be_visible()
    expect(desk.get_by_text("1,080").filter(visible=True).first).to_be_visible()


def test_the_phone_shows_and_the_tablet_reads(stage: Page) -> None:
    """The other way round: what a hand scanner would read from the phone's code reaches the tablet."""
    phone, tablet = device(stage, "phone"), device(stage, "tablet")
    phone.get_by_role("link", name="コード表示").click()
    expect(phone.locator("[data-code]")).to_be_visible()
    types(tablet, "540")
    stage.get_by_role("button", name="電話のコードをタブレットで読む").click()
    expect(tablet.get_by_text("受け取りました")).to_be_visible()
    expect(phone.get_by_text("支払いました")).to_be_visible()


def test_somebody_without_a_phone_pays_by_card(stage: Page) -> None:
    """The tablet reads the card, its holder types the PIN that the page tells, and what is left stands there in large figures."""
    tablet = device(stage, "tablet")
    types(tablet, "480")
    stage.get_by_role("button", name="カードをタブレットで読む").click()
    for digit in CARD_PIN:
        tablet.locator(f'[data-card-pin-key="{digit}"]').click()
    tablet.locator("[data-card-pin-pay]").click()
    expect(tablet.get_by_text("受け取りました")).to_be_visible()
    expect(tablet.get_by_text("カードの残高").locator("..")).to_contain_text("6,000")


def test_the_aids_say_what_is_missing(stage: Page) -> None:
    """Pressed too early they explain themselves instead of doing nothing."""
    stage.get_by_role("button", name="タブレットのQRを電話で読む").click()
    expect(stage.locator("[data-said]")).to_contain_text("先にタブレットで金額を入れて")
    stage.get_by_role("button", name="電話のコードをタブレットで読む").click()
    expect(stage.locator("[data-said]")).to_contain_text("コード表示")


def test_the_stage_fits_the_window(stage: Page) -> None:
    """No sideways scrolling at any size; on a wide window all three devices are in sight at once."""
    for width, height in ((1920, 1080), (1440, 900), (1024, 768), (390, 844)):
        stage.set_viewport_size({"width": width, "height": height})
        stage.wait_for_function("document.documentElement.scrollWidth <= innerWidth")
        for name in ("phone", "tablet", "desk"):
            box = stage.locator(f"[data-device={name}] [data-screen]").bounding_box()
            assert box, (name, width)
            assert box["x"] >= 0 and box["x"] + box["width"] <= width, (name, width)
            assert width <= 1100 or box["y"] + box["height"] <= height, (name, width)


def test_nobody_is_shut_out_of_the_stage(stage: Page) -> None:
    """What stands around the devices passes the accessibility check, bright and dark; the devices' pages have their own."""
    assert stage.locator("iframe").count() == 3
    for scheme in ("light", "dark"):
        stage.emulate_media(color_scheme=scheme)
        assert [line for part in (".stage__top", ".device__head", ".guide") for line in serious(stage, context=part)] == []
