"""給付 to a hundred thousand residents by the product's own doors: the list as a town saves it, the check, the proposal, the worker.

The file has names and addresses beside the numbers, as such files have. While the worker posts, a clerk's page asks how far it is,
each half second, as the progress bar does. Exits with 1 if it takes more than AIM_S from the file to the last resident, or the books have
findings. `MEGURI_BENCH_PEOPLE` sets another number of residents. Run alone.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import create_engine, text

import association.commands
import association.queries
import migrations
from association.commands import NamedLine, NewBenefit
from association.rules.benefit_file import FILE_MAX_BYTES, read_list
from base.clock import system_clock
from base.db import driver_url, make_engine
from benchmarks.machine import facts
from embedded import SUPERUSER, Server, place
from ledger.verify import verify
from tests.town import Town

DATABASE = "bench_benefits"
PEOPLE = int(os.environ.get("MEGURI_BENCH_PEOPLE", "100000"))
AMOUNT, AIM_S, LOOKS_S = 5_000, 10, 0.5
RESIDENTS = text("""
    WITH made AS (
        INSERT INTO person (district_id, handle, created_at)
        SELECT :district_id, sha256(convert_to(n::text, 'UTF8')), now() FROM generate_series(1, CAST(:many AS bigint)) AS n RETURNING id)
    INSERT INTO role_grant (district_id, person_id, role, granted_at)
    SELECT :district_id, id, 'consumer', now() FROM made RETURNING person_id
""")
"""People without a name here: a list has their numbers."""


def main() -> None:
    with Server(place(Path(".cache") / "bench")) as server:
        server.drop_database(DATABASE)
        server.create_database(DATABASE)
        migrations.upgrade(server.url("meguri_owner", DATABASE))
        engine = make_engine(server.url("meguri_web", DATABASE), pool_size=4)
        with engine.connect() as connection:
            print(facts(server.folder, connection.execute(text("SHOW server_version")).scalar_one()), flush=True)
        town = Town(engine, system_clock, {"waker": lambda topics: None, "master_key": b"a master key of exactly 32 bytes"}).opens()
        owner = create_engine(driver_url(server.url(SUPERUSER, DATABASE)))
        with owner.begin() as connection:
            people = sorted(connection.execute(RESIDENTS, {"district_id": town.district_id, "many": PEOPLE}).scalars())
        with owner.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE"))
        owner.dispose()
        whole = gives(town, people)
        findings = list(verify(town.session, lambda _: None))
        print(f"\nBooks afterwards: {len(findings)} findings")
        town.close()
        engine.dispose()
    sys.exit(1 if findings or whole > AIM_S else 0)


def gives(town: Town, people: list[int]) -> float:
    """Seconds of the whole; each step is printed."""
    clerk, approver = town.clerk().signs_in_again(), town.approver().signs_in_again()
    content = list_of(people)
    assert len(content) <= FILE_MAX_BYTES, "the desk would not take this file"
    print(f"\n{len(people):,} residents, a list of {len(content) / 2**20:.1f} MB\n\n| step | seconds |\n| --- | --- |")
    begun = time.perf_counter()
    lines = [NamedLine(each.line, int(each.number), each.amount, each.wrong, each.cell) for each in read_list(content)]
    read = told("the list is read", begun)
    new = NewBenefit("暮らし応援", "Support", town.series_id, "promotion", "", "")
    number = association.commands.check_benefit(town.session, clerk.who, new, lines, now=town.now)
    checked = told("checked, line by line", read)
    association.commands.propose_benefit(town.session, clerk.who, number, now=town.now)
    asked = told("asked for, in the request", checked)
    while association.commands.give_benefits(town.session, now=town.now):
        pass
    proposed = told("accounts opened and laid down by the worker", asked)
    proposal = association.queries.benefit(town.session, clerk.who, number).proposal_id
    assert proposal is not None, number
    approver.approves(proposal)
    with watched(town, number) as looks:
        while association.commands.give_benefits(town.session, now=town.now):
            pass
    posted = told("posted by the worker", proposed)
    seen = association.queries.benefit(town.session, approver.who, number)
    assert (seen.posted, seen.state) == (len(people), "done"), seen
    assert looks == sorted(looks), "the bar went back"
    print(f"| **whole** | **{posted - begun:.1f}** |\n\nThe bar was asked {len(looks)} times meanwhile.", flush=True)
    return posted - begun


def told(step: str, since: float) -> float:
    now = time.perf_counter()
    print(f"| {step} | {now - since:.1f} |", flush=True)
    return now


@contextmanager
def watched(town: Town, number: int) -> Iterator[list[int]]:
    """How far it was, each time that a page asked."""
    looks: list[int] = []
    over = threading.Event()
    who = town.approver().signs_in_again().who

    def looks_on() -> None:
        while not over.wait(LOOKS_S):
            looks.append(association.queries.benefit(town.session, who, number).looked_at)
            town.session.rollback()

    page = threading.Thread(target=looks_on)
    page.start()
    try:
        yield looks
    finally:
        over.set()
        page.join()


def list_of(people: list[int]) -> bytes:
    """As a town office saves it, in Shift_JIS."""
    rows = ["番号,金額,氏名,ふりがな,郵便番号,住所"]
    rows += [
        f'{number},"{AMOUNT:,}",湯本 花子{number},ゆもと はなこ,999-0001,灯ノ沢町字湯元三丁目{number % 900}番地1号' for number in people
    ]
    return "\r\n".join(rows).encode("cp932")


if __name__ == "__main__":
    main()
