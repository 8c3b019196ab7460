"""あとで払うQR in a real browser: the tablet without a network shows it, a phone reads and pays it, and the tablet comes back."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import zxingcpp
from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, expect

import merchant.queries
from merchant.queries import LaterRow
from tests.conftest import Site
from tests.merchant.test_till_offline import KEPT, counter, scripts
from tests.town import Consumer, Shop, Town
from tests.web.axe import serious_in_light_or_dark
from tests.web.waiting import wait_for_promise

__all__ = ["counter", "scripts"]
pytestmark = pytest.mark.browser

VECTORS = Path(__file__).parents[1] / "vectors" / "offline" / "later.json"


@pytest.fixture
def phone(browser: Browser, site: Site, district: Town, hanako: Consumer) -> Iterator[Page]:
    """花子's, on its own line."""
    context = browser.new_context(viewport={"width": 390, "height": 844}, locale="ja-JP", base_url=site.address)
    context.add_cookies([{"name": "meguri_session", "value": district.cookie(hanako.person_id), "url": site.address}])
    yield context.new_page()
    context.close()


def shows_code(page: Page) -> str:
    """あとで払うQRを出す, with its risk read: what a phone's camera reads from the screen."""
    page.get_by_role("button", name="あとで払うQRを出す").click()
    expect(page.get_by_text("払われないままになることもあります")).to_be_visible()
    page.get_by_role("button", name="QRを出す", exact=True).click()
    code = page.get_by_role("img", name="お客様が読み取るQR")
    expect(code).to_be_visible()
    (found,) = zxingcpp.read_barcodes(Image.open(io.BytesIO(code.screenshot())), formats=zxingcpp.BarcodeFormat.QRCode)
    return str(found.text)


def pays_by_camera(page: Page, address: str) -> None:
    """Scanned in the wallet, looked at, and paid."""
    page.goto("/wallet/scan")
    read = "(place, text) => place.dispatchEvent(new CustomEvent('meguri:scan', { detail: { text }, bubbles: true }))"
    page.locator("[data-open-codes]").evaluate(read, address)
    page.get_by_role("button", name="支払いへ進む").click()
    page.get_by_role("button", name="を支払う").click()
    expect(page.get_by_role("heading", name="支払いました")).to_be_visible()


def test_the_customer_pays_while_the_till_is_dark(counter: Page, context: BrowserContext, phone: Page, district: Town, shop: Shop) -> None:
    """Two customers take a code: one pays at once by a phone that has a line, the other never. Asked for again after a reload the same bill
    is the same code; back with the network the owner's list says which is paid, the day has one sale, and it came in once."""
    page = counter
    wait_for_promise(page, KEPT)
    later = page.get_by_role("button", name="あとで払うQRを出す")
    expect(later).to_be_hidden()
    context.set_offline(True)
    expect(page.get_by_text("お客様があとで払うQRを出せます")).to_be_visible()
    for article in ("まんじゅう", "絵はがき"):
        page.locator("[data-tiles]").get_by_role("button", name=article).click()
    address = shows_code(page)
    assert serious_in_light_or_dark(page) == []
    page.reload()
    expect(page.locator("[data-register][data-ready]")).to_be_visible()
    expect(later).to_be_visible()
    assert shows_code(page) == address
    pays_by_camera(phone, address)
    page.get_by_role("button", name="次のお客様へ").click()
    expect(page.locator("[data-empty]")).to_be_visible()
    page.locator("[data-tiles]").get_by_role("button", name="甘酒").click()
    assert shows_code(page) != address
    page.get_by_role("button", name="次のお客様へ").click()

    def listed() -> list[LaterRow]:
        return merchant.queries.later_requests(district.session, district.district_id, shop.id, now=district.now)

    assert [row.state for row in listed()] == ["paid"]
    context.set_offline(False)
    with page.expect_response(lambda answer: answer.url.endswith("/till/log/later")) as told:
        pass
    assert told.value.json() == {"known": 2}
    assert {row.amount: row.state for row in listed()} == {740: "paid", 420: "open"}
    (receipt,) = merchant.queries.receipts_of_day(district.session, district.district_id, shop.id, district.today)
    assert [row[:2] for row in receipt.content["by_rate"]] == [[10, 200], [8, 540]]


def test_the_script_signs_as_the_rules_read(scripts: Page, site: Site) -> None:
    """The shared vectors, yen and number at their ends."""
    scripts.route("**/offline/web/http.js", lambda route: route.fulfill(body="export const ask = null", content_type="text/javascript"))
    source = (Path(__file__).parents[2] / "merchant/static/merchant/offline/later.js").read_text(encoding="utf-8")
    plain = source.replace('"web/http.js"', '"./web/http.js"')
    scripts.route("**/offline/later.js", lambda route: route.fulfill(body=plain, content_type="text/javascript"))
    for vector in json.loads(VECTORS.read_text(encoding="utf-8")):
        made = scripts.evaluate("async (asked) => (await import('/offline/later.js')).written(asked.secret, asked)", vector)
        assert made == vector["token"]
