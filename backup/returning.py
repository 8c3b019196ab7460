"""Return to a moment: a new data directory beside the old one, recovered, promoted, and left stopped."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import groupby
from pathlib import Path

import psycopg

from backup.folder import SEGMENT, Base, Folder, beside, point_to
from backup.programs import BackupTrouble, Programs

RECOVERY_MAX_S = 86_400
NUMBERS_APART = 1_000_000
NUMBERED = ("ledger.transaction_id_seq", "ledger.series_id_seq", "ledger.account_id_seq", "person_id_seq", "merchant_id_seq")
"""What slips speak of by number. These are lifted: who or what was lost keeps its number for itself, and no slip speaks of another."""

# Every setting is ours while it recovers: nobody can come in, and nothing is archived.
SETTINGS = """\
data_directory = '{data}'
hba_file = '{run}/hba'
ident_file = '{run}/ident'
listen_addresses = ''
port = 5432
unix_socket_directories = '{run}'
unix_socket_permissions = 0700
hot_standby = off
archive_mode = off
jit = off
timezone = 'UTC'
log_timezone = 'UTC'
restore_command = '{restore}'
recovery_target_timeline = 'latest'
recovery_target_action = 'promote'
"""


@dataclass(frozen=True, slots=True)
class Returned:
    """What was done. `last_commit`: the newest transaction that was recovered, None if the copy had everything.

    `logs`: (district, newest signed size) of each sealed log; `archived_until`: when the newest segment arrived.
    """

    base: Base
    last_commit: datetime | None
    archived_until: datetime | None
    logs: tuple[tuple[int, int], ...]


def restore(
    folder: Folder,
    target: Path,
    programs: Programs,
    *,
    at: datetime | None,
    old_log: Path | None,
    database: str,
    superuser: str,
    say: Callable[[str], None],
) -> Returned:
    """Make `target`, which must not be there, as the database was at `at` (None: at the end of the log).

    `old_log`: the pg_wal of the lost server, if its disk can still be read: it has what was not archived. Raises BackupTrouble;
    `target` is not there then.
    """
    for path in (target, beside(target)):
        if path.exists():
            raise BackupTrouble(f"{path} is there already; a restore never writes over anything: name a new folder")
    if not target.parent.is_dir():
        raise BackupTrouble(f"there is no folder {target.parent}")
    base = _base_for(folder, at)
    say(f"verifying {base.path}")
    programs.run("pg_verifybackup", "-q", base.path)
    _must_know_its_tablespaces(folder, base, programs, at, old_log)
    unfinished = target.with_name(target.name + ".unfinished")
    for path in (unfinished, beside(unfinished)):
        shutil.rmtree(path, ignore_errors=True)
    say(f"copying it to {unfinished}")
    share = ["--reflink=auto"] if sys.platform == "linux" else []
    try:
        subprocess.run(["cp", "-a", *share, base.path, unfinished], check=True)
        if base.elsewhere.exists():
            subprocess.run(["cp", "-a", *share, base.elsewhere, beside(unfinished)], check=True)
            point_to(beside(unfinished), unfinished)
        with _recovered(folder, unfinished, programs, at, old_log, superuser, database, say) as connection:
            last_commit, logs = _figures(connection)
        _archive_history(folder, unfinished, programs)
        if beside(unfinished).exists():
            beside(unfinished).rename(beside(target))
            point_to(beside(target), unfinished)
        unfinished.rename(target)
    except BaseException:
        for path in (unfinished, beside(unfinished), beside(target)):
            shutil.rmtree(path, ignore_errors=True)
        raise
    return Returned(base, last_commit, folder.archived_until(), logs)


def _base_for(folder: Folder, at: datetime | None) -> Base:
    folder.must_be_ready()
    usable = [base for base in folder.bases() if at is None or base.at <= at]
    if not usable:
        raise BackupTrouble(f"{folder.base} has no base backup that is older than {at}" if at else f"{folder.base} has no base backup")
    return usable[-1]


def _must_know_its_tablespaces(folder: Folder, base: Base, programs: Programs, at: datetime | None, old_log: Path | None) -> None:
    """A tablespace made after the copy is made again where the lost server has it, and that server's files are written over: never."""
    for place in (folder.archive, *([old_log] if old_log else [])):
        for timeline, segments in groupby(
            sorted(path.name for path in place.iterdir() if SEGMENT.fullmatch(path.name)), lambda name: name[:8]
        ):
            wanted = [name for name in segments if name[8:] >= base.first[8:]]
            if wanted and _makes_a_tablespace(programs, place / wanted[0], place / wanted[-1], at):
                raise BackupTrouble(
                    f"a tablespace was made after the copy of {base.path.name} (the log of timeline {int(timeline, 16)} has it), and the"
                    " return would write into it. Return to a moment after a newer copy, or to one before the tablespace was made"
                )


def _makes_a_tablespace(programs: Programs, first: Path, last: Path, at: datetime | None) -> bool:
    """Whether the log has it before its first commit that is later than `at`, with which the return ends."""
    if TABLESPACE not in _dumped(programs, first, last, "Tablespace"):
        return False
    for line in _dumped(programs, first, last, "Tablespace", "Transaction").splitlines() if at else ():
        if TABLESPACE in line:
            return True
        found = COMMITTED.search(line)
        if found and at and datetime.fromisoformat(found[1]).replace(tzinfo=UTC) > at:
            return False
    return True


