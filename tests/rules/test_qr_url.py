"""The address in a shop's code."""

from __future__ import annotations

from merchant.rules.qr_url import url

TOKEN = "AQEAAAAAAAAAAAAAAAAAAAAAoT7GH5gKMAI"


def test_a_short_host_keeps_the_symbol_small() -> None:
    """A host of 16 letters still fits version 4-M: the tablet's code stays quick to read."""
    assert len(url("https://" + "a" * 13 + ".jp", TOKEN)) == 62
