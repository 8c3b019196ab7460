"""A book that was dumped and restored into another cluster, where PostgreSQL counts its transactions anew: the log goes on."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from base.db import make_engine
from embedded import SUPERUSER, Server, place
from ledger import commands, queries
from ledger.rules.tree import is_consistent
from ledger.verify import verify
from tests.conftest import ROOT, copy_of_template
from tests.ledger.conftest import Book
from tests.ledger.test_sealer import journal, leaves, seals


@contextmanager
def book_in(server: Server, database: str, district_id: int | None = None) -> Iterator[Book]:
    web, desk = (make_engine(server.url(role, database), pool_size=4) for role in ("meguri_web", "meguri_desk"))
    yield Book(web, desk) if district_id is None else Book(web, desk, district_id)
    web.dispose()
    desk.dispose()


@pytest.fixture
def other_cluster(worker_id: str) -> Iterator[Server]:
    """A machine that has never seen this book."""
    server = Server(place(ROOT / ".cache" / f"restored-{worker_id}"))
    with server:
        yield server


def test_after_a_restore_by_dump_everything_is_sealed(server: Server, other_cluster: Server, tmp_path: Path) -> None:
    """Half sealed, dumped, restored; before and after `rebase` more is posted: the old checkpoint is a part of the new one, which
    is signed once somebody says that nothing is missing."""
    name, dump = f"test_{os.getpid()}_dumped", tmp_path / "book.dump"
    server.drop_database(name)
    copy_of_template(server, name)
    programs = Path(str(server._bindir))
    with book_in(server, name) as book:
        book.series_id = book.series()
        hanako, bakery = book.consumer(1_000), book.shop()
        for _ in range(20):
            book.pays(hanako, bakery, 1)
        seals(book.engine)
        with Session(book.engine) as session:
            before = queries.checkpoint(session, book.district_id)
        for _ in range(5):
            book.pays(hanako, bakery, 1)
        district_id = book.district_id
    subprocess.run([programs / "pg_dump", "-Fc", "-f", dump, server.url(SUPERUSER, name)], check=True)
    server.drop_database(name)

    other_cluster.drop_database(name)
    other_cluster.create_database(name)
    subprocess.run([programs / "pg_restore", "-d", other_cluster.url(SUPERUSER, name), dump], check=True)
    with book_in(other_cluster, name, district_id) as book:
        book.call(commands.close_key, uuid4())
        seals(book.engine)
        assert leaves(book) == journal(book) and len(leaves(book)) == 27
        with Session(book.engine) as session:
            assert queries.checkpoint(session, district_id) == before  # another cluster: nothing is signed until somebody vouches for it
        book.call(commands.resume_log)
        with other_cluster.admin(name) as connection:
            connection.execute("SELECT ledger.rebase()")
        for _ in range(3):
            book.pays(hanako, bakery, 1)
            seals(book.engine)
        assert leaves(book) == journal(book) and len(leaves(book)) == 30
        with Session(book.engine) as session:
            after = queries.checkpoint(session, district_id)
            proof = queries.consistency(session, district_id, before.size, after.size)
            assert is_consistent(before.size, before.root, after.size, after.root, proof)
            assert list(verify(session, lambda _: None)) == []
            looked_back = session.execute(text("SELECT final_id FROM ledger.sealer")).scalar_one()
        assert looked_back > 0
    other_cluster.drop_database(name)
