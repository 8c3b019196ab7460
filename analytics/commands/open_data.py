"""オープンデータ: an administrator switches it on, and from then on each month that is over is published by itself, once."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from analytics import reports, snapshot
from analytics.models import OpenDataFile, OpenDataSwitch
from analytics.open_data.files import digest, write
from analytics.open_data.tables import tables
from analytics.queries.open_data import is_on
from analytics.reports.source import BEGINNING, Asked, Source, before, following
from base.clock import day_bounds, tokyo_day
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal

MONTHS_BACK = 12
"""So many months that are over when it is switched on are published too."""


def switch_open_data(session: Session, who: Principal, *, is_on: bool, now: datetime) -> None:
    """From now on, or no more. What was published stays: others have it. Again is harmless. Raises Forbidden."""
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "analytics.switch_open_data", subject=f"open-data:{'on' if is_on else 'off'}")
        session.add(OpenDataSwitch(district_id=who.district_id, is_on=is_on, by_person=who.person_id, made_at=now))


def publish_open_data(session: Session, district_id: int, *, now: datetime) -> date | None:
    """Publish the oldest month that is not yet, if there is one; gives it. Twice at once is once: the second one waits and finds it there.

    Raises ColumnsOff, ColumnsMissing, ColumnsBroken.
    """
    with atomic(session):
        if not is_on(session, district_id):
            return None
        source = Source(snapshot.of(session), district_id)
        month = _next_month(session, source, district_id, now)
        if month is None:
            return None
        columns = source.columns(month, following(month))
        trades = {row.code: row.trade_before(following(month)) for row in columns.shop_rows}
        asked = Asked(month, following(month), now, None, {}, trades, held_with=reports.held_with(session, columns))
        for table in tables(source, asked):
            content = write(table)
            session.add(
                OpenDataFile(
                    district_id=district_id,
                    month=month,
                    name=table.name,
                    content=content,
                    digest=digest(content),
                    withheld=table.withheld,
                    made_at=now,
                )
            )
        session.flush()
        return month


def _next_month(session: Session, source: Source, district_id: int, now: datetime) -> date | None:
    running = tokyo_day(now).replace(day=1)
    columns = source.columns(BEGINNING, running)
    if not columns.months:
        return None
    known = reports.known_to(session, columns, now)
    held = select(OpenDataFile.month).where(OpenDataFile.district_id == district_id).distinct()
    published = set(session.scalars(held))
    month = max(before(running, MONTHS_BACK), columns.months[0].first)
    while month < running and month in published:
        month = following(month)
    is_over = month < running and day_bounds(following(month))[0] + reports.AFTER_END <= known
    return month if is_over else None
