"""Each night: what the coupons and campaigns of points of these weeks brought, in the district and at shops that a coupon names. For the
worker."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, NamedTuple

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
from analytics.rules.uplift import PROOF_WEEKS, Uplift
from analytics.snapshot import CLASSES, Columns
from association.queries import CampaignTerms
from base.clock import day_bounds, tokyo_day
from base.db import atomic

BEFORE, AFTER = 12, 26
"""Weeks that are looked at before a coupon and since, at most."""
WEEK = timedelta(days=7)
SETTLES = timedelta(days=28)
"""So long after a coupon's last day the estimate is made anew each night; then it stays."""
NAMED_SHOPS = 10
"""A coupon of more shops than these is looked at in the district alone."""
THURSDAY = 3
"""The weekday of day 0, with Monday as 0."""
LOCK = 7_206
"""First key of the advisory lock under which a district's estimates are written."""
CONSUMER = CLASSES.index("consumer")


def estimate(session: Session, district_id: int, *, now: datetime) -> int:
    """The next coupon or campaign that was not looked at today: 1, or 0 when there is none. Again, or two at once, is harmless.

    Yesterday must be in the columns whole. Raises ColumnsOff, ColumnsMissing, ColumnsBroken.
    """
    today = tokyo_day(now)
    with atomic(session):
        if not session.scalar(select(func.pg_try_advisory_xact_lock(LOCK, district_id))):
            return 0
        if not has_yesterday(session, district_id, now=now):
            return 0
        source = Source(snapshot.of(session), district_id)
        columns = source.columns(BEGINNING, today)
        found = _next_coupon(session, source, columns, today) or _next_campaign(session, source, columns, today)
        if found is None:
            return 0
        for row in found:
            values = {"district_id": district_id, "made_on": today, "made_at": now, **row}
            news = {name: values[name] for name in ("made_on", "made_at", "first_day", "last_day", "found")}
            session.execute(insert(InsightUplift).values(values).on_conflict_do_update(constraint="insight_uplift_once_a_place", set_=news))
        return 1


def has_yesterday(session: Session, district_id: int, *, now: datetime) -> bool:
    """Whether the columns hold all that happened before today. Raises ColumnsOff, ColumnsMissing, ColumnsBroken."""
    start = day_bounds(tokyo_day(now))[0]
    columns = Source(snapshot.of(session), district_id).columns(tokyo_day(now), tokyo_day(now))
    return columns.latest is not None and known_to(session, columns, now) >= start


def _next_coupon(session: Session, source: Source, columns: Columns, today: date) -> list[dict[str, Any]] | None:
    """The estimates of the next coupon that was not looked at today: the whole district first, then each shop that it names."""
    offered = association.queries.offered_coupons(session, columns.district_id, since=today - SETTLES)
    coupons = [each.terms for each in offered]
    done = _done(session, columns.district_id, InsightUplift.coupon_id, today)
    coupon = next((each for each in coupons if each.id not in done and each.first_day < today), None)
    if coupon is None:
        return None
    span = _span(columns, coupon.first_day, coupon.last_day, today)
    shops: list[int | None] = [None]
    if coupon.shop_ids is not None and len(coupon.shop_ids) <= NAMED_SHOPS:
        shops += sorted(coupon.shop_ids)
    return [
        {"coupon_id": coupon.id, "campaign_id": None, **_row(span, _effect(source, columns, coupon.id, span, shop), shop)} for shop in shops
    ]


def _next_campaign(session: Session, source: Source, columns: Columns, today: date) -> list[dict[str, Any]] | None:
    """The estimate of the next campaign of points that was not looked at today, in the whole district. One that holds everywhere has nobody
    to be compared with."""
    begun = association.queries.begun_campaigns(session, columns.district_id, since=today - SETTLES)
    campaigns = [each for each in begun if not each.is_everywhere]
    done = _done(session, columns.district_id, InsightUplift.campaign_id, today)
    campaign = next((each for each in campaigns if each.id not in done and _days(each)[0] < today), None)
    if campaign is None:
        return None
    span = _span(columns, *_days(campaign), today)
    return [{"coupon_id": None, "campaign_id": campaign.id, **_row(span, _effect_of_campaign(source, columns, campaign, span), None)}]


