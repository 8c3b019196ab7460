"""`meguri analytics …`: what operators run in a terminal. A verb that needs kernels loads them itself: their library is slow to load."""

from __future__ import annotations

import json
import shutil
import sys
import tempfile
from datetime import date, datetime
from functools import partial
from typing import IO

import click
from sqlalchemy.orm import Session

import identity.queries
import merchant.queries
from analytics import queries, reports, snapshot
from analytics.errors import PeriodWrong
from analytics.queries.nightly import NIGHTLY
from analytics.schemas import as_json, as_table
from analytics.views.month import frame, keep_month
from analytics.views.printing import answer_paper
from base.clock import system_clock
from identity.letters import words
from identity.queries import District
from web.i18n import without_request
from web.tables import write_csv, write_xlsx

commands = click.Group("analytics", help="What the payments say: the book as columns, the compiled part made ready.")

OFFLINE = frozenset({"reports", "warm", "bgnbd", "gammagamma"})
"""Verbs that need neither settings nor database."""


@commands.command("warm")
def warm_command() -> None:
    """Compile all kernels ahead, so that no page waits for the compiler. Run it after each update, as the user of the service."""
    from analytics.kernels.warm import warm

    folder = warm(lambda topic, seconds: click.echo(f"{topic}\t{seconds:.1f} s", err=True))
    click.echo(folder)


@commands.command("bgnbd")
@click.argument("source", metavar="[FILE]", type=click.File(encoding="utf-8"), default="-")
def bgnbd_command(source: IO[str]) -> None:
    """Fit BG/NBD to customers in FILE or standard input: JSON rows with frequency, recency and T, in one unit of time."""
    from analytics.summaries import STAGES, fit_bgnbd

    with click.progressbar(length=STAGES, label="bgnbd", file=sys.stderr) as bar:
        fitted = fit_bgnbd(source.read(), heard=lambda: bar.update(1))
    click.echo(json.dumps(fitted, indent=1))


@commands.command("gammagamma")
@click.argument("source", metavar="[FILE]", type=click.File(encoding="utf-8"), default="-")
def gammagamma_command(source: IO[str]) -> None:
    """Fit Gamma-Gamma to customers in FILE or standard input: JSON rows with frequency and monetary_value (mean of a payment)."""
    from analytics.summaries import STAGES, fit_gammagamma

    with click.progressbar(length=STAGES, label="gammagamma", file=sys.stderr) as bar:
        fitted = fit_gammagamma(source.read(), heard=lambda: bar.update(1))
    click.echo(json.dumps(fitted, indent=1))


@commands.command("run")
@click.argument("name", metavar="REPORT")
@click.option("--district", "slug", required=True, help="short name of the district")
@click.option("--shop", "number", help="six digits of a shop: its own view")
@click.option("--from", "first", type=click.DateTime(["%Y-%m-%d"]), help="first day of the first month")
@click.option("--to", "last", type=click.DateTime(["%Y-%m-%d"]), help="last day of the last month; without it the newest that is over")
@click.option("--format", "form", type=click.Choice(["json", "csv", "xlsx", "pdf"]), default="json", show_default=True)
@click.option("--lang", type=click.Choice(["ja", "en"]), default="ja", show_default=True)
@click.option("--out", type=click.File("wb", lazy=True), default="-", help="file to write; without it standard output")
@click.pass_obj
def run_command(
    session: Session,
    name: str,
    slug: str,
    number: str | None,
    first: datetime | None,
    last: datetime | None,
    form: str,
    lang: str,
    out: IO[bytes],
) -> None:
    """Answer REPORT over whole months, guarded as on its page; forecast, foretold and effects as the last night made them.

    `meguri analytics reports` lists the names. Needs MEGURI_COLUMNS_FOLDER.
    """
    district = identity.queries.district_by_slug(session, slug)
    shop = None if number is None else merchant.queries.shop_by_number(session, district.id, number).id
    if name in NIGHTLY:
        if first or last:
            raise PeriodWrong(months=0)
        found = NIGHTLY[name][0](session, district.id, shop, now=system_clock())
    else:
        found = _run(session, district, shop, name, (first and first.date(), last and last.date()))
    say = words(lang).ugettext
    if form == "json":
        out.write(json.dumps(as_json(found, say), ensure_ascii=False, indent=1).encode() + b"\n")
        return
    if form == "pdf":
        with without_request(lang):
            out.write(answer_paper(found, frame(district, system_clock())))
        return
    with tempfile.TemporaryFile() as file:  # a workbook is not written from its beginning to its end
        {"csv": write_csv, "xlsx": write_xlsx}[form](file, *as_table(found.answer, say))
        file.seek(0)
        shutil.copyfileobj(file, out)
    click.echo(found.answer.sentence.said(say), err=True)


