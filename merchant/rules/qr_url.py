"""The address in a shop's code (qr.md B.4): the district's own host, `/q/`, the token, and nothing else."""

from __future__ import annotations

from collections.abc import Collection
from typing import ClassVar

PATH = "/q/"


class UrlError(Exception):
    """Not an address that the wallet opens. `reason` is stable."""

    reason: ClassVar[str]


class NotAnAddress(UrlError):
    """Some other text, or an address with more to it than a token: a query, a fragment, a longer path."""

    reason = "bad_url"


class ForeignHost(UrlError):
    """An address of somebody else (phishing, rule 36), or ours without encryption."""

    reason = "foreign_host"


def url(public_url: str, token: str) -> str:
    """What a code says: `https://host/q/token`. Up to 62 bytes it fits version 4-M, up to 84 version 5-M (rule 6)."""
    return f"{public_url}{PATH}{token}"


def token_in(text: str, public_urls: Collection[str]) -> str:
    """The token in a scanned address of one of our own hosts, unread: `qr_token.read` judges it.

    `public_urls`: scheme and host as the districts' settings have them, so that only what they use (https;
    http on localhost in the demo) is opened. Scheme and host are compared without case, as browsers do.
    Raises ForeignHost, NotAnAddress.
    """
    scheme, separator, rest = text.strip().partition("://")
    host, slash, path = rest.partition("/")
    if not separator or scheme.lower() not in ("http", "https"):
        raise NotAnAddress
    if f"{scheme}://{host}".lower() not in {ours.lower() for ours in public_urls}:
        raise ForeignHost
    token = (slash + path).removeprefix(PATH)
    if token == slash + path or not token or any(sign in token for sign in "/?#"):
        raise NotAnAddress
    return token
