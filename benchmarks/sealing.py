"""Payments a second while the sealer works ÷ while it does not, and how long a committed payment waits for its place in the log.

Pairs in turn, on one server in one run, 32 clients over 1,000 accounts. The sealer is what the worker runs each second: folding
and sealing. What was not sealed while it was off is sealed before the next pair: each round has only its own payments to seal.
"""

from __future__ import annotations

import statistics
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from base.db import atomic
from benchmarks.book import ACCOUNTS, PAYMENT, book, rate
from ledger import commands
from ledger.sealer import SealKeys, seal

SECONDS, ROUNDS, CLIENTS = 8, 3, 32
KEYS = SealKeys("bench.example", b"the key with which a bench seals")
LAG = text("""
    SELECT percentile_disc(ARRAY[0.5, 0.99]) WITHIN GROUP (ORDER BY c.signed_at - t.posted_at) AS lag, count(*) AS sealed
    FROM ledger.leaf l
    JOIN ledger.transaction t ON t.district_id = l.district_id AND t.id = l.transaction_id AND t.posted_at >= :since
    CROSS JOIN LATERAL (
        SELECT signed_at FROM ledger.checkpoint WHERE district_id = l.district_id AND size > l.place ORDER BY size LIMIT 1) c
    WHERE l.place >= :first
""")


def one_round(session: Session) -> int:
    """What the worker does each second; how many transactions it sealed."""
    with atomic(session):
        commands.fold(session)
    with atomic(session):
        return sum(each.added for each in seal(session, KEYS))


@contextmanager
def at_work(engine: Engine) -> Iterator[None]:
    over = threading.Event()

    def work() -> None:
        with Session(engine) as session:
            while not over.wait(1 - time.time() % 1):
                one_round(session)

    thread = threading.Thread(target=work)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, book(Path(folder)) as bench:
        script = ("-f", str(bench.script("uniform", PAYMENT, ACCOUNTS - 1)))
        print(f"\nSealing, {CLIENTS} clients, {SECONDS} s a cell\n")
        print("| without, before | with | without, after | with ÷ without |\n| --- | --- | --- | --- |")
        ratios, lags = [], []
        for _ in range(ROUNDS):
            before = rate(bench.url, CLIENTS, SECONDS, *script)
            with Session(bench.engine) as session:
                while one_round(session):
                    pass
                start = "SELECT clock_timestamp() AS since, (SELECT max(place) + 1 FROM ledger.leaf WHERE district_id = 1) AS first"
                since, first = session.execute(text(start)).one()
                with at_work(bench.engine):
                    sealed = rate(bench.url, CLIENTS, SECONDS, *script)
                    time.sleep(2.5)
                while one_round(session):
                    pass
                lags.append(session.execute(LAG, {"since": since, "first": first}).one())
            after = rate(bench.url, CLIENTS, SECONDS, *script)
            ratios.append(sealed / statistics.mean((before, after)))
            print(f"| {before:,.0f} | {sealed:,.0f} | {after:,.0f} | {ratios[-1]:.2f} |", flush=True)
        print(f"\nWith ÷ without: {statistics.median(ratios):.2f}")
        for lag in lags:
            middle, late = (each.total_seconds() for each in lag.lag)
            print(f"Posted → signed: {middle:.2f} s at the median, {late:.2f} s for 99 % of {lag.sealed:,}")
        print(bench.findings())


if __name__ == "__main__":
    main()
