"""A small book of its own for each test: one series, consumers, shops and a clerk's drawer, all as plain accounts."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import TypeVar
from uuid import UUID, uuid4

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from base.db import atomic, make_engine
from base.errors import MeguriError
from embedded import Server
from ledger import commands, queries
from ledger.commands import Draft, NewSeries, Posted, hash_command, transfer

T = TypeVar("T")
districts = count(int(datetime.now(UTC).timestamp() * 1000))


@dataclass
class Book:
    """Drives the ledger's doors in the words of the tests. Every call is a database transaction of its own."""

    engine: Engine
    desk: Engine  # the role that may post what no page needs
    district_id: int = field(default_factory=lambda: next(districts))
    series_id: int = 0
    owners: Iterator[int] = field(default_factory=lambda: count(1))

    def call(self, door: Callable[..., T], *args: object, **facts: object) -> T:
        with Session(self.engine) as session, atomic(session):
            return door(session, self.district_id, *args, **facts)

    def series(self, **changes: object) -> int:
        name = f"coin{next(self.owners)}"
        plain = NewSeries(name, "コイン", "Coin", datetime(2026, 1, 1, tzinfo=UTC), None)
        return self.call(commands.create_series, replace(plain, **changes))

    def opens(self, role: str, series_id: int | None = None) -> int:
        return self.call(commands.open_account, role, next(self.owners), self.series_id if series_id is None else series_id)

    def consumer(self, coins: int = 0, series_id: int | None = None) -> int:
        account = self.opens("consumer", series_id)
        while coins:
            part = min(coins, 500_000)
            self.posts("top_up", self.opens("drawer", 0), account, part)
            coins -= part
        return account

    def shop(self, series_id: int | None = None) -> int:
        return self.opens("payable", series_id)

    def draft(
        self, kind: str, debit: int, credit: int, amount: int, *, key: UUID | None = None, content: object = None, **more: object
    ) -> Draft:
        command_hash = hash_command(kind, debit, amount) if content is None else hash_command(content)
        return Draft(kind, key or uuid4(), command_hash, transfer(debit, credit, amount), **more)

    def posts(self, kind: str, debit: int, credit: int, amount: int, **more: object) -> Posted:
        return self.call(commands.post, self.draft(kind, debit, credit, amount, **more))

    def pays(self, consumer: int, shop: int, amount: int, **more: object) -> Posted:
        return self.posts("payment", consumer, shop, amount, **more)

    def refunds(self, payment: Posted, shop: int, consumer: int, amount: int, **more: object) -> Posted:
        return self.posts("refund", shop, consumer, amount, refers_to=payment.transaction_id, **more)

    def holds(self, consumer: int, amount: int, *, seconds: float = 60, key: UUID | None = None, content: object = 1) -> int:
        expires = datetime.now(UTC) + timedelta(seconds=seconds)
        return self.call(commands.place_hold, consumer, amount, key=key or uuid4(), command_hash=hash_command(content), expires_at=expires)

    def desk_takes_out(self, shop: int, amount: int) -> None:
        """What a settlement will do: lower a payable against the bank."""
        draft = self.draft("correction", shop, self.opens("bank", 0), amount)
        with Session(self.desk) as session, atomic(session):
            commands.post(session, self.district_id, draft)

    def arrivals(self, shop: int, *, cursor: int | None) -> queries.Arrivals:
        """What came to the owner of this payable account since `cursor`."""
        owner = "SELECT owner_id FROM ledger.account WHERE district_id = :d AND id = :a"
        with Session(self.engine) as session:
            owner_id = session.execute(text(owner), {"d": self.district_id, "a": shop}).scalar_one()
            return queries.arrivals(session, self.district_id, "payable", owner_id, cursor=cursor)

    def balance(self, account: int, at: datetime | None = None) -> int:
        return self.call(queries.balance, account, at=at)

    def available(self, account: int) -> int:
        return self.call(queries.available, account)

    def at_once(self, jobs: list[Callable[[], T]], threads: int = 32) -> list[T | Exception]:
        """Run all jobs on connections of their own at the same time; a refusal is an answer."""

        def run(job: Callable[[], T]) -> T | Exception:
            try:
                return job()
            except MeguriError as error:
                return error

        with ThreadPoolExecutor(min(threads, len(jobs))) as pool:
            return list(pool.map(run, jobs))


@pytest.fixture(scope="session")
def desk_engine(server: Server, database: str) -> Iterator[Engine]:
    """As meguri_desk."""
    engine = make_engine(server.url("meguri_desk", database), pool_size=2)
    yield engine
    engine.dispose()


@pytest.fixture
def book(engine: Engine, desk_engine: Engine) -> Book:
    """A district of its own with one coin series."""
    book = Book(engine, desk_engine)
    book.series_id = book.series()
    return book


@pytest.fixture
def demo_book(server: Server, database: str, desk_engine: Engine) -> Iterator[Book]:
    """The same, for the role that may set the time of a posting."""
    engine = make_engine(server.url("meguri_demo", database), pool_size=4)
    book = Book(engine, desk_engine)
    book.series_id = book.series()
    yield book
    engine.dispose()
