"""Many at once: a batch of 50 payments against single ones, and a benefit to 100,000 people against COPY into the same tables.

Every figure is paired, in the same run on the same server. Afterwards the books are verified. Run alone.
"""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from uuid import uuid4

from sqlalchemy import text
from sqlalchemy.orm import Session

from base.db import atomic
from benchmarks.book import ACCOUNTS, PAYMENT, Bench, book, rate
from ledger import commands
from ledger.commands import Draft, hash_command, transfer

SECONDS, ROUNDS = 3, 3
BATCH, PEOPLE, PIECE = 50, 100_000, 1_000
HASH = hash_command("bench")
OPEN = "SELECT ledger.open_account(1, 'consumer', n, :series) FROM generate_series(CAST(:first AS bigint), :last) AS n"
# COPY writes the rows that the benefit has written, of people who have no accounts yet: the same tables, indexes and width.
COPIES = {
    "transaction": """
        SELECT district_id, id + 1000000000, gen_random_uuid(), command_hash, kind, posted_at, position, refers_to, hold_id,
               accounts, amounts, facts FROM ledger.transaction WHERE kind = 'benefit' ORDER BY id DESC LIMIT :people""",
    "entry": """
        SELECT e.district_id, e.account_id + CASE WHEN a.locked THEN 1000000000 ELSE 0 END, e.position, e.transaction_id + 1000000000,
               e.amount, e.balance_after, e.posted_at FROM ledger.entry e JOIN ledger.account a USING (district_id)
        WHERE a.id = e.account_id AND e.transaction_id IN (
            SELECT id FROM ledger.transaction WHERE kind = 'benefit' AND id < 1000000000
            ORDER BY id DESC LIMIT :people) ORDER BY e.transaction_id""",
    "account": """
        SELECT a.district_id, a.id + 1000000000, a.role, a.owner_id + 1000000000, a.series_id, a.unit, a.sign, a.locked, a.floor, a.ceiling,
               a.state, a.balance, a.entry_count, a.folded_below, a.hold_until, a.opened_at FROM ledger.account a
        WHERE a.role = 'consumer' AND a.owner_id > 1000000 ORDER BY a.id LIMIT :people""",
}


def singles_by_the_door(session: Session, bench: Bench) -> float:
    """Payments a second through `commands.post`, one database transaction each, as a page does it."""
    return _rate(lambda: _pays(session, bench, 1))


def batches_by_the_door(session: Session, bench: Bench) -> float:
    """Payments a second through `commands.post_many`, BATCH to a database transaction."""
    return _rate(lambda: _pays(session, bench, BATCH))


def _pays(session: Session, bench: Bench, how_many: int) -> int:
    shops = random.sample(range(ACCOUNTS), how_many)
    drafts = [
        Draft(
            "payment", uuid4(), HASH, transfer(bench.gaps["payers"] + payer, bench.gaps["shops"] + shop, 1), {"way": "dynamic", "till": 1}
        )
        for payer, shop in zip(random.sample(range(ACCOUNTS), how_many), shops, strict=True)
    ]
    with atomic(session):
        if how_many == 1:
            commands.post(session, 1, drafts[0])
        else:
            commands.post_many(session, 1, drafts)
    return how_many


def _rate(door: Callable[[], int]) -> float:
    begun, done = time.perf_counter(), 0
    while time.perf_counter() - begun < SECONDS:
        done += door()
    return done / (time.perf_counter() - begun)


def residents(session: Session, bench: Bench) -> tuple[int, list[int]]:
    """Who pays for the benefit, and an account for each resident."""
    accounts: list[int] = []
    with atomic(session):
        series = session.execute(text("SELECT min(id) FROM ledger.series WHERE unit = 'yen'")).scalar_one()
        funder = commands.open_account(session, 1, "funder", 1, 0)
    for first in range(1_000_001, 1_000_001 + PEOPLE, PIECE):
        with atomic(session):
            accounts += session.execute(text(OPEN), {"series": series, "first": first, "last": first + PIECE - 1}).scalars()
    return funder, accounts


