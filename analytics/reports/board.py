"""How many came today, for a screen in the street: of the district and of each street with three shopkeepers, in tens, at full hours."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from sqlalchemy.orm import Session

from analytics import guard, reports, snapshot
from analytics.reports.pulse import LATE
from analytics.reports.source import Rows, Source, owner_of
from base.clock import day_bounds, tokyo_day, tokyo_minute


@dataclass(frozen=True, slots=True)
class Street:
    """`people`: in full tens; such of which nothing may be told are left out."""

    name: str
    people: int


def today(session: Session, district_id: int, street_of: Mapping[int, str], *, now: datetime) -> tuple[int, int | None, list[Street]]:
    """`people_today` of a district as far as all is in the columns. `street_of`: by a shop's number in the book.

    Raises ColumnsOff, ColumnsMissing, ColumnsBroken.
    """
    source = Source(snapshot.of(session), district_id)
    day = tokyo_day(now)
    columns = source.columns(day, day + timedelta(days=1))
    streets = {row.code: street_of[row.shop] for row in columns.shop_rows if row.shop in street_of}
    return people_today(source, reports.known_to(session, columns, now), streets, reports.held_with(session, columns))


def people_today(
    source: Source, now: datetime, street_of: Mapping[int, str], held_with: Mapping[int, int]
) -> tuple[int, int | None, list[Street]]:
    """The full hour up to which it is told, everybody (None: not told), and streets, the busiest first. `street_of`: by code of a shop;
    `held_with`: as in `Asked`.

    A running count moves only where those who came since may themselves be told (`guard.publish_steps`), so nobody is seen to arrive;
    and only for three owners or more, since shopkeepers pass by as well.
    """
    moment = now - LATE
    hours = tokyo_minute(moment) // 60
    rows = _so_far(source, moment, hours)
    everybody = _count(rows, hours, held_with)
    found = []
    for street in sorted(set(street_of.values())):
        codes = [code for code, name in street_of.items() if name == street]
        people = _count(rows.where(np.isin(rows.shop, codes)), hours, held_with)
        if people is not None:
            found.append(Street(street, people))
    return hours, everybody, sorted(found, key=lambda each: (-each.people, each.name))


def _so_far(source: Source, moment: datetime, hours: int) -> Rows:
    day = tokyo_day(moment)
    start, end = (int(bound.timestamp()) for bound in day_bounds(day))
    parts = [month.payments for month in source.columns(day, day + timedelta(days=1)).months]
    columns = [np.concatenate([getattr(part, name) for part in parts] or [np.zeros(0, np.int64)]) for name in Rows._fields]
    rows = Rows(*columns)
    return rows.where((rows.at >= start) & (rows.at < min(end, start + hours * 3_600)))


def _count(rows: Rows, hours: int, held_with: Mapping[int, int]) -> int | None:
    owner = owner_of(rows.shop, held_with)
    total = guard.publish_steps(guard.Raw(range(hours), rows.hour, rows.consumer), owner=owner).total
    return None if total is None else total.persons
