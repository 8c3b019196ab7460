"""A book of ten million entries: how long a search takes, a balance at a past moment, and what a payment weighs on the disk.

The book is written straight into the tables, as the owner could and nobody else: five million payments through the door would take
the better part of an hour. It is sealed by the sealer itself, and proved at the end like any other.
`MEGURI_BENCH_PAYMENTS` sets another number of payments.
"""

from __future__ import annotations

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Engine, create_engine, text
from sqlalchemy.orm import Session

from base.db import atomic, driver_url
from benchmarks.book import ACCOUNTS, Bench, book
from benchmarks.sealing import KEYS
from embedded import SUPERUSER
from ledger import queries
from ledger.queries import Wanted
from ledger.sealer import seal

PAYMENTS = int(os.environ.get("MEGURI_BENCH_PAYMENTS", "5000000"))
PIECE = 250_000
DAYS = 365
FIRST = datetime(2025, 11, 1, tzinfo=UTC)
TABLES = ("transaction", "entry", "leaf", "node", "contents", "amount", "role_day")
TIMES = 9
# Every payer in turn, so that each has the same number of entries and enough for all; each fifth payment to one hot shop. One in a hundred
# thousand is of 77 yen, those of the first twelve days of 31 to 39, the others of 1 to 29; the hot shop never takes 29.
WRITE = """
    CREATE TEMPORARY TABLE paid ON COMMIT DROP AS
    SELECT n, nextval('ledger.transaction_id_seq') AS id, {payers} + n % {accounts} AS payer, n / {accounts} + 2 AS nth,
           {shops} + CASE WHEN n % 5 = 0 THEN 0 ELSE n % {accounts} END AS shop,
           CASE WHEN n % 100000 = 7 THEN 77 WHEN n * 30 < CAST(:payments AS bigint) THEN 31 + n % 9
                WHEN n % 5 = 0 THEN 1 + n * 7919 % 28 ELSE 1 + n * 7919 % 29 END AS amount,
           CAST(:first AS timestamptz) + n * CAST(:step AS interval) AS at
    FROM generate_series(CAST(:low AS bigint), CAST(:high AS bigint) - 1) AS n;
    INSERT INTO ledger.transaction
    SELECT {district}, id, md5(n::text)::uuid, sha256('bench'), 'payment', at, n + 1000, NULL, NULL,
           ARRAY[payer, shop], ARRAY[amount, -amount], '{{"way": "dynamic", "merchant": 1, "till": 1}}' FROM paid;
    INSERT INTO ledger.entry SELECT {district}, shop, n + 1000, id, -amount, NULL, at FROM paid;
    INSERT INTO ledger.entry
    SELECT {district}, p.payer, p.nth, p.id, p.amount, a.balance + sum(p.amount) OVER (PARTITION BY p.payer ORDER BY p.n), p.at
    FROM paid p JOIN ledger.account a ON a.district_id = {district} AND a.id = p.payer;
    UPDATE ledger.account a SET balance = a.balance + t.total, entry_count = a.entry_count + t.entries
    FROM (SELECT payer, sum(amount) AS total, count(*) AS entries FROM paid GROUP BY 1) t
    WHERE a.district_id = {district} AND a.id = t.payer
"""


def write(owner: Engine, gaps: Mapping[str, int], *, first: datetime = FIRST, payments: int = PAYMENTS) -> None:
    """The payments of a year from `first` on, in pieces, with a word of progress after each. `gaps`: district, first payer, first shop."""
    sql = WRITE.format(accounts=ACCOUNTS, **{name: gaps[name] for name in ("district", "payers", "shops")})
    step = timedelta(days=DAYS) / payments
    for low in range(0, payments, PIECE):
        high = min(low + PIECE, payments)
        with owner.begin() as connection:
            for statement in sql.split(";"):
                given = {"low": low, "high": high, "first": first, "step": step, "payments": payments}
                connection.execute(text(statement), {name: value for name, value in given.items() if f":{name}" in statement})
        print(f"\r{high:,} written", end="", file=sys.stderr, flush=True)


def seal_all(bench: Bench) -> float:
    """Seal everything; transactions a second."""
    start, sealed = time.perf_counter(), 0
    with Session(bench.engine) as session:
        while True:
            with atomic(session):
                added = sum(each.added for each in seal(session, KEYS))
            sealed += added
            print(f"\r{sealed:,} sealed ", end="", file=sys.stderr, flush=True)
            if not added:
                return sealed / (time.perf_counter() - start)


def took_ms(does: Callable[[], object]) -> tuple[float, float]:
    """Median and worst of some calls, the first left out."""
    taken = []
    for _ in range(TIMES + 1):
        start = time.perf_counter()
        does()
        taken.append((time.perf_counter() - start) * 1_000)
    return statistics.median(taken[1:]), max(taken[1:])


