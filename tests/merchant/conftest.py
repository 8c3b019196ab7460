"""The district that these tests play in, and a shop's tablet in it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from base.clock import system_clock
from tests.conftest import Port, Site
from tests.town import Consumer, Shop, Till, Town, district, other_district

__all__ = ["district", "other_district"]

TABLET = {"width": 1180, "height": 820}
OPENED = "localStorage.setItem('till.opened', new Intl.DateTimeFormat('sv-SE', {timeZone: 'Asia/Tokyo'}).format(Date.now()))"


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, object]) -> dict[str, object]:
    """A tablet in landscape, in a Japanese shop."""
    return {**browser_context_args, "viewport": TABLET, "locale": "ja-JP", "timezone_id": "Asia/Tokyo"}


@pytest.fixture
def site(port: Port, district: Town) -> Iterator[Site]:
    """The product at the district's own name under localhost, where a browser allows camera and sound."""
    with port.serves(district.host, system_clock) as site:
        yield site


@pytest.fixture
def shop(district: Town) -> Shop:
    return district.shop("湯の花まんじゅう みなと屋")


@pytest.fixture
def till(shop: Shop) -> Till:
    return shop.till()


@pytest.fixture
def hanako(district: Town) -> Consumer:
    return district.consumer(coins=9_000)


@pytest.fixture
def tablet(page: Page, context: BrowserContext, site: Site, till: Till) -> Page:
    """The keypad, opened for the day."""
    context.add_cookies([{"name": "meguri_till", "value": till.token, "url": f"{site.address}/till"}])
    page.add_init_script(OPENED)
    page.goto(f"{site.address}/till/")
    expect(page.get_by_text("つながっています")).to_be_visible()
    return page
