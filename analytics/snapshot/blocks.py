"""A month's rows on the disk: of each table one file once it is closed, before that blocks of the log, so a round writes what came in.

Which blocks there are follows from the length of the log and nothing else: whole great ones, behind them whole small ones, and the rest.
So columns that grew round by round have the same files as columns that were written at once.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from analytics.errors import ColumnsBroken
from analytics.snapshot import files
from analytics.snapshot.schema import TABLES, TOKYO_S, Int64
from analytics.snapshot.sorting import Sorted

SMALL, GREAT = 2**13, 2**17
"""Transactions of a block. A round rewrites one small block at most; each row is written three times until its month is closed."""
Rows = Sequence[np.ndarray[Any, Any]]


class Log(NamedTuple):
    """`size`: transactions that are to be in the columns. `closed_before`: seconds since 1970; months that ended by then are closed, None:
    none is."""

    size: int
    closed_before: int | None

    def is_closed(self, month: str) -> bool:
        """Whether nothing is expected for a month, as 2026-11, any more."""
        return self.closed_before is not None and _end_of(month) <= self.closed_before

    def blocks(self, seq: Int64) -> Int64:
        """Where the block of each place begins."""
        return np.where(seq < self.size // GREAT * GREAT, seq // GREAT * GREAT, seq // SMALL * SMALL)


def add(folder: Path, months: dict[str, Any], new: Sorted, log: Log, about: dict[str, str]) -> dict[str, Any]:
    """The months of the page with what is new in them."""
    fresh = {table: _by_month(rows) for table, rows in new._asdict().items()}
    names = sorted({*months, *(name for of_months in fresh.values() for name in of_months)})
    return {name: _month(folder, name, months.get(name), {table: fresh[table].get(name) for table in TABLES}, log, about) for name in names}


def _by_month(table: Any) -> dict[str, Any]:
    """The rows of each month in Tokyo."""
    of_rows = (table.at + TOKYO_S).astype("datetime64[s]").astype("datetime64[M]")
    return {str(month): type(table)._make(column[of_rows == month] for column in table) for month in np.unique(of_rows)}


def _month(folder: Path, name: str, before: dict[str, Any] | None, new: dict[str, Any], log: Log, about: dict[str, str]) -> dict[str, Any]:
    is_closed = log.is_closed(name)
    page = before or {"tables": {}, "consumers": 0, "shops": 0, "is_closed": False}
    tables = {}
    for table, rows in new.items():
        there = page["tables"].get(table, [])
        if rows is None and (not there or page["is_closed"]):
            found = there
        else:
            found = _table(folder, f"{table}-{name}", TABLES[table], there, rows, log if not is_closed else None, about | {"month": name})
        if found:
            tables[table] = found
    visits = [rows for table in ("payments", "refunds") if (rows := new[table]) is not None]
    largest = {
        f"{column}s": max([page[f"{column}s"], *(int(getattr(rows, column).max()) + 1 for rows in visits)])
        for column in ("consumer", "shop")
    }
    return {"tables": tables, **largest, "is_closed": is_closed}


def _table(folder: Path, name: str, kind: Any, there: list[Any], new: Any, log: Log | None, about: dict[str, str]) -> list[Any]:
    """The blocks of one table of a month; without a `log` it is one. What a block has already is not written again."""
    starts = np.zeros(0 if new is None else len(new.seq), np.int64) if log is None or new is None else log.blocks(new.seq)
    old: dict[int, list[Any]] = {}
    for entry in there:
        start = 0 if log is None else int(log.blocks(np.array(entry["from"])))
        old.setdefault(start, []).append(entry)
    found = []
    for start in sorted({*old, *np.unique(starts).tolist()}):
        mine, entries = starts == start, old.get(start, [])
        if len(entries) == 1 and not mine.any():
            found.append({**entries[0], "from": start})
            continue
        parts = [_read_again(folder, entry, kind) for entry in entries]
        if new is not None:
            parts.append([column[mine] for column in new])
        found.append({**files.write_table(folder, name, files.columns_of(kind._make(in_order(parts))), about), "from": start})
    return found


def _read_again(folder: Path, entry: dict[str, Any], kind: Any) -> Rows:
    """Raises ColumnsBroken, where what is wrong in it would go on under a new name."""
    if not files.is_whole(folder, entry):
        raise ColumnsBroken
    rows = files.read_table(folder, entry)
    return [rows[column] for column in kind._fields]


def in_order(parts: Sequence[Rows]) -> Rows:
    """Blocks of one table, each in the order of its moments, put together in that order; a moment's rows in the order of the log.

    The second column is `at`. Blocks stand in the order of the log, and so do a moment's rows in each: a stable order keeps it.
    """
    filled = [part for part in parts if len(part[0])] or parts[:1]
    rows = filled[0] if len(filled) == 1 else [np.concatenate(columns) for columns in zip(*filled, strict=True)]
    at = rows[1]
    if (at[1:] >= at[:-1]).all():
        return rows
    order = np.argsort(at, kind="stable")
    return [column[order] for column in rows]


def _end_of(month: str) -> int:
    """The first second after a month in Tokyo, since 1970."""
    return int((np.datetime64(month, "M") + 1).astype("datetime64[s]").astype(np.int64)) - TOKYO_S
