"""`meguri analytics …`: what operators run in a terminal. A verb that needs kernels loads them itself: their library is slow to load."""

from __future__ import annotations

import click
from sqlalchemy.orm import Session

import identity.queries
from analytics import snapshot
from identity.queries import District

commands = click.Group("analytics", help="What the payments say: the book as columns, the compiled part made ready.")

OFFLINE = frozenset({"warm"})
"""Verbs that need neither settings nor database."""


@commands.command("warm")
def warm_command() -> None:
    """Compile all kernels ahead, so that no page waits for the compiler. Run it after each update, as the user of the service."""
    from analytics.kernels.warm import warm

    folder = warm(lambda topic, seconds: click.echo(f"{topic}\t{seconds:.1f} s", err=True))
    click.echo(folder)


ANEW = {
    "asked": "written anew",
    "book_went_back": "written anew, since the book went back to an earlier state",
    "broken": "written anew, since what was there could not be read",
}


@commands.command("snapshot")
@click.option("--district", "slug", help="only the district with this short name")
@click.option("--rebuild", is_flag=True, help="from nothing, instead of what is new; the present columns are read until it is whole")
@click.pass_obj
def snapshot_command(session: Session, slug: str | None, rebuild: bool) -> None:
    """Bring the columns up to the end of the sealed log, as the worker does by itself. Needs MEGURI_COLUMNS_FOLDER."""
    columns = snapshot.of(session)
    for district in districts(session, slug):
        with click.progressbar(length=1, label=f"{district.slug:16}", show_pos=True) as bar:

            def show(done: int, of: int, bar: click._termui_impl.ProgressBar[int] = bar) -> None:
                bar.length = max(of, 1)
                bar.update(max(done, int(not of)) - bar.pos)

            done = columns.follow(session, district.id, rebuild=rebuild, report=show)
        anew = f", {ANEW[done.anew]}" if done.anew else ""
        click.echo(f"{district.slug}: {done.size} transactions, {done.added} added{anew}.")
        if done.reopened:
            click.echo(f"{district.slug}: something came to closed months, which were written again: {', '.join(done.reopened)}", err=True)


def districts(session: Session, slug: str | None) -> list[District]:
    """All, or the one with this short name. Raises DistrictUnknown."""
    found = identity.queries.districts(session) if slug is None else [identity.queries.district_by_slug(session, slug)]
    session.rollback()
    return found
