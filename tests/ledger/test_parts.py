"""Entries that are over stand in parts of their own, which move to cheaper storage: every reader, check and payment goes on as before."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import psycopg
import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from embedded import SUPERUSER, Server
from ledger import commands, parts, queries
from ledger.cli import commands as ledger_commands
from tests.ledger.conftest import Book
from tests.ledger.test_restored import book_in
from tests.ledger.test_sealer import seals
from tests.ledger.test_verify import findings, lives
from tests.test_backup import own_folder

CHEAP = "cheap"


@dataclass
class Kept:
    """A database to be cut, apart from the others' one; the operator at its terminal."""

    server: Server
    name: str
    book: Book

    def runs(self, *words: str) -> Result:
        return CliRunner().invoke(ledger_commands, words, env={"MEGURI_OWNER_URL": self.server.url("meguri_owner", self.name)})

    def owner(self) -> psycopg.Connection:
        return psycopg.connect(self.server.url("meguri_owner", self.name), autocommit=True)

    def cuts(self) -> str:
        """The name of the part."""
        done = self.runs("cut")
        assert done.exit_code == 0, done.output
        return done.output.split()[0]

    def reads(self, account: int, moment: datetime) -> list[object]:
        """What readers make of the entries: a statement page by page, a balance at a past moment, the trial balance."""
        found: list[object] = [self.book.call(queries.trial_balance), self.book.call(queries.balance, account, at=moment)]
        page = self.book.call(queries.entries, [account], limit=3)
        while page:
            found += page
            page = self.book.call(queries.entries, [account], before=(page[-1].position, page[-1].transaction_id), limit=3)
        return found

    def agrees(self) -> bool:
        with Session(self.book.engine) as session:
            return findings(session, self.book.district_id) == set()


@pytest.fixture(scope="module")
def cheap(server: Server) -> Iterator[str]:
    """A tablespace, on no other disk: it is a test."""
    folder = own_folder(server.folder / f"cheap-{os.getpid()}")
    name = f"cheap_{os.getpid()}"
    with server.admin() as connection:
        connection.execute(f"CREATE TABLESPACE {name} LOCATION '{folder}'")
        connection.execute(f"GRANT CREATE ON TABLESPACE {name} TO meguri_owner")
    yield name
    with server.admin() as connection:
        connection.execute(f"DROP TABLESPACE {name}")
    folder.rmdir()


@pytest.fixture
def kept(server: Server, database: str) -> Iterator[Kept]:
    with server.admin() as connection:
        row = connection.execute("SELECT datname FROM pg_database WHERE datname LIKE 'template\\_%' ORDER BY oid DESC").fetchone()
    assert row
    name = f"{database}_parts"
    server.drop_database(name)
    server.create_database(name, template=row[0])
    with book_in(server, name) as book:
        book.series_id = book.series()
        yield Kept(server, name, lives(book))
    server.drop_database(name)


def test_a_book_is_cut_twice_and_moved_and_nobody_notices(kept: Kept, cheap: str) -> None:
    """The payments go on while it is cut and moved; readers read the same, the checks find nothing, and the rights are the same."""
    book, hanako, bakery = kept.book, kept.book.consumer(90_000), kept.book.shop()
    paid = book.pays(hanako, bakery, 500)
    with kept.owner() as connection:
        rights = sorted(connection.execute(parts.GRANTS, ["entry"]).fetchall())
        bare = triggers(connection, "entry")
    stop, went = threading.Event(), list[int]()

    def pays_on() -> None:
        while not stop.is_set():
            went.append(book.pays(hanako, bakery, 1).transaction_id)

    payer = threading.Thread(target=pays_on)
    payer.start()
    first = kept.cuts()
    second = kept.cuts()
    moved = kept.runs("move", first, cheap)
    so_far = len(went)
    until_more = threading.Event()
    while len(went) < so_far + 5:
        until_more.wait(0.01)
    stop.set()
    payer.join()
    assert moved.exit_code == 0 and "is in" in moved.output, moved.output

    book.refunds(paid, bakery, hanako, 200)  # of a payment that lies in the part that moved
    book.call(lambda session, _district: commands.fold(session))
    seals(book.engine)
    assert kept.agrees()
    assert book.call(queries.balance, hanako) == 90_000 - 500 - len(went) + 200
    listed = kept.runs("parts").output
    assert [line.split()[0] for line in listed.splitlines()[1:]] == [first, second, "entry"] and listed.count(cheap) == 1
    with kept.owner() as connection:
        assert sorted(connection.execute(parts.GRANTS, ["entry"]).fetchall()) == rights != []
        assert triggers(connection, "entry") == bare and triggers(connection, first) == triggers(connection, second) == bare | {
            "never_added_to"
        }
        for words in (f"INSERT INTO ledger.{first} SELECT * FROM ledger.entry", f"DELETE FROM ledger.{first}", "DELETE FROM ledger.entry"):
            with pytest.raises(psycopg.Error, match="never_edited"):
                connection.execute(words)


