"""今月の報告書: made by itself when a month is over, kept as it was, and never another one for the same month."""

from __future__ import annotations

import hashlib
from datetime import date, timedelta
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select, text
from sqlalchemy.exc import DBAPIError

import identity.queries
import worker.columns
from analytics import commands, queries, snapshot
from analytics.errors import PaperDiffers
from analytics.models import InsightForecast, InsightMonthEnd
from analytics.rules.uplift import SHORT
from analytics.views import month as month_papers
from base.db import atomic
from tests.analytics.test_pages import columns, desk
from tests.association.test_pages import Seat
from tests.town import Town

__all__ = ["columns", "desk"]


def test_the_months_report_is_made_once_kept_and_listed(app: Flask, desk: Seat, district: Town, columns: Path) -> None:
    """Twelve people paid; two days into the next month, once the columns hold all of yesterday, the worker makes the report, and estimates
    for it what no night has; made again it is the same file, whatever a later night expects or estimates; nobody changes it."""
    shop = district.shop("外湯")
    district.coupon(last_day=district.today + timedelta(days=60))
    for _ in range(12):
        district.consumer(coins=1_000).pays(shop, 500)
    district.seals()
    first = district.today.replace(day=1)
    district.month_passes()
    district.clock.advance(days=3)
    session = district.session
    snapshot.of(session).follow(session, district.district_id)
    (own,) = [each for each in identity.queries.districts(session) if each.id == district.district_id]
    district.consumer(coins=1_000).pays(shop, 500)
    district.seals()
    district.clock.advance(days=1)
    assert month_papers.keep_newest(session, own, now=district.now) is None, "yesterday is not in the columns yet"
    snapshot.of(session).follow(session, district.district_id)
    worker.columns._keep_paper(own, session, district.now)
    (end,) = session.scalars(select(InsightMonthEnd).where(InsightMonthEnd.district_id == own.id))
    assert [each["found"]["verdict"] for each in end.effects] == [SHORT], "estimated, though there was no night"
    (kept,) = queries.kept_papers(session, district.signs_in(district.person("監査", "auditor")))
    assert kept.month == first
    assert month_papers.keep_newest(session, own, now=district.now) is None
    with atomic(session):
        session.add(another_night(district, month_papers.reports.following(first)))
    assert month_papers.keep_month(session, own, first, now=district.now + timedelta(hours=5)) == kept
    with pytest.raises(PaperDiffers):
        commands.keep_paper(session, own.id, first, b"%PDF another", now=district.now)
    for rewrite in ("UPDATE insight_paper SET made_at = now()", "DELETE FROM insight_paper", "DELETE FROM insight_month_end"):
        with pytest.raises(DBAPIError):
            session.execute(text(rewrite))
        session.rollback()
    seat = desk(district.another_clerk("issuer"))
    page = seat.sees("/desk/insight").text
    assert kept.digest[:16] in page and f"/desk/insight/kept/{first:%Y-%m}.pdf" in page
    file = seat.sees(f"/desk/insight/kept/{first:%Y-%m}.pdf")
    assert file.mimetype == "application/pdf" and hashlib.sha256(file.data).hexdigest() == kept.digest
    for unknown in ("1999-01", "nonsense"):
        refused = seat.sees(f"/desk/insight/kept/{unknown}.pdf")
        assert refused.status_code == 404 and "保管されていません" in refused.text


def another_night(district: Town, day: date) -> InsightForecast:
    """One that can tell what the month's end could not."""
    ahead = {"way": "naive", "shut": [False] * 28, "mase": {}, "tried": 0, **dict.fromkeys(("expected", "low", "high"), [70_000] * 28)}
    hint = {"text": "%(day)sがにぎわいます。", "facts": {"day": f"{day}"}, "reason": ""}
    said = {"yen": ahead, "people": ahead, "hints": [hint], "past": [], "came": [], "unusual": []}
    return InsightForecast(district_id=district.district_id, made_on=day, made_at=district.now, **said)


def test_a_month_in_which_nobody_paid_leaves_no_paper(district: Town, columns: Path) -> None:
    district.consumer(coins=1_000).pays(district.shop(), 500)
    district.seals()
    for _ in range(2):
        district.month_passes()
    district.clock.advance(days=3)
    session = district.session
    snapshot.of(session).follow(session, district.district_id)
    (own,) = [each for each in identity.queries.districts(session) if each.id == district.district_id]
    assert month_papers.keep_newest(session, own, now=district.now) is None
