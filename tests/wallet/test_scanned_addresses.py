"""Which addresses the wallet's own camera opens (qr.md 36), asked of the module that the phone runs."""

from __future__ import annotations

from pathlib import Path

import pytest
from playwright.sync_api import Page

import wallet

SCANNER = Path(wallet.__file__).parent / "static" / "wallet" / "scan.js"
PREFIX = "https://pay.example.jp/q/"
TOKEN = "AQEAAAAAAAAAAAAAAAAAAAAAoT7GH5gKMAI"
FOREIGN = [
    f"{host}/q/{TOKEN}"
    for host in (
        "http://pay.example.jp",
        "https://pay.example.jp.evil.example",
        "https://evil.example",
        "https://pay.example.jp:8443",
        "https://pay.example.jp@evil.example",
        "https://user@pay.example.jp",
        "https://",
    )
]
MORE_OR_LESS = [
    f"https://pay.example.jp{path}"
    for path in ("", "/", "/q/", "/q", f"/{TOKEN}", f"/q/{TOKEN}/", f"/q/{TOKEN}?a=1", f"/q/{TOKEN}#x", f"/x/q/{TOKEN}")
]


@pytest.mark.browser
def test_only_a_code_of_this_district_is_opened(page: Page) -> None:
    """What we print is opened. A sticker that leads elsewhere is named as foreign, however much it looks like ours, and so is an address
    with anything more or less than a code; other text is no code."""
    page.goto("about:blank")
    asked = "async ([source, prefix, texts]) => { const scanner = await import('data:text/javascript,' + encodeURIComponent(source));"
    read = [f"{PREFIX}{TOKEN}", *FOREIGN, *MORE_OR_LESS, "花子", ""]
    told = page.evaluate(asked + " return texts.map((text) => scanner.target(text, prefix)); }", [SCANNER.read_text(), PREFIX, read])
    assert told == [
        {"address": f"/q/{TOKEN}"},
        *[{"wrong": "foreign"}] * (len(FOREIGN) + len(MORE_OR_LESS)),
        {"wrong": "noCode"},
        {"wrong": "noCode"},
    ]
