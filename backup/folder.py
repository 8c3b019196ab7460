"""The folder of a backup: `base/`, whole copies by the moment at which each was complete, and `archive/`, the write-ahead log since."""

from __future__ import annotations

import os
import re
import shutil
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import psycopg

from backup.programs import OLDEST_MAJOR, BackupTrouble, Programs, Source

NAME = "%Y-%m-%dT%H%M%SZ"
SEGMENT = re.compile(r"[0-9A-F]{24}")
ARRIVES_WITHIN_S = 60
SYNCFS_SINCE = 17
BASE_MAX_AGE = timedelta(days=8)
"""A copy a week, and a day of grace."""

SETUP = """\
How it is set up, once. In a file that PostgreSQL includes (Debian: /etc/postgresql/15/main/conf.d/meguri-backup.conf):

    archive_mode = on
    archive_library = 'basic_archive'
    basic_archive.archive_directory = '{archive}'
    archive_timeout = 60s

As the database's superuser:

    CREATE ROLE meguri_backup LOGIN REPLICATION PASSWORD '...';
    GRANT pg_monitor TO meguri_backup;
    GRANT EXECUTE ON FUNCTION pg_switch_wal, pg_create_restore_point TO meguri_backup;

As root, with the database's user as owner, and on another disk than the database; then restart PostgreSQL:

    install -d -m 700 -o postgres -g postgres {folder} {archive}
"""


@dataclass(frozen=True, slots=True)
class Base:
    """A whole, verified copy. `at`: from this moment on one can return to it; `first`: the segment with which its replay begins."""

    path: Path
    at: datetime

    @property
    def elsewhere(self) -> Path:
        """The copies of the tablespaces, by number; not there if there is none."""
        return beside(self.path)

    @property
    def first(self) -> str:
        found = re.search(r"^START WAL LOCATION: .*\(file ([0-9A-F]{24})\)", (self.path / "backup_label").read_text(), re.MULTILINE)
        if found is None:
            raise BackupTrouble(f"{self.path} has no readable backup_label")
        return found[1]


def beside(data: Path) -> Path:
    """Where the tablespaces of a data directory are copied to."""
    return data.with_name(data.name + ".tablespaces")


def point_to(spaces: Path, data: Path) -> None:
    """A data directory knows its tablespaces by links; they lead to those in `spaces` from now on."""
    for link in (data / "pg_tblspc").iterdir():
        owner = link.lstat()
        link.unlink()
        link.symlink_to(spaces / link.name)
        os.chown(link, owner.st_uid, owner.st_gid, follow_symlinks=False)


@dataclass(frozen=True, slots=True)
class Folder:
    """Where the backups of one server are kept."""

    path: Path

    @property
    def archive(self) -> Path:
        return self.path / "archive"

    @property
    def base(self) -> Path:
        return self.path / "base"

    def must_be_ready(self) -> None:
        """Raises BackupTrouble, and says how it is set up."""
        if not self.archive.is_dir():
            raise BackupTrouble(f"there is no folder {self.archive}\n\n{self.setup}")

    @property
    def setup(self) -> str:
        return SETUP.format(folder=self.path, archive=self.archive)

    def bases(self) -> list[Base]:
        """The oldest first; what was cut off is none."""
        found = []
        for path in self.base.iterdir() if self.base.is_dir() else ():
            try:
                found.append(Base(path, datetime.strptime(path.name, NAME).replace(tzinfo=UTC)))
            except ValueError:
                continue
        return sorted(found, key=lambda base: base.at)

    def segments(self) -> list[str]:
        """Names of what was archived, in the order in which it was written."""
        return sorted((path.name for path in self.archive.iterdir() if SEGMENT.fullmatch(path.name)), key=lambda name: name[8:])

    def archived_until(self) -> datetime | None:
        """When the newest segment arrived."""
        times = [(self.archive / name).stat().st_mtime for name in self.segments()]
        return datetime.fromtimestamp(max(times), UTC) if times else None


def make(folder: Folder, source: Source, programs: Programs, *, keep: int) -> tuple[Base, list[Base]]:
    """A new copy, verified; then all but the newest `keep` are removed, and the log that only they needed. Gives it, and what went.

    Raises BackupTrouble: nothing was removed then.
    """
    folder.must_be_ready()
    if not folder.base.is_dir():
        folder.base.mkdir(mode=0o700)
        programs.give(folder.base)
    unfinished = folder.base / "unfinished"
    for path in (unfinished, beside(unfinished)):
        shutil.rmtree(path, ignore_errors=True)
    with source.connect() as connection:
        _must_fit(connection, programs)
        where, secrets = source.for_programs()
        spaces = _tablespaces(connection, beside(unfinished), programs)
        options = ("-D", unfinished, "-F", "plain", "-X", "stream", "-c", "fast", "--manifest-checksums=SHA256", "-l", "meguri", "-w")
        quickly = ("--sync-method=syncfs",) if sys.platform == "linux" and programs.major >= SYNCFS_SINCE else ()
        programs.run("pg_basebackup", "-d", where, *options, *quickly, *spaces, env=secrets)
        programs.run("pg_verifybackup", "-q", unfinished)
        row = connection.execute("SELECT date_trunc('second', clock_timestamp()) + interval '1 second'").fetchone()
    assert row is not None
    at: datetime = row[0].astimezone(UTC)
    made = Base(folder.base / at.strftime(NAME), at)
    if spaces:
        beside(unfinished).rename(made.elsewhere)
        point_to(made.elsewhere, unfinished)
    unfinished.rename(made.path)
    return made, _prune(folder, programs, keep)


