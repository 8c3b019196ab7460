"""`meguri ledger …` about the sealed log, as operators and auditors run it, and the worker that seals."""

from __future__ import annotations

import base64
import os
import signal
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner, Result
from sqlalchemy.orm import Session

from base.settings import Settings, SettingsWrong
from ledger import queries
from ledger.cli import commands as ledger_commands
from ledger.rules.notes import Checkpoint, PublicKey, Signer
from tests.conftest import ROOT
from tests.ledger.conftest import Book
from tests.ledger.test_sealer import KEYS, journal, leaves


def run(session: Session, *words: str) -> Result:
    return CliRunner().invoke(ledger_commands, words, obj=session)


def worker(settings: Settings, *keys: str) -> subprocess.Popen[str]:
    """`meguri worker` with these keys of the settings."""
    known = {f"MEGURI_{name.upper()}": base64.b64encode(getattr(settings, name)).decode() for name in keys}
    own = {"MEGURI_DATABASE_URL": settings.database_url, "MEGURI_PUBLIC_URL": "http://localhost:8765", "MEGURI_DEMO": "1"}
    command = [sys.executable, "-m", "wsgi", "worker"]
    return subprocess.Popen(command, cwd=ROOT, env=known | own | {"PATH": os.environ["PATH"]}, stderr=subprocess.PIPE, text=True)


def test_a_book_is_sealed_shown_and_proved(book: Book, session: Session) -> None:
    """Seal, print the checkpoint, prove the log against the key that was printed."""
    book.pays(book.consumer(1_000), book.shop(), 100)
    session.info["seal_keys"] = KEYS
    assert "transactions sealed." in run(session, "seal").output
    key, note = run(session, "checkpoint", str(book.district_id)).output.split("\n\n", 1)
    assert PublicKey.read(key).has_signed(note)
    assert Checkpoint.read(note).size == 2
    assert run(session, "checkpoint", str(book.district_id), "--size", "2").output.endswith(note)
    proved = run(session, "verify", "--key", key)
    assert proved.exit_code == 0, proved.output
    assert "The books agree" in proved.output and "the log agrees" in proved.output
    here = str(book.district_id)
    proved = run(session, "verify", "--district", here, "--key", key)
    assert proved.exit_code == 0 and f"The book of district {here} agrees: 2 transactions" in proved.output, proved.output
    another = str(Signer(PublicKey.read(key).name, b"x" * 32).public)
    refused = run(session, "verify", "--district", here, "--key", another)
    assert refused.exit_code == 1 and f"signature_wrong\tdistrict {here}\t2" in refused.output
    nowhere = run(session, "verify", "--district", "70000000000")
    assert nowhere.exit_code == 1 and "District 70000000000 has no book" in nowhere.output
    assert run(session, "verify", "--key", "nonsense").exit_code == 2


def test_nothing_is_sealed_without_a_key(settings: Settings, session: Session) -> None:
    """Neither by hand nor by the worker: it says which setting is missing."""
    with pytest.raises(SettingsWrong):
        CliRunner().invoke(ledger_commands, ["seal"], obj=session, catch_exceptions=False)
    with worker(settings, "secret_key", "master_key", "code_key") as process:
        assert process.wait(60) == 1
        assert process.stderr is not None and "MEGURI_SEAL_KEY" in process.stderr.read()


def test_the_worker_seals(book: Book, settings: Settings) -> None:
    """Within moments of the payment, without anybody asking for it."""
    book.pays(book.consumer(1_000), book.shop(), 100)
    with worker(settings, "secret_key", "master_key", "code_key", "seal_key") as process:
        deadline = time.monotonic() + 60
        while leaves(book) != journal(book) and time.monotonic() < deadline:
            time.sleep(0.1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0
    with Session(book.engine) as session:
        assert queries.checkpoint(session, book.district_id).size == 2
