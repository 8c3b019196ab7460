"""From where customers came in a month: counted once, soon after it is over, and kept as it was told."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy.orm import Session

import identity.queries
import ledger.queries
from analytics import guard, reports, snapshot
from analytics.models import InsightCatchment
from analytics.reports import catchment
from analytics.reports.source import Source, before, following
from base.clock import day_bounds, tokyo_day
from base.db import atomic


def count_catchment(session: Session, district_id: int, *, now: datetime) -> date | None:
    """Count the month that is just over, if it is not yet and somebody told where they live; gives it.

    What people told is opened here, counted, and kept nowhere. For the worker. Raises ColumnsOff, ColumnsMissing, ColumnsBroken.
    """
    month = before(tokyo_day(now).replace(day=1))
    with atomic(session):
        if session.get(InsightCatchment, (district_id, month)) is not None:
            return None
        source = Source(snapshot.of(session), district_id)
        columns = source.columns(month, following(month))
        if not columns.months or day_bounds(following(month))[0] + reports.AFTER_END > reports.known_to(session, columns, now):
            return None
        accounts = columns.accounts_of_consumers(catchment.people_of(source, month))
        people = ledger.queries.owners_of(session, district_id, list(accounts.values()))
        told = identity.queries.areas_of(session, district_id, people.values())
        area_of = {code: told.get(people[account], "") for code, account in accounts.items()}
        if not any(area_of.values()):
            return None
        grid = catchment.count(source, month, area_of, reports.held_with(session, columns))
        shops = {row.code: int(row.shop) for row in columns.shop_rows}
        kept = {name: array.tolist() for name, array in guard.packed(grid).items()}
        kept |= {"shops": [shops[int(str(code))] for code in grid.by_row.labels], "areas": list(grid.by_col.labels)}
        session.add(InsightCatchment(district_id=district_id, month=month, told=kept, made_at=now))
        session.flush()
        return month
