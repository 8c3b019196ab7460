"""The lines of the book as arrays: PostgreSQL's binary COPY, looked at and not read row by row."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from sqlalchemy.orm import Session

import ledger.queries
from analytics.snapshot.schema import KINDS, Int64

SIGNATURE = b"PGCOPY\n\xff\r\n\0"
HEAD = len(SIGNATURE) + 8  # two numbers behind it: flags, and the length of an extension that nobody uses
EMPTY_HEAD = 12  # of an array: dimensions, whether there are NULLs, type of the elements
ARRAY_HEAD = EMPTY_HEAD + 8  # and of the one dimension length and first index, where there are elements
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
    arrays, sent, parts = ledger.queries.TRANSACTIONS, ledger.queries.SENT, ledger.queries.PARTS
    fields = _fields(ledger.queries.copy_log(session, district_id, low, high, KINDS[1:]), len(arrays) + len(sent) + len(parts))
    place, posted_at, kind, count = (_elements(field) for field in fields[: len(arrays)])
    account, amount = (_of_many(field, count) for field in fields[len(arrays) : -len(parts)])
    at = posted_at // 1_000_000 + POSTGRES_EPOCH_S  # rounded down, also before 2000
    lines = Lines(np.repeat(place, count), np.repeat(at, count), np.repeat(kind, count), account, amount)
    order = np.argsort(lines.place, kind="stable")
    of_place, referred, beside = (_elements(field) for field in fields[-len(parts) :])
    of_order = np.argsort(of_place)
    return Lines._make(each[order] for each in lines), Parts(of_place[of_order], referred[of_order], beside[of_order])


class Pieces:
    """The log piece after piece: the next one may be on its way while the last is worked on. Meanwhile the session is this one's alone."""

    def __init__(self, session: Session, district_id: int) -> None:
        self._read = partial(read_lines, session, district_id)
        self._pool, self._coming = ThreadPoolExecutor(1, "log"), dict[tuple[int, int], Future[tuple[Lines, Parts]]]()

    def begin(self, low: int, high: int) -> None:
        """Have it read, by a thread of its own. Nothing else may be asked of the session until it is taken."""
        self._coming[low, high] = self._pool.submit(self._read, low, high)

    def take(self, low: int, high: int) -> tuple[Lines, Parts]:
        """From the place `low` to before `high`; at once, if it was begun long enough ago."""
        coming = self._coming.pop((low, high), None)
        return self._read(low, high) if coming is None else coming.result()

    def __enter__(self) -> Pieces:
        return self

    def __exit__(self, *_: object) -> None:
        self._pool.shutdown()


def columns(copied: bytes, names: Sequence[str]) -> dict[str, Int64]:
    """The one row of arrays that a COPY sent, each as int64. Raises ValueError where the bytes are anything else."""
    return {name: _elements(field) for name, field in zip(names, _fields(copied, len(names)), strict=True)}


def _fields(copied: bytes, count: int) -> list[memoryview]:
    """What stands in the one row; NULL is empty. Raises ValueError: PostgreSQL would have to speak another language than for decades."""
    place = HEAD + 2
    if not copied.startswith(SIGNATURE) or int.from_bytes(copied[HEAD:place], "big") != count:
        raise ValueError("this is not one row of a binary COPY")
    fields = []
    for _ in range(count):
        size = max(int.from_bytes(copied[place : place + 4], "big", signed=True), 0)
        fields.append(memoryview(copied)[place + 4 : place + 4 + size])
        place += 4 + size
    if copied[place:] != b"\xff\xff":
        raise ValueError("this is not one row of a binary COPY")
    return fields


def _elements(array: memoryview) -> Int64:
    """Of an array of numbers of four or eight bytes, without NULLs."""
    if len(array) <= EMPTY_HEAD:
        return np.empty(0, np.int64)
    count = int.from_bytes(array[12:16], "big")
    if bytes(array[4:8]) != bytes(4) or (len(array) - ARRAY_HEAD) % count:
        raise ValueError("there are NULLs in it")
    width = (len(array) - ARRAY_HEAD) // count - 4
    view: NDArray[Any] = np.frombuffer(array, np.dtype([("size", ">i4"), ("value", f">i{width}")]), offset=ARRAY_HEAD)
    return view["value"].astype(np.int64)


def _of_many(arrays: memoryview, counts: Int64) -> Int64:
    """The elements of arrays of int64 that stand behind each other, so many in each. Four bytes are a word: an array is a head, and of
    each element its size and two halves."""
    words = np.frombuffer(arrays, ">u4")
    heads = np.where(counts > 0, ARRAY_HEAD // 4, EMPTY_HEAD // 4)
    ends, before = np.cumsum(heads + 3 * counts), np.cumsum(counts) - counts
    if words.size != ends[-1:].sum():
        raise ValueError("these are not so many arrays")
    at = np.repeat(ends - 3 * counts - 3 * before, counts) + 3 * np.arange(counts.sum())
    if (words[at] != 8).any():
        raise ValueError("these are not numbers of eight bytes")
    halves = words.astype(np.int64)
    elements: Int64 = halves[at + 1] << 32 | halves[at + 2]
    return elements
