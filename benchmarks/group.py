"""A group of a hundred shops: what its lead waits for. Each shop has a tool and a tablet, paid and proved with six files each.

The pages of the group and the papers of its result report, made anew each time, as the lead opens them. The pages must stand within a
second; a package of twelve hundred files is bound and packed by the worker. `MEGURI_BENCH_SHOPS` sets another number.
"""

from __future__ import annotations

import io
import os
import statistics
import sys
import time
import zipfile
from datetime import UTC, date, datetime
from pathlib import Path
from threading import Event

from flask import Flask
from PIL import Image
from sqlalchemy import text
from sqlalchemy.orm import Session

import migrations
import subsidy.commands
from base.db import make_engine
from base.settings import Settings
from benchmarks.machine import facts
from embedded import Server, place
from subsidy.commands import NewLine, NewPackage, NewPaper
from subsidy.packages import Packers
from subsidy.queries import digest_of, result_of, steps_of
from tests.conftest import TestClock
from tests.subsidy.group import Group, founded
from tests.town import Town
from wsgi import create_app

SHOPS = int(os.environ.get("MEGURI_BENCH_SHOPS", "100"))
LOOKS, LIMIT_MS = 5, 1_000
DATABASE, MASTER_KEY = "bench_group", b"a master key of exactly 32 bytes"
DAYS = {"ordered": date(2023, 7, 4), "delivered": date(2023, 8, 1), "paid": date(2023, 8, 31)}
PAGES = {"次にすること": "", "構成員": "members", "経費": "costs", "書類": "papers", "実績報告": "result"}
PAPERS = {"実績報告書（PDF）": "result/report.pdf", "経費明細（Excel）": "result/lines.xlsx"}
PACKAGE = "まとめ（ZIP）, by the worker"


def scan(number: int) -> bytes:
    """A sheet as a telephone takes it, each another one."""
    out = io.BytesIO()
    Image.new("L", (600 + number, 848), 230).save(out, "JPEG")
    return out.getvalue()


def lives(town: Town) -> Group:
    """Filed, decided, bought and proved: all that stands before the result report."""
    group = founded(town)
    shops = group.grows(SHOPS - 1)
    tools = [
        NewLine(shop, "A-SW-PAY", "purchase", "決済・会計ソフト", 700_000, functions=("payment", "accounting"), **DAYS) for shop in shops
    ]
    group.notes("submitted", date(2023, 6, 1))
    group.notes("decided", date(2023, 7, 3), (30_000_000, 0, 0))
    group.notes("period_end", date(2024, 1, 31))
    group.buys(*tools, *(NewLine(shop, "A-HW-TAB", "hardware", "タブレット", 150_001, **DAYS) for shop in shops))
    stands, number = group.stands(), 0
    for row in stands.lines:
        days = {"V_ORDER": row.line.ordered, "V_DELIVERY": row.line.delivered, "V_PAYMENT": row.line.paid}
        for kind, _how, _paper in row.evidence(stands.call):
            number += 1
            proof = NewPaper(kind, "x", scan(number), line=row.number, day=days.get(kind), amount=row.line.amount, number="T7000012050002")
            group.finds(subsidy.commands.hand_in(town.session, group.who, group.project_id, row.party_id, proof, now=town.now))
    return group


def timed(server: Server, group: Group, clock: TestClock) -> dict[str, list[tuple[float, float]]]:
    """Milliseconds of each look at each page and paper, by the clock and of our own processor; the papers are made once."""
    settings = Settings(
        database_url=server.url("meguri_web", DATABASE),
        secret_key=b"forms of a bench, signed by this",
        master_key=MASTER_KEY,
        code_key=b"a key for codes, and of 32 bytes",
        seal_key=b"what signs the sealed log, here:",
        public_url="https://meguri.test",
        smtp_url="smtp://localhost:1",
        mail_from="meguri@meguri.test",
    )
    app = create_app(settings, clock)
    client = app.test_client()
    client.set_cookie("meguri_session", group.town.cookie(group.lead.person_id), domain=group.town.host)
    taken: dict[str, list[tuple[float, float]]] = {}
    for name, path in [each for each in PAGES.items() for _look in range(LOOKS)] + list(PAPERS.items()):
        start, worked = time.perf_counter(), time.process_time()
        answer = client.get(f"/group/{group.project_id}/{path}", base_url=f"https://{group.town.host}")
        assert answer.status_code == 200 and answer.data, (path, answer.status)
        taken.setdefault(name, []).append(_since(start, worked))
    taken[PACKAGE] = [packed(app, group, clock)]
    answer = client.get(f"/group/{group.project_id}/result/package.zip", base_url=f"https://{group.town.host}")
    assert answer.status_code == 200 and zipfile.ZipFile(io.BytesIO(answer.data)).testzip() is None, answer.status
    return taken


def packed(app: Flask, group: Group, clock: TestClock) -> tuple[float, float]:
    """Asked for, and made by a worker in this process."""
    found = result_of(group.stands())
    digest, papers = digest_of(found, "ja", without_missing=False), [each.paper.id for each in found.exhibits]
    new = NewPackage("result", "ja", False, digest, steps_of(found), papers)
    subsidy.commands.ask_package(group.town.session, group.who, group.project_id, new, now=clock())
    session = group.town.session
    start, worked = time.perf_counter(), time.process_time()
    assert Packers(lambda: Session(session.get_bind(), info=dict(session.info)), app, clock).round(Event())
    return _since(start, worked)


def _since(start: float, worked: float) -> tuple[float, float]:
    return (time.perf_counter() - start) * 1_000, (time.process_time() - worked) * 1_000


def main() -> None:
    clock = TestClock(datetime(2024, 4, 2, 3, tzinfo=UTC))
    with Server(place(Path(".cache") / "bench")) as server:
        server.drop_database(DATABASE)
        server.create_database(DATABASE)
        migrations.upgrade(server.url("meguri_owner", DATABASE))
        engine = make_engine(server.url("meguri_web", DATABASE), pool_size=2)
        with engine.connect() as connection:
            print(facts(server.folder, connection.execute(text("SHOW server_version")).scalar_one()), flush=True)
        town = Town(engine, clock, {"waker": lambda topics: None, "master_key": MASTER_KEY}).opens()
        group = lives(town)
        stands = group.stands()
        taken = timed(server, group, clock)
        print(f"\n{len(stands.group)} members, {len(stands.lines)} lines, {len(stands.papers):,} files\n")
        print("| | median, ms | of our processor, ms |\n| --- | --- | --- |")
        medians = {name: [statistics.median(part) for part in zip(*each, strict=True)] for name, each in taken.items()}
        for name, (by_clock, worked) in medians.items():
            print(f"| {name} | {by_clock:,.0f} | {worked:,.0f} |", flush=True)
        town.close()
        engine.dispose()
        server.drop_database(DATABASE)
    sys.exit(1 if any(medians[name][0] > LIMIT_MS for name in PAGES) else 0)


if __name__ == "__main__":
    main()
