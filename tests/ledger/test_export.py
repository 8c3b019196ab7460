"""A book leaves as files and is recomputed elsewhere: the same balances and the same root, or the first difference by name."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from click.testing import CliRunner
from sqlalchemy import Connection
from sqlalchemy.orm import Session

from ledger import commands, queries
from ledger.cli import commands as ledger_commands
from ledger.errors import CheckpointUnknown
from ledger.export import export
from ledger.replay import BookDiffers, Replayed, read_accounts, read_transaction, replay
from ledger.rules.encoding import encode
from ledger.rules.notes import Signer
from ledger.rules.tree import leaf_hash
from tests.conftest import ROOT
from tests.ledger.conftest import Book
from tests.ledger.test_sealer import KEYS, leaves, seals
from tests.ledger.test_verify_log import does, lived, night  # noqa: F401

Line = dict[str, Any]


def silent(_done: int, _of: int) -> None:
    """Nobody watches."""


def exported(book: Book, folder: Path) -> Path:
    with Session(book.engine) as session:
        export(session, book.district_id, folder, silent)
    return folder


def replayed(folder: Path) -> Replayed:
    return replay(folder, [], silent)


def difference(folder: Path) -> tuple[str, int | str]:
    with pytest.raises(BookDiffers) as found:
        replayed(folder)
    return found.value.what, found.value.subject


@pytest.fixture
def folder(lived: Book, tmp_path: Path) -> Path:  # noqa: F811
    """The export of a district with thirty transactions."""
    return exported(lived, tmp_path / "book")


def test_a_book_is_the_same_elsewhere(lived: Book, folder: Path) -> None:  # noqa: F811
    """Root, size and every balance; what was not sealed yet at the newest checkpoint is not in it."""
    with Session(lived.engine) as session:
        signed = queries.checkpoint(session, lived.district_id)
        rows = [json.loads(line) for line in (folder / "balances.jsonl").read_text().splitlines()]
        assert all(abs(row["balance"]) == lived.balance(row["account"]) for row in rows) and len(rows) == 3
    found = replayed(folder)
    assert (found.size, found.root, found.accounts) == (30, signed.root, 3)
    assert found.key == Signer(f"meguri.test/ledger/{lived.district_id}", KEYS.current).public


def test_no_word_that_a_person_typed_leaves(book: Book, tmp_path: Path) -> None:
    """A clerk's note is in the facts: the export has its hash."""
    book.pays(book.consumer(1_000), book.shop(), 5, facts={"note": "kaneko-san"})
    seals(book.engine)
    written = b"".join(path.read_bytes() for path in exported(book, tmp_path / "book").iterdir())
    assert b"kaneko" not in written


def test_an_export_appears_when_it_is_whole(book: Book, tmp_path: Path) -> None:
    """Cut off and begun again it is whole; what is there is never written over; without a log there is nothing to write."""
    with Session(book.engine) as session:
        with pytest.raises(CheckpointUnknown):
            export(session, book.district_id, tmp_path / "book", silent)
        book.consumer(1_000)
        seals(book.engine)

        def pulls_the_plug(_done: int, _of: int) -> None:
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            export(session, book.district_id, tmp_path / "book", pulls_the_plug)
        assert not (tmp_path / "book").exists()
        export(session, book.district_id, tmp_path / "book", silent)
        with pytest.raises(FileExistsError):
            export(session, book.district_id, tmp_path / "book", silent)
    assert replayed(tmp_path / "book").size == 1


def change(folder: Path, name: str, place: int, how: Callable[[Line], object]) -> None:
    path = folder / f"{name}.jsonl"
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    how(lines[place])
    path.write_text("".join(json.dumps(line) + "\n" for line in lines))


def forge(folder: Path, place: int, how: Callable[[Line], object]) -> None:
    """The same in the transactions, and the line's own hash is made to fit."""
    district_id, accounts = json.loads((folder / "book.json").read_text())["district"], read_accounts(folder)

    def both(line: Line) -> None:
        how(line)
        line["hash"] = leaf_hash(encode(read_transaction(district_id, accounts, line))).hex()

    change(folder, "transactions", place, both)


def paid(line: Line, amount: int) -> None:
    line["lines"] = [[account, amount if each > 0 else -amount] for account, each in line["lines"]]


def number(folder: Path, place: int) -> int:
    return int(json.loads((folder / "transactions.jsonl").read_text().splitlines()[place])["id"])


def test_what_was_changed_is_named(folder: Path) -> None:
    """An amount, a time, a whole line: the transaction it was."""
    changed = number(folder, 1)
    change(folder, "transactions", 1, lambda line: paid(line, 400))
    assert difference(folder) == ("transaction_changed", changed)


