"""A thousand shops, a million payments: from "who gets how much" to the file that the bank takes.

The payments are written straight into the tables, as the owner could and nobody else. What is measured goes through the doors: the run
is put forward, approved and booked in its pieces, its file written, read back and taken. It must be done within thirty seconds.
`MEGURI_BENCH_PAYMENTS` and `MEGURI_BENCH_SHOPS` set other numbers.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Engine, create_engine, text

import association.commands
import association.queries
import migrations
from association.commands import NewTransferTerms
from association.rules.zengin import Account, Band, Sender, parse
from base.clock import system_clock, tokyo_day
from base.db import driver_url, make_engine
from benchmarks.machine import facts
from embedded import SUPERUSER, Server, place
from ledger.verify import verify
from tests.town import Town

PAYMENTS = int(os.environ.get("MEGURI_BENCH_PAYMENTS", "1000000"))
SHOPS = int(os.environ.get("MEGURI_BENCH_SHOPS", "1000"))
PAYERS, COINS = 200, 100_000
PIECE = 250_000
LIMIT_S = 30
LATER = timedelta(days=40)
"""The desk works this much later, so that the closing lies behind it and the shops' accounts are in force."""
# Every payer and every shop in turn, 1 to 29 yen: no payer spends more than it holds.
WRITE = (
    """
    CREATE TEMPORARY TABLE paid ON COMMIT DROP AS
    SELECT n, nextval('ledger.transaction_id_seq') AS id, (CAST(:payers AS bigint[]))[1 + n % :payer_count] AS payer,
           n / :payer_count + 2 AS nth, (CAST(:shops AS bigint[]))[1 + n % :shop_count] AS shop, 1 + n * 7919 % 29 AS amount,
           clock_timestamp() AS at
    FROM generate_series(CAST(:low AS bigint), CAST(:high AS bigint) - 1) AS n
    """,
    """
    INSERT INTO ledger.transaction
    SELECT 1, id, md5(n::text)::uuid, sha256('bench'), 'payment', at, n + 100000, NULL, NULL,
           CASE WHEN payer < shop THEN ARRAY[payer, shop] ELSE ARRAY[shop, payer] END,
           CASE WHEN payer < shop THEN ARRAY[amount, -amount] ELSE ARRAY[-amount, amount] END,
           '{"way": "dynamic", "merchant": 1, "till": 1}' FROM paid
    """,
    "INSERT INTO ledger.entry SELECT 1, shop, n + 100000, id, -amount, NULL, at FROM paid",
    """
    INSERT INTO ledger.entry
    SELECT 1, p.payer, p.nth, p.id, p.amount, a.balance + sum(p.amount) OVER (PARTITION BY p.payer ORDER BY p.n), p.at
    FROM paid p JOIN ledger.account a ON a.district_id = 1 AND a.id = p.payer
    """,
    """
    UPDATE ledger.account a SET balance = a.balance + t.total, entry_count = a.entry_count + t.entries
    FROM (SELECT payer, sum(amount) AS total, count(*) AS entries FROM paid GROUP BY 1) t WHERE a.district_id = 1 AND a.id = t.payer
    """,
)

T = TypeVar("T")


def fill(town: Town) -> tuple[list[int], list[int]]:
    """The payers' and the shops' accounts in the book. Every shop has a bank account of its own that two people have decided on."""
    clerk, approver = town.clerk(), town.approver()
    payers = [town.consumer(coins=COINS, nickname="客").person_id for _ in range(PAYERS)]
    shops = []
    for number in range(SHOPS):
        applied = town.applicant(f"店{number}")
        association.commands.approve_shop(town.session, approver.who, applied.id, admission_check="確かめた", now=town.now)
        account = Account("0991", "", "012", "", "1", f"{number:07d}", "ﾐｾ")
        approver.approves(association.commands.propose_account(town.session, clerk.who, applied.id, account, now=town.now))
        shops.append(applied.id)
        print(f"\r{number + 1:,} shops", end="", file=sys.stderr, flush=True)
    of_role = "SELECT id FROM ledger.account WHERE district_id = 1 AND role = :role AND owner_id = ANY (:owners) AND unit = 0 ORDER BY id"
    return tuple(  # type: ignore[return-value]
        list(town.session.scalars(text(of_role), {"role": role, "owners": owners}))
        for role, owners in (("consumer", payers), ("payable", shops))
    )


