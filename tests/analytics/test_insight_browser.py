"""The two pages of insight in a real browser, with a town on them: for everybody, on a phone, by keyboard."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.analytics.test_foresight import Village, night, village
from tests.e2e.conftest import DESK, Opens, address, clock, opens
from tests.town import Town
from tests.web.axe import serious_in_light_or_dark, sideways

__all__ = ["address", "clock", "opens", "village"]

pytestmark = pytest.mark.browser


def test_insight_is_for_everybody(district: Town, village: Village, opens: Opens) -> None:
    """With cards that tell something: axe finds nothing serious, light and dark; nothing scrolls sideways on a phone; the figures of a
    picture are opened by the keyboard, as a table with a head."""
    village.shops.append(district.shop("灯ノ沢温泉まんじゅう本舗 みなと屋本店"))
    for shop in range(3):
        village.opens(shop, district.today, 130)
    night(district)
    readers = {"/desk/insight": district.another_clerk("administrator").person_id, "/shop/insight": village.shops[0].owner.person_id}
    for path, reader in readers.items():
        page = opens(DESK, reader)
        page.goto(path)
        assert page.locator("svg.chart").count() >= 4, "a page of empty cards proves nothing"
        assert serious_in_light_or_dark(page) == [], path
        card = page.locator("section.insight", has=page.locator("svg.chart")).first
        card.locator("details.data summary").press("Enter")
        expect(card.locator("thead th").first).to_be_visible()
        for width in (390, 820, 1440):
            page.set_viewport_size({"width": width, "height": 900})
            assert sideways(page) == 0, (path, width)
