"""What can go wrong with a stage, one function each. Whatever is broken is up again, or coming up, when it returns."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psycopg

from embedded import Server
from tests.faults import moved_clock, standby
from tests.faults.machine import until
from tests.faults.stage import DATABASE, PROGRAMS, Stage
from tests.test_platform_server import kill

Break = Callable[[Stage], None]


def web(stage: Stage) -> None:
    """kill -9 of a web server with all its processes. The other one goes on."""
    site = stage.dice.choice(stage.sites)
    site.kill()
    site.start()


def web_child(stage: Stage) -> None:
    """kill -9 of the process of a web server that serves; gunicorn makes a new one."""
    for pid in stage.dice.choice(stage.sites).children():
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)


def stall(stage: Stage) -> None:
    """A web server or a worker stands still for a moment, in whatever it is, and goes on as if nothing had been."""
    program = stage.dice.choice([*stage.sites, *stage.workers])
    program.signal(signal.SIGSTOP)
    time.sleep(stage.dice.uniform(0.3, 1.5))
    program.signal(signal.SIGCONT)


def worker(stage: Stage) -> None:
    """kill -9 of a worker: it folds, seals and signs."""
    one = stage.dice.choice(stage.workers)
    one.kill()
    one.start()


def everything(stage: Stage) -> None:
    """As the power does: all programs and the database at once."""
    for program in (*stage.sites, *stage.workers):
        program.kill()
    postgres(stage)
    for program in (*stage.sites, *stage.workers):
        program.start()


def postgres(stage: Stage) -> None:
    """kill -9 of PostgreSQL, postmaster and all its children."""
    kill(stage.server)
    start(stage.server)


def backend(stage: Stage) -> None:
    """kill -9 of one process of PostgreSQL at work for somebody; it then ends all others and recovers by itself."""
    _kill_one(stage, "SELECT pid FROM pg_stat_activity WHERE datname = %s AND pid <> pg_backend_pid()", (DATABASE,))


def helper(stage: Stage) -> None:
    """The same for one that works for all: checkpointer, writer of the log, …"""
    kinds = ["checkpointer", "background writer", "walwriter", "autovacuum launcher"]
    _kill_one(stage, "SELECT pid FROM pg_stat_activity WHERE backend_type = ANY (%s)", (kinds,))


def terminate(stage: Stage) -> None:
    """An operator ends every connection, in whatever it is."""
    with stage.server.admin() as connection:
        connection.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (DATABASE,))


def cut(stage: Stage) -> None:
    """The line breaks between commit and answer, some times."""
    before = stage.line.cut
    stage.line.cuts += 5
    until(lambda: stage.line.cut > before + 4, "nothing was cut")


def failover(stage: Stage) -> None:
    """A synchronous standby is made, the primary is killed, the standby takes its place, and there is a new primary."""
    primary = stage.server
    folder = primary.folder.with_name(f"{primary.folder.name.partition('~')[0]}~{len(stage.servers)}")
    replica = Server(folder, PROGRAMS)
    stage.servers.append(replica)
    standby.clone(primary, replica)
    time.sleep(stage.dice.uniform(0.2, 0.8))  # payments that wait for it
    kill(primary)
    until(lambda: primary._state() is None, "the primary does not die")
    standby.promote(replica)
    stage.line.server = stage.server = replica
    standby.remove(primary)
    with replica.admin(DATABASE) as connection:  # as the operator does, who knows that nothing is missing
        connection.execute("SELECT ledger.resume_log(%s)", (stage.people.district_id,))


def full_disk(stage: Stage) -> None:
    """Nothing can be written any more, to the log neither; after a moment somebody makes room. Only on a disk of its own (`small_disk`)."""
    ballast, full = stage.server.folder / "ballast", os.statvfs(stage.server.folder)
    with suppress(OSError), ballast.open("wb", buffering=0) as file:
        while True:
            file.write(bytes(1 << 16))
    assert os.statvfs(stage.server.folder).f_bfree < full.f_bfree
    with suppress(psycopg.OperationalError), stage.server.admin() as connection:
        for _ in range(50):  # the next piece of the log finds no room
            connection.execute("SELECT pg_switch_wal()")
            connection.execute("SELECT pg_logical_emit_message(false, 'meguri', repeat('x', 100000))")
    time.sleep(stage.dice.uniform(0.3, 1.0))
    ballast.unlink()
    until(lambda: stage.server._state() is None or _is_up(stage.server), "the database neither comes back nor gives up")
    if not _is_up(stage.server):
        start(stage.server)


def clock_set_back(stage: Stage) -> None:
    """The database's clock was an hour fast, and is put right at once. Only where it can be moved (`moved_clock`)."""
    moved_clock.move(stage.server, DATABASE, 3_600)
    time.sleep(stage.dice.uniform(0.2, 0.6))
    moved_clock.move(stage.server, DATABASE, 0)


@contextmanager
def small_disk(folder: Path, megabytes: int = 500) -> Iterator[None]:
    """A file system of its own for `folder`. Raises CannotMount where this machine does not let us have one."""
    folder.mkdir(parents=True, exist_ok=True)
    command = ("mount", "-t", "tmpfs", "-o", f"size={megabytes}m,mode=0711", "meguri-small-disk", str(folder))
    made = subprocess.run(command, capture_output=True, text=True, check=False) if shutil.which("mount") else None
    if made is None or made.returncode != 0:
        folder.rmdir()
        raise CannotMount(made.stderr.strip() if made else "there is no mount")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)
        folder.rmdir()


class CannotMount(Exception):
    """This machine lets us mount nothing, so that a full disk cannot be tried on it."""


def start(server: Server) -> None:
    """Start a server again that was killed, and of which this process is still a user."""
    until(lambda: server._state() is None, "the database does not die")
    server.stop()
    server.start()


def _kill_one(stage: Stage, sql: str, values: tuple[object, ...]) -> None:
    with suppress(psycopg.OperationalError), stage.server.admin() as connection:
        pids = [pid for (pid,) in connection.execute(sql, values)]
        if pids:
            with suppress(ProcessLookupError):
                os.kill(stage.dice.choice(pids), signal.SIGKILL)
    until(lambda: _is_up(stage.server), "the database does not come back")


def _is_up(server: Server) -> bool:
    try:
        with server.admin() as connection:
            return connection.execute("SELECT 1").fetchone() == (1,)
    except psycopg.OperationalError:
        return False


ALL: tuple[Break, ...] = (web, web_child, worker, stall, postgres, backend, helper, terminate, cut, everything)