TABLESPACE = "desc: CREATE"
COMMITTED = re.compile(r"desc: COMMIT (\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}) UTC")


def _dumped(programs: Programs, first: Path, last: Path, *managers: str) -> str:
    """What the log says. Where it ends, which it calls an error, it has said everything."""
    try:
        return programs.run("pg_waldump", *(f"--rmgr={each}" for each in managers), first, last)
    except BackupTrouble as end:
        return str(end)


@contextmanager
def _recovered(
    folder: Folder,
    data: Path,
    programs: Programs,
    at: datetime | None,
    old_log: Path | None,
    superuser: str,
    database: str,
    say: Callable[[str], None],
) -> Iterator[psycopg.Connection]:
    """The recovered server, for as long as one asks it something; nobody else can reach it."""
    run = Path(tempfile.mkdtemp(prefix="meguri-"))  # short, for the socket's path, and of mode 0700
    programs.give(run)
    own, aside = data / "postgresql.auto.conf", data / "postgresql.auto.conf.aside"
    try:
        settings = SETTINGS.format(data=_quoted(data), run=run, restore=_quoted(_fetch(folder.archive, old_log)))
        if sys.platform == "linux":
            settings += "recovery_init_sync_method = syncfs\n"  # a copy has thousands of files, all of them just written
        if at is not None:
            settings += f"recovery_target_time = '{at.astimezone(UTC).isoformat(sep=' ')}'\n"
        for name, text in (("settings", settings), ("hba", "local all all trust\n"), ("ident", "")):
            (run / name).write_text(text)
            programs.give(run / name)
        if own.exists():
            own.rename(aside)
        (data / "recovery.signal").touch()
        programs.give(data / "recovery.signal")
        say("recovering" + (f" up to {at}" if at else " to the end of the log"))
        _start(programs, data, run)
        try:
            with _promoted(programs, data, run, superuser, database) as connection:
                yield connection
        finally:
            if _runs(programs, data):
                programs.run("pg_ctl", "stop", "-D", data, "-m", "fast", "-w", "-s")
        if aside.exists():
            aside.rename(own)
    finally:
        shutil.rmtree(run)


def _start(programs: Programs, data: Path, run: Path) -> None:
    words = f"-c config_file={shlex.quote(str(run / 'settings'))}"
    try:
        programs.run("pg_ctl", "start", "-D", data, "-l", run / "log", "-o", words, "-w", "-t", RECOVERY_MAX_S, "-s")
    except BackupTrouble as error:
        raise _why(run, error) from error


def _promoted(programs: Programs, data: Path, run: Path, superuser: str, database: str) -> psycopg.Connection:
    """The first connection that it accepts, which is after its promotion. Raises BackupTrouble once it has given up."""
    while True:
        try:
            return psycopg.connect(host=str(run), port=5432, user=superuser, dbname=database, autocommit=True)
        except psycopg.OperationalError as error:
            if not _runs(programs, data):
                raise _why(run, error) from error
            if not any(words in str(error) for words in NOT_YET):
                raise BackupTrouble(f"it was recovered, but {superuser} cannot look into {database}: {error}") from error
        time.sleep(0.2)


NOT_YET = ("not accepting connections", "starting up", "not yet accepting")


def _runs(programs: Programs, data: Path) -> bool:
    try:
        programs.run("pg_ctl", "status", "-D", data)
    except BackupTrouble:
        return False
    return True


def _why(run: Path, error: Exception) -> BackupTrouble:
    log = run / "log"
    said = log.read_text(errors="replace") if log.exists() else ""
    if "recovery ended before configured recovery target was reached" in said:
        return BackupTrouble("the log ends before that moment: without --at you get everything that there is")
    return BackupTrouble(f"{error}\n{said[-2000:]}")


def _fetch(archive: Path, old_log: Path | None) -> str:
    """The shell's words that bring one file of the log."""
    places = [shlex.quote(str(each)).replace("%", "%%") for each in (archive, old_log) if each]
    return " || ".join(f'cp {each}/%f "%p"' for each in places)


def _quoted(text: Path | str) -> str:
    return str(text).replace("'", "''")


def _figures(connection: psycopg.Connection) -> tuple[datetime | None, tuple[tuple[int, int], ...]]:
    """What was recovered; and numbers go on far above those that were lost."""
    row = connection.execute("SELECT pg_last_xact_replay_timestamp(), to_regclass('ledger.checkpoint') IS NOT NULL").fetchone()
    assert row is not None
    if not row[1]:
        return row[0], ()
    for name in NUMBERED:
        found = connection.execute("SELECT pg_sequence_last_value(%s::regclass)", [name]).fetchone()
        if found and found[0] is not None:
            connection.execute("SELECT setval(%s::regclass, %s)", [name, found[0] + NUMBERS_APART])
    sizes = connection.execute("SELECT district_id, max(size) FROM ledger.checkpoint GROUP BY 1 ORDER BY 1").fetchall()
    return row[0], tuple((district, size) for district, size in sizes)


def _archive_history(folder: Folder, data: Path, programs: Programs) -> None:
    """The new history of the log, which nothing archived while it recovered: the next return must know of this one."""
    for path in (data / "pg_wal").glob("*.history"):
        kept = folder.archive / path.name
        if not kept.exists():
            shutil.copy2(path, kept)
            programs.give(kept)
