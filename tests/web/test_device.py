"""What the device lends us: its camera, its cache, its sound."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import BrowserType, Page, expect

from base.settings import Settings
from tests.web.conftest import Heard, Served, serve, small_app
from tests.web.waiting import wait_for_the_service_worker
from web.qr import modules

pytestmark = pytest.mark.browser

CODE = "https://akari.example.jp/q/7f3a9c51e2b84d60a1"
WIDTH, HEIGHT, MODULE_PX, FRAMES = 640, 480, 8, 8


def film(path: Path, code: str) -> None:
    """A short film of a QR code for Chromium's fake camera: YUV4MPEG2, grey, 4:2:0."""
    rows = modules(code)
    side = len(rows) * MODULE_PX
    left, top = (WIDTH - side) // 2, (HEIGHT - side) // 2
    light = bytearray([235]) * (WIDTH * HEIGHT)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            if dark:
                for line in range(MODULE_PX):
                    start = (top + y * MODULE_PX + line) * WIDTH + left + x * MODULE_PX
                    light[start : start + MODULE_PX] = bytes([16]) * MODULE_PX
    grey = bytes([128]) * (WIDTH * HEIGHT // 2)
    with path.open("wb") as out:
        out.write(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F15:1 Ip A1:1 C420jpeg\n".encode())
        for _frame in range(FRAMES):
            out.write(b"FRAME\n" + light + grey)


@pytest.fixture
def filmed(browser_type: BrowserType, browser_type_launch_args: dict[str, Any], tmp_path: Path) -> Iterator[Page]:
    """A page whose camera sees the code."""
    film(tmp_path / "code.y4m", CODE)
    camera = [
        "--use-fake-device-for-media-stream",
        "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-video-capture={tmp_path / 'code.y4m'}",
    ]
    browser = browser_type.launch(**{**browser_type_launch_args, "args": [*browser_type_launch_args["args"], *camera]})
    yield browser.new_page(viewport={"width": 390, "height": 844})
    browser.close()


def test_the_camera_reads_a_code(filmed: Page, served: Served) -> None:
    """Held into the frame, the code is read by our own copy of the reader, under the page's strict policy."""
    broken: list[str] = []
    filmed.on("console", lambda message: broken.append(message.text) if message.type == "error" else None)
    filmed.add_init_script("document.addEventListener('meguri:scan', (event) => { window.scanned = event.detail; })")
    filmed.goto(f"{served.address}/components?page=scan")
    filmed.wait_for_function("() => window.scanned")
    assert filmed.evaluate("() => window.scanned") == {"text": CODE, "by": "camera"}
    assert broken == []
    assert filmed.evaluate("() => fetch('https://example.org').then(() => 'sent', () => 'refused')") == "refused"


def test_a_code_is_read_from_a_picture(page: Page, served: Served, tmp_path: Path) -> None:
    """Whose camera does not work takes a picture from the album; a picture without a code says so."""
    import qrcode

    qrcode.make(CODE).save(tmp_path / "code.png")
    page.add_init_script("document.addEventListener('meguri:scan', (event) => { window.scanned = event.detail; })")
    page.goto(f"{served.address}/components?page=scan")
    expect(page.locator("[data-camera-words]")).to_be_visible()
    page.set_input_files("[data-photo]", Path(__file__).parents[2] / "web" / "static" / "art" / "icon-192.png")
    expect(page.locator("[data-camera-words]")).to_contain_text("QRが見つかりません")
    page.set_input_files("[data-photo]", tmp_path / "code.png")
    page.wait_for_function("() => window.scanned")
    assert page.evaluate("() => window.scanned") == {"text": CODE, "by": "photo"}


Leave = Callable[[], None]


@pytest.fixture
def leaving(settings: Settings, heard: Heard) -> Iterator[tuple[Served, Leave]]:
    """A site that goes away when the test says so."""
    app: Flask = small_app(replace(settings, demo=True, public_url="http://localhost", pool_size=1), heard)
    running = serve(app)
    site = next(running)

    def leave() -> None:
        next(running, None)

    yield site, leave
    leave()


def test_without_a_network_the_page_says_so_and_keeps_no_money(page: Page, leaving: tuple[Served, Leave]) -> None:
    """The offline page comes up in place of the browser's; what was kept is the frame's own, no page of anybody."""
    site, leave = leaving
    page.goto(f"{site.address}/components?page=phone")
    wait_for_the_service_worker(page)
    kept = page.evaluate(
        """async () => { const store = await caches.open((await caches.keys())[0]);
        return (await store.keys()).map((request) => new URL(request.url).pathname); }"""
    )
    assert "/offline" in kept and all(path == "/offline" or path.startswith("/static/") for path in kept), json.dumps(kept)
    leave()
    page.goto(f"{site.address}/components?page=confirm")
    expect(page.get_by_role("heading", name="電波が届いていません")).to_be_visible()


def test_a_form_whose_answer_is_lost_leads_to_the_truth(page: Page, leaving: tuple[Served, Leave]) -> None:
    """The page says that the outcome is unknown, under the address that will tell the truth later."""
    site, leave = leaving
    page.goto(f"{site.address}/form")
    page.evaluate("() => navigator.serviceWorker.register('/sw.js')")
    wait_for_the_service_worker(page)
    page.evaluate(
        """() => { const i = document.createElement('input'); i.name = 'when_unknown'; i.value = '/wallet/unknown/k1';
        document.querySelector('form').append(i); }"""
    )
    leave()
    page.evaluate("() => document.querySelector('form').submit()")
    expect(page.get_by_role("heading", name="確認しています。もう一度支払わないでください")).to_be_visible()
    assert page.url == f"{site.address}/wallet/unknown/k1?sent=unknown"
