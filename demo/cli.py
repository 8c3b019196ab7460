"""`meguri demo …`: opens and fills the invented town. Runs as the database role meguri_demo, which may set posting times."""

from __future__ import annotations

from datetime import datetime

import click
from sqlalchemy.orm import Session

from base.clock import system_clock, tokyo_day
from demo import fill as filling
from demo.agents import sell_today
from demo.desk_life import live_on
from demo.doings import go_on, report_base_date
from demo.group_life import group_lives
from demo.measuring import measure
from demo.offers import hold
from demo.opening import find_town, open_town
from demo.registers import furnish, sell_past
from demo.settling import settle_past

commands = click.Group("demo", help="The invented town of the try-out: fill it, and see how far it is.")


def _say(line: str) -> None:
    click.echo(f"· town: {line}")


@commands.command("fill")
@click.pass_obj
def fill_command(session: Session) -> None:
    """Open the town if it is not there, then book its year, day by day. Stopped at any moment, it goes on the next time."""
    now: datetime = system_clock()
    fresh = find_town(session) is None
    town = open_town(session, lambda _line: None, now=now)
    furnish(session, town.district_id, now=now)
    filling.remember(session, town, now=now)
    sell_today(session, town.district_id, town.series_on(tokyo_day(now)), now=now)
    if fresh:
        _say("open; it can be used while its year is booked")
    go_on(session, town, now=now)
    hold(session, town, now=now)
    far = filling.fill(session, town, _say, now=now)
    settle_past(session, town, _say, now=now)
    if far.is_whole:
        measure(session, town, now=now)
        live_on(session, town, _say, now=now)
        sell_past(session, town.district_id, town.first_day, _say, now=now)
        group_lives(session, town, _say, now=now)
    _say(f"{far.booked} of {far.days} days booked")
    if far.is_whole:
        report_base_date(session, town, now=now)


@commands.command("status")
@click.pass_obj
def status_command(session: Session) -> None:
    """How many days of the town's life are in the book."""
    town = find_town(session)
    if town is None:
        _say("not opened yet")
        return
    far = filling.standing(session, town, now=system_clock())
    _say(f"{far.booked} of {far.days} days booked ({far.percent} %), from {far.first_day}")
