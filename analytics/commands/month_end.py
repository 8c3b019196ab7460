"""What stood when a month was over, kept once: the paper of that month prints it, however often later nights reckon anew."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import association.queries
from analytics.commands.effects import estimate
from analytics.commands.forecasts import outlook_at
from analytics.models import InsightForecast, InsightMonthEnd, InsightUplift
from analytics.queries.foresight import said_of
from analytics.reports import following
from base.db import atomic


def keep_month_end(session: Session, district_id: int, month: date, *, now: datetime) -> None:
    """Of the month that begins on that day; where it is kept already it stays. For the worker and the terminal.

    Where no night has estimated yet what a coupon or campaign brought, that is done first: else a paper that is made before its first
    night, after a standstill or of a town that has just begun, would say for ever that it cannot be told.

    Raises ColumnsOff, ColumnsMissing, ColumnsBroken.
    """
    if session.get(InsightMonthEnd, (district_id, month)) is not None:
        return
    while estimate(session, district_id, now=now):
        pass
    with atomic(session):
        row = {
            "district_id": district_id,
            "month": month,
            "made_at": now,
            "forecast": _forecast(session, district_id, following(month)),
            "effects": _effects(session, district_id, month),
        }
        session.execute(insert(InsightMonthEnd).values(row).on_conflict_do_nothing())


def _forecast(session: Session, district_id: int, day: date) -> dict[str, Any]:
    """What the night of `day` said; where the worker stood still that night, what the columns before that day let it say."""
    night = session.scalar(said_of(district_id, None).where(InsightForecast.made_on == day))
    if night is None:
        return outlook_at(session, district_id, day)
    return {"yen": night.yen, "people": night.people, "hints": night.hints}


def _effects(session: Session, district_id: int, month: date) -> list[dict[str, Any]]:
    """Of what held on a day of the month, the oldest first."""
    last = following(month) - timedelta(days=1)
    rows = session.scalars(select(InsightUplift).where(InsightUplift.district_id == district_id, InsightUplift.merchant_id.is_(None)))
    found = {(row.coupon_id, row.campaign_id): row.found for row in rows}
    coupons = (each.terms for each in association.queries.offered_coupons(session, district_id, since=month))
    campaigns = association.queries.begun_campaigns(session, district_id, since=month)
    held: list[tuple[str, str, date, tuple[int | None, int | None]]]
    held = [("coupon", each.name, each.first_day, (each.id, None)) for each in coupons]
    held += [("campaign", each.name, each.first_day, (None, each.id)) for each in campaigns]
    return [
        {"of": of, "name": name, "found": found.get(key)}
        for of, name, first_day, key in sorted(held, key=lambda each: each[2])
        if first_day <= last
    ]
