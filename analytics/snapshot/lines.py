"""The lines of the book as arrays: PostgreSQL's binary COPY, looked at and not read row by row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

import ledger.queries
from analytics.snapshot.schema import KINDS, Int64

SIGNATURE = b"PGCOPY\n\xff\r\n\0"
HEAD = len(SIGNATURE) + 8  # two numbers behind it: flags, and the length of an extension that nobody uses
ARRAY_HEAD = 20  # dimensions, whether there are NULLs, type of the elements; of the one dimension length and first index
POSTGRES_EPOCH_S = 946_684_800
"""2000-01-01 UTC, where PostgreSQL's microseconds begin, in seconds since 1970."""


class Lines(NamedTuple):
    """Lines of the sealed log in its order, a transaction's in theirs. `at`: seconds since 1970; `kind`: its number in the schema."""

    place: Int64
    at: Int64
    kind: Int64
    account: Int64
    amount: Int64


class Parts(NamedTuple):
    """What some transactions have besides lines, each once, by place: what they name (-1: none), and `ledger.queries.PARTS`."""

    place: Int64
    referred: Int64
    beside: Int64


def read_lines(session: Session, district_id: int, low: int, high: int) -> tuple[Lines, Parts]:
    """The log from the place `low` to before `high`."""
    given = columns(ledger.queries.copy_log(session, district_id, low, high, KINDS[1:]), [*ledger.queries.LINES, *ledger.queries.PARTS])
    order = np.argsort(given["place"], kind="stable")
    at = given["posted_at"] // 1_000_000 + POSTGRES_EPOCH_S  # rounded down, also before 2000
    lines = Lines._make(each[order] for each in (given["place"], at, given["kind"], given["account"], given["amount"]))
    place, first = np.unique(given["of_place"], return_index=True)
    return lines, Parts(place, given["referred"][first], given["beside"][first])


def columns(copied: bytes, names: Sequence[str]) -> dict[str, Int64]:
    """The one row of arrays that a COPY sent, each as int64. Numbers of four and of eight bytes are looked at where they lie.

    Raises ValueError where the bytes are anything else: PostgreSQL would have to speak another language than in the last decade.
    """
    if not copied.startswith(SIGNATURE) or int.from_bytes(copied[HEAD : HEAD + 2], "big") != len(names):
        raise ValueError("this is not one row of a binary COPY")
    found, place = {}, HEAD + 2
    for name in names:
        size = int.from_bytes(copied[place : place + 4], "big", signed=True)
        place += 4
        found[name] = _elements(memoryview(copied)[place : place + max(size, 0)])
        place += max(size, 0)
    if copied[place:] != b"\xff\xff" or len({found[name].size for name in names[:5]}) != 1:
        raise ValueError("this is not one row of a binary COPY")
    return found


def _elements(array: memoryview) -> Int64:
    """Of an array of PostgreSQL, without NULLs. Nothing (NULL) and an empty array are both empty."""
    if len(array) <= 12:  # no dimension
        return np.empty(0, np.int64)
    count = int.from_bytes(array[12:16], "big")
    if bytes(array[4:8]) != bytes(4) or (len(array) - ARRAY_HEAD) % count:
        raise ValueError("there are NULLs in it")
    width = (len(array) - ARRAY_HEAD) // count - 4
    view: NDArray[Any] = np.frombuffer(array, np.dtype([("size", ">i4"), ("value", f">i{width}")]), offset=ARRAY_HEAD)
    return view["value"].astype(np.int64)
