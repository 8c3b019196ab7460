"""A town's database is copied, goes on, is lost, and comes back as it was at a moment between: with PostgreSQL's own programs."""

from __future__ import annotations

import os
import pwd
import shutil
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

import migrations
from backup.folder import beside
from base.db import atomic
from embedded import SUPERUSER, SYSTEM_USER, Server, place
from ledger import commands, queries
from ledger.cli import commands as ledger_commands
from ledger.queries import write_receipt
from ledger.sealer import seal
from ledger.verify import verify
from tests.conftest import DEBIAN_PROGRAMS, ROOT
from tests.ledger.test_restored import book_in
from tests.ledger.test_sealer import KEYS, seals
from wsgi import meguri

NAME = "meguri"


@dataclass
class Town:
    """A server of its own whose log is archived, and the folder of its backups, on no other disk: it is a test."""

    server: Server
    folder: Path

    def runs(self, *words: object) -> Result:
        programs = Path(str(self.server._bindir))
        env = {"MEGURI_BACKUP_URL": self.server.url(SUPERUSER, "postgres"), "MEGURI_POSTGRESQL_PROGRAMS": str(programs)}
        return CliRunner().invoke(meguri, [str(word) for word in words], env=env)

    @property
    def now(self) -> datetime:
        with self.server.admin() as connection:
            row = connection.execute("SELECT clock_timestamp()").fetchone()
        assert row is not None
        return row[0]


def own_folder(path: Path) -> Path:
    """Empty, and the database's user's, as an operator makes it."""
    shutil.rmtree(path, ignore_errors=True)
    path.mkdir(mode=0o700)
    if os.geteuid() == 0:
        account = pwd.getpwnam(SYSTEM_USER)
        os.chown(path, account.pw_uid, account.pw_gid)
    return path


@pytest.fixture(scope="module")
def town(worker_id: str) -> Iterator[Town]:
    debian = os.environ.get("MEGURI_TEST_SERVER") == "debian"
    server = Server(place(ROOT / ".cache" / f"backed-up-{worker_id}{'-15' if debian else ''}"), DEBIAN_PROGRAMS if debian else None)
    with server:  # it is there now, and its programs are where its user can reach them
        pass
    folder = own_folder(server.folder / "backup of the town")
    own_folder(folder / "archive")
    settings = server.data / "archive.conf"
    settings.write_text(
        "archive_mode = on\narchive_library = 'basic_archive'\narchive_timeout = 60s\n"
        f"basic_archive.archive_directory = '{folder / 'archive'}'\n"
    )
    own = server.data / "postgresql.conf"
    if "archive.conf" not in own.read_text():
        with own.open("a") as file:
            file.write("include 'archive.conf'\n")
    with server:
        server.drop_database(NAME)
        server.create_database(NAME)
        migrations.upgrade(server.url("meguri_owner", NAME))
        yield Town(server, folder)
        server.drop_database(NAME)
        with server.admin() as connection:
            connection.execute("DROP TABLESPACE IF EXISTS cheap")
    shutil.rmtree(folder)


@pytest.fixture
def elsewhere(town: Town) -> Iterator[Server]:
    """Where the returned database will live; its `data` is not there yet."""
    server = Server(place(ROOT / ".cache" / f"{town.server.folder.name.rsplit('-', 1)[0]}-returned"), town.server._bindir)
    shutil.rmtree(server.folder, ignore_errors=True)
    server._make_folders()
    shutil.copy(town.server.folder / "roles.json", server.folder / "roles.json")
    account = pwd.getpwnam(SYSTEM_USER) if os.geteuid() == 0 else None
    if account:  # the programs write there as the database's user
        os.chown(server.folder, account.pw_uid, account.pw_gid)
    yield server
    server.stop()
    shutil.rmtree(server.folder)


def moves_its_past_elsewhere(town: Town) -> None:
    """The entries so far go to a tablespace, as to a cheaper disk."""
    place = own_folder(town.server.folder / "cheap")
    with town.server.admin() as connection:
        connection.execute(f"CREATE TABLESPACE cheap LOCATION '{place}'")
        connection.execute("GRANT CREATE ON TABLESPACE cheap TO meguri_owner")
    env = {"MEGURI_OWNER_URL": town.server.url("meguri_owner", NAME)}
    part = CliRunner().invoke(ledger_commands, ["cut"], env=env).stdout.split()[0]
    moved = CliRunner().invoke(ledger_commands, ["move", part, "cheap"], env=env)
    assert "Now `meguri backup make`" in moved.output, moved.output


