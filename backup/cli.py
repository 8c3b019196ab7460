"""`meguri backup …` and `meguri restore`: need no settings of the product, and never touch its keys."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

import click

from backup.folder import Folder, check, make
from backup.programs import BackupTrouble, Programs, Source
from backup.returning import restore
from base.clock import TOKYO

KEYS = "The keys are not in it: keep /etc/meguri/environment and the key of the seal in another place. Who has both can read names."

commands = click.Group("backup", help="Copies of the database to which one can return, by PostgreSQL's own programs.")
url = click.option("--url", envvar="MEGURI_BACKUP_URL", required=True, help="postgresql:// address of a role that may replicate")
programs = click.option(
    "--programs", "bindir", envvar="MEGURI_POSTGRESQL_PROGRAMS", type=click.Path(path_type=Path), help="folder of PostgreSQL's programs"
)
folder_argument = click.argument("folder", type=click.Path(path_type=Path))


@contextmanager
def _trouble() -> Iterator[None]:
    try:
        yield
    except BackupTrouble as error:
        raise click.ClickException(str(error)) from error


def _opened(path: Path, bindir: Path | None) -> tuple[Folder, Programs]:
    folder = Folder(path.resolve())
    folder.must_be_ready()
    return folder, Programs.found(bindir, folder.archive)


@commands.command("make")
@folder_argument
@click.option(
    "--keep", default=4, show_default=True, type=click.IntRange(1), help="how many copies stay; with them the log since the oldest"
)
@url
@programs
def make_command(folder: Path, keep: int, url: str, bindir: Path | None) -> None:
    """Make a whole copy of the running database in FOLDER/base, verify it, and remove what is older than the newest copies."""
    with _trouble():
        place, tools = _opened(folder, bindir)
        made, gone = make(place, Source(url), tools, keep=keep)
    click.echo(f"{made.path} is complete and verified. You can return to any moment from {_tokyo(made.at)} on.")
    for base in gone:
        click.echo(f"removed: {base.path.name}")
    click.echo(KEYS)


@commands.command("check")
@folder_argument
@url
@programs
def check_command(folder: Path, url: str, bindir: Path | None) -> None:
    """Try whether what is written now arrives in FOLDER/archive, and say how much could be lost. Exit status 1: something is wrong."""
    all_good = True
    with _trouble():
        place, tools = _opened(folder, bindir)
        for good, found in check(place, Source(url), tools):
            all_good = all_good and good
            click.echo(f"{'good ' if good else 'WRONG'}  {found}")
    click.echo(KEYS)
    if not all_good:
        sys.exit(1)


def read_moment(_context: click.Context, _option: click.Parameter, text: str | None) -> datetime | None:
    """An hour without its offset is Tokyo's."""
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as error:
        raise click.BadParameter("write it like 2026-11-26 12:40+09:00") from error
    return moment if moment.tzinfo else moment.replace(tzinfo=TOKYO)


@click.command("restore")
@folder_argument
@click.argument("target", type=click.Path(path_type=Path))
@click.option("--at", callback=read_moment, metavar="MOMENT", help="like 2026-11-26 12:40+09:00; without it the end of the log")
@click.option("--old-log", type=click.Path(path_type=Path, exists=True), help="pg_wal of the lost server, if its disk can still be read")
@click.option("--database", default="meguri", show_default=True)
@click.option("--superuser", default="postgres", show_default=True)
@programs
def restore_command(
    folder: Path, target: Path, at: datetime | None, old_log: Path | None, database: str, superuser: str, bindir: Path | None
) -> None:
    """Make TARGET, a new data directory, from the copies and the log in FOLDER, as the database was at a moment.

    The old data directory is neither read nor changed. TARGET is left stopped: nothing starts by itself.
    """
    with _trouble():
        place, tools = _opened(folder, bindir)
        done = restore(
            place,
            target.absolute(),
            tools,
            at=at,
            old_log=old_log and old_log.absolute(),
            database=database,
            superuser=superuser,
            say=lambda text: click.echo(text, err=True),
        )
    click.echo(f"{target} is the database of {_tokyo(at) if at else 'the end of the log'}, from the copy of {_tokyo(done.base.at)}.")
    if done.last_commit is not None:
        click.echo(f"The last thing in it was committed at {_tokyo(done.last_commit)}.")
    if at is None and done.archived_until is not None:
        click.echo(f"The newest part of the log was archived at {_tokyo(done.archived_until)}: what was committed after that is lost.")
    for district_id, size in done.logs:
        click.echo(f"district {district_id}: the newest signed checkpoint in it has {size} transactions")
    click.echo(NEXT.format(target=target))


def _tokyo(moment: datetime) -> str:
    return f"{moment.astimezone(TOKYO):%Y-%m-%d %H:%M:%S} in Tokyo"


NEXT = """
It is stopped. Keys were not touched. Now, in this order (docs/operations/backup.md):
1. stop the product and the old database, and point PostgreSQL's data_directory to {target}; start PostgreSQL
2. meguri ledger verify
3. meguri ledger compare FILE ...   with checkpoints that phones, tablets or papers hold: is anything missing?
4. start the product; payments work. The sealed log is signed again after `meguri ledger resume` (nothing is missing) or
   `meguri ledger epoch DISTRICT --after FILE` (something is)
5. meguri backup make: the old copies lead to the old history"""
