"""Payments while the database is killed again and again. `python3 dev.py torture` does it for long, the tests for a moment."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import InterfaceError, OperationalError
from sqlalchemy.orm import Session

import migrations
from base.db import make_engine
from embedded import Server, place
from ledger.verify import verify
from tests.conftest import ROOT
from tests.ledger.conftest import Book
from tests.test_platform_server import kill

ROUNDS = int(os.environ.get("MEGURI_TORTURE_ROUNDS", "2"))
PAYERS = 4
PAYMENTS_BETWEEN_KILLS = 40


@dataclass
class Payer:
    """Pays 1 yen again and again. Without an answer it asks again with the same key, as a phone does."""

    book: Book
    purse: int
    shop: int
    answered: list[UUID] = field(default_factory=list)

    def pays_until(self, over: threading.Event) -> None:
        while not over.is_set():
            key = uuid4()
            while not self._pays(key):
                over.wait(0.05)
            self.answered.append(key)

    def _pays(self, key: UUID) -> bool:
        try:
            self.book.pays(self.purse, self.shop, 1, key=key)
        except (OperationalError, InterfaceError):
            return False
        return True


@pytest.fixture
def doomed() -> Iterator[Server]:
    """A server of its own, with a migrated database `town`."""
    folder = place(ROOT / ".cache" / f"torture-{os.getpid()}")
    with Server(folder) as server:
        server.create_database("town")
        migrations.upgrade(server.url("meguri_owner", "town"))
        yield server
    shutil.rmtree(folder)


@pytest.mark.slow
def test_whoever_got_an_answer_finds_the_payment(doomed: Server) -> None:
    """The database dies in the middle of everything: each answered payment is there, once, and the books agree."""
    engines = [make_engine(doomed.url(role, "town"), pool_size=PAYERS + 1) for role in ("meguri_web", "meguri_desk")]
    book = Book(*engines)
    book.series_id = book.series()
    shop, over = book.shop(), threading.Event()
    payers = [Payer(book, book.consumer(coins=100_000), shop) for _ in range(PAYERS)]
    with ThreadPoolExecutor(PAYERS) as pool:
        running = [pool.submit(payer.pays_until, over) for payer in payers]
        try:
            for done in range(ROUNDS):
                _wait_for(payers, PAYMENTS_BETWEEN_KILLS)
                print(f"kill {done + 1} of {ROUNDS}, after {sum(len(payer.answered) for payer in payers)} answered payments", flush=True)
                kill(doomed)
                doomed.stop()
                doomed.start()
            _wait_for(payers, PAYMENTS_BETWEEN_KILLS)
        finally:
            over.set()
        for payer in running:
            payer.result()
    with Session(engines[0]) as session:
        in_the_book = set(session.scalars(text("SELECT key FROM ledger.transaction WHERE kind = 'payment'")))
        assert in_the_book == {key for payer in payers for key in payer.answered}
        assert list(verify(session, lambda _progress: None)) == []
    for payer in payers:
        assert book.balance(payer.purse) == 100_000 - len(payer.answered)
    for engine in engines:
        engine.dispose()


def _wait_for(payers: list[Payer], count: int) -> None:
    """Until so many more payments were answered. A minute without them is a failure."""
    pause, wanted = threading.Event(), sum(len(payer.answered) for payer in payers) + count
    for _ in range(1200):
        if sum(len(payer.answered) for payer in payers) >= wanted:
            return
        pause.wait(0.05)
    pytest.fail("nobody gets an answer any more")