def write(owner: Engine, payers: list[int], shops: list[int]) -> None:
    """The payments, in pieces, with a word of progress after each."""
    for low in range(0, PAYMENTS, PIECE):
        high = min(low + PIECE, PAYMENTS)
        given = {"low": low, "high": high, "payers": payers, "shops": shops, "payer_count": len(payers), "shop_count": len(shops)}
        with owner.begin() as connection:
            for statement in WRITE:
                connection.execute(text(statement), {name: value for name, value in given.items() if f":{name}" in statement})
        print(f"\r{high:,} written", end="", file=sys.stderr, flush=True)
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE"))


def timed(name: str, what: Callable[[], T]) -> tuple[T, float]:
    """What it gives, and a line of the table."""
    began = time.perf_counter()
    given = what()
    lasted = time.perf_counter() - began
    print(f"| {name} | {lasted:.1f} s |", flush=True)
    return given, lasted


def settle(town: Town) -> float:
    """Seconds from the draft to the file in somebody's hands."""
    later = town.now + LATER
    closes_on = tokyo_day(later).replace(day=1) - timedelta(days=1)
    maker, checker = town.clerk().who, town.approver().who
    session = town.session
    print(f"\n{SHOPS:,} shops, {PAYMENTS:,} payments\n\n| | |\n| --- | --- |")
    run_id, submitted = timed("put forward", lambda: association.commands.submit_run(session, maker, closes_on, now=later))
    _posted, approved = timed("approved and booked", lambda: association.commands.approve(session, checker, run_id, now=later))
    run = association.queries.run(session, maker, run_id)
    day = association.queries.terms(session, town.district_id).pays_on(tokyo_day(later))  # type: ignore[union-attr]
    name, wrote = timed("file written", lambda: association.commands.write_transfer_file(session, maker, run_id, day, now=later))
    taken, took = timed("file taken", lambda: association.commands.take_transfer_file(session, maker, run_id, now=later))
    read = parse(taken.content)
    assert (len(read.transfers), read.total) == (len(run.posted), run.total("net")), name
    assert len(read.transfers) == SHOPS, name
    total = submitted + approved + wrote + took
    print(f"| **together** | **{total:.1f} s** |\n\n{len(read.transfers):,} records, {read.total:,} yen, {taken.name}")
    return total


def main() -> None:
    with Server(place(Path(".cache") / "bench")) as server:
        server.drop_database("bench_settling")
        server.create_database("bench_settling")
        migrations.upgrade(server.url("meguri_owner", "bench_settling"))
        engine = make_engine(server.url("meguri_web", "bench_settling"), pool_size=4)
        owner = create_engine(driver_url(server.url(SUPERUSER, "bench_settling")))
        with engine.connect() as connection:
            print(facts(server.folder, connection.execute(text("SHOW server_version")).scalar_one()), flush=True)
        town = Town(engine, system_clock, {"waker": lambda topics: None, "master_key": b"a master key of exactly 32 bytes"}).opens()
        town.settles_by(fee_bp=100)
        sender = Sender("0990", "", "001", "", "1", "1234567", "ｸﾐｱｲ", "1234567890")
        terms = NewTransferTerms(sender, "association", (Band(1, 0, 0, 0),), 1, 2, "association", 0, True, False)
        administrator = town.another_clerk("administrator").who
        proposal_id = association.commands.propose_transfer_terms(town.session, administrator, terms, now=town.now)
        town.approver().approves(proposal_id)
        write(owner, *fill(town))
        total = settle(town)
        findings = list(verify(town.session, lambda _: None))
        print(f"Books afterwards: {len(findings)} findings", *findings[:3])
        town.close()
        engine.dispose()
        owner.dispose()
    sys.exit(1 if findings or total > LIMIT_S else 0)


if __name__ == "__main__":
    main()
