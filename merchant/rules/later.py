"""あとで払うQR: what a tablet asks for while it has no network, to be paid by a phone that has one, at once or days later.

A text at the end of the wallet's address, of these bytes (V: a number in as few bytes as it needs, later_bytes.py):
version 2 ‖ kind 3 ‖ V till ‖ V log ‖ V number ‖ made at (4, big-endian, seconds since 1970) ‖ V yen with tax at 10, 8 and 0 % ‖ bill ‖
tag(12). The bill is empty where it were longer than phones read well; else how it was counted (1: 1 eaten here, 2 prices without tax,
4 × rounding) ‖ V how many lines ‖ of each V what (0 typed, 1 the bag, else the article's number and one), V 3 × pieces + place of its
rate, V price ‖ of each discount V 2 × (its line and one, 0 the whole) + 1 for a percent, V yen or percent.
The tag is HMAC-SHA256 by the key of the tablet's log, which is the hash of the secret that the tablet made: so that nobody but this tablet
asks in its name, and nothing in it can be changed. The tablet's script writes the same (static: offline/latertext.js); both are held to
tests/vectors/offline/later.json. Version 1, without a bill, is read as long as one of its codes can be paid.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from merchant.rules.bill import Bill, Off, work_out
from merchant.rules.invoice import RATES, Line, Mode, ReceiptRefused, Rounding
from merchant.rules.later_bytes import Bytes, NotWritten, number

VERSION, KIND = 2, 3
"""Kinds 1 and 2 are the printed code and the request with the network (qr_token.py)."""
CHARACTERS_MAX = 320
"""So many a text has at most: more than a tablet writes, and less than an address may have."""
TAG_BYTES = 12
LIFE = timedelta(days=30)
"""So long a phone can pay it: somebody may have left without a line, and nobody comes back after a season."""
BAG = 0
"""Stands for the bag among the numbers of articles; no article has it."""
LINES_MAX, QTY_MAX = 200, 999
PRICE_MAX, OFF_MAX = 2**32 - 1, 10**10
"""A part of a shared bill costs what it costs with its tax, and its discount is of all its pieces."""
ROUNDINGS: tuple[Rounding, ...] = ("floor", "half_up", "ceil")
_FIRST = struct.Struct(">HIBHBHIIII")
"""Version 1 behind its version and kind: till, log and number in two parts each, time, yen by rate."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A line of the bill. `article`: its number, BAG, or None for what was typed; `price`: yen in the bill's mode; `rate`: percent."""

    article: int | None
    qty: int
    price: int
    rate: int


@dataclass(frozen=True, slots=True)
class Sold:
    """What was sold, and how the tablet counted it."""

    pieces: tuple[Piece, ...]
    offs: tuple[Off, ...] = ()
    eat_in: bool = False
    mode: Mode = "inclusive"
    rounding: Rounding = "floor"

    @property
    def articles(self) -> frozenset[int]:
        return frozenset(each.article for each in self.pieces if each.article)

    def bill(self, names: Mapping[int | None, str]) -> Bill | None:
        """With the `names` of the articles, the bag and what was typed; None where one has none."""
        if not all(each.article in names for each in self.pieces):
            return None
        lines = tuple(Line(names[each.article], each.qty, each.price, each.rate) for each in self.pieces)
        return Bill(lines, tuple(each.article or None for each in self.pieces), self.offs, self.eat_in, self.mode, self.rounding)


@dataclass(frozen=True, slots=True)
class Later:
    """What is asked. `number`: 1, 2, 3 … of this log of the till; `amounts`: yen with tax by rate, as in RATES; `sold` None: not said."""

    till_id: int
    log: int
    number: int
    made_s: int
    amounts: tuple[int, int, int]
    sold: Sold | None = None

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

    def bill(self, names: Mapping[int | None, str]) -> Bill | None:
        """What was sold by name, as the tablet counted it; None where that is not said, a name is missing, or it does not come to what is
        asked at each rate: then nobody knows what it was, and the yen are agreed all the same."""
        bill = None if self.sold is None else self.sold.bill(names)
        try:
            found = {} if bill is None else {row.rate: row.gross for row in work_out(bill).totals.by_rate}
        except ReceiptRefused:
            return None
        return bill if tuple(found.get(rate, 0) for rate in RATES) == self.amounts else None

    def bill_by_rate(self, words: str, rounding: Rounding) -> Bill:
        """The bill where nobody knows what was sold: one line of these words for each rate."""
        lines = tuple(Line(words, 1, yen, rate) for rate, yen in zip(RATES, self.amounts, strict=True) if yen)
        return Bill(lines, (None,) * len(lines), (), False, "inclusive", rounding)


