"""Two shops of the try-out have a full register: articles at once, days of receipts that add up, and all of it once."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

import merchant.queries
from base.clock import tokyo_day
from demo.registers import REGISTERS, TILL, furnish, sell_past
from demo.shops import REGISTERED
from tests.demo.conftest import OPENED, Place

pytestmark = pytest.mark.slow


def test_two_shops_have_a_register_and_days_that_are_closed(place: Place) -> None:
    """About thirty articles each, a 登録番号 on each receipt, each open day closed by a report, a year ago and now; again nothing."""
    with place.session() as session:
        district_id, today = place.town.district_id, tokyo_day(OPENED)
        for later in (timedelta(), timedelta(hours=1)):
            furnish(session, district_id, now=OPENED + later)
            first, now = place.town.first_day, OPENED + later
            sell_past(session, district_id, first, lambda _line: None, now=now, lately=4, long_ago=2)
        shops = {one.name: one for one in merchant.queries.shops(session, district_id)}
        for name, register in REGISTERS.items():
            shop = shops[name]
            assert 25 <= len(merchant.queries.articles(session, district_id, shop.id)) == len(register.articles) <= 35
            till = next(one for one in merchant.queries.tills(session, district_id, shop.id) if one.name == TILL)
            reports = merchant.queries.day_reports(session, district_id, shop.id)
            assert 4 <= len(reports) <= 6  # one of them is closed on Thursdays
            assert merchant.queries.drawer_now(session, district_id, till.id).receipts == ()
            receipts = merchant.queries.receipts_of_day(session, district_id, shop.id, tokyo_day(reports[0].made_at))
            assert receipts
            for each in receipts:
                assert each.is_whole
                assert each.content["shop"]["registration"] == REGISTERED[name]
        sums = session.execute(text("SELECT min(made_at), max(made_at) FROM till_receipt WHERE district_id = :d"), {"d": district_id}).one()
        assert tokyo_day(sums[0]) <= place.town.first_day + timedelta(days=1)
        assert tokyo_day(sums[1]) >= today - timedelta(days=2)