def searches(bench: Bench) -> dict[str, Wanted]:
    middle = FIRST + timedelta(days=DAYS // 2)
    return {
        "the newest": Wanted(),
        "a day half a year ago": Wanted(since=middle, until=middle + timedelta(days=1)),
        "until half a year ago": Wanted(until=middle),
        "an amount that many paid": Wanted(least=12, most=12),
        "an amount that few paid": Wanted(least=77, most=77),
        "an amount that nobody paid": Wanted(least=78, most=78),
        "an amount that few paid, in a month": Wanted(least=77, most=77, since=middle, until=middle + timedelta(days=30)),
        "from 10 to 20 yen": Wanted(least=10, most=20),
        "from 40 to 76 yen, that nobody paid": Wanted(least=40, most=76),
        "from 30 to 60 yen, that many paid a year ago": Wanted(least=30, most=60),
        "from 1 yen up, at a shop": Wanted(account_ids=[bench.gaps["shops"] + 1], least=1),
        "29 yen at the hot shop, where nobody paid it": Wanted(account_ids=[bench.gaps["shops"]], least=29, most=29),
        "from 10 to 20 yen, at the hot shop, a week half a year ago": Wanted(
            account_ids=[bench.gaps["shops"]], least=10, most=20, since=middle, until=middle + timedelta(days=7)
        ),
        "a shop": Wanted(account_ids=[bench.gaps["shops"] + 1]),
        "the hot shop": Wanted(account_ids=[bench.gaps["shops"]]),
        "the hot shop, a week half a year ago": Wanted(account_ids=[bench.gaps["shops"]], since=middle, until=middle + timedelta(days=7)),
        "a kind that is rare": Wanted(kinds=["top_up"]),
        "a series that is rare": Wanted(series_id=bench.gaps["coupon"]),
    }


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, book(Path(folder)) as bench:
        owner = create_engine(driver_url(bench.server.url(SUPERUSER, "bench")))
        write(owner, bench.gaps | {"district": 1})
        with owner.begin() as connection:  # folds what was received, as after a restore: the positions are nobody's
            connection.execute(text("SELECT ledger.rebase()"))
        with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
        rate = seal_all(bench)
        with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
            sizes = {name: connection.execute(text(f"SELECT pg_total_relation_size('ledger.{name}')")).scalar_one() for name in TABLES}
        print(f"\r{2 * PAYMENTS:,} entries; sealed {rate:,.0f} a second\n")
        print("| on the disk, with all indexes | bytes a payment |\n| --- | --- |")
        for name, size in sizes.items():
            print(f"| {name} | {size / PAYMENTS:,.0f} |")
        print(f"| all | {sum(sizes.values()) / PAYMENTS:,.0f} |")
        print("\n| search, a page of 20 | median | worst of nine |\n| --- | --- | --- |")
        with Session(bench.engine) as session:
            for name, wanted in searches(bench).items():
                print("| {} | {:.1f} ms | {:.1f} ms |".format(name, *took_ms(partial(queries.journal, session, 1, wanted, limit=20))))
            print("\n| balance at a past moment | entries | median | worst of nine |\n| --- | --- | --- | --- |")
            middle = FIRST + timedelta(days=DAYS // 2)
            for name, account in (
                ("a consumer", bench.gaps["payers"]),
                ("a shop", bench.gaps["shops"] + 1),
                ("the hot shop", bench.gaps["shops"]),
            ):
                count = session.execute(
                    text("SELECT count(*) FROM ledger.entry WHERE district_id = 1 AND account_id = :a"), {"a": account}
                ).scalar_one()
                times = took_ms(partial(queries.balance, session, 1, account, at=middle))
                print("| {} | {:,} | {:.1f} ms | {:.1f} ms |".format(name, count, *times), flush=True)
            month = middle - timedelta(days=30)
            for name, does in (
                ("trial balance at a past day", partial(queries.trial_balance, session, 1, at=middle)),
                ("sums of a past month by role", partial(queries.role_sums, session, 1, year=month, start=month, end=middle)),
                ("trial balance now, from every entry", partial(queries.counted, session, 1)),
            ):
                print("| {} | {:,} | {:.1f} ms | {:.1f} ms |".format(name, 2 * PAYMENTS, *took_ms(does)), flush=True)
            times = took_ms(partial(queries.day_totals, session, 1, middle.date(), middle.date() + timedelta(days=27)))
            print("\nTotals of four weeks by day: {:.1f} ms, worst {:.1f} ms".format(*times))
        owner.dispose()
        print(bench.findings())


if __name__ == "__main__":
    main()
