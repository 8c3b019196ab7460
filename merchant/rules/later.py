"""あとで払うQR: what a tablet asks for while it has no network, to be paid by a phone that has one, at once or days later.

56 characters at the end of the wallet's address, of 42 bytes: version(1) ‖ kind(1) ‖ till(6) ‖ log(3) ‖ number(3) ‖ made at(4, seconds
since 1970) ‖ yen with tax at 10, 8 and 0 % (4 each) ‖ tag(12), big-endian. The tag is HMAC-SHA256 by the key of the tablet's log, which is
the hash of the secret that the tablet made: so that nobody but this tablet asks in its name, and nothing in it can be changed. The
tablet's script writes the same (static: offline/later.js); both are held to tests/vectors/offline/later.json.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from merchant.rules.invoice import Line

VERSION, KIND = 1, 3
"""Kinds 1 and 2 are the printed code and the request with the network (qr_token.py)."""
CHARACTERS = 56
TAG_BYTES = 12
RATES = (10, 8, 0)
LIFE = timedelta(days=30)
"""So long a phone can pay it: somebody may have left without a line, and nobody comes back after a season."""
_DOMAIN = b"meguri-later-v1\x00"
_BODY = struct.Struct(">BBHIBHBHIIII")


@dataclass(frozen=True, slots=True)
class Later:
    """What is asked. `number`: 1, 2, 3 … of this log of the till; `amounts`: yen with tax by rate, as in RATES."""

    till_id: int
    log: int
    number: int
    made_s: int
    amounts: tuple[int, int, int]

    @property
    def amount(self) -> int:
        return sum(self.amounts)

    @property
    def made_at(self) -> datetime:
        return datetime.fromtimestamp(self.made_s, UTC)

    @property
    def expires_at(self) -> datetime:
        return self.made_at + LIFE

    @property
    def name(self) -> str:
        """Its number, as till, phone and the owner's list say it."""
        return f"{self.till_id}-Q{self.log}-{self.number:03d}"

    def lines(self, words: str) -> tuple[Line, ...]:
        """The bill that its receipt is made of: one line a rate. What was sold piece by piece stays on the tablet."""
        return tuple(Line(words, 1, yen, rate) for rate, yen in zip(RATES, self.amounts, strict=True) if yen)


def write(key: bytes, asked: Later) -> str:
    """The text of a request, signed with the key of its log (32 bytes)."""
    body = _BODY.pack(
        VERSION,
        KIND,
        asked.till_id >> 32,
        asked.till_id & 0xFFFFFFFF,
        asked.log >> 16,
        asked.log & 0xFFFF,
        asked.number >> 16,
        asked.number & 0xFFFF,
        asked.made_s,
        *asked.amounts,
    )
    return base64.urlsafe_b64encode(body + _tag(key, body)).decode()


def read(token: str) -> Later | None:
    """What a text asks for, whoever wrote it: `is_signed` judges that. None: it is no such text."""
    content = _bytes_of(token)
    if content is None:
        return None
    version, kind, *rest = _BODY.unpack(content[:-TAG_BYTES])
    till_high, till_low, log_high, log_low, high, low, made_s, *amounts = rest
    if (version, kind) != (VERSION, KIND) or not sum(amounts):
        return None
    whole = (till_high << 32 | till_low, log_high << 16 | log_low, high << 16 | low)
    return Later(*whole, made_s, (amounts[0], amounts[1], amounts[2]))


def is_signed(token: str, key: bytes) -> bool:
    """Whether the tablet with this key wrote it."""
    content = _bytes_of(token)
    return content is not None and hmac.compare_digest(content[-TAG_BYTES:], _tag(key, content[:-TAG_BYTES]))


def _tag(key: bytes, body: bytes) -> bytes:
    return hmac.new(key, _DOMAIN + body, hashlib.sha256).digest()[:TAG_BYTES]


def _bytes_of(token: str) -> bytes | None:
    if len(token) != CHARACTERS or not token.isascii() or "+" in token or "/" in token:  # one text for each request
        return None
    try:
        return base64.b64decode(token, altchars=b"-_", validate=True)
    except binascii.Error:
        return None
