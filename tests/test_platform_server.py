"""The private PostgreSQL: killed, shared, locked, moved, and still there. Runs servers of its own."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import psycopg
import pytest

from embedded import ROLES, Server, ServerTrouble, place
from tests.conftest import DEBIAN_PROGRAMS, ROOT


def postmaster(server: Server) -> int:
    return int((server.data / "postmaster.pid").read_text().split("\n", 1)[0])


def kill(server: Server) -> None:
    """As the power does: postmaster and all its children at once, nobody says goodbye."""
    parent = postmaster(server)
    children = Path(f"/proc/{parent}/task/{parent}/children").read_text().split()
    for pid in (parent, *map(int, children)):
        with suppress(ProcessLookupError):  # a child that has seen its parent die
            os.kill(pid, signal.SIGKILL)


@pytest.fixture
def folder(request: pytest.FixtureRequest) -> Iterator[Path]:
    """A folder with a space in its path, as people have."""
    folder = place(ROOT / ".cache" / f"server of its own {os.getpid()}")
    yield folder
    subprocess.run(["rm", "-rf", folder], check=True)


def test_what_was_committed_survives_a_power_cut(folder: Path) -> None:
    """The demo's machine loses power; the next start recovers by itself and nothing is missing."""
    with Server(folder) as server:
        server.create_database("town")
        with psycopg.connect(server.url("meguri_owner", "town"), autocommit=True) as connection:
            connection.execute("CREATE TABLE kept AS SELECT 42 AS number")
        kill(server)
        server.stop()
    with Server(folder) as again, psycopg.connect(again.url("meguri_owner", "town")) as connection:
        assert connection.execute("SELECT number FROM kept").fetchall() == [(42,)]


def test_a_pid_file_that_names_a_stranger_does_not_stop_the_start(folder: Path) -> None:
    """After a crash the number in postmaster.pid may belong to any other program."""
    with Server(folder) as server:
        left = (server.data / "postmaster.pid").read_text()
    lines = left.split("\n")
    (folder / "data" / "postmaster.pid").write_text("\n".join([str(os.getpid()), *lines[1:]]))
    with Server(folder) as again:
        assert postmaster(again) != os.getpid()


def test_the_last_one_to_leave_stops_the_server(folder: Path) -> None:
    """Two terminals share a server: closing one does not end the other's, closing both leaves nothing running."""
    first, second = Server(folder), Server(folder)
    first.start()
    second.start()
    assert postmaster(first) == postmaster(second)
    assert not first.stop()
    with second.admin() as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)
    assert second.stop()
    assert not (folder / "data" / "postmaster.pid").exists()


def test_a_killed_user_is_not_waited_for(folder: Path) -> None:
    """A process that died without leaving does not keep the server running for ever."""
    program = "import sys; from embedded import *; s = Server(Path(sys.argv[1])); s.start(); print(1, flush=True); sys.stdin.read()"
    with Server(folder) as server:
        other = subprocess.Popen([sys.executable, "-c", program, folder], cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        with other:
            assert other.stdout and other.stdout.readline() == b"1\n"
            other.kill()
        assert server.stop()


def test_only_its_owner_reaches_socket_and_passwords(folder: Path) -> None:
    """Other users of the machine can neither open the socket nor read a password; there is no network at all."""
    with Server(folder) as server:
        assert stat.S_IMODE(server.run.stat().st_mode) == 0o700
        assert stat.S_IMODE((folder / "roles.json").stat().st_mode) == 0o600
        assert set(json.loads((folder / "roles.json").read_text())) == {"postgres", *ROLES}
        with server.admin() as connection:
            assert connection.execute("SHOW listen_addresses").fetchone() == ("",)
            assert connection.execute("SHOW fsync").fetchone() == ("on",)
            rules = connection.execute("SELECT DISTINCT auth_method FROM pg_hba_file_rules").fetchall()
            assert rules == [("scram-sha-256",)]


def test_a_port_is_opened_on_this_machine_only_when_asked_for(folder: Path) -> None:
    """A benchmark client without Unix sockets can be let in, by password, from this machine."""
    with Server(folder, port=54329) as server, server.admin() as connection:
        assert connection.execute("SHOW listen_addresses").fetchone() == ("127.0.0.1",)
        with pytest.raises(psycopg.OperationalError, match="password"):
            psycopg.connect("postgresql://meguri_web:wrong@127.0.0.1:54329/postgres")


def test_the_demo_role_has_the_rights_of_the_application(folder: Path) -> None:
    """meguri_demo and meguri_desk can do what meguri_web can, and it cannot do what they can."""
    with Server(folder) as server, server.admin() as connection:
        rows = connection.execute(
            "SELECT member::regrole::text, roleid::regrole::text FROM pg_auth_members WHERE member::regrole::text LIKE 'meguri%' ORDER BY 1"
        ).fetchall()
        assert rows == [("meguri_demo", "meguri_web"), ("meguri_desk", "meguri_web")]


@pytest.mark.parametrize("name", ['with"quote', "with$sign", "x" * 120])
def test_a_path_that_cannot_work_is_refused_in_words(tmp_path: Path, name: str) -> None:
    """Whoever has a strange folder reads what is wrong with it, instead of an error of the server."""
    with pytest.raises(ServerTrouble, match="cannot live in"):
        Server(tmp_path / name)


@pytest.mark.skipif(not DEBIAN_PROGRAMS.exists(), reason="needs Debian's PostgreSQL 15")
def test_data_of_another_version_is_refused_in_words(folder: Path) -> None:
    """Data made by PostgreSQL 15 is not opened by 18: the operator is told so."""
    with Server(folder, DEBIAN_PROGRAMS):
        pass
    with pytest.raises(ServerTrouble, match="made by PostgreSQL 15"):
        Server(folder).start()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root has this trouble")
def test_roots_server_is_not_put_into_a_private_home(tmp_path: Path) -> None:
    """Root's database belongs to a system user, and no home is opened so that it can get in."""
    closed = tmp_path / "home"
    closed.mkdir(mode=0o700)
    with pytest.raises(ServerTrouble, match="cannot enter"):
        Server(closed / "database").start()
    assert stat.S_IMODE(closed.stat().st_mode) == 0o700
