"""From the book to columns: rows a second of `fetchall` against ours on the same book, and what each round and each reading costs.

Three interleaved rounds, the best of each; both give the same payments, which is compared. `MEGURI_BENCH_PAYMENTS` sets how many.
"""

from __future__ import annotations

import os
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TypeVar

import numpy as np
from sqlalchemy import create_engine, text
from sqlalchemy.orm import Session

from analytics.snapshot import Snapshot
from analytics.snapshot.dictionary import Dictionary
from analytics.snapshot.lines import Pieces
from analytics.snapshot.sorting import sort
from analytics.snapshot.writing import PIECE
from base.db import driver_url, rows
from benchmarks import deep
from benchmarks.book import Bench, book
from embedded import SUPERUSER
from ledger import queries

PAYMENTS = int(os.environ.get("MEGURI_BENCH_PAYMENTS", "1000000"))
ROUNDS = 3
ALWAYS = date(2025, 1, 1), date(2028, 1, 1)
T = TypeVar("T")
# As somebody would write it who has only payments in mind: the two owners of each, found where they stand.
PLAIN = """
    SELECT l.place, extract(epoch FROM t.posted_at)::bigint, c.owner_id, s.owner_id, abs(t.amounts[1])
    FROM ledger.leaf l JOIN ledger.transaction t ON t.district_id = l.district_id AND t.id = l.transaction_id
    JOIN ledger.account c ON c.district_id = t.district_id AND c.id = ANY (t.accounts) AND c.role = 'consumer'
    JOIN ledger.account s ON s.district_id = t.district_id AND s.id = ANY (t.accounts) AND s.role = 'payable'
    WHERE l.district_id = 1 AND t.kind = 'payment' AND l.place >= %(low)s AND l.place < %(high)s
    ORDER BY l.place
"""
# And without a join: the lines as they stand in the journal, to be looked up in Python.
ARRAYS = """
    SELECT l.place, t.posted_at, t.kind, t.accounts, t.amounts
    FROM ledger.leaf l JOIN ledger.transaction t ON t.district_id = l.district_id AND t.id = l.transaction_id
    WHERE l.district_id = 1 AND l.place >= %(low)s AND l.place < %(high)s ORDER BY l.place
"""


def timed(does: Callable[[], T]) -> tuple[float, T]:
    start = time.perf_counter()
    given = does()
    return time.perf_counter() - start, given


def fetched(session: Session, sql: str, end: int) -> int:
    """Yen of all payments, by `fetchall`, in the same pieces."""
    total = 0
    for low in range(0, end, PIECE):
        for row in rows(session, sql, {"low": low, "high": min(low + PIECE, end)}):
            total += abs(row[4][0]) if sql is ARRAYS and row[2] == "payment" else row[4] if sql is PLAIN else 0
        session.rollback()
    return total


def viewed(session: Session, end: int) -> int:
    """The same, by our way: with the codes of everybody, refunds and flows sorted out as well, while the next piece is on its way."""
    dictionary, total = Dictionary(), 0
    with Pieces(session, 1) as pieces:
        for low in range(0, end, PIECE):
            high = min(low + PIECE, end)
            lines, parts = pieces.take(low, high)
            dictionary.learn(session, 1, lines.account)
            session.rollback()
            if high < end:
                pieces.begin(high, min(high + PIECE, end))
            total += int(sort(lines, parts, dictionary.table()).payments.yen.sum())
    return total


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, book(Path(folder)) as bench, Session(bench.engine) as session:
        owner = create_engine(driver_url(bench.server.url(SUPERUSER, "bench")))
        deep.write(owner, bench.gaps | {"district": 1}, payments=PAYMENTS)
        deep.seal_all(bench)
        with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
        owner.dispose()
        load(session)
        keep(bench, session, Path(folder) / "columns")


def load(session: Session) -> None:
    end = queries.log_end(session, 1)
    ways = {
        "fetchall, owners joined": lambda: fetched(session, PLAIN, end),
        "fetchall, lines as arrays": lambda: fetched(session, ARRAYS, end),
        "binary COPY, seen as arrays": lambda: viewed(session, end),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        sums = set()
        for name, does in ways.items():
            seconds, total = timed(does)
            taken[name].append(seconds)
            sums.add(total)
        assert len(sums) == 1, sums
    best = {name: min(seconds) for name, seconds in taken.items()}
    ours = best["binary COPY, seen as arrays"]
    print(f"\n| from the book, {end:,} transactions | a second | ours is faster |\n| --- | --- | --- |")
    for name, seconds in best.items():
        print(f"| {name} | {end / seconds:,.0f} | {seconds / ours:.1f} × |", flush=True)


def keep(bench: Bench, session: Session, folder: Path) -> None:
    snapshot = Snapshot(folder)
    first, done = timed(lambda: snapshot.follow(session, 1))
    size = sum(path.stat().st_size for path in folder.rglob("*.arrow"))
    quiet, _ = timed(lambda: snapshot.follow(session, 1))
    opened, columns = timed(lambda: snapshot.read(1, *ALWAYS))
    summed, _ = timed(lambda: [int(column.sum()) for month in columns.months for column in month.payments])
    made, _ = timed(lambda: [month.partial("bench", 1, lambda month: {"yen": np.bincount(month.payments.shop, month.payments.yen)})
                             for month in columns.months])  # fmt: skip
    kept, _ = timed(lambda: [month.partial("bench", 1, lambda _: {}) for month in columns.months if month.is_closed])
    print(f"\n| columns, {len(columns.months)} months | |\n| --- | --- |")
    print(f"| written from nothing | {first:.1f} s, {done.added / first:,.0f} transactions a second |")
    print(f"| on the disk | {size / done.added:.0f} bytes a transaction |")
    print(f"| a round without news | {quiet * 1_000:.0f} ms |")
    print(f"| opened for reading | {opened * 1_000:.1f} ms |")
    print(f"| every column of all payments summed up | {summed * 1_000:.1f} ms |")
    print(f"| a partial of each month made, and kept of closed ones | {made * 1_000:.1f} ms |")
    print(f"| read again | {kept * 1_000:.1f} ms |")
    with bench.engine.begin() as connection:
        connection.execute(text("SELECT 1"))


if __name__ == "__main__":
    main()