def _tablespaces(connection: psycopg.Connection, target: Path, programs: Programs) -> list[str]:
    """Words for pg_basebackup: each tablespace is copied into a folder of its own, named by its number as its link is."""
    found = connection.execute(
        "SELECT oid::text, pg_tablespace_location(oid) FROM pg_tablespace WHERE oid >= 16384 ORDER BY oid"
    ).fetchall()
    if found:
        target.mkdir(mode=0o700)
        programs.give(target)
    escaped = {each: str(each).replace("\\", "\\\\").replace("=", "\\=") for each in (target, *(location for _, location in found))}
    return [f"--tablespace-mapping={escaped[location]}={escaped[target]}/{number}" for number, location in found]


def _prune(folder: Folder, programs: Programs, keep: int) -> list[Base]:
    bases = folder.bases()
    gone, kept = bases[:-keep], bases[-keep:]
    for base in gone:
        shutil.rmtree(base.path)
        if base.elsewhere.exists():
            shutil.rmtree(base.elsewhere)
    if gone:
        programs.run("pg_archivecleanup", folder.archive, kept[0].first)
    return gone


def _must_fit(connection: psycopg.Connection, programs: Programs) -> None:
    major = connection.info.server_version // 10_000
    if major < OLDEST_MAJOR:
        raise BackupTrouble(f"the server is PostgreSQL {major}; {OLDEST_MAJOR} or newer is needed")
    if programs.major != major:
        raise BackupTrouble(
            f"the server is PostgreSQL {major}, the programs in {programs.folder} are {programs.major}: name others with --programs"
        )


Said = tuple[bool, str]
"""Whether it is good, and what was found."""


def check(folder: Folder, source: Source, programs: Programs) -> Iterator[Said]:
    """Whether archiving works, by trying it, and what could be lost now. Raises BackupTrouble where nothing can be asked."""
    folder.must_be_ready()
    with source.connect() as connection:
        _must_fit(connection, programs)
        settings: dict[str, str] = dict(connection.execute(SETTINGS).fetchall())
        may = connection.execute("SELECT rolreplication OR rolsuper FROM pg_roles WHERE rolname = current_user").fetchone()
        yield bool(may and may[0]), "the role may replicate" if may and may[0] else "the role lacks REPLICATION"
        archives = settings["archive_mode"] in ("on", "always") and bool(settings.get("archive_library") or settings.get("archive_command"))
        yield archives, "archiving is on" if archives else f"archiving is off\n\n{folder.setup}"
        if archives:
            yield from _arrival(connection, folder, int(settings["archive_timeout"]))
        yield True, _standby(connection)
        yield _gaps(folder, int(settings["wal_segment_size"]))
    yield _newest(folder)


SETTINGS = """
    SELECT name, setting FROM pg_settings
    WHERE name IN ('archive_mode', 'archive_library', 'archive_command', 'archive_timeout', 'wal_segment_size')
"""


def _arrival(connection: psycopg.Connection, folder: Folder, timeout_s: int) -> Iterator[Said]:
    """Writes something into the log, has it archived, and waits for it."""
    begun = time.monotonic()
    try:
        connection.execute("SELECT pg_create_restore_point('meguri backup check')")
        row = connection.execute("SELECT pg_walfile_name(pg_switch_wal())").fetchone()
    except psycopg.errors.InsufficientPrivilege as error:
        yield False, f"the role may not try it: {error}"
        return
    assert row is not None
    while not (folder.archive / row[0]).exists():
        if time.monotonic() - begun > ARRIVES_WITHIN_S:
            failed = connection.execute("SELECT last_failed_wal, last_failed_time FROM pg_stat_archiver").fetchone()
            yield (
                False,
                f"{row[0]} has not arrived in {folder.archive} within {ARRIVES_WITHIN_S} s; last failure: {failed}. See the server's log",
            )
            return
        time.sleep(0.1)
    took = time.monotonic() - begun
    yield True, f"what is written arrives in the archive ({row[0]} after {took:.1f} s)"
    if timeout_s == 0:
        yield False, "archive_timeout is 0: in a quiet night hours of payments wait for their segment to be full. Set it to 60s"
    else:
        yield True, f"if this machine is lost, the payments of its last {timeout_s + max(round(took), 1)} seconds are lost with it"


def _standby(connection: psycopg.Connection) -> str:
    row = connection.execute("SELECT count(*) FROM pg_stat_replication WHERE sync_state IN ('sync', 'quorum')").fetchone()
    if row and row[0]:
        return "a synchronous standby has every confirmed payment: nothing is lost with this machine alone"
    return "there is no synchronous standby"


def _gaps(folder: Folder, segment_bytes: int) -> Said:
    bases = folder.bases()
    first = bases[0].first[8:] if bases else ""
    per_file = 0x1_0000_0000 // segment_bytes
    places = sorted({int(name[8:16], 16) * per_file + int(name[16:], 16) for name in folder.segments() if name[8:] >= first})
    missing = sum(after - before - 1 for before, after in pairwise(places))
    return missing == 0, f"{missing} segments are missing in the archive" if missing else f"the archive has no gap ({len(places)} segments)"


def _newest(folder: Folder) -> Said:
    bases = folder.bases()
    if not bases:
        return False, f"there is no base backup in {folder.base}: `meguri backup make`"
    age = datetime.now(UTC) - bases[-1].at
    return age <= BASE_MAX_AGE, f"the newest of {len(bases)} base backups is of {bases[-1].path.name}, {age.days} days old"
