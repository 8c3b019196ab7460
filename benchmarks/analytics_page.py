"""地域の分析 and お店の分析 over invented payments of two years that end now: the pages with all their cards, as browsers get them.

`--rows N` (ten million without). Three tables: what the worker makes of closed months; the pages, the first one of a fresh process and
again, with what the worker made and without; and each report of the newest period, reckoned from the parts of months.

A fresh process has the program loaded and has answered another page before, so that templates and the database's connections are there;
of insight it has nothing in memory. The files that it reads are in the machine's file cache.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import numpy as np

from analytics import reports
from analytics.kernels.warm import warm
from analytics.reports.ahead import _missing, ahead, make
from analytics.reports.frame import TODAY
from analytics.reports.source import _MASTERS as masters
from analytics.reports.source import BEGINNING, Source
from analytics.snapshot import Snapshot, blocks, files
from analytics.snapshot.schema import CLASSES, FORMAT, Flows, Payments, Refunds, empty
from analytics.snapshot.sorting import Sorted
from analytics.snapshot.writing import CLOSED_AFTER_S
from base.clock import system_clock
from base.settings import read_settings
from benchmarks.analytics_payments import CONSUMERS, DAYS, SHOPS, SINCE, made
from benchmarks.site import site
from tests.town import Shop, Town

AGAIN = 9
PAGES = {"desk": "/desk/insight", "shop": "/shop/insight"}
ABOUT = {"district": "1"}


def write(folder: Path, district_id: int, rows: int, shops: list[int]) -> None:
    """Columns as the worker keeps them, without a book behind them. `shops`: their numbers, by code."""
    now = int(system_clock().timestamp())
    p = made(rows)
    at = p.at + (now // 86_400 * 86_400 - SINCE) // 86_400 * 86_400 - (DAYS - 2) * 86_400
    known = int(np.searchsorted(at, now))
    nothing = np.zeros(known, np.int64)
    payments = Payments(np.arange(known), at[:known], *(each[:known] for each in p[1:]), nothing, nothing.astype(np.int16))
    log = blocks.Log(known, now - CLOSED_AFTER_S)
    months = blocks.add(files.private(folder), {}, Sorted(payments, empty(Refunds), empty(Flows)), log, ABOUT)
    owner = np.concatenate([np.arange(CONSUMERS), np.arange(len(shops))])
    role = np.repeat([CLASSES.index("consumer"), CLASSES.index("payable")], (CONSUMERS, len(shops)))
    accounts = {
        "account": np.arange(owner.size) + 1,
        "owner_class": role.astype(np.int8),
        "owner": owner.astype(np.int32),
        "series": np.zeros(owner.size, np.int16),
        "is_piece": np.zeros(owner.size, np.int8),
    }
    register = {
        "shop": np.array(shops),
        "number": [f"{code:06}" for code in range(len(shops))],
        "trade": [f"trade {code % 12}" for code in range(len(shops))],
        "size": ["small"] * len(shops),
        "opened": np.full(len(shops), int(at[0])),
    }
    series = {"series": np.ones(1, np.int64), "sort": np.zeros(1, np.int8)}
    held = {"shop": np.arange(len(shops)), "since": register["opened"], "trade": register["trade"]}
    tables = {"accounts": accounts, "shops": register, "series": series, "trades": held}
    page = {
        "format": FORMAT,
        "district": district_id,
        "size": known,
        "epoch": 1,
        "root": "",
        "consumers": CONSUMERS,
        "shops": len(shops),
        "latest": int(at[known - 1]),
        "months": months,
        "tables": {name: files.write_table(folder, name, columns, ABOUT) for name, columns in tables.items()},
    }
    files.write_page(folder, page)


def opened(settings: dict[str, str], cookie: str, host: str, which: str) -> list[float]:
    """Milliseconds of the first showing of a page in this process, and of the next ones."""
    from wsgi import create_app

    app = create_app(read_settings(settings))
    client = app.test_client()
    client.set_cookie("meguri_session", cookie, domain=host)
    before = {"desk": "/desk/", "shop": "/shop/"}[which]
    taken = []
    for path in (before, *[PAGES[which]] * (AGAIN + 1)):
        start = time.perf_counter()
        answer = client.get(path, base_url=f"http://{host}")
        taken.append((time.perf_counter() - start) * 1_000)
        assert answer.status_code in (200, 302), (path, answer.status_code, answer.text[:2000])
    cards = answer.text.count('class="card stack insight"')
    assert "計算の準備中です" not in answer.text
    print(f"{path}: {len(answer.data) / 1_000:,.0f} kB, {cards} cards", file=sys.stderr)
    return taken[1:]


def showing(given: dict[str, Any], which: str, state: str) -> None:
    """A line of the table of pages, measured in a process of its own."""
    command = [sys.executable, "-m", "benchmarks.analytics_page", "--open", json.dumps({**given, "which": which})]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    first, *again = json.loads(done.stdout.splitlines()[-1])
    print(f"| {PAGES[which]} | {state} | {first:,.0f} | {statistics.median(again):,.0f} | {max(again):,.0f} |", flush=True)


def worker(columns: Snapshot, district_id: int) -> None:
    """What the worker makes, newest first: how long until the newest period is there, and until all is."""
    pieces = _missing(columns, district_id)
    start = time.perf_counter()
    newest = [piece for piece in pieces if piece[2] == pieces[0][2]]
    for piece in newest:
        make(*piece)
    first = time.perf_counter() - start
    ahead(columns, [district_id])
    print(
        f"| {len(newest)} pieces of the newest month | {first:.1f} |\n| all {len(pieces)} | {time.perf_counter() - start:.1f} |", flush=True
    )


def each_report(columns: Snapshot, district_id: int) -> None:
    """Each report of the newest period from the parts, in one process with its kernels loaded; and the same with no part kept."""
    print("\n| report, reckoned anew | from parts, ms | from payments, ms |\n| --- | --- | --- |")
    source = Source(columns, district_id)
    months = [month for month in source.columns(BEGINNING, system_clock().date()).months if month.is_closed]
    sums = [0.0, 0.0]
    for name in reports.REPORTS:
        report = reports.REPORTS[name]
        if report.months == TODAY or name not in reports.KEPT:
            continue
        now = datetime.fromtimestamp(int(months[-1].payments.at[-1]) + 3 * 86_400, UTC)
        chosen = reports.period(report, None, None, now)
        shop = None if "district" in report.scopes else 0
        question = reports.about(source.columns(chosen.since, chosen.until), chosen, now=now, shop=shop)
        report.gather(source, question)
        cells = []
        for place, bare in enumerate((False, True)):
            if bare:
                shutil.move(columns.folder / f"district-{district_id}" / "partials", columns.folder / "aside")
            masters._found.clear()
            start = time.perf_counter()
            report.tell(question, report.gather(source, question))
            cells.append((time.perf_counter() - start) * 1_000)
            sums[place] += cells[-1]
            if bare:
                shutil.rmtree(columns.folder / f"district-{district_id}" / "partials", ignore_errors=True)
                shutil.move(columns.folder / "aside", columns.folder / f"district-{district_id}" / "partials")
        print(f"| {name} | {cells[0]:,.0f} | {cells[1]:,.0f} |", flush=True)
    print(f"| together | {sums[0]:,.0f} | {sums[1]:,.0f} |")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=10_000_000)
    parser.add_argument("--open", help="one page, as JSON")
    options = parser.parse_args()
    if options.open:
        given = json.loads(options.open)
        print(json.dumps(opened(given["settings"], given["cookies"][given["which"]], given["host"], given["which"])))
        return
    warm()  # else a page says that it is being prepared
    register: list[Shop] = []

    def fill(town: Town, _server: Any) -> None:
        register.extend(town.shop(f"店 {number}") for number in range(SHOPS))

    with tempfile.TemporaryDirectory() as temporary, site(1, 1, fill) as place:
        folder, town = Path(temporary), place.town
        write(folder / f"district-{town.district_id}", town.district_id, options.rows, [shop.id for shop in register])
        cookies = {"desk": town.cookie(town.approver().person_id), "shop": town.cookie(register[0].owner.person_id)}
        given = {"settings": {**place.settings, "MEGURI_COLUMNS_FOLDER": str(folder)}, "cookies": cookies, "host": place.host}
        columns = Snapshot(folder)
        print(f"{options.rows:,} payments\n\n| the worker makes | s |\n| --- | --- |")
        worker(columns, town.district_id)
        print("\n| page | state | first, ms | again, ms | slowest again |\n| --- | --- | --- | --- | --- |")
        for which in PAGES:
            showing(given, which, "as the worker leaves it")
        showing(given, "shop", "asked before by another process")
        for path in (folder / f"district-{town.district_id}" / "partials").glob("answer_*"):
            path.unlink()
        showing(given, "desk", "parts of months alone")
        each_report(columns, town.district_id)


if __name__ == "__main__":
    main()
