"""The desk's home with ten million entries: how long until it is there, over HTTP, with the worker beside it.

The payments are written straight into the tables (benchmarks/deep.py says why) and sealed by the sealer; beside them are fifty thousand
accounts of people who hold nothing, a coupon and a voucher that run, and drawers that were not counted. Then every statement that
one showing asks is asked again with EXPLAIN: how many rows of the great tables it has read. `MEGURI_BENCH_PAYMENTS` sets another number of
payments.
"""

from __future__ import annotations

import base64
import os
import statistics
import sys
import time
from collections import Counter
from datetime import timedelta
from typing import Any
from uuid import uuid4

from sqlalchemy import create_engine, event, text

from base.clock import system_clock, tokyo_day
from base.db import atomic, driver_url
from base.settings import read_settings
from benchmarks.book import ACCOUNTS, COINS
from benchmarks.deep import DAYS, PAYMENTS, write
from benchmarks.site import KEYS, Phone, Site, percentile, site
from embedded import SUPERUSER, Server
from ledger import commands
from ledger.commands import Draft, hash_command, transfer
from ledger.sealer import SealKeys, seal
from tests.town import Town
from wsgi import create_app

TIMES = 50
HOLDERS = int(os.environ.get("MEGURI_BENCH_HOLDERS", "50000"))
GREAT = ("entry", "transaction", "leaf", "node", "account")
AIM_MS = 300


def fill(town: Town, server: Server) -> None:
    """A year of payments that ends now, a campaign of each kind, and accounts of people who hold nothing."""
    town.coupon()
    voucher = town.voucher()
    session = town.session
    for number in range(5):
        town.another_clerk("issuer", nickname=f"窓口{number}").sells(town.consumer(), voucher)
    with atomic(session):
        rows = {
            role: [commands.open_account(session, town.district_id, role, 10**6 + n, town.series_id) for n in range(count)]
            for role, count in (("consumer", ACCOUNTS), ("payable", ACCOUNTS))
        }
        drawers = [commands.open_account(session, town.district_id, "drawer", 10**6 + n, 0) for n in range(ACCOUNTS)]
        for drawer, payer in zip(drawers, rows["consumer"], strict=True):
            line = transfer(drawer, payer, COINS)
            commands.post(session, town.district_id, Draft("top_up", uuid4(), hash_command(line), line))
    owner = create_engine(driver_url(server.url(SUPERUSER, "bench_site")))
    with owner.begin() as connection:
        connection.execute(
            text(
                "INSERT INTO ledger.account (district_id, id, role, owner_id, series_id, unit, sign, locked, floor, ceiling, opened_at)"
                " SELECT district_id, nextval('ledger.account_id_seq'), role, owner_id + 10000000 + n, series_id, unit, sign, locked,"
                " floor, ceiling, opened_at FROM ledger.account, generate_series(1, CAST(:many AS bigint)) AS n WHERE id = :one"
            ),
            {"many": HOLDERS, "one": rows["consumer"][0]},
        )
    gaps = {"district": town.district_id, "payers": rows["consumer"][0], "shops": rows["payable"][0]}
    write(owner, gaps, first=system_clock() - timedelta(days=DAYS))
    with owner.begin() as connection:
        connection.execute(text("SELECT ledger.rebase()"))
    seal_all(town)
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))
    owner.dispose()


def seal_all(town: Town) -> None:
    """With the key that the worker will go on with; it would take half an hour by its rounds of a second."""
    keys, sealed = SealKeys("localhost", base64.b64decode(KEYS["MEGURI_SEAL_KEY"])), 0
    while True:
        with atomic(town.session):
            added = sum(each.added for each in seal(town.session, keys))
        if not added:
            return
        sealed += added
        print(f"\r{sealed:,} sealed ", end="", file=sys.stderr, flush=True)


