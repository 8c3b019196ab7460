"""Which addresses the wallet opens."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis.strategies import text

from merchant.rules.qr_url import ForeignHost, NotAnAddress, UrlError, token_in, url

TOWN = "https://pay.example.jp"
DEMO = "http://localhost:5000"
OURS = [TOWN, DEMO]
TOKEN = "AQEAAAAAAAAAAAAAAAAAAAAAoT7GH5gKMAI"


@pytest.mark.parametrize("public_url", OURS)
def test_our_own_address_is_opened(public_url: str) -> None:
    """What we print, our scanner takes."""
    assert token_in(url(public_url, TOKEN), OURS) == TOKEN


def test_capitals_in_the_host_do_not_matter() -> None:
    """QR printers like capitals; the token keeps its own."""
    assert token_in(f"HTTPS://PAY.EXAMPLE.JP/q/{TOKEN}", OURS) == TOKEN


@pytest.mark.parametrize(
    "host",
    [
        "http://pay.example.jp",
        "https://pay.example.jp.evil.example",
        "https://evil.example",
        "https://pay.example.jp:8443",
        "https://pay.example.jp@evil.example",
        "https://user@pay.example.jp",
        "http://localhost",
        "https://",
    ],
)
def test_a_phishing_address_is_not_opened(host: str) -> None:
    """A sticker that leads elsewhere is named as foreign, however much it looks like ours."""
    with pytest.raises(ForeignHost):
        token_in(f"{host}/q/{TOKEN}", OURS)


@pytest.mark.parametrize("path", ["", "/", "/q/", "/q", f"/{TOKEN}", f"/q/{TOKEN}/", f"/q/{TOKEN}?a=1", f"/q/{TOKEN}#x", f"/x/q/{TOKEN}"])
def test_an_address_with_anything_more_or_less_is_no_code(path: str) -> None:
    """No query, no fragment, no other page: GET changes nothing and carries nothing."""
    with pytest.raises(NotAnAddress):
        token_in(TOWN + path, OURS)


@given(text())
def test_any_text_gets_a_reason(scanned: str) -> None:
    """Whatever the camera reads, the answer is a sentence."""
    with pytest.raises(UrlError):
        token_in(scanned, OURS)


def test_a_short_host_keeps_the_symbol_small() -> None:
    """A host of 16 letters still fits version 4-M: the tablet's code stays quick to read."""
    assert len(url("https://" + "a" * 13 + ".jp", TOKEN)) == 62
