"""Each night: what every shop, and the district as a whole, may expect of the next 28 days. For the worker."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

import jpholiday
import numpy as np
from sqlalchemy import delete, func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

from analytics import snapshot
from analytics.commands.segments import sort_customers
from analytics.commands.watching import watch
from analytics.guard import Published
from analytics.models import InsightForecast
from analytics.queries.measured import weather_extras
from analytics.queries.notes import Note, closed, extras, known_days
from analytics.reports import held_with as shops_held_with
from analytics.reports import known_to
from analytics.reports.daily import FEWEST_SHOPS, Days, days_for_owners, days_of_shops, days_told, shops_taking_part, worth_of_days
from analytics.reports.source import BEGINNING, Asked, Kept, Rows, Source, before
from analytics.rules.anomalies import unusual_days
from analytics.rules.calendar import Bool, Calendar, Extra, Float, calendar, joined
from analytics.rules.forecast import HORIZON, WEEK, forecast, shut_days, within
from analytics.rules.hints import hints, usual
from analytics.rules.keeping import finding_as_json, forecast_as_json, hint_as_json
from analytics.snapshot import Columns, ShopRow
from base.clock import day_bounds, tokyo_day
from base.db import atomic
from identity.retention import FORECASTS

MONTHS = 24
"""of the past that are learned from: two of each season"""
PIECE = 20
"""Shops in one database transaction: a worker that is stopped goes on with the next piece."""
BUDGET_S = 0.5
"""Seconds that one forecast may take before it tries fewer moments of the past."""
LOCK = 7_205
"""First key of the advisory lock under which a district's forecasts are written."""
Sky = Mapping[str, Extra]
_DAYS: Kept[Days] = Kept(1)
_CALENDARS: Kept[Calendar] = Kept(1)


def foresee(session: Session, district_id: int, *, now: datetime) -> int:
    """The next piece of what is not foretold today; how many forecasts were made, 0 when there is nothing more to do.

    Yesterday must be in the columns whole: until then there is nothing to do. Again, or two at once, is harmless. Raises ColumnsOff,
    ColumnsBroken.
    """
    today = tokyo_day(now)
    first = before(today, MONTHS)
    with atomic(session):
        if not session.scalar(select(func.pg_try_advisory_xact_lock(LOCK, district_id))):
            return 0
        source = Source(snapshot.of(session), district_id)
        columns = source.columns(first, today)
        if columns.latest is None or known_to(session, columns, now) < day_bounds(today)[0]:
            return 0
        made = _made(session, district_id, today)
        if None in made:
            return 0
        days, notes, sky = _ground(session, source, columns, today)
        waiting = [row for row in columns.shop_rows if row.shop not in made and days.visitors[-HORIZON:, row.code].any()]
        newest = source.rows(today - timedelta(days=HORIZON), today)
        rows = [_of_shop(days, notes, sky, row, newest) for row in waiting[:PIECE]]
        if len(waiting) <= PIECE:
            rows.append(_of_district(source, days, notes, sky, today, shops_held_with(session, columns)))
            whole = source.columns(BEGINNING, today)
            watch(session, source, whole, today, now=now)
            sort_customers(session, source, whole, today, now=now)
        stamped = [{"district_id": district_id, "made_on": today, "made_at": now, **row} for row in rows]
        session.execute(insert(InsightForecast).on_conflict_do_nothing(), stamped)
        return len(rows)


def outlook_at(session: Session, district_id: int, day: date) -> dict[str, Any]:
    """`yen`, `people` and `hints` of the district as the night of `day` says them, from the columns before that day. For the month's paper,
    where that night made none. Raises ColumnsOff, ColumnsMissing, ColumnsBroken.
    """
    source = Source(snapshot.of(session), district_id)
    columns = source.columns(before(day, MONTHS), day)
    days, notes, sky = _ground(session, source, columns, day)
    found = _of_district(source, days, notes, sky, day, shops_held_with(session, columns))
    return {part: found[part] for part in ("yen", "people", "hints")}


def _ground(session: Session, source: Source, columns: Columns, today: date) -> tuple[Days, list[Note], Sky]:
    """What a forecast of the 28 days from `today` learns from: the days before, what was noted and announced, and the weather."""
    first, district_id = before(today, MONTHS), columns.district_id
    days = _DAYS.get((district_id, first, today, source.state(today)), lambda: days_of_shops(source, first, today, columns.shops))
    notes = known_days(session, district_id, first, today + timedelta(days=HORIZON))
    return days, notes, weather_extras(session, district_id, first, len(days.yen) + HORIZON, today)


