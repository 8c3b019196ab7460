"""The database: declarative base, engine, and the one way to open a database transaction.

After the commit, never inside the paying transaction, listeners are woken: PostgreSQL commits notifying
transactions one after the other through the flush, which costs four fifths of the paying speed.
"""

from __future__ import annotations

import queue
import select
import threading
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import psycopg
from sqlalchemy import (
    BigInteger,
    DateTime,
    Engine,
    LargeBinary,
    MetaData,
    create_engine,
    event,
)
from sqlalchemy.exc import DBAPIError, DisconnectionError, SQLAlchemyError
from sqlalchemy.orm import DeclarativeBase, Session

NAMING = {
    "ix": "%(table_name)s_%(column_0_N_name)s_idx",
    "uq": "%(table_name)s_%(column_0_N_name)s_key",
    "ck": "%(table_name)s_%(constraint_name)s",
    "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
    "pk": "%(table_name)s_pkey",
}

UTC = "-c timezone=UTC"
READ_ONLY = f"{UTC} -c default_transaction_read_only=on"
WAKE_CHANNEL = "meguri_wake"
WAKE_ALL = "*"  # in place of a topic: whoever waits for anything looks again
WAKE_ASK = "?"  # before the database's milliseconds: each process that listens writes down how long this took to reach it


class Base(DeclarativeBase):
    """All models outside the book. Whole numbers are int64, moments carry their zone."""

    metadata = MetaData(naming_convention=NAMING)
    type_annotation_map = {int: BigInteger, datetime: DateTime(timezone=True), bytes: LargeBinary}


def driver_url(database_url: str) -> str:
    """The operator's postgresql:// address with the driver that we use named in it."""
    return "postgresql+psycopg://" + database_url.split("://", 1)[1]


def make_engine(database_url: str, *, pool_size: int, read_only: bool = False) -> Engine:
    """An engine whose pool never grows beyond `pool_size`. A connection that the server has ended is replaced on check-out.

    `read_only`: the server refuses to write on it, and each statement is its own transaction.
    """
    engine = create_engine(
        driver_url(database_url),
        pool_size=pool_size,
        max_overflow=0,
        pool_timeout=5,
        pool_use_lifo=True,  # the one used last has its statements and catalogue at hand: a fifth less work than taking turns
        isolation_level="AUTOCOMMIT" if read_only else "READ COMMITTED",
        hide_parameters=True,  # errors are logged; what people typed is not
        connect_args={"application_name": "meguri", "connect_timeout": 5, "options": READ_ONLY if read_only else UTC},
    )
    event.listen(engine, "checkout", _refuse_ended)
    return engine


def _refuse_ended(connection: psycopg.Connection, _record: Any, _proxy: Any) -> None:
    """An idle connection has nothing to say but that it is over: no round trip is needed to hear that."""
    if not connection.closed:
        ear = select.poll()
        ear.register(connection.fileno(), select.POLLIN)
        if not ear.poll(0):
            return
    raise DisconnectionError


@contextmanager
def atomic(session: Session) -> Iterator[Session]:
    """All or nothing: the outermost door commits, inner doors join, any error rolls everything back.

    Topics given to `wake` in between are sent once the commit is through, and dropped if it is not.
    """
    depth = session.info.get("depth", 0)
    session.info["depth"] = depth + 1
    try:
        yield session
        if depth == 0:
            session.commit()
            if topics := session.info.pop("wake", None):
                session.info["waker"](topics)
    except BaseException:
        if depth == 0:
            session.rollback()
            session.info.pop("wake", None)
        raise
    finally:
        session.info["depth"] = depth


@contextmanager
def one_moment(session: Session) -> Iterator[Session]:
    """All statements inside read the book as it stood at the first of them: for what compares figures that several statements give.

    Begins a transaction, so nothing that was read before holds; inside another `one_moment` or `atomic` it joins that one. What is
    written inside (the log of who looked) is committed at the end.
    """
    if not session.info.get("depth", 0):
        session.commit()
        session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    with atomic(session):
        yield session


