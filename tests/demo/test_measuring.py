"""The try-out has something measured, so that what is laid beside the payments can be looked at."""

from __future__ import annotations

from datetime import timedelta

import pytest

import merchant.queries
from analytics import queries
from analytics.queries.streets import streets_of_shops
from base.clock import tokyo_day
from demo.measuring import STREETS, measure
from demo.plan import stands
from demo.shops import MINATOYA, SHOPS
from tests.demo.conftest import OPENED, Place

pytestmark = pytest.mark.slow


def test_the_town_is_measured_until_yesterday_and_a_day_later_a_day_more(place: Place) -> None:
    """Weather, two streets, one door, the festivals, the site, cards; each shop has its place on the plan. Again on one day is harmless."""
    today, district_id = tokyo_day(OPENED), place.town.district_id
    for now in (OPENED, OPENED + timedelta(minutes=1), OPENED + timedelta(days=1)):
        with place.session() as session:
            measure(session, place.town, now=now)
    with place.session() as session:
        assert queries.joined_reports(session, district_id) == {"footfall", "weather", "festival", "web", "survey"}
        assert len(streets_of_shops(session, district_id, today)) == len(SHOPS)
        found = queries.measured(session, district_id, today - timedelta(days=150), today + timedelta(days=1))
        assert {each.name for each in found.footfall} == set(STREETS) and len(found.weather) == 151 and found.events
        assert len(found.web) == 1 and found.survey
        spots = {stands(shop.address) for shop in SHOPS}
        assert len(spots) == len(SHOPS) and all(0 < part < 1_000 for spot in spots for part in spot)
        minatoya = next(shop.id for shop in merchant.queries.shops(session, district_id) if shop.name == MINATOYA)
        (door,) = queries.measured(session, district_id, today - timedelta(days=9), today, merchant_id=minatoya).doors
        assert 0 < sum(door.cells.values()) < 9 * 1_000
