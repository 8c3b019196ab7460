"""The owner's month: a shop with two hundred thousand receipts over two years looks at a month, and at the same days a year before.

Receipts are written straight into the table, as the owner of the tables could and nobody else: each follows the one before as a real one
does, but says only what the page reads. The page must stand within 300 ms. `MEGURI_BENCH_RECEIPTS` sets another number.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from pathlib import Path

from sqlalchemy import create_engine, text

import merchant.commands
import merchant.queries
import migrations
from base.clock import system_clock
from base.db import driver_url, make_engine
from base.settings import Settings
from benchmarks.machine import facts
from embedded import SUPERUSER, Server, place
from merchant.queries import RegisterChoice
from tests.town import Town
from wsgi import create_app

RECEIPTS = int(os.environ.get("MEGURI_BENCH_RECEIPTS", "200000"))
DAYS, LOOKS, LIMIT_MS = 730, 15, 300
WRITE = """
    INSERT INTO till_receipt (district_id, till_id, serial, merchant_id, key, command_hash, kind, made_at, staff_id, total, tax, cash, card,
        book, content, before, digest, categories)
    SELECT :district_id, :till_id, n, :merchant_id, md5('bench' || n)::uuid, sha256('bench'), 'sale',
        CAST(:until AS timestamptz) - (:receipts - n) * (interval '1 day' * :days / :receipts), NULL, yen, yen / 11,
        CASE n % 3 WHEN 0 THEN 0 ELSE yen END, CASE n % 3 WHEN 0 THEN yen ELSE 0 END, 0,
        jsonb_build_object('number', n, 'by_rate', jsonb_build_array(jsonb_build_array(10, yen / 2, yen / 22, yen / 2 - yen / 22),
            jsonb_build_array(8, yen - yen / 2, yen / 27, yen - yen / 2 - yen / 27)), 'lines', repeat(md5(n::text), 30)),
        CASE n WHEN 1 THEN NULL ELSE sha256(CAST(CAST(n - 1 AS text) AS bytea)) END, sha256(CAST(CAST(n AS text) AS bytea)),
        jsonb_build_array(jsonb_build_array('菓子', 2, yen / 2), jsonb_build_array('雑貨', 1, yen - yen / 2))
    FROM (SELECT n, 100 + n * 7919 % 4900 AS yen FROM generate_series(1, :receipts) AS n) AS numbered
"""


MASTER_KEY = b"a master key of exactly 32 bytes"


def write(server: Server, town: Town, merchant_id: int, till_id: int) -> None:
    """The receipts, without the trigger that looks at the one before each."""
    owner = create_engine(driver_url(server.url(SUPERUSER, "bench_owner")))
    values = {"district_id": town.district_id, "till_id": till_id, "merchant_id": merchant_id}
    with owner.begin() as connection:
        connection.execute(text("ALTER TABLE till_receipt DISABLE TRIGGER follows"))
        connection.execute(text(WRITE), values | {"receipts": RECEIPTS, "days": DAYS, "until": town.now})
        connection.execute(text("ALTER TABLE till_receipt ENABLE TRIGGER follows"))
    with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.execute(text("VACUUM ANALYZE till_receipt"))
    owner.dispose()


def looks(server: Server, town: Town, cookie: str) -> list[float]:
    """Milliseconds of each look at the last whole month, the first of which finds nothing read."""
    settings = Settings(
        database_url=server.url("meguri_web", "bench_owner"),
        secret_key=b"forms of a bench, signed by this",
        master_key=MASTER_KEY,
        code_key=b"a key for codes, and of 32 bytes",
        seal_key=b"what signs the sealed log, here:",
        public_url="https://meguri.test",
        smtp_url="smtp://localhost:1",
        mail_from="meguri@meguri.test",
    )
    client = create_app(settings).test_client()
    client.set_cookie("meguri_session", cookie, domain=town.host)
    month = town.today.replace(day=1)
    month = month.replace(year=month.year - 1, month=12) if month.month == 1 else month.replace(month=month.month - 1)
    taken = []
    for _ in range(LOOKS):
        start = time.perf_counter()
        answer = client.get(f"/shop/months?month={month:%Y-%m}", base_url=f"https://{town.host}")
        taken.append((time.perf_counter() - start) * 1_000)
        assert answer.status_code == 200, answer.status
        assert "前の年の" in answer.text
    return taken


def main() -> None:
    with Server(place(Path(".cache") / "bench")) as server:
        server.drop_database("bench_owner")
        server.create_database("bench_owner")
        migrations.upgrade(server.url("meguri_owner", "bench_owner"))
        engine = make_engine(server.url("meguri_web", "bench_owner"), pool_size=2)
        with engine.connect() as connection:
            print(facts(server.folder, connection.execute(text("SHOW server_version")).scalar_one()), flush=True)
        town = Town(engine, system_clock, {"waker": lambda topics: None, "master_key": MASTER_KEY}).opens()
        shop = town.shop()
        merchant.commands.set_register(town.session, shop.owner, shop.id, RegisterChoice(), issues=True, now=town.now)
        write(server, town, shop.id, shop.till().id)
        assert shop.owner.person_id is not None
        first, *again = looks(server, town, town.cookie(shop.owner.person_id))
        print(f"\n{RECEIPTS:,} receipts over {DAYS} days\n\n| | ms |\n| --- | --- |")
        print(f"| the first look | {first:.0f} |\n| median of {len(again)} more | {statistics.median(again):.0f} |")
        print(f"| the slowest of them | {max(again):.0f} |")
        town.close()
        engine.dispose()
        server.drop_database("bench_owner")
    sys.exit(1 if statistics.median(again) > LIMIT_MS else 0)


if __name__ == "__main__":
    main()