def _run(session: Session, district: District, shop: int | None, name: str, days: tuple[date | None, date | None]) -> queries.Asked:
    """One report over whole months, with a bar while they are read."""
    report = reports.report(name)
    period = reports.period(report, *days, system_clock())
    with click.progressbar(length=1, label=name, show_pos=True, file=sys.stderr) as bar:

        def hear(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        there = queries.beside(session, district.id, name, period.since, period.until, shop)
        where = queries.homes(session, district.id, period.since, shop) if name == "catchment" else None
        asked = partial(reports.run, session, district.id, report, period, now=system_clock(), heard=hear)
        answer = asked(merchant_id=shop, measured=there, homes=where)
        bar.update((bar.length or 1) - bar.pos)
    return queries.asked(report, period, answer)


@commands.command("month")
@click.option("--district", "slug", required=True, help="short name of the district")
@click.option("--month", type=click.DateTime(["%Y-%m"]), required=True, help="a month that is over")
@click.pass_obj
def month_command(session: Session, slug: str, month: datetime) -> None:
    """Make and keep 今月の報告書 of a month, as the worker does for the newest one. Made again it is the same file, or refused."""
    district = identity.queries.district_by_slug(session, slug)
    kept = keep_month(session, district, month.date(), now=system_clock())
    click.echo(f"{kept.month:%Y-%m}: sha256 {kept.digest}, made {kept.made_at:%Y-%m-%d %H:%M} UTC.")


@commands.command("reports")
def reports_command() -> None:
    """List the reports: name, whose they are, over how many months, and the question."""
    say = words("en").ugettext
    for each in reports.EVERY.values():
        months = f"{each.months} months" if each.months else "today"
        click.echo(f"{each.name:13}{'/'.join(sorted(each.scopes)):15}{months:10}{say(each.question)}")
    for _, listed in NIGHTLY.values():
        click.echo(f"{listed.name:13}{'district/shop':15}{'last night':11}{say(listed.question)}")


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


@commands.command("ahead")
@click.option("--district", "slug", help="only the district with this short name")
@click.pass_obj
def ahead_command(session: Session, slug: str | None) -> None:
    """Make what reports keep of closed months, as the worker does by itself; with MEGURI_ANALYTICS_SCHEDULER by Dask's workers."""
    from analytics.reports.ahead import ahead

    with click.progressbar(length=1, label="ahead", show_pos=True, file=sys.stderr) as bar:

        def hear(done: int, of: int) -> None:
            bar.length = of
            bar.update(done - bar.pos)

        numbers = [district.id for district in districts(session, slug)]
        made = ahead(snapshot.of(session), numbers, scheduler=session.info["analytics_scheduler"], heard=hear)
    click.echo(f"{made} made.")


def districts(session: Session, slug: str | None) -> list[District]:
    """All, or the one with this short name. Raises DistrictUnknown."""
    found = identity.queries.districts(session) if slug is None else [identity.queries.district_by_slug(session, slug)]
    session.rollback()
    return found
