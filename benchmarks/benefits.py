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

from sqlalchemy import Engine, create_engine, text

import association.commands
import association.queries
import migrations
from association.commands import NamedLine, NewBenefit
from association.rules.benefit_file import FILE_MAX_BYTES, read_list
from base.clock import system_clock
from base.db import driver_url, make_engine
from benchmarks.machine import facts, processor_s
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
        whole = gives(town, people, Watch(owner))
        with owner.begin() as connection:
            connection.execute(text("ANALYZE"))  # as happens by itself within a minute; the proof reads everything
        owner.dispose()
        findings = list(verify(town.session, lambda _: None))
        print(f"\nBooks afterwards: {len(findings)} findings")
        town.close()
        engine.dispose()
    sys.exit(1 if findings or whole > AIM_S else 0)


class Watch:
    """Tells each step: by the clock, and in processor time of this process and of the database's behind it."""

    def __init__(self, owner: Engine) -> None:
        self._owner = owner
        self.begins()

    def begins(self) -> None:
        self._begun = self._last = self._now()

    def _now(self) -> tuple[float, float, float]:
        with self._owner.connect() as connection:
            backends = connection.execute(text("SELECT pid FROM pg_stat_activity WHERE datname = current_database()")).scalars().all()
        return time.perf_counter(), time.process_time(), processor_s(backends)

    def told(self, step: str) -> None:
        now = self._now()
        self._print(step, self._last, now)
        self._last = now

    def whole(self) -> float:
        """Seconds since the beginning, told as well."""
        self._print("**whole**", self._begun, self._last)
        return self._last[0] - self._begun[0]

    @staticmethod
    def _print(step: str, since: tuple[float, float, float], now: tuple[float, float, float]) -> None:
        print("| " + " | ".join([step, *(f"{after - before:.1f}" for before, after in zip(since, now, strict=True))]) + " |", flush=True)


def gives(town: Town, people: list[int], watch: Watch) -> float:
    """Seconds of the whole; each step is printed."""
    clerk, approver = town.clerk().signs_in_again(), town.approver().signs_in_again()
    content = list_of(people)
    assert len(content) <= FILE_MAX_BYTES, "the desk would not take this file"
    print(f"\n{len(people):,} residents, a list of {len(content) / 2**20:.1f} MB\n")
    print("| step | seconds | processor, ours | the database's |\n| --- | --- | --- | --- |")
    watch.begins()
    lines = [NamedLine(each.line, int(each.number), each.amount, each.wrong, each.cell) for each in read_list(content)]
    watch.told("the list is read")
    new = NewBenefit("暮らし応援", "Support", town.series_id, "promotion", "", "")
    number = association.commands.check_benefit(town.session, clerk.who, new, lines, now=town.now)
    watch.told("checked, line by line")
    association.commands.propose_benefit(town.session, clerk.who, number, now=town.now)
    watch.told("asked for, in the request")
    while association.commands.give_benefits(town.session, now=town.now):
        pass
    watch.told("accounts opened and laid down by the worker")
    proposal = association.queries.benefit(town.session, clerk.who, number).proposal_id
    assert proposal is not None, number
    approver.approves(proposal)
    with watched(town, number) as looks:
        slowest_s = 0.0
        while True:
            begun = time.perf_counter()
            if not association.commands.give_benefits(town.session, now=town.now):
                break
            slowest_s = max(slowest_s, time.perf_counter() - begun)
    watch.told("posted by the worker")
    seen = association.queries.benefit(town.session, approver.who, number)
    assert (seen.posted, seen.state) == (len(people), "done"), seen
    assert looks == sorted(looks), "the bar went back"
    whole_s = watch.whole()
    print(f"\nThe slowest piece took {slowest_s * 1_000:.0f} ms. The bar was asked {len(looks)} times meanwhile.", flush=True)
    return whole_s


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
