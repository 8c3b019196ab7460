"""The keypad's arithmetic, as it is written, in a real browser."""

from __future__ import annotations

from base64 import b64encode
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page

pytestmark = pytest.mark.browser

SUM = Path(__file__).parents[2] / "merchant" / "static" / "merchant" / "sum.js"


@pytest.fixture
def sums(page: Page) -> Page:
    """An empty page that has loaded the module."""
    page.goto("about:blank")
    source = b64encode(SUM.read_bytes()).decode()
    page.evaluate(f"async () => {{ window.sums = await import('data:text/javascript;base64,{source}'); }}")
    return page


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("", "0"),
        ("540×2+200", "1280"),
        ("540×", "540"),
        ("540×2+", "1080"),
        ("1+2×3", "7"),
        ("9999999×9999999", "99999980000001"),
        ("9007199254740993+1", "9007199254740994"),
    ],
)
def test_times_before_plus_and_exactly(sums: Page, text: str, total: str) -> None:
    """× binds closer than +, an open end does not count yet, and no product is ever rounded."""
    assert sums.evaluate("(text) => String(window.sums.total(text))", text) == total


def presses(sums: Page, keys: list[str], limit: int = 100_000) -> tuple[str, bool]:
    found: dict[str, Any] = sums.evaluate(
        "([keys, limit]) => keys.reduce((now, key) => window.sums.press(now.text, key, limit), { text: '', over: false })", [keys, limit]
    )
    return found["text"], found["over"]


@pytest.mark.parametrize(
    ("keys", "text", "over"),
    [
        (["5", "4", "0"], "540", False),
        (["0", "00", "000"], "", False),
        (["0", "0", "7"], "7", False),
        (["×"], "", False),
        (["5", "×", "+"], "5+", False),
        (["5", "×", "00", "2"], "5×2", False),
        (["5", "0", "back"], "5", False),
        (["5", "0", "clear"], "", False),
        (["1", "000", "00"], "100000", False),
        (["1", "000", "00", "0"], "100000", True),
        (["9", "9", "9", "×", "9", "9", "9"], "999×99", True),
    ],
)
def test_each_key(sums: Page, keys: list[str], text: str, over: bool) -> None:
    """No leading zeros, one sign at a time, and nothing beyond the limit."""
    assert presses(sums, keys) == (text, over)


def test_it_is_shown_as_people_write_it(sums: Page) -> None:
    """With separators and spaces; a single number needs no second line."""
    assert sums.evaluate("() => window.sums.shown('1540×2+200')") == "1,540 × 2 + 200"
    assert sums.evaluate("() => window.sums.shown('540+')") == "540 +"
    assert sums.evaluate("() => window.sums.shown('540')") == ""
