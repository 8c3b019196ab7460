"""A thousand whole payments a second for ten minutes, each with a coupon and five lines, at the ledger's door, with sealing on.

Payments arrive at their own times (Poisson), whether those before are done or not; a wait counts from when a payment was due. So a
pause of a second is seen in a thousand payments. `MEGURI_BENCH_MINUTES` sets another length: 60 for the hour.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections import defaultdict
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from benchmarks.book import ACCOUNTS, PROGRAMS, WITH_COUPON, Bench, book
from benchmarks.sealing import LAG, at_work, one_round

MINUTES = int(os.environ.get("MEGURI_BENCH_MINUTES", "10"))
A_SECOND, CLIENTS = 1_000, 32
PART = max(1, MINUTES // 12) * 60
"""Seconds in a row of the table."""


def pay(bench: Bench) -> Path:
    """Pay for `MINUTES`; the folder in which each payment's time stands."""
    script = bench.script("coupon", WITH_COUPON, ACCOUNTS - 1)
    logs = bench.folder / "times"
    logs.mkdir()
    load = ["-R", str(A_SECOND), "-T", str(MINUTES * 60), "-c", str(CLIENTS), "-j", "2", "-l", "--log-prefix", str(logs / "t")]
    command = [PROGRAMS / "pgbench", "-n", "-M", "prepared", *load, "-f", str(script), bench.url]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "number of failed transactions: 0" in out, out
    return logs


def parts(logs: Path) -> list[list[int]]:
    """Microseconds from due to done of each payment, by the part of the run in which it was done, sorted."""
    found: dict[int, list[int]] = defaultdict(list)
    for file in logs.iterdir():
        with file.open() as lines:
            for line in lines:
                _client, _number, took, _script, second, *_rest = line.split()
                found[int(second)].append(int(took))
    start, last = min(found), MINUTES * 60 // PART - 1
    rows: list[list[int]] = [[] for _ in range(last + 1)]
    for second, times in found.items():
        rows[min((second - start) // PART, last)] += times
    return [sorted(row) for row in rows]


def share(ordered: list[int], part: float) -> float:
    """The quantile in milliseconds."""
    return ordered[int(part * (len(ordered) - 1))] / 1_000


def size(engine: Engine) -> int:
    with engine.connect() as connection:
        return int(connection.execute(text("SELECT pg_database_size(current_database())")).scalar_one())


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, book(Path(folder), pieces=120 * MINUTES) as bench:
        with Session(bench.engine) as session:
            while one_round(session):
                pass
            start = "SELECT clock_timestamp() AS since, (SELECT max(place) + 1 FROM ledger.leaf WHERE district_id = 1) AS first"
            since, first = session.execute(text(start)).one()
        before = size(bench.engine)
        with at_work(bench.engine):
            logs = pay(bench)
        with Session(bench.engine) as session:
            while one_round(session):
                pass
            lag = session.execute(LAG, {"since": since, "first": first}).one()
        rows = parts(logs)
        print(f"\n{A_SECOND:,} whole payments a second for {MINUTES} minutes, {CLIENTS} connections, sealed beside it\n")
        print("| until minute | payments | median | 99 % | 99.9 % | worst |\n| --- | --- | --- | --- | --- | --- |")
        rows.append(sorted(took for row in rows for took in row))
        for number, ordered in enumerate(rows, start=1):
            name = "all" if number == len(rows) else f"{number * PART // 60}"
            times = " | ".join(f"{share(ordered, part):,.1f} ms" for part in (0.5, 0.99, 0.999, 1))
            print(f"| {name} | {len(ordered):,} | {times} |")
        middle, late = (each.total_seconds() for each in lag.lag)
        print(f"\nPosted → signed: {middle:.2f} s at the median, {late:.2f} s for 99 % of {lag.sealed:,}")
        print(f"On the disk: {(size(bench.engine) - before) / lag.sealed:,.0f} bytes a payment")
        print(bench.findings())


if __name__ == "__main__":
    main()
