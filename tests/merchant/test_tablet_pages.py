"""Every page of the till and of the owner's desk: it fits, and everybody can use it."""

from __future__ import annotations

import pytest
from playwright.sync_api import BrowserContext, Page, expect

import merchant.commands
import merchant.queries
from tests.conftest import Site
from tests.town import Consumer, Shop, Till, Town
from tests.web.axe import serious_in_light_or_dark

pytestmark = pytest.mark.browser

SIZES = ((1180, 820), (820, 1180), (390, 844))

WIDER = """
() => [...document.querySelectorAll('html, main')].filter((part) => part.scrollWidth > part.clientWidth).flatMap((part) =>
  [...part.querySelectorAll('*')]
    .filter((each) => each.getBoundingClientRect().right > innerWidth + 0.5)
    .map((each) => each.outerHTML.slice(0, 60)))
"""


@pytest.mark.parametrize("letters", ["normal", "large"])
def test_nothing_scrolls_sideways(tablet: Page, context: BrowserContext, site: Site, hanako: Consumer, shop: Shop, letters: str) -> None:
    """At tablet size, upright and on the owner's phone every page fits its width; the keypad shows all its keys."""
    context.add_cookies([{"name": "text", "value": letters, "url": site.address}])
    tablet.emulate_media(reduced_motion="reduce")  # what flies in is wide for a moment
    receipt = hanako.pays(shop, 1_280)
    expect(tablet.locator("section.arrival")).to_be_visible()  # told here, and not as a banner on a page that is measured
    for path in (
        "",
        "sales",
        f"sales/{receipt.transaction_id}",
        f"sales/{receipt.transaction_id}/refund?amount=1280",
        "staff",
        "scan?amount=99999",
    ):
        tablet.goto(f"{site.address}/till/{path}")
        for width, height in SIZES:
            tablet.set_viewport_size({"width": width, "height": height})
            assert tablet.evaluate(WIDER) == [], (path, width)
            keys = ("7", "0", "000", "+", "clear") if path == "" else ()
            assert all(tablet.locator(f'[data-key="{key}"]').is_visible() for key in keys), width


def test_everybody_can_use_the_pages(
    tablet: Page,
    context: BrowserContext,
    site: Site,
    district: Town,
    shop: Shop,
    till: Till,
    hanako: Consumer,
) -> None:
    """axe finds nothing serious, light or dark, on any page of the till or of the owner's desk, nor on the ring."""
    shop = till.shop
    shop.hires("佐藤")
    merchant.commands.make_static_code(district.session, shop.owner, shop.id, now=district.now)
    receipt = hanako.pays(shop, 1_280)
    context.add_cookies([{"name": "meguri_session", "value": district.cookie(shop.owner.person_id or 0), "url": site.address}])
    expect(tablet.locator("section.arrival")).to_be_visible()
    assert serious_in_light_or_dark(tablet) == [], "ring"
    over = till.cancels(till.asks(300))
    sale = f"/till/sales/{receipt.transaction_id}"
    consent = till.scans(hanako.shows_code().text, 5_000)
    paths = [
        f"/till/consent/{consent.id}",
        "/till/",
        f"/till/request/{till.asks(500).id}",
        f"/till/request/{over.id}",
        f"/till/arrived/{receipt.transaction_id}",
        "/till/scan?amount=500",
        "/till/sales",
        "/till/sales?find=3",
        sale,
        f"{sale}/refund?amount=1280",
        "/till/staff",
        "/till/pair",
        "/shop/",
        "/shop/tills",
        "/shop/staff",
        f"/shop/staff/{merchant.queries.staff(district.session, district.district_id, shop.id)[0].id}",
        "/shop/code",
    ]
    for path in paths:
        tablet.goto(site.address + path)
        assert serious_in_light_or_dark(tablet) == [], path
