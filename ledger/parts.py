"""Parts of the book that are over: the entries so far are cut off into a part of their own, and a part moves to other storage.

    with psycopg.connect("postgresql://meguri_owner:…", autocommit=True) as connection:
        part = cut(connection)
        for done, of in move(connection, part.name, "cheap"): …

A part is a table that inherits from `ledger.entry`, so every reader reads all parts, and what is posted goes into `ledger.entry` alone:
a payment pays nothing for parts, and a book that was never cut is planned as ever. docs/decisions/0024-old-entries-in-parts.md.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import psycopg
from psycopg import sql

MOVED_AT_ONCE = 50_000
"""Entries copied in one database transaction: folding waits for the oldest transaction, and this is a fraction of a second."""
KEY = "district_id, account_id, position, transaction_id"
KEY_DOWN = "district_id DESC, account_id DESC, position DESC, transaction_id DESC"
WAITS_S = 0.3
TRIES = 40


class PartTrouble(Exception):
    """It cannot be done. The text says what, and what helps, to whoever called."""


@dataclass(frozen=True, slots=True)
class Part:
    """`entries`: as PostgreSQL estimates; `size`: bytes with the index; `first`, `last`: moments of its oldest and newest entry (UTC)."""

    name: str
    entries: int
    size: int
    tablespace: str
    first: datetime | None
    last: datetime | None


PARTS = """
    SELECT c.relname, greatest(c.reltuples, 0)::bigint, pg_total_relation_size(c.oid), COALESCE(t.spcname, 'pg_default')
    FROM pg_class c LEFT JOIN pg_tablespace t ON t.oid = c.reltablespace
    WHERE c.oid = 'ledger.entry'::regclass OR c.oid IN (SELECT inhrelid FROM pg_inherits WHERE inhparent = 'ledger.entry'::regclass)
    ORDER BY c.oid = 'ledger.entry'::regclass, c.relname
"""


def parts(connection: psycopg.Connection) -> list[Part]:
    """The oldest first; the last one, `entry`, is where entries are added. The moments are looked for in every entry of a part."""
    found = []
    for name, entries, size, tablespace in connection.execute(PARTS).fetchall():
        first, last = _row(connection, "SELECT min(posted_at), max(posted_at) FROM ONLY {}", name)
        found.append(Part(name, entries, size, tablespace, first, last))
    return found


def cut(connection: psycopg.Connection) -> Part:
    """Whatever is in `ledger.entry` becomes a part of its own, which nobody adds to, and `ledger.entry` begins anew, empty.

    Payments wait for some milliseconds, no reader sees anything else. Raises PartTrouble if nothing is there to be cut off, and if
    for a while there was no moment for it.
    """
    number, is_empty = _row(connection, LAST, "entry")
    if is_empty:
        raise PartTrouble("no entry was added since the last cut")
    name = f"entry_until_{number}"
    with _at_rest(connection, "entry"):
        older = [row[0] for row in connection.execute(PARTS).fetchall()][:-1]
        for each in older:  # they belong to the table, not to its name
            connection.execute(_named("ALTER TABLE ledger.{part} NO INHERIT ledger.entry", each, each))
        for statement in CUT:
            connection.execute(_named(statement, name, name))
        for each in older:
            connection.execute(_named("ALTER TABLE ledger.{part} INHERIT ledger.entry", each, each))
        for grantee, privilege in connection.execute(GRANTS, [name]).fetchall():
            words = sql.SQL(privilege), sql.Identifier(grantee)
            connection.execute(sql.SQL("GRANT {} ON ledger.entry TO {}").format(*words))
    connection.execute("ANALYZE ledger.entry")  # of all parts together: PostgreSQL does so only when asked
    return next(part for part in parts(connection) if part.name == name)


LAST = "SELECT pg_sequence_last_value('ledger.transaction_id_seq'), NOT EXISTS (SELECT FROM ONLY {})"
CUT = (
    "ALTER TABLE ledger.entry RENAME TO {part}",
    "ALTER INDEX ledger.entry_pkey RENAME TO {index}",
    "CREATE TABLE ledger.entry (LIKE ledger.{part} INCLUDING ALL EXCLUDING INDEXES)",
    f"ALTER TABLE ledger.entry ADD CONSTRAINT entry_pkey PRIMARY KEY ({KEY})",
    "CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON ledger.entry FOR EACH ROW EXECUTE FUNCTION ledger.never()",
    "CREATE TRIGGER never_emptied BEFORE TRUNCATE ON ledger.entry FOR EACH STATEMENT EXECUTE FUNCTION ledger.never()",
    "CREATE TRIGGER never_added_to BEFORE INSERT ON ledger.{part} FOR EACH STATEMENT EXECUTE FUNCTION ledger.never()",
    "ALTER TABLE ledger.{part} INHERIT ledger.entry",
)
GRANTS = """
    SELECT r.rolname, a.privilege_type FROM pg_class c CROSS JOIN LATERAL aclexplode(c.relacl) a JOIN pg_roles r ON r.oid = a.grantee
    WHERE c.oid = ('ledger.' || quote_ident(%s))::regclass AND a.grantee <> c.relowner