def test_a_town_that_is_returned_says_what_is_missing_and_goes_on_in_a_new_epoch(town: Town, elsewhere: Server, tmp_path: Path) -> None:
    """A copy, a move to another disk, a copy, one payment, a second, a moment, ten more that a phone has seen signed; the return has
    two of them and says so. A moment between the copies would be written into the disk of the lost server, and is refused."""
    early = town.runs("backup", "check", town.folder)
    assert early.exit_code == 1 and "there is no base backup" in early.output and "arrives in the archive" in early.output, early.output
    assert "the payments of its last 61 seconds are lost with it" in early.output and "there is no synchronous standby" in early.output
    with book_in(town.server, NAME) as book:
        book.series_id = book.series()
        hanako, bakery = book.consumer(1_000), book.shop()
        made = town.runs("backup", "make", town.folder)
        assert made.exit_code == 0 and "complete and verified" in made.output and "The keys are not in it" in made.output, made.output
        time.sleep(1)  # the copy counts from its next full second on
        moves_its_past_elsewhere(town)
        between = town.now
        assert town.runs("backup", "make", town.folder).exit_code == 0
        time.sleep(1)
        book.pays(hanako, bakery, 100)
        seals(book.engine)
        moment = town.now
        lost = [book.pays(hanako, bakery, 1) for _ in range(10)]
        seals(book.engine)
        phone = book.call(queries.checkpoint)
        slip = book.call(queries.receipt, lost[-1].transaction_id)
    checked = town.runs("backup", "check", town.folder)
    assert checked.exit_code == 0 and "WRONG" not in checked.output, checked.output

    over = town.runs("restore", town.folder, town.server.data, "--at", moment.isoformat())
    assert over.exit_code == 1 and "never writes over anything" in over.output
    late = town.runs("restore", town.folder, elsewhere.data, "--at", "2100-01-01 00:00")
    assert late.exit_code == 1 and "the log ends before that moment" in late.output and not elsewhere.data.exists()
    unknown = town.runs("restore", town.folder, elsewhere.data, "--at", between.isoformat())
    assert unknown.exit_code == 1 and "a tablespace was made after the copy" in unknown.output and not elsewhere.data.exists()
    done = town.runs("restore", town.folder, elsewhere.data, "--at", moment.isoformat())
    assert done.exit_code == 0, done.output
    assert [each.readlink().parent for each in (elsewhere.data / "pg_tblspc").iterdir()] == [beside(elsewhere.data)]
    assert f"district {book.district_id}: the newest signed checkpoint in it has 2 transactions" in done.output

    (tmp_path / "phone").write_text(phone.note)
    with elsewhere, book_in(elsewhere, NAME, book.district_id) as returned, Session(returned.engine) as session:
        session.info["seal_keys"] = KEYS
        assert list(verify(session, lambda _: None)) == []
        new = returned.pays(hanako, bakery, 7)
        assert new.transaction_id > lost[-1].transaction_id + 100_000, "what was lost keeps its number"
        with Session(returned.engine) as own, atomic(own):
            assert [(each.added, each.is_held) for each in seal(own, KEYS)] == [(1, True)]
        said = CliRunner().invoke(ledger_commands, ["compare", str(tmp_path / "phone")], obj=session)
        assert said.exit_code == 1 and "the book is 10 transactions behind" in said.output, said.output
        prepared = CliRunner().invoke(
            ledger_commands,
            ["epoch", str(book.district_id), "--after", str(tmp_path / "phone"), "--at", f"{moment:%Y-%m-%dT%H:%M:%S%z}"],
            obj=session,
        )
        assert "goes on from 2; at most 10 transactions are missing" in prepared.output, prepared.output
        proposal = returned.call(commands.propose, 1, "new_epoch", [], facts={"epoch": 1})
        returned.call(commands.decide, proposal, 2, approved=True)
        returned.call(commands.begin_epoch, proposal)
        seals(returned.engine)
        assert list(verify(session, lambda _: None)) == []
        newest = returned.call(queries.checkpoint)
        assert (newest.size, newest.epoch) == (3, 2)
        (epoch,) = returned.call(queries.log_epochs)
        assert (epoch.epoch.size, epoch.epoch.largest, epoch.epoch.returned_to) == (2, 12, moment.replace(microsecond=0))
        assert slip is not None
        proved = returned.call(queries.check_file, write_receipt(slip).encode())
        assert proved.checkpoint.size == 12 and proved.transaction.transaction_id == lost[-1].transaction_id
        assert returned.call(queries.sealables, [lost[-1].transaction_id]) == {}
