"""Every part of the frame, looked at by the accessibility check, in each size and colour."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.web.axe import BY_COLOUR, serious, sideways
from tests.web.conftest import Served

pytestmark = pytest.mark.browser

PHONE, TABLET, DESK = {"width": 390, "height": 844}, {"width": 1180, "height": 820}, {"width": 1440, "height": 900}
SIZES = {
    "phone": PHONE,
    "confirm": PHONE,
    "done": PHONE,
    "code": PHONE,
    "scan": PHONE,
    "till": TABLET,
    "face": TABLET,
    "arrived": TABLET,
    "desk": DESK,
}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_nobody_is_shut_out(page: Page, served: Served, theme: str) -> None:
    """No serious or critical finding of axe on any part, in the light theme and in the dark one that people choose."""
    for name, size in SIZES.items():
        page.set_viewport_size(size)  # type: ignore[arg-type]
        page.goto(f"{served.address}/components?page={name}&theme={theme}")
        assert serious(page, rules=None if theme == "light" else BY_COLOUR) == [], name


def test_bad_news_shut_nobody_out(page: Page, served: Served) -> None:
    """Pages of refusals and faults are as readable as any, on the narrowest phone."""
    page.set_viewport_size({"width": 320, "height": 640})
    for path in ("/short", "/till/short", "/desk/short", "/nowhere", "/broken", "/offline", "/offline?sent=1", "/problems"):
        page.goto(f"{served.address}{path}")
        assert serious(page) == [], path
        assert path.startswith("/till") or sideways(page) == 0, path


@pytest.mark.parametrize(("width", "text"), [(320, "normal"), (390, "large")])
def test_nobody_scrolls_sideways(page: Page, served: Served, width: int, text: str) -> None:
    """320 px wide, or in large text, with an amount of seven figures: everything fits its column."""
    page.set_viewport_size({"width": width, "height": 640})
    for name in ("phone", "confirm", "done", "code", "scan", "desk"):
        page.goto(f"{served.address}/components?page={name}&text={text}&amount=1234567")
        assert sideways(page) == 0, name


@pytest.mark.parametrize("text", ["normal", "large"])
def test_the_tablet_needs_no_scrolling(page: Page, served: Served, text: str) -> None:
    """1180 × 820 holds the whole till, the QR and the arrival, also with long amounts and in large text."""
    page.set_viewport_size(TABLET)  # type: ignore[arg-type]
    cut = "() => [...document.querySelectorAll('.amount')].filter((a) => a.getBoundingClientRect().right > innerWidth).length"
    for name in ("till", "face", "arrived"):
        page.goto(f"{served.address}/components?page={name}&amount=1234567&text={text}")
        assert sideways(page) == 0, name
        assert page.evaluate("() => document.documentElement.scrollHeight - window.innerHeight") <= 0, name
        assert page.evaluate(cut) == 0, name


def test_targets_are_large_enough(page: Page, served: Served) -> None:
    """44 px on the phone, 56 px at the till, 92 px on its keys."""
    small = """(least) => [...document.querySelectorAll('main button, main a.btn, .dock a, .pos__nav a, .iconbtn')]
      .map((e) => [e.textContent.trim(), e.getBoundingClientRect()]).filter(([, r]) => r.width && Math.min(r.width, r.height) < least)
      .map(([words, r]) => `${words} ${r.width}x${r.height}`)"""
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.goto(f"{served.address}/components?page=phone")
    assert page.evaluate(small, 44) == []
    page.set_viewport_size(TABLET)  # type: ignore[arg-type]
    page.goto(f"{served.address}/components?page=till")
    assert page.evaluate(small, 56) == []
    keys = page.locator(".keypad button").evaluate_all("(keys) => keys.map((k) => k.getBoundingClientRect().height)")
    assert min(keys) >= 92


def test_the_skip_link_is_the_first_stop(page: Page, served: Served) -> None:
    """One press of Tab offers to skip to the text, visibly."""
    page.goto(f"{served.address}/components?page=phone")
    page.keyboard.press("Tab")
    assert page.evaluate("() => document.activeElement.className") == "skip"
    assert page.evaluate("() => document.activeElement.getBoundingClientRect().top") >= 0


def test_the_first_page_is_small(page: Page, served: Served) -> None:
    """At most 100 kB on the wire for a phone that comes for the first time, without the scanner."""
    page.set_viewport_size(PHONE)  # type: ignore[arg-type]
    page.set_extra_http_headers({"User-Agent": "Mozilla/5.0 (Linux; Android 14)"})
    page.add_init_script("Object.defineProperty(navigator, 'userAgent', { value: 'Mozilla/5.0 (Linux; Android 14)' })")
    page.goto(f"{served.address}/components?page=phone", wait_until="networkidle")
    sizes = "() => performance.getEntriesByType('resource').concat(performance.getEntriesByType('navigation')).map((e) => e.transferSize)"
    assert 0 < sum(page.evaluate(sizes)) <= 100_000
