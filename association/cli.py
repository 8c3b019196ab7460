"""`meguri controls`: the daily controls of all districts for whoever runs the installation, and for what watches over it.

`meguri zengin`: the bank's file, checked by somebody who has nothing but the file.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import click
from babel.support import NullTranslations
from sqlalchemy.orm import Session

from association import queries, titles
from association.queries import Round, Standing
from association.rules.zengin import ZenginWrong, parse
from base.clock import TOKYO, system_clock
from identity.errors import DistrictUnknown
from identity.letters import counted, words
from identity.queries import District


@click.group("zengin")
def zengin() -> None:
    """The bank transfer file (全銀 総合振込). Needs no settings."""


@zengin.command("parse")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def zengin_parse(file: Path) -> None:
    """Read FILE back: its records, accounts, amounts, count and sum. Exit status 1: it does not hold."""
    try:
        read = parse(file.read_bytes())
    except ZenginWrong as wrong:
        at = f" in record {wrong.record}" if wrong.record else f" in transfer {wrong.transfer + 1}" if wrong.transfer is not None else ""
        click.echo(f"{file.name}: {wrong.code}{at}", err=True)
        sys.exit(1)
    click.echo(f"sender    {read.sender.code} {read.sender.name}")
    click.echo(f"date      {read.transfer_date[:2]}-{read.transfer_date[2:]}")
    for each in read.transfers:
        click.echo(f"{each.bank_code}-{each.branch_code} {each.account_type} {each.account_number} {each.amount:>13,} {each.name}")
    click.echo(f"count     {len(read.transfers)}")
    click.echo(f"total     {read.total}")
    click.echo(f"sha256    {read.sha256}")


@click.command("controls")
@click.option("--json", "as_json", is_flag=True, help="one JSON object for all, for programs")
@click.option("--district", "slug", help="only the district with this short name")
@click.pass_obj
def controls(session: Session, as_json: bool, slug: str | None) -> None:
    """Print what the worker's daily controls saw last, district by district, worst first.

    Exit status 1: something must be acted on, or nobody measures any more.
    """
    found = [each for each in queries.rounds(session, now=system_clock()) if slug in (None, each[0].slug)]
    if slug is not None and not found:
        raise DistrictUnknown
    if as_json:
        click.echo(json.dumps({"districts": [_as_json(district, seen) for district, seen in found]}, ensure_ascii=False))
    else:
        say = words("en")
        for district, seen in found:
            click.echo("\n".join(_lines(district, seen, say)))
    if any(seen.must_act for _district, seen in found):
        sys.exit(1)


def _as_json(district: District, seen: Round) -> dict[str, Any]:
    return {
        "district": district.slug,
        "measured_at": seen.measured_at and seen.measured_at.isoformat(),
        "stands_still": seen.stands_still,
        "controls": [
            {
                "name": each.control.name,
                "state": each.state,
                "figure": each.raw,
                "unit": each.control.unit,
                "since": each.since and each.since.isoformat(),
                "measured_at": each.measured_at and each.measured_at.isoformat(),
                "is_late": each.is_late,
                "owner": each.control.owner,
            }
            for each in seen.standings
        ],
    }


def _lines(district: District, seen: Round, say: NullTranslations) -> list[str]:
    when = f"{seen.measured_at.astimezone(TOKYO):%Y-%m-%d %H:%M:%S}" if seen.measured_at else "never"
    still = "  NOBODY MEASURES ANY MORE: does the worker run?" if seen.stands_still else ""
    return [f"{district.slug}  measured {when}{still}", *(line for each in seen.standings for line in _line(each, say))]


def _line(each: Standing, say: NullTranslations) -> list[str]:
    figure = "-" if each.figure is None else f"{each.figure:,} {counted(say, titles.CONTROL_UNITS[each.unit], each.figure)}"
    since = f"  since {each.since.astimezone(TOKYO):%Y-%m-%d %H:%M}" if each.since else ""
    line = f"  {each.state:8}{each.control.name:14}{figure:>20}{since}{'  (not measured lately)' if each.is_late else ''}"
    if each.state in ("ok", "unknown"):
        return [line]
    return [
        line,
        f"          {say.ugettext(each.control.title)}: {say.ugettext(each.control.says)}",
        f"          {each.control.owner}: {say.ugettext(each.control.advice)}",
    ]