def rows(session: Session, sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """What `sql`, with psycopg's %(name)s, gives, inside the session's transaction: for the few readings that are asked for
    hundreds of times a second. SQLAlchemy's own result costs three times as much processor time as the driver's.

    Nothing is flushed before. Raises SQLAlchemy's errors, as `session.execute` does.
    """
    connection = session.connection()
    driver: psycopg.Connection = connection.connection.driver_connection  # type: ignore[assignment]
    try:
        return driver.execute(sql.encode(), values).fetchall()
    except psycopg.Error as error:
        if driver.closed:
            connection.invalidate(error)  # whoever rolls back now, rolls nothing back on a line that is dead
        raise DBAPIError.instance(sql, None, error, psycopg.Error, hide_parameters=True, connection_invalidated=driver.closed) from error


def copied(session: Session, sql: str, values: Mapping[str, Any]) -> bytes:
    """What `COPY … TO STDOUT`, with psycopg's %(name)s, sends, inside the session's transaction: for the few readings that are of
    millions of rows. Raises SQLAlchemy's errors, as `session.execute` does."""
    connection = session.connection()
    driver: psycopg.Connection = connection.connection.driver_connection  # type: ignore[assignment]
    try:
        with driver.cursor() as cursor, cursor.copy(sql.encode(), values) as copy:
            return b"".join(copy)
    except psycopg.Error as error:
        if driver.closed:
            connection.invalidate(error)
        raise DBAPIError.instance(sql, None, error, psycopg.Error, hide_parameters=True, connection_invalidated=driver.closed) from error


def as_array(numbers: Iterable[int | None]) -> str:
    """Whole numbers as one text, to be CAST AS bigint[]: psycopg writes a list number by number, which takes ten times as long."""
    return "{" + ",".join(["NULL" if number is None else str(number) for number in numbers]) + "}"


def done_reading(session: Session) -> None:
    """Give the connection back. What writes is inside `atomic`, so here is nothing to keep and nothing to undo.

    By COMMIT: at a ROLLBACK psycopg forgets the statements that it has prepared, and each would be planned anew.
    """
    try:
        session.commit()
    except SQLAlchemyError:
        session.rollback()  # the line broke, or a statement has failed: there was nothing to lose
    finally:
        session.close()


def wake(session: Session, topic: str) -> None:
    """Whoever waits for `topic` looks again soon after this transaction's commit."""
    if "waker" in session.info:
        session.info.setdefault("wake", {})[topic] = None


IDLE_S, RETRY_S = 10.0, 1.0


class Waker:
    """Sends NOTIFY from one thread and one connection of its own, coalesced, without waiting for a flush.

    A lost wake-up costs seconds and never an event: listeners also look by themselves.
    """

    def __init__(self, database_url: str) -> None:
        self._database_url = database_url
        self._topics: queue.SimpleQueue[Iterable[str]] = queue.SimpleQueue()
        self._start = threading.Lock()
        self._thread: threading.Thread | None = None

    def __call__(self, topics: Iterable[str]) -> None:
        """Wake whoever waits for one of `topics`, soon."""
        self._topics.put(topics)
        if self._thread is None:  # started late, so that a pre-forking server has one in each worker
            with self._start:
                if self._thread is None:
                    self._thread = threading.Thread(target=self._run, name="waker", daemon=True)
                    self._thread.start()

    def _run(self) -> None:
        connection: psycopg.Connection | None = None
        topics: set[str] = set()
        while True:
            try:
                topics.update(self._topics.get(timeout=RETRY_S if topics else IDLE_S))
            except queue.Empty:
                if not topics:
                    if connection is not None:
                        connection.close()  # an idle process holds no place at the server
                        connection = None
                    continue
            while not self._topics.empty():
                topics.update(self._topics.get())
            try:
                if connection is None or connection.closed:
                    connection = psycopg.connect(self._database_url, autocommit=True, application_name="meguri waker")
                    connection.execute("SET synchronous_commit = off")
                connection.execute("SELECT pg_notify(%s, topic) FROM unnest(%s::text[]) AS topic", (WAKE_CHANNEL, sorted(topics)))
                topics.clear()
            except psycopg.Error:
                connection = None  # the server went away: said again once it is back