def triggers(connection: psycopg.Connection, table: str) -> set[str]:
    rows = connection.execute("SELECT tgname FROM pg_trigger WHERE tgrelid = ('ledger.' || %s)::regclass", [table]).fetchall()
    return {row[0] for row in rows}


def test_a_move_that_stops_half_way_is_taken_up_again(kept: Kept, cheap: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped after some entries, the part is where it was; the next call goes on. A copy that is not like the part takes no place."""
    monkeypatch.setattr(parts, "MOVED_AT_ONCE", 3)
    hanako, bakery = kept.book.consumer(5_000), kept.book.shop()
    paid = [kept.book.pays(hanako, bakery, 10 + number) for number in range(9)]
    said, first = (hanako, paid[4].posted_at), kept.cuts()
    before = kept.reads(*said)
    assert len(before) == 2 + 10 and before[1] == 5_000 - sum(range(10, 15))
    with kept.owner() as connection:
        steps = parts.move(connection, first, cheap)
        assert [next(steps)[0] for _ in range(3)] == [0, 3, 6]
        steps.close()
        assert [each.tablespace for each in parts.parts(connection)] == ["pg_default", "pg_default"]
        assert kept.agrees() and kept.reads(*said) == before
        assert next(parts.move(connection, first, cheap))[0] == 6
        connection.execute(f"UPDATE ledger.{first}_to SET amount = amount + 1 WHERE position = 1")
        with pytest.raises(parts.PartTrouble, match="is not like"):
            list(parts.move(connection, first, cheap))
        connection.execute(f"DROP TABLE ledger.{first}_to")
        assert list(parts.move(connection, first, cheap))[-1][0] > 6
        assert [each.tablespace for each in parts.parts(connection)] == [cheap, "pg_default"]
    assert kept.agrees() and kept.reads(*said) == before


def test_tampering_with_a_part_that_moved_is_found(kept: Kept, cheap: str) -> None:
    """Whoever owns the machine of the cheap disk is found out as elsewhere."""
    first = kept.cuts()
    assert kept.runs("move", first, cheap).exit_code == 0
    with psycopg.connect(kept.server.url(SUPERUSER, kept.name), autocommit=True) as connection:
        connection.execute(f"ALTER TABLE ledger.{first} DISABLE TRIGGER USER")
        connection.execute(f"UPDATE ledger.{first} SET amount = amount + 1 WHERE balance_after IS NULL")
    with Session(kept.book.engine) as session:
        assert "account_differs_from_journal" in findings(session, kept.book.district_id)


def test_what_cannot_be_cut_or_moved_says_why(kept: Kept, monkeypatch: pytest.MonkeyPatch) -> None:
    """No entry since the last cut, no such part, no such tablespace, and somebody who does not let go."""
    monkeypatch.setattr(parts, "WAITS_S", 0.05)
    monkeypatch.setattr(parts, "TRIES", 2)
    with kept.owner() as busy, busy.transaction():
        busy.execute("SELECT count(*) FROM ledger.entry")
        assert "always busy with entry" in kept.runs("cut").output
    first = kept.cuts()
    assert "no entry was added" in kept.runs("cut").output
    assert "there is no tablespace nowhere" in kept.runs("move", first, "nowhere").output
    for name in ("entry", "transaction", "entry_until_0"):
        assert f"{name} is no part" in kept.runs("move", name, "pg_default").output