def sweep_forecasts(session: Session, *, now: datetime) -> None:
    """Forecasts of more than a year ago go."""
    with atomic(session):
        session.execute(delete(InsightForecast).where(InsightForecast.made_at < now - FORECASTS))


def _made(session: Session, district_id: int, today: date) -> set[int | None]:
    query = select(InsightForecast.merchant_id).where(InsightForecast.district_id == district_id, InsightForecast.made_on == today)
    return set(session.scalars(query))


def _of_shop(days: Days, notes: list[Note], sky: Sky, shop: ShopRow, newest: Rows) -> dict[str, Any]:
    """`newest`: visits of the last four weeks. A strange day is told where the guard tells the day."""
    yen, visitors, merchant_id = days.yen[:, shop.code], days.visitors[:, shop.code], shop.shop
    found = _ahead(days.first, yen, visitors, notes, sky, merchant_id)
    shut = shut_days(visitors) | closed(notes, merchant_id, days.first, yen.size)
    told = days_told(newest.where(newest.shop == shop.code), days.first, yen.size)
    strange = [each for each in unusual_days(yen, shut, newest=WEEK) if told[each.place] is not None]
    past = [None if rests else round(float(each)) for each, rests in zip(yen[-HORIZON:], shut[-HORIZON:], strict=True)]
    came = _people(told)
    return {
        "merchant_id": merchant_id,
        **found,
        "past": past,
        "came": came,
        "unusual": [finding_as_json(each, days.first) for each in strange],
    }


def _of_district(source: Source, days: Days, notes: list[Note], sky: Sky, today: date, held_with: Mapping[int, int]) -> dict[str, Any]:
    """Made of nothing but what the guard tells of each day; of too few shops nothing at all."""
    seen = source.rows(days.first, today)
    told = days_for_owners(days_told(seen, days.first, days.yen.shape[0]), seen, days.first, held_with)
    is_enough = shops_taking_part(days, HORIZON) >= FEWEST_SHOPS
    over = (today - timedelta(days=1)).replace(day=1)  # a month is told from a day after its end
    asked = Asked(days.first, over, day_bounds(today)[0], None, {}, {}, is_outside=True, held_with=held_with)
    people = is_enough * np.array([0 if figure is None else figure.persons for _, figure in told], np.float64)
    yen = is_enough * worth_of_days(source, told, asked)
    came = _people(told) if is_enough else []
    return {"merchant_id": None, **_ahead(days.first, yen, people, notes, sky, None), "past": [], "came": came, "unusual": []}


def _people(told: Published) -> list[int | None]:
    """Of the last four weeks, in full tens; None where the guard tells nothing."""
    figures = [told[place] for place in told.labels[-HORIZON:]]
    return [None if figure is None else figure.persons for figure in figures]


def _ahead(first: date, yen: Float, visitors: Float, notes: list[Note], sky: Sky, merchant_id: int | None) -> dict[str, Any]:
    many = yen.size
    known, is_closed = _known(first, many, notes, sky, merchant_id)
    shut = shut_days(visitors) | is_closed[:many]
    of_yen, of_people = (forecast(each, shut, known, tired=within(BUDGET_S, time.monotonic)) for each in (yen, visitors))
    ahead = is_closed[many:]
    open_week = of_people._replace(shut=of_people.shut | ahead)
    said = hints(first + timedelta(days=many), of_yen, open_week, usual(visitors, shut), known.names)
    return {
        "yen": forecast_as_json(of_yen, closed=ahead.tolist()),
        "people": forecast_as_json(of_people, closed=ahead.tolist()),
        "hints": [hint_as_json(each) for each in said],
    }


def _known(first: date, many: int, notes: list[Note], sky: Sky, merchant_id: int | None) -> tuple[Calendar, Bool]:
    """What is known of the past days and of the 28 to come, and on which of them it is announced that nobody opens."""
    days = many + HORIZON
    plain = _CALENDARS.get((first, days), lambda: calendar(first, days, jpholiday.is_holiday))
    return joined(plain, {**extras(notes, merchant_id, first, days), **sky}), closed(notes, merchant_id, first, days)