def issue(session: Session, funder: int, accounts: list[int]) -> tuple[float, float, float]:
    """Seconds for the proposal of a benefit to all of them, for posting it piece by piece, and for the slowest piece."""
    begun = time.perf_counter()
    drafts = [Draft("benefit", uuid4(), HASH, transfer(funder, account, 10), {"way": "benefit", "benefit": 1}) for account in accounts]
    with atomic(session):
        number = commands.propose(session, 1, 1, "benefit", drafts)
        commands.decide(session, 1, number, 2, approved=True)
    proposed = time.perf_counter()
    place, slowest = 1, 0.0
    while True:
        piece = time.perf_counter()
        with atomic(session):
            answers = commands.post_items(session, 1, number, first=place, limit=PIECE)
        if not answers:
            return proposed - begun, time.perf_counter() - proposed, slowest
        assert all(answer.refused is None for answer in answers), answers
        place, slowest = answers[-1].place + 1, max(slowest, time.perf_counter() - piece)


def copy(bench: Bench) -> float:
    """Seconds for COPY of as many rows of the same kind into the same tables, durable; they are taken out again."""
    with bench.server.admin("bench") as connection:
        connection.autocommit = False
        taken = 0.0
        for table, query in COPIES.items():
            rows = b"".join(bytes(part) for part in _copied_out(connection, query))
            begun = time.perf_counter()
            with connection.cursor().copy(f"COPY ledger.{table} FROM STDIN (FORMAT binary)") as into:
                into.write(rows)
            taken += time.perf_counter() - begun
        begun = time.perf_counter()
        connection.commit()
        taken += time.perf_counter() - begun
        connection.execute("SET session_replication_role = replica")
        for table, column in (("transaction", "id"), ("entry", "transaction_id"), ("account", "id")):
            connection.execute(f"DELETE FROM ledger.{table} WHERE {column} > 1000000000")
        connection.commit()
    return taken


def _copied_out(connection, query: str):  # type: ignore[no-untyped-def]
    with connection.cursor().copy(f"COPY ({query.replace(':people', str(PEOPLE))}) TO STDOUT (FORMAT binary)") as out:
        yield from out


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, book(Path(folder)) as bench:
        script = bench.script("uniform", PAYMENT, ACCOUNTS - 1)
        print(f"\nA batch of {BATCH} payments from one writer ÷ single payments from it, durable, {SECONDS} s a cell\n")
        print("| singles, pgbench | singles, the door | batches, the door | ÷ pgbench | ÷ the door |\n| --- | --- | --- | --- | --- |")
        with Session(bench.engine) as session:
            door, bare = [], []
            for _ in range(ROUNDS):
                single, alone = rate(bench.url, 1, SECONDS, "-f", str(script)), singles_by_the_door(session, bench)
                many = batches_by_the_door(session, bench)
                bare.append(many / single)
                door.append(many / alone)
                print(f"| {single:,.0f} | {alone:,.0f} | {many:,.0f} | {bare[-1]:.1f} | {door[-1]:.1f} |", flush=True)
            print(f"\nMedian ÷ pgbench {statistics.median(bare):.1f}, ÷ the door {statistics.median(door):.1f}")
            print(f"\nA benefit to {PEOPLE:,} people in pieces of {PIECE:,} ÷ COPY of journal rows, entries and balances, durable\n")
            print("| proposed, s | posted, s | slowest piece, ms | COPY, s | COPY ÷ posted |\n| --- | --- | --- | --- | --- |")
            funder, accounts = residents(session, bench)
            for _ in range(ROUNDS):
                proposed, posted, slowest = issue(session, funder, accounts)
                copied = copy(bench)
                cells = (f"{proposed:.2f}", f"{posted:.2f}", f"{slowest * 1_000:.0f}", f"{copied:.2f}", f"{copied / posted:.2f}")
                print(f"| {' | '.join(cells)} |", flush=True)
        print(bench.findings())


if __name__ == "__main__":
    main()
