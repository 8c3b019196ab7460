"""Each night: what the coupons of these weeks brought, in the district and at the shops that they name. For the worker."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import numpy as np
from sqlalchemy import func, select
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import association.queries
from analytics import guard, snapshot
from analytics.models import InsightUplift
from analytics.reports import known_to
from analytics.reports.source import BEGINNING, DAY_S, TOKYO_S, Source
from analytics.rules.keeping import uplift_as_json
from analytics.rules.uplift import Uplift
from analytics.snapshot import CLASSES, Columns
from association.queries import CouponTerms
from base.clock import day_bounds, tokyo_day
from base.db import atomic

BEFORE, AFTER = 12, 26
"""Weeks that are looked at before a coupon and since, at most."""
WEEK = timedelta(days=7)
SETTLES = timedelta(days=28)
"""So long after a coupon's last day the estimate is made anew each night; then it stays."""
NAMED_SHOPS = 10
"""A coupon of more shops than these is looked at in the district alone."""
LOCK = 7_206
"""First key of the advisory lock under which a district's estimates are written."""
CONSUMER = CLASSES.index("consumer")


def estimate(session: Session, district_id: int, *, now: datetime) -> int:
    """The next coupon that was not looked at today: 1, or 0 when there is none. Again, or two at once, is harmless.

    Yesterday must be in the columns whole. Raises ColumnsOff, ColumnsMissing, ColumnsBroken.
    """
    today = tokyo_day(now)
    with atomic(session):
        if not session.scalar(select(func.pg_try_advisory_xact_lock(LOCK, district_id))):
            return 0
        source = Source(snapshot.of(session), district_id)
        columns = source.columns(BEGINNING, today)
        if columns.latest is None or known_to(session, columns, now) < day_bounds(today)[0]:
            return 0
        made = select(InsightUplift.coupon_id).where(InsightUplift.district_id == district_id, InsightUplift.made_on == today)
        done = set(session.scalars(made))
        coupons = association.queries.terms_since(session, district_id, today - SETTLES)
        coupon = next((each for each in coupons if each.id not in done and each.first_day < today), None)
        if coupon is None:
            return 0
        for row in _rows(source, columns, coupon, today):
            values = {"district_id": district_id, "coupon_id": coupon.id, "made_on": today, "made_at": now, **row}
            news = {name: values[name] for name in ("made_on", "made_at", "first_day", "last_day", "found")}
            session.execute(insert(InsightUplift).values(values).on_conflict_do_update(constraint="insight_uplift_once_a_place", set_=news))
        return 1


def _rows(source: Source, columns: Columns, coupon: CouponTerms, today: date) -> list[dict[str, Any]]:
    """The whole district first, then each shop that the coupon names."""
    known = (coupon.first_day - _first_day(columns, today)).days // 7
    weeks = min(max(known, 0), BEFORE)
    end = min(today, coupon.last_day + timedelta(days=1))
    after = min((end - coupon.first_day).days // 7, AFTER)
    since, until = coupon.first_day - weeks * WEEK, coupon.first_day + after * WEEK
    shops: list[int | None] = [None]
    if coupon.shop_ids is not None and len(coupon.shop_ids) <= NAMED_SHOPS:
        shops += sorted(coupon.shop_ids)
    found = []
    for shop in shops:
        answer = _effect(source, columns, coupon.id, since, weeks, after, shop)
        last = max(until - timedelta(days=1), since)
        found.append({"merchant_id": shop, "first_day": since, "last_day": last, "found": uplift_as_json(answer)})
    return found


def _effect(source: Source, columns: Columns, coupon_id: int, since: date, weeks: int, after: int, shop: int | None) -> Uplift:
    """Of people who had paid before it began; whoever claimed a piece took it."""
    length = weeks + after
    rows = source.rows(since, since + length * WEEK)
    came = np.zeros(columns.consumers, np.bool_)
    began = (since - date(1970, 1, 1)).days
    week = ((rows.at + TOKYO_S) // DAY_S - began) // 7
    came[rows.consumer[week < weeks]] = True
    if shop is not None:
        at_shop = rows.shop == columns.shop_code(shop)
        rows, week = rows.where(at_shop), week[at_shop]
    yen = np.zeros((columns.consumers, length), np.int64)
    np.add.at(yen, (rows.consumer, week), rows.yen)
    took = np.zeros(columns.consumers, np.bool_)
    took[_takers(columns, coupon_id)] = True
    return guard.publish_effect(yen[came], took[came], start=weeks)


def _takers(columns: Columns, coupon_id: int) -> Any:
    """Codes of those with an account of the coupon's pieces: it is opened by the first claim."""
    (code,) = np.flatnonzero(columns.series.series == coupon_id)[:1] if (columns.series.series == coupon_id).any() else (-1,)
    accounts = columns.accounts
    return accounts.owner[(accounts.series == code) & (accounts.owner_class == CONSUMER) & (accounts.is_piece == 1)]


def _first_day(columns: Columns, today: date) -> date:
    """Of the first payment."""
    firsts = [int(month.payments.at[0]) for month in columns.months if month.payments.at.size]
    return date(1970, 1, 1) + timedelta(days=(min(firsts) + TOKYO_S) // DAY_S) if firsts else today
