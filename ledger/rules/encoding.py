"""The bytes of a journal transaction, as the sealed log hashes them. docs/reference/sealed-log.md describes each.

The same bytes are made in SQL when a transaction is sealed (`ledger.encode_transaction`); this is the second
implementation, which proves the first. They name accounts by their numbers and hold no personal data: what people
may have typed stands in the facts, of which only a hash is in here, made with the key of the command, so that nobody
who does not know the key can guess at it. A change of any byte is a new version.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from struct import error as StructError
from struct import pack, unpack
from typing import Any
from uuid import UUID

MAGIC = b"MGTX\x01"
"""Four letters and the version."""

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Leg:
    """A line with what its account is. `amount`: int64 in `unit` (0: yen, else pieces of that series), debit positive."""

    account_id: int
    role: str
    owner_id: int
    series_id: int
    unit: int
    amount: int


@dataclass(frozen=True, slots=True)
class Sealable:
    """A transaction as it is sealed. The legs stand in ascending order of account id; a closed key has none."""

    district_id: int
    transaction_id: int
    posted_at: datetime
    kind: str
    key_hash: bytes
    command_hash: bytes
    refers_to: int | None
    hold_id: int | None
    facts_hash: bytes
    legs: tuple[Leg, ...]


def hash_key(key: UUID) -> bytes:
    """Names the key of a command without giving it away."""
    return hashlib.sha256(key.bytes).digest()


def hash_facts(key: UUID, facts: Mapping[str, Any]) -> bytes:
    """SHA-256 over the key's 16 bytes and the facts as JSON: keys ascending by length, then by bytes, `": "` and `", "` between."""
    return hashlib.sha256(key.bytes + json.dumps(_ordered(facts), ensure_ascii=False, separators=(", ", ": ")).encode()).digest()


def _ordered(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _ordered(value[name]) for name in sorted(value, key=lambda name: (len(name.encode()), name.encode()))}
    return [_ordered(each) for each in value] if isinstance(value, list) else value


def encode(transaction: Sealable) -> bytes:
    """The bytes that are hashed into the leaf. Whole numbers are signed, big-endian; 0 stands for none.

    Raises ValueError or struct.error for what no transaction of the book can hold.
    """
    t = transaction
    return b"".join(
        (
            MAGIC,
            pack(">qqq", t.district_id, t.transaction_id, (t.posted_at - EPOCH) // timedelta(microseconds=1)),
            _short(t.kind),
            t.key_hash,
            t.command_hash,
            pack(">qq", t.refers_to or 0, t.hold_id or 0),
            t.facts_hash,
            pack(">h", len(t.legs)),
            *(
                pack(">q", leg.account_id) + _short(leg.role) + pack(">qqqq", leg.owner_id, leg.series_id, leg.unit, leg.amount)
                for leg in t.legs
            ),
        )
    )


class EncodingWrong(Exception):
    """These bytes are no transaction of this version."""


def decode(data: bytes) -> Sealable:
    """The transaction that these bytes are. Raises EncodingWrong, also for bytes that `encode` would never write."""
    try:
        found = _Reading(data).transaction()
        is_canonical = encode(found) == data
    except (ValueError, OverflowError, StructError) as error:
        raise EncodingWrong from error
    if not is_canonical:
        raise EncodingWrong
    return found


@dataclass(slots=True)
class _Reading:
    """Bytes that are read from the front."""

    rest: bytes

    def transaction(self) -> Sealable:
        self._take(len(MAGIC))
        district_id, transaction_id, microseconds = self._numbers(3)
        kind, key_hash, command_hash = self._name(), self._take(32), self._take(32)
        refers_to, hold_id = self._numbers(2)
        facts_hash = self._take(32)
        (lines,) = unpack(">h", self._take(2))
        legs = tuple(self._leg() for _ in range(lines))
        posted_at = EPOCH + timedelta(microseconds=microseconds)
        known = district_id, transaction_id, posted_at, kind, key_hash, command_hash
        return Sealable(*known, refers_to or None, hold_id or None, facts_hash, legs)

    def _leg(self) -> Leg:
        (account_id,) = self._numbers(1)
        role = self._name()
        return Leg(account_id, role, *self._numbers(4))

    def _numbers(self, count: int) -> tuple[int, ...]:
        return unpack(f">{count}q", self._take(8 * count))

    def _name(self) -> str:
        return self._take(self._take(1)[0]).decode("ascii")

    def _take(self, count: int) -> bytes:
        if len(self.rest) < count:
            raise ValueError("too short")
        taken, self.rest = self.rest[:count], self.rest[count:]
        return taken


def _short(name: str) -> bytes:
    """A name of ASCII signs behind its length. Raises ValueError for one of more than 255 bytes."""
    letters = name.encode()
    return bytes([len(letters)]) + letters
