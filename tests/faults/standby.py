"""A second machine that has everything the first one has acknowledged, and takes its place."""

from __future__ import annotations

import shutil

from embedded import SUPERUSER, Server
from tests.faults.machine import until

REPLICATION = "local replication all scram-sha-256\n"


def clone(primary: Server, standby: Server) -> None:
    """Make `standby` a hot standby of this server, streaming; and commits wait for its flush from here on."""
    shutil.rmtree(standby.folder, ignore_errors=True)
    standby._make_folders()
    standby.data.mkdir(mode=0o700)
    standby._give(standby.data)
    shutil.copy2(primary.folder / "roles.json", standby.folder / "roles.json")
    _let_in(primary)
    standby._bindir = standby._reachable_bindir()
    options = ("-D", standby.data, "-R", "-X", "stream", "-c", "fast", "--no-sync")
    standby._program("pg_basebackup", *options, "-d", primary.url(SUPERUSER, "postgres"))
    standby.start()
    _wait_for(primary)


def promote(standby: Server) -> None:
    """It is the primary from here on, and waits for no other."""
    with standby.admin() as connection:
        assert connection.execute("SELECT pg_promote(true, 60)").fetchone() == (True,)


def remove(server: Server) -> None:
    """Remove a server that was killed, so that nobody takes it for the primary."""
    assert not server.stop(), "it still ran"
    shutil.rmtree(server.folder)


def _let_in(primary: Server) -> None:
    rules = primary.data / "pg_hba.conf"
    if REPLICATION not in rules.read_text():
        with rules.open("a") as file:
            file.write(REPLICATION)
    with primary.admin() as connection:
        connection.execute("SELECT pg_reload_conf()")


def _wait_for(primary: Server) -> None:
    """Until commits wait for the standby, and it has everything from before."""
    with primary.admin() as connection:
        connection.execute("ALTER SYSTEM SET synchronous_standby_names = '*'")
        connection.execute("SELECT pg_reload_conf()")
        sync = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync' AND state = 'streaming'"
        until(lambda: connection.execute(sync).fetchone() == (1,), "the standby does not stream")
        (here,) = connection.execute("SELECT pg_current_wal_flush_lsn()").fetchone() or (None,)
        caught_up = "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync' AND flush_lsn >= %s"
        until(lambda: connection.execute(caught_up, (here,)).fetchone() == (1,), "the standby does not catch up")
