"""The clock that counts is the database's. Here it can be moved, forward and back, while everything goes on.

A schema that stands before PostgreSQL's own says what the time is; the functions of the book find it there, and are otherwise those of
the product. (A time namespace moves only the monotonic clocks, and moving the machine's own would move it for everybody.)
"""

from __future__ import annotations

import psycopg

from embedded import Server

MOVED = """
CREATE SCHEMA moved;
CREATE TABLE moved.clock (seconds double precision NOT NULL);
INSERT INTO moved.clock VALUES (0);
CREATE FUNCTION moved.clock_timestamp() RETURNS timestamptz LANGUAGE sql VOLATILE AS
    'SELECT pg_catalog.clock_timestamp() + seconds * interval ''1 second'' FROM moved.clock';
CREATE FUNCTION moved.now() RETURNS timestamptz LANGUAGE sql STABLE AS
    'SELECT pg_catalog.now() + seconds * interval ''1 second'' FROM moved.clock';
GRANT USAGE ON SCHEMA moved TO PUBLIC;
GRANT SELECT ON moved.clock TO PUBLIC;
DO $$
DECLARE f regprocedure;
BEGIN
    FOR f IN SELECT oid FROM pg_proc WHERE pronamespace = 'ledger'::regnamespace AND 'search_path=ledger, pg_temp' = ANY (proconfig) LOOP
        EXECUTE format('ALTER FUNCTION %s SET search_path = moved, pg_catalog, ledger, pg_temp', f);
    END LOOP;
    EXECUTE format('ALTER DATABASE %I SET search_path = moved, pg_catalog, public', current_database());
END $$;
"""


def make_movable(server: Server, database: str) -> None:
    """Connections that are opened from now on ask the clock that can be moved."""
    with server.admin(database) as connection:
        connection.execute(MOVED)


def move(server: Server, database: str, seconds: float) -> None:
    """By so much from the real time, in one moment for everybody."""
    with server.admin(database) as connection:
        connection.execute("UPDATE moved.clock SET seconds = %s", (seconds,))


def put_right(server: Server, database: str) -> None:
    """The clock is the machine's again."""
    with server.admin(database) as connection, connection.cursor() as cursor:
        functions = psycopg.sql.SQL("SELECT oid::regprocedure::text FROM pg_proc WHERE proconfig[1] LIKE 'search_path=moved,%'")
        for (name,) in cursor.execute(functions).fetchall():
            cursor.execute(f"ALTER FUNCTION {name} SET search_path = ledger, pg_temp")
        cursor.execute(psycopg.sql.SQL("ALTER DATABASE {} RESET search_path").format(psycopg.sql.Identifier(database)))
        cursor.execute("DROP SCHEMA moved CASCADE")
