"""The database that every other test stands on."""

from __future__ import annotations

import os

import psycopg
import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

import migrations
from base.db import rows
from embedded import Server


def test_the_schema_can_be_built_taken_down_and_built_again(server: Server) -> None:
    """An operator who goes back a release, all the way, and forward again has a working database."""
    name = f"test_{os.getpid()}_migrations"
    server.drop_database(name)
    server.create_database(name)
    url = server.url("meguri_owner", name)
    migrations.upgrade(url)
    migrations.downgrade(url)
    with psycopg.connect(url) as connection:
        left = connection.execute(
            "SELECT nspname, relname FROM pg_class JOIN pg_namespace n ON n.oid = relnamespace"
            " WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema' AND relname NOT LIKE 'alembic\\_%'"
        ).fetchall()
    assert left == []
    migrations.upgrade(url)
    server.drop_database(name)


def test_versions_are_numbered_without_gaps() -> None:
    """Whoever adds a version sees at once where it goes."""
    revisions = migrations.revisions()
    assert revisions == [f"{number:04d}" for number in range(1, len(revisions) + 1)]


def test_the_application_does_not_own_the_schema(engine: Engine) -> None:
    """A hole in the web layer can neither make nor drop a table, not even a temporary one."""
    for statement in ("CREATE TABLE planted (a int)", "CREATE TEMPORARY TABLE planted (a int)", "CREATE SCHEMA planted"):
        with engine.connect() as connection, pytest.raises(Exception, match="permission denied"):
            connection.execute(text(statement))


def test_the_session_is_read_committed_and_in_utc(session: Session) -> None:
    """What the book demands of a connection, it gets."""
    assert session.execute(text("SHOW transaction_isolation")).scalar_one() == "read committed"
    assert session.execute(text("SHOW timezone")).scalar_one() == "UTC"


def test_a_session_outlives_its_line(server: Server, session: Session) -> None:
    """The server ends the line under a reading: that is said as what it is, and the session goes on with another line."""
    ((pid,),) = rows(session, "SELECT pg_backend_pid()", {})
    with server.admin() as connection:
        connection.execute("SELECT pg_terminate_backend(%s, 10000)", (pid,))
    with pytest.raises(OperationalError):
        rows(session, "SELECT 1", {})
    session.rollback()
    assert rows(session, "SELECT 1", {}) == [(1,)]


def test_nobody_enters_without_a_password(server: Server) -> None:
    """Reaching the socket is not enough."""
    with pytest.raises(psycopg.OperationalError):
        psycopg.connect(f"postgresql://meguri_web:wrong@/postgres?host={server.run}")
