"""Makes docs/pictures/three-screens.png from a running demo: `python -m docs.pictures.make [http://localhost:8765]`.

Plays one payment on the stage of `/demo` and takes the picture when the tablet has rung.
"""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

from playwright.sync_api import Page, expect, sync_playwright

HERE = Path(__file__).parent
CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PATIENCE_MS = 60_000


def begin(page: Page) -> None:
    """Everybody takes their place."""
    for name in ("phone", "tablet", "desk"):
        page.locator(f"[data-device={name}] [data-enter] button").click()
        page.frame_locator(f"iframe[name={name}]").locator("main").first.wait_for()
    expect(page.frame_locator("iframe[name=desk]").locator("h1")).to_be_visible()


def pay(page: Page) -> None:
    """Two boxes of four and a picture postcard: 540 × 2 + 200, less what the coupon in the phone takes off."""
    tablet, phone = page.frame_locator("iframe[name=tablet]"), page.frame_locator("iframe[name=phone]")
    for key in ("5", "4", "0", "×", "2", "+", "2", "00"):
        tablet.locator(f'[data-key="{key}"]').click()
    tablet.get_by_role("button", name="QRを見せて受け取る").click()
    tablet.locator("[data-request]").wait_for()
    page.locator("[data-aid=request]").click()
    phone.get_by_role("button", name=re.compile("円を支払う")).click()
    tablet.get_by_text("受け取りました").wait_for()
    phone.get_by_text("支払いました").wait_for()


def main(address: str) -> None:
    program = next(filter(None, map(shutil.which, CHROMIUM)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1920, "height": 1000}, locale="ja-JP")
        page.set_default_timeout(PATIENCE_MS)
        page.goto(f"{address}/demo")
        begin(page)
        pay(page)
        page.wait_for_timeout(2_500)  # the ring has closed and the desk was read anew; the tablet goes on after eight seconds
        page.screenshot(path=HERE / "three-screens.png")
        browser.close()


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://localhost:8765")
