"""A district's reports over invented payments of two years: asked first in a fresh process, with the months counted ahead, and again.

`--rows N` (ten million without), `--report NAME`, more than once: only these.

A process that serves pages has loaded the program before; kernels and their compiled code it loads with the first question, which is part
of the first figure. What a page costs besides (frame, drawing, the desk's own statements) is in `benchmarks/home.py`.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np

from analytics import reports
from analytics.reports.ahead import ahead
from analytics.reports.frame import TODAY
from analytics.reports.source import Asked, Source, before
from analytics.snapshot import Snapshot, files, writing
from analytics.snapshot.schema import CLASSES, FORMAT, Flows, Payments, Refunds, empty
from analytics.snapshot.sorting import Sorted
from benchmarks.analytics_payments import CONSUMERS, SHOPS, made

UNTIL = date(2026, 1, 1)
ABOUT = {"district": "1"}


def write(folder: Path, rows: int) -> None:
    """Columns as the worker keeps them, without a book behind them; all months are closed."""
    p = made(rows)
    coin, nothing = np.zeros(rows, np.int16), np.zeros(rows, np.int64)
    payments = Payments(
        **{**dict(zip(("at", "consumer", "shop", "yen"), p, strict=True)), "seq": np.arange(rows), "discount": nothing, "series": coin}
    )
    months = writing._add(files.private(folder), {}, Sorted(payments, empty(Refunds), empty(Flows)), ABOUT)
    owner = np.concatenate([np.arange(CONSUMERS), np.arange(SHOPS)])
    role = np.repeat([CLASSES.index("consumer"), CLASSES.index("payable")], (CONSUMERS, SHOPS))
    accounts = {
        "account": np.arange(owner.size) + 1,
        "owner_class": role.astype(np.int8),
        "owner": owner.astype(np.int32),
        "series": np.zeros(owner.size, np.int16),
        "is_piece": np.zeros(owner.size, np.int8),
    }
    shops = {
        "shop": np.arange(SHOPS) + 1,
        "number": [f"{code:06}" for code in range(SHOPS)],
        "trade": [f"trade {code % 12}" for code in range(SHOPS)],
        "size": ["small"] * SHOPS,
        "opened": np.full(SHOPS, int(p.at[0])),
    }
    series = {"series": np.ones(1, np.int64), "sort": np.zeros(1, np.int8)}
    tables = {"accounts": accounts, "shops": shops, "series": series}
    page = {
        "format": FORMAT,
        "district": 1,
        "size": rows,
        "epoch": 1,
        "root": "",
        "consumers": CONSUMERS,
        "shops": SHOPS,
        "latest": int(datetime(2026, 1, 3, tzinfo=UTC).timestamp()),
        "months": {name: {**month, "is_closed": True} for name, month in months.items()},
        "tables": {name: files.write_table(folder, name, columns, ABOUT) for name, columns in tables.items()},
    }
    files.write_page(folder, page)


def asked(folder: Path, name: str) -> tuple[list[float], bool]:
    """Milliseconds of the first and of the second answer, and whether there was one."""
    report = reports.REPORTS[name]
    taken = []
    for _ in range(2):
        start = time.perf_counter()
        source = Source(Snapshot(folder), 1)
        rows = source.columns(before(UNTIL, report.months), UNTIL).shop_rows
        question = Asked(
            since=before(UNTIL, report.months),
            until=UNTIL,
            now=datetime(2026, 1, 3, tzinfo=UTC),
            shop=None,
            names={row.code: row.number for row in rows},
            trades={row.code: row.trade for row in rows},
        )
        answer = report.tell(question, reports._told(source, report, question))
        taken.append((time.perf_counter() - start) * 1_000)
    return taken, answer.can_tell


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--report", action="append", choices=sorted(reports.REPORTS), help="only this one; may be given more than once")
    parser.add_argument("--ask", nargs=2, metavar=("FOLDER", "REPORT"), help="one report of columns that are there, as JSON")
    options = parser.parse_args()
    if options.ask:
        print(json.dumps(asked(Path(options.ask[0]), options.ask[1])))
        return
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        write(folder / "district-1", options.rows)
        start = time.perf_counter()
        pieces = ahead(Snapshot(folder), [1])
        print(f"{options.rows:,} payments; {pieces} pieces counted ahead in {time.perf_counter() - start:.1f} s\n")
        print("| report | months | first, ms | again, ms | |\n| --- | --- | --- | --- | --- |")
        for report in reports.REPORTS.values():
            if "district" in report.scopes and report.months != TODAY:
                command = [sys.executable, "-m", "benchmarks.analytics_page", "--ask", str(folder), report.name]
                found: Any = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
                (first, again), can_tell = found
                print(
                    f"| {report.name} | {report.months} | {first:,.0f} | {again:,.0f} | {'' if can_tell else 'nothing to tell'} |",
                    flush=True,
                )


if __name__ == "__main__":
    main()
