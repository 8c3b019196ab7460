"""The log that a tablet keeps by itself while it has no network, and how both sides read it: one way of writing an entry, one hash.

An entry is an object {"v", "till", "log", "seq", "before", "kind", "body"}; `before` is the hash of the entry before it in hex, empty for
the first. It is written as JSON in one way only (below), and its hash is SHA-256 over the UTF-8 bytes of that text. So nothing can be
taken out, put in or exchanged without every later hash changing. The tablet's script writes the same (static: offline/log.js); both are
held to tests/vectors/offline/entries.json.
"""

from __future__ import annotations

import hashlib
import json
from typing import Any

FORM = 1
RECEIPT = "receipt"
SAFE = 2**53 - 1
"""The largest whole number that a script counts exactly."""


class NotCanonical(ValueError):
    """No entry can be written so: a number with a fraction or beyond SAFE, a name that is not ASCII, half a letter."""


def canonical(entry: Any) -> str:
    """The one way to write it: JSON without blanks, names sorted, letters as they are, of escapes only those that JSON asks for.

    Whole numbers only, names in ASCII (so that sorting is the same everywhere). Raises NotCanonical.
    """
    _must_be_plain(entry)
    return json.dumps(entry, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def read(text: str) -> dict[str, Any]:
    """The entry behind a text that is written in this way and in no other. Raises NotCanonical."""
    try:
        entry = json.loads(text)
        same = canonical(entry) == text
    except (ValueError, RecursionError) as error:
        raise NotCanonical from error
    if not same or not isinstance(entry, dict):
        raise NotCanonical
    return entry


def hash_of(text: str) -> bytes:
    """SHA-256 of an entry's text."""
    return hashlib.sha256(text.encode()).digest()


def _must_be_plain(value: Any) -> None:
    if isinstance(value, dict):
        for name, inner in value.items():
            if not isinstance(name, str) or not name.isascii():
                raise NotCanonical
            _must_be_plain(inner)
    elif isinstance(value, list):
        for inner in value:
            _must_be_plain(inner)
    elif isinstance(value, str):
        if any("\ud800" <= sign <= "\udfff" or sign == "\0" for sign in value):
            raise NotCanonical
    elif value is not None and not isinstance(value, bool) and not (isinstance(value, int) and abs(value) <= SAFE):
        raise NotCanonical
