"""The address in a shop's code (qr.md B.4): the district's own host, `/q/`, the token, and nothing else."""

from __future__ import annotations

PATH = "/q/"


def url(public_url: str, token: str) -> str:
    """What a code says: `https://host/q/token`. Up to 62 bytes it fits version 4-M, up to 84 version 5-M (rule 6)."""
    return f"{public_url}{PATH}{token}"