"""


def move(connection: psycopg.Connection, name: str, tablespace: str) -> Iterator[tuple[int, int]]:
    """Copies a part into a tablespace, in the order of statements, compares the two, and lets the copy take its place.

    Gives how many entries are copied, and of how many. Readers and payments go on. Whatever stops it, the part is where it was, and the
    next call goes on with the copy. Raises PartTrouble.
    """
    if not connection.execute("SELECT 1 FROM pg_tablespace WHERE spcname = %s", [tablespace]).fetchone():
        raise PartTrouble(f"there is no tablespace {tablespace}: docs/operations/scale.md says how one is made")
    if name == "entry" or name not in [row[0] for row in connection.execute(PARTS).fetchall()]:
        raise PartTrouble(f"{name} is no part that is over: `meguri ledger parts` lists them, `meguri ledger cut` makes one")
    copy = f"{name}_to"
    _begin_copy(connection, name, copy, tablespace)
    (of,) = _row(connection, "SELECT count(*) FROM {}", name)
    (done,) = _row(connection, "SELECT count(*) FROM {}", copy)
    yield done, of
    while done < of:
        done += _copy_some(connection, name, copy)
        yield min(done, of), of
    _must_be_alike(connection, name, copy)
    with _at_rest(connection, name):
        for statement in TAKE_ITS_PLACE:
            connection.execute(_named(statement, name, copy))
    connection.execute("ANALYZE ledger.entry")


TAKE_ITS_PLACE = (
    "ALTER TABLE ledger.{part} NO INHERIT ledger.entry",
    "DROP TABLE ledger.{part}",
    "ALTER TABLE ledger.{copy} RENAME TO {part}",
    "ALTER INDEX ledger.{copy_index} RENAME TO {index}",
    "CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON ledger.{part} FOR EACH ROW EXECUTE FUNCTION ledger.never()",
    "CREATE TRIGGER never_emptied BEFORE TRUNCATE ON ledger.{part} FOR EACH STATEMENT EXECUTE FUNCTION ledger.never()",
    "CREATE TRIGGER never_added_to BEFORE INSERT ON ledger.{part} FOR EACH STATEMENT EXECUTE FUNCTION ledger.never()",
    "ALTER TABLE ledger.{part} INHERIT ledger.entry",
)


def _begin_copy(connection: psycopg.Connection, name: str, copy: str, tablespace: str) -> None:
    """An empty table in the tablespace, unless an earlier call began one there; one that was begun elsewhere is given up."""
    begun = connection.execute(
        "SELECT t.spcname FROM pg_class c LEFT JOIN pg_tablespace t ON t.oid = c.reltablespace WHERE c.oid = to_regclass(%s)",
        [f"ledger.{copy}"],
    ).fetchone()
    if begun and begun[0] == tablespace:
        return
    with connection.transaction():
        if begun:
            connection.execute(_named("DROP TABLE ledger.{copy}", name, copy))
        for statement in BEGIN_COPY:
            connection.execute(_named(statement, name, copy, tablespace))


BEGIN_COPY = (
    "CREATE TABLE ledger.{copy} (LIKE ledger.{part} INCLUDING ALL EXCLUDING INDEXES) TABLESPACE {tablespace}",
    f"ALTER TABLE ledger.{{copy}} ADD CONSTRAINT {{copy_index}} PRIMARY KEY ({KEY}) USING INDEX TABLESPACE {{tablespace}}",
)


def _copy_some(connection: psycopg.Connection, name: str, copy: str) -> int:
    """The next entries by account and position: a statement then lies together, and slow storage reads it in few pieces."""
    last = connection.execute(_named(f"SELECT {KEY} FROM ledger.{{copy}} ORDER BY {KEY_DOWN} LIMIT 1", name, copy)).fetchone()
    after = f"WHERE ({KEY}) > (%s, %s, %s, %s)" if last else ""
    words = f"INSERT INTO ledger.{{copy}} SELECT * FROM ledger.{{part}} {after} ORDER BY {KEY} LIMIT {MOVED_AT_ONCE}"
    copied = connection.execute(_named(words, name, copy), last or ()).rowcount
    if copied == 0:
        raise PartTrouble(f"{copy} has less than {name} and yet nothing is left to copy: call for help, and leave both as they are")
    return copied


def _must_be_alike(connection: psycopg.Connection, name: str, copy: str) -> None:
    """Each entry's text, hashed and added up: what is in both, in whatever order."""
    seen = "SELECT count(*), sum(amount), sum(hashtextextended(e::text, 0)::numeric) FROM ledger.{} e"
    here, there = (connection.execute(sql.SQL(seen).format(sql.Identifier(each))).fetchone() for each in (name, copy))
    if here != there:
        raise PartTrouble(f"{copy} is not like {name}: {there} against {here}. {name} stays where it is; drop {copy} and look at its disk")


@contextmanager
def _at_rest(connection: psycopg.Connection, name: str) -> Iterator[None]:
    """A database transaction in which nobody else is at the table, nor at what inherits from it. Waits briefly and often: whoever
    comes later waits behind us."""
    lock = _named("LOCK TABLE ledger.{part} IN ACCESS EXCLUSIVE MODE", name, name)
    for _ in range(TRIES):
        with connection.transaction():
            connection.execute(f"SET LOCAL lock_timeout = '{WAITS_S:.1f}s'")
            try:
                with connection.transaction():
                    connection.execute(lock)
            except psycopg.errors.LockNotAvailable:
                pass
            else:
                yield
                return
        time.sleep(WAITS_S)
    raise PartTrouble(f"somebody was always busy with {name}: look for the oldest transaction in pg_stat_activity, and try again")


def _named(words: str, name: str, copy: str, tablespace: str = "") -> sql.Composed:
    names = {"part": name, "index": f"{name}_pkey", "copy": copy, "copy_index": f"{copy}_pkey", "tablespace": tablespace}
    return sql.SQL(words).format(**{word: sql.Identifier(each) for word, each in names.items() if f"{{{word}}}" in words})


def _row(connection: psycopg.Connection, words: str, name: str) -> tuple[Any, ...]:
    row = connection.execute(sql.SQL(words).format(sql.Identifier("ledger", name))).fetchone()
    assert row is not None
    return row
