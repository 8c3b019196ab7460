"""Webhooks as "Standard Webhooks" has them (standardwebhooks.com): name, signature, and when to try again."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Collection
from datetime import datetime, timedelta
from urllib.parse import urlsplit

SECRET_PREFIX = "whsec_"
SECRET_BYTES = 32
HTTPS_PORT = 443

GAPS = tuple(timedelta(seconds=seconds) for seconds in (5, 5 * 60, 30 * 60, 2 * 3600, 5 * 3600, 10 * 3600, 14 * 3600, 20 * 3600, 24 * 3600))
"""From one try to the next: ten tries in three days and three and a half hours."""

REST_FIRST, REST_MOST = timedelta(seconds=1), timedelta(minutes=1)


def webhook_id(district_id: int, transaction_id: int) -> str:
    """The name of an event: the same at each try and in each replay. Holds no full stop, which parts the signed text."""
    return f"tx_{district_id}_{transaction_id}"


def secret_text(secret: bytes) -> str:
    """A secret as people copy it."""
    return SECRET_PREFIX + base64.b64encode(secret).decode()


def signature(secret: str, name: str, moment: datetime, body: str) -> str:
    """The header `webhook-signature`: HMAC-SHA-256 over id, seconds since 1970 and body, parted by full stops."""
    key = base64.b64decode(secret.removeprefix(SECRET_PREFIX))
    signed = f"{name}.{int(moment.timestamp())}.{body}".encode()
    return "v1," + base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()


def next_try(tries: int, now: datetime) -> datetime | None:
    """When to try again after `tries` tries; None: it is given up."""
    return now + GAPS[tries - 1] if tries <= len(GAPS) else None


def rest(failures: int) -> timedelta:
    """How long an address that has failed so often in a row is left alone, so that a dead one costs nobody else's time."""
    return min(REST_FIRST * int(2 ** min(failures - 1, 10)), REST_MOST)


def is_address(text: str) -> bool:
    """Whether it is an https address without user, password or fragment, in signs that every library reads alike."""
    try:
        parts = urlsplit(text)
        port = parts.port
    except ValueError:
        return False
    plain = text.isascii() and text.isprintable() and not set(text) & set(' "<>\\^`{|}')
    return plain and parts.scheme == "https" and bool(parts.hostname) and "@" not in parts.netloc and "#" not in text and port != 0


def host_of(address: str) -> str:
    """`host`, or `host:port` where it is not the port of https: as the operator writes it down."""
    parts = urlsplit(address)
    return f"{parts.hostname}" if (parts.port or HTTPS_PORT) == HTTPS_PORT else f"{parts.hostname}:{parts.port}"


def is_allowed(address: str, hosts: Collection[str]) -> bool:
    """Whether the operator allowed this very host and port."""
    return host_of(address) in hosts