def test_what_was_changed_with_its_hash_is_not_what_was_signed(folder: Path) -> None:
    """The first checkpoint behind it, which is over three transactions."""
    forge(folder, 1, lambda line: paid(line, 400))
    assert difference(folder) == ("checkpoint_differs", 3)


FORGED = {
    "floor_passed": lambda folder: forge(folder, 1, lambda line: paid(line, 10_001)),
    "ceiling_passed": lambda folder: forge(folder, 0, lambda line: paid(line, 100_001)),
    "unbalanced": lambda folder: forge(folder, 1, lambda line: line["lines"][0].__setitem__(1, line["lines"][0][1] + 1)),
}


@pytest.mark.parametrize("what", FORGED)
def test_each_rule_is_checked_in_the_sealed_order(folder: Path, what: str) -> None:
    """Overdrawn, overfilled, out of balance: said before any signature is looked at."""
    FORGED[what](folder)
    assert difference(folder) == (what, number(folder, 0 if what == "ceiling_passed" else 1))


def test_accounts_balances_and_keys_are_compared(folder: Path) -> None:
    """Each of the other files: changed, cut off, missing or nonsense."""
    whole = folder.with_name("whole")
    shutil.copytree(folder, whole)

    def afresh() -> None:
        shutil.rmtree(folder)
        shutil.copytree(whole, folder)

    change(folder, "balances", 0, lambda line: line.update(balance=line["balance"] + 1))
    assert difference(folder)[0] == "balance_differs"
    afresh()
    change(folder, "accounts", 1, lambda line: line.update(owner_id=line["owner_id"] + 1))
    assert difference(folder)[0] == "transaction_changed"
    afresh()
    change(folder, "keys", 0, lambda line: line.update(key=str(Signer(line["key"].split("+")[0], b"x" * 32).public)))
    assert difference(folder) == ("signature_wrong", 3)
    afresh()
    for name, kept, what in (("transactions", 29, "end_missing"), ("transactions", 0, "end_missing"), ("checkpoints", 1, "end_missing")):
        path = folder / f"{name}.jsonl"
        path.write_text("".join(path.read_text().splitlines(keepends=True)[:kept]))
        assert difference(folder)[0] == what
        afresh()
    (folder / "keys.jsonl").unlink()
    assert difference(folder) == ("file_missing", "keys.jsonl")
    (folder / "keys.jsonl").write_text("nonsense\n")
    assert difference(folder)[0] == "malformed"


def test_what_the_superuser_changed_is_in_the_export(lived: Book, night: Connection, tmp_path: Path) -> None:  # noqa: F811
    """The past is rewritten in the database: whoever replays its export names the transaction."""
    order = leaves(lived)
    does(lived, night, "UPDATE ledger.transaction SET posted_at = posted_at - interval '1 day' WHERE {here} AND id = :t", t=order[4])
    does(lived, night, "DELETE FROM ledger.transaction WHERE {here} AND id = :t", t=order[6])
    with Session(bind=night, join_transaction_mode="create_savepoint") as session:
        export(session, lived.district_id, tmp_path / "book", silent)
    assert difference(tmp_path / "book") == ("transaction_changed", order[4])
    change(tmp_path / "book", "transactions", 4, lambda line: line.update(posted_at=moved(line["posted_at"])))
    assert difference(tmp_path / "book") == ("transaction_missing", order[6])


def moved(moment: str) -> str:
    return (datetime.fromisoformat(moment) + timedelta(days=1)).isoformat()


def test_the_terminal_exports_and_replays(book: Book, session: Session, tmp_path: Path) -> None:
    """Export with the database, replay on any machine without settings."""
    book.pays(book.consumer(1_000), book.shop(), 100)
    book.call(commands.close_key, uuid4())
    seals(book.engine)
    folder = tmp_path / "book"
    written = CliRunner().invoke(ledger_commands, ["export", str(book.district_id), str(folder)], obj=session)
    assert written.exit_code == 0, written.output
    again = CliRunner().invoke(ledger_commands, ["export", str(book.district_id), str(folder)], obj=session)
    assert again.exit_code == 1 and "there already" in again.output

    def run() -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "wsgi", "ledger", "replay", str(folder)]
        return subprocess.run(command, cwd=ROOT, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=False)

    good = run()
    assert good.returncode == 0 and "3 transactions" in good.stdout, good.stderr
    change(folder, "transactions", 1, lambda line: paid(line, 1))
    bad = run()
    assert bad.returncode == 1 and f"transaction_changed: {number(folder, 1)}" in bad.stderr