def write(key: bytes, asked: Later) -> str:
    """The text of a request, signed with the key of its log (32 bytes)."""
    body = bytes([VERSION, KIND]) + number(asked.till_id) + number(asked.log) + number(asked.number) + asked.made_s.to_bytes(4)
    body += b"".join(map(number, asked.amounts)) + _written(asked.sold)
    return base64.urlsafe_b64encode(body + _tag(key, body)).decode().rstrip("=")


def read(token: str) -> Later | None:
    """What a text asks for, whoever wrote it: `is_signed` judges that. None: it is no such text."""
    body = (_bytes_of(token) or b"")[:-TAG_BYTES]
    try:
        asked = _second(Bytes(body[2:])) if body[:2] == bytes([VERSION, KIND]) else _first(body)
    except NotWritten:
        return None
    return asked if asked is not None and asked.amount else None


def is_one(token: str) -> bool:
    """Whether a text says of itself that it is such a request; whether it is a good one, `read` finds out."""
    try:
        return base64.b64decode(token[:4], altchars=b"-_", validate=True)[:2] in (bytes([1, KIND]), bytes([VERSION, KIND]))
    except (binascii.Error, ValueError):
        return False


def is_signed(token: str, key: bytes) -> bool:
    """Whether the tablet with this key wrote it."""
    content = _bytes_of(token)
    return content is not None and hmac.compare_digest(content[-TAG_BYTES:], _tag(key, content[:-TAG_BYTES]))


def _written(sold: Sold | None) -> bytes:
    if sold is None:
        return b""
    counted = sold.eat_in + 2 * (sold.mode == "exclusive") + 4 * ROUNDINGS.index(sold.rounding)
    found = bytes([counted]) + number(len(sold.pieces))
    for each in sold.pieces:
        what = 0 if each.article is None else each.article + 1
        found += number(what) + number(3 * each.qty + RATES.index(each.rate)) + number(each.price)
    for off in sold.offs:
        of = 0 if off.line is None else off.line + 1
        found += number(2 * of + (off.amount is None)) + number(off.amount or off.percent or 0)
    return found


def _first(body: bytes) -> Later | None:
    if len(body) != 2 + _FIRST.size or body[:2] != bytes([1, KIND]):
        return None
    till_high, till_low, log_high, log_low, high, low, made_s, *amounts = _FIRST.unpack(body[2:])
    whole = (till_high << 32 | till_low, log_high << 16 | log_low, high << 16 | low)
    return Later(*whole, made_s, (amounts[0], amounts[1], amounts[2]))


def _second(body: Bytes) -> Later:
    till_id, log, place = body.number(2**48 - 1), body.number(2**24 - 1), body.number(2**24 - 1)
    made_s = int.from_bytes(body.take(4))
    amounts = (body.number(2**32 - 1), body.number(2**32 - 1), body.number(2**32 - 1))
    return Later(till_id, log, place, made_s, amounts, None if body.is_over else _sold(body))


def _sold(body: Bytes) -> Sold:
    counted = body.take(1)[0]
    if counted >> 2 >= len(ROUNDINGS):
        raise NotWritten
    pieces = tuple(_piece(body) for _ in range(body.number(LINES_MAX, least=1)))
    offs = []
    while not body.is_over:
        of, is_percent = divmod(body.number(2 * len(pieces) + 1), 2)
        value = body.number(100 if is_percent else OFF_MAX, least=1)
        offs.append(Off(of - 1 if of else None, None if is_percent else value, value if is_percent else None))
    mode: Mode = "exclusive" if counted & 2 else "inclusive"
    return Sold(pieces, tuple(offs), bool(counted & 1), mode, ROUNDINGS[counted >> 2])


def _piece(body: Bytes) -> Piece:
    what = body.number(2**63 - 1)
    qty, rate = divmod(body.number(3 * QTY_MAX + 2, least=3), 3)
    return Piece(what - 1 if what else None, qty, body.number(PRICE_MAX), RATES[rate])


def _tag(key: bytes, body: bytes) -> bytes:
    return hmac.new(key, b"meguri-later-v%d\x00" % body[0] + body, hashlib.sha256).digest()[:TAG_BYTES]


def _bytes_of(token: str) -> bytes | None:
    """None: no such text, or another way to write one."""
    if len(token) > CHARACTERS_MAX or not token.isascii():
        return None
    try:
        content = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
    except binascii.Error:
        return None
    is_the_one = base64.urlsafe_b64encode(content).decode().rstrip("=") == token
    return content if is_the_one and len(content) > TAG_BYTES else None