def _days(campaign: CampaignTerms) -> tuple[date, date]:
    """From the first day on which it held to the last one, which is earlier where somebody ended it."""
    assert campaign.begins_at is not None, campaign
    last = campaign.last_day if campaign.ended_at is None else min(campaign.last_day, tokyo_day(campaign.ended_at))
    return max(campaign.first_day, tokyo_day(campaign.begins_at)), last


def _done(session: Session, district_id: int, of: Any, today: date) -> set[int]:
    return set(session.scalars(select(of).where(InsightUplift.district_id == district_id, InsightUplift.made_on == today, of.is_not(None))))


class Span(NamedTuple):
    """Which weeks are looked at: from the day `since` on so many `before` the start, and so many `after`."""

    since: date
    before: int
    after: int

    @property
    def weeks(self) -> int:
        return self.before + self.after


def _span(columns: Columns, first_day: date, last_day: date, today: date) -> Span:
    known = (first_day - _first_day(columns, today)).days // 7
    before = min(max(known, 0), BEFORE)
    end = min(today, last_day + timedelta(days=1))
    return Span(first_day - before * WEEK, before, max(min((end - first_day).days // 7, AFTER), 0))


def _row(span: Span, found: Uplift, shop: int | None) -> dict[str, Any]:
    last = max(span.since + span.weeks * WEEK - timedelta(days=1), span.since)
    return {"merchant_id": shop, "first_day": span.since, "last_day": last, "found": uplift_as_json(found)}


def _effect(source: Source, columns: Columns, coupon_id: int, span: Span, shop: int | None) -> Uplift:
    """Of people who had paid before it began; whoever claimed a piece took it."""
    rows, week = _payments(source, span)
    came = np.zeros(columns.consumers, np.bool_)
    came[rows.consumer[week < span.before]] = True
    if shop is not None:
        at_shop = rows.shop == columns.shop_code(shop)
        rows, week = rows.where(at_shop), week[at_shop]
    took = np.zeros(columns.consumers, np.bool_)
    took[_takers(columns, coupon_id)] = True
    return guard.publish_effect(_by_week(columns, rows, week, span)[came], took[came], start=span.before)


def _effect_of_campaign(source: Source, columns: Columns, campaign: CampaignTerms, span: Span) -> Uplift:
    """Of people who had paid in the weeks of matching; those whom it reaches are those who paid then, at least every other time, where and
    on a weekday when it was to hold. What they did once it had begun decides nothing: whoever earns a bonus has paid, so to count by
    bonuses would take the effect for its cause."""
    rows, week = _payments(source, span)
    early = week < max(span.before - PROOF_WEEKS, 0)
    weekday = ((rows.at + TOKYO_S) // DAY_S + THURSDAY) % 7
    holds = (campaign.weekdays >> weekday) & 1 == 1
    if campaign.shops is not None:
        codes = [code for code in map(columns.shop_code, campaign.shops) if code is not None]
        holds &= np.isin(rows.shop, codes)
    paid, reached = (np.bincount(rows.consumer[some], minlength=columns.consumers) for some in (early, early & holds))
    came = paid > 0
    return guard.publish_effect(_by_week(columns, rows, week, span)[came], (2 * reached >= paid)[came], start=span.before)


def _payments(source: Source, span: Span) -> tuple[Any, Any]:
    """Payments of these weeks, and the week of each, from 0."""
    rows = source.rows(span.since, span.since + span.weeks * WEEK)
    return rows, ((rows.at + TOKYO_S) // DAY_S - (span.since - date(1970, 1, 1)).days) // 7


def _by_week(columns: Columns, rows: Any, week: Any, span: Span) -> Any:
    """int64[persons, weeks]: yen that each has paid."""
    yen = np.zeros((columns.consumers, span.weeks), np.int64)
    np.add.at(yen, (rows.consumer, week), rows.yen)
    return yen


def _takers(columns: Columns, coupon_id: int) -> Any:
    """Codes of those with an account of the coupon's pieces: it is opened by the first claim."""
    (code,) = np.flatnonzero(columns.series.series == coupon_id)[:1] if (columns.series.series == coupon_id).any() else (-1,)
    accounts = columns.accounts
    return accounts.owner[(accounts.series == code) & (accounts.owner_class == CONSUMER) & (accounts.is_piece == 1)]


def _first_day(columns: Columns, today: date) -> date:
    """Of the first payment."""
    firsts = [int(month.payments.at[0]) for month in columns.months if month.payments.at.size]
    return date(1970, 1, 1) + timedelta(days=(min(firsts) + TOKYO_S) // DAY_S) if firsts else today