def showings(place: Site, path: str, has: str) -> list[float]:
    """Milliseconds of each showing, one after the other. `has`: what must stand on it."""
    phone = Phone(place, {"meguri_session": place.town.cookie(place.town.approver().person_id)})
    taken = []
    for _ in range(TIMES + 3):
        start = time.perf_counter()
        status, _, page = phone.request("GET", path)
        assert status == 200 and has in page, page[:2000]
        taken.append((time.perf_counter() - start) * 1_000)
    return taken[3:]


def asked(place: Site, path: str) -> list[tuple[str, Any]]:
    """What one showing asks the database, in order, from an application of our own in this process."""
    app = create_app(read_settings(place.settings))
    listened: list[tuple[str, Any]] = []

    def listen(_connection: Any, _cursor: Any, statement: str, parameters: Any, _context: Any, _many: bool) -> None:
        listened.append((statement, parameters))

    client = app.test_client()
    client.set_cookie("meguri_session", place.town.cookie(place.town.approver().person_id), domain=place.host)
    engine = app.extensions["meguri.engine"]
    for showing in range(2):  # what is asked once a process is not asked in the second
        listened.clear()
        if showing:
            event.listen(engine, "before_cursor_execute", listen)
        answer = client.get(path, base_url=f"http://{place.host}:{place.port}")
        assert answer.status_code == 200, answer.text[:2000]
    engine.dispose()
    return listened


def read_of(plan: dict[str, Any]) -> Counter[str]:
    """Rows that a plan has fetched of each table, those that it threw away among them."""
    found: Counter[str] = Counter()
    if "Relation Name" in plan:
        thrown = plan.get("Rows Removed by Filter", 0) + plan.get("Rows Removed by Index Recheck", 0)
        found[plan["Relation Name"]] += round((plan["Actual Rows"] + thrown) * plan["Actual Loops"])
    for inner in plan.get("Plans", ()):
        found += read_of(inner)
    return found


def explained(place: Site, path: str) -> tuple[int, Counter[str], list[tuple[float, str]]]:
    """Statements of one showing, the rows that they read by table, and the slowest of them with their milliseconds."""
    found: Counter[str] = Counter()
    slow: list[tuple[float, str]] = []
    every = asked(place, path)
    with place.town.engine.connect() as connection:
        for statement, parameters in every:
            if statement.lstrip().upper().startswith(("SELECT", "WITH")):
                [plan] = connection.exec_driver_sql(f"EXPLAIN (ANALYZE, FORMAT JSON) {statement}", parameters).scalar_one()
                found += read_of(plan["Plan"])
                slow.append((plan["Execution Time"] + plan["Planning Time"], " ".join(statement.split())[:150]))
    return len(every), found, sorted(slow, reverse=True)[:6]


def main() -> None:
    with site(3, 3, fill) as place:
        print(f"\r{2 * PAYMENTS:,} entries, {HOLDERS + ACCOUNTS:,} accounts of people\n")
        print("| page of the desk | median | 95 % | worst |\n| --- | --- | --- | --- |")
        days = {"home": "/desk/", "home of a day half a year ago": f"/desk/?day={tokyo_day(system_clock()) - timedelta(days=180)}"}
        days["an endpoint that does nothing"] = "/livez"
        medians = []
        for name, path in days.items():
            taken = showings(place, path, "" if path == "/livez" else "campaign__name")
            medians.append(statistics.median(taken))
            print(f"| {name} | **{medians[-1]:.0f} ms** | {percentile(taken, 95):.0f} ms | {max(taken):.0f} ms |")
        count, read, slow = explained(place, "/desk/")
        print(f"\nAim: {AIM_MS} ms at the median. One showing asks {count} statements; rows read of the book's great tables:")
        print(", ".join(f"{name} {read[name]:,}" for name in GREAT))
        print("The slowest statements:")
        for took, statement in slow:
            print(f"  {took:.1f} ms  {statement}")
        assert read["entry"] + read["transaction"] < 2_000, "the home reads the book"
    sys.exit(1 if medians[0] > AIM_MS else 0)


if __name__ == "__main__":
    main()
