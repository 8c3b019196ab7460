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
from tests.web.axe import serious_in_light_or_dark, sideways
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
    expect(page.get_by_role("region", name="お買い物の内容")).to_contain_text("まんじゅう 4個箱 ※")
    assert serious_in_light_or_dark(page) == [] and sideways(page) == 0
    page.get_by_role("button", name="を支払う").click()
    expect(page.get_by_role("heading", name="支払いました")).to_be_visible()


def test_the_customer_pays_while_the_till_is_dark(counter: Page, context: BrowserContext, phone: Page, district: Town, shop: Shop) -> None:
    """Two customers take a code: one pays at once by a phone that has a line, and the receipt says what was sold; the other never. Asked
    for again after a reload the same bill is the same code; back with the network the owner's list says which is paid, the day has one
    sale, and it came in once."""
    page = counter
    wait_for_promise(page, KEPT)
    later = page.get_by_role("button", name="あとで払うQRを出す")
    expect(later).to_be_hidden()
    context.set_offline(True)
    expect(page.get_by_text("お客様があとで払うQRを出せます")).to_be_visible()
    for article in ("まんじゅう", "まんじゅう", "絵はがき"):
        page.locator("[data-tiles]").get_by_role("button", name=article).click()
    page.locator("[data-lines] > li").filter(has_text="まんじゅう").locator("[data-line-menu]").click()
    page.locator("[data-quick-percent='10']").click()
    page.locator("[data-discount]").click()
    page.keyboard.type("10")
    page.keyboard.press("Enter")
    address = shows_code(page)
    assert serious_in_light_or_dark(page) == []
    page.reload()
    expect(page.locator("[data-register][data-ready]")).to_be_visible()
    expect(later).to_be_visible()
    assert shows_code(page) == address
    page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")  # the tablet was turned to the customer, dark for a moment
    pays_by_camera(phone, address)
    page.get_by_role("button", name="次のお客様へ").click()
    expect(page.locator("[data-empty]")).to_be_visible()
    page.locator("[data-tiles]").get_by_role("button", name="甘酒").click()
    assert shows_code(page) != address
    page.get_by_role("button", name="次のお客様へ").click()

    def listed() -> list[LaterRow]:
        return merchant.queries.later_requests(district.session, district.district_id, shop.id, now=district.now)

    assert [row.state for row in listed()] == ["paid"]
    with page.expect_response(lambda answer: answer.url.endswith("/till/log/later")) as told:
        context.set_offline(False)
    assert told.value.json() == {"known": 2}
    assert {row.amount: (row.state, row.is_named) for row in listed()} == {1_162: ("paid", True), 420: ("open", True)}
    (receipt,) = merchant.queries.receipts_of_day(district.session, district.district_id, shop.id, district.today)
    lines, discounts = receipt.content["lines"], receipt.content["discounts"]
    assert [line[:4] for line in lines] == [["まんじゅう 4個箱", 2, 540, 8], ["絵はがき", 1, 200, 10]]
    assert [(each["line"], each["amount"], dict(each["shares"])) for each in discounts] == [(0, 108, {8: 108}), (None, 10, {10: 2, 8: 8})]
    assert receipt.content["by_rate"] == [[10, 198, 18, 180], [8, 964, 71, 893]]
    assert [(name, pieces) for name, pieces, _yen in receipt.categories or ()] == [("菓子", 2), ("雑貨", 1)]


def test_the_script_signs_as_the_rules_read(scripts: Page) -> None:
    """The shared vectors: yen and number at their ends, bills with all that a bill can have. What a code has no room for is left out."""
    vectors = [each for each in json.loads(VECTORS.read_text(encoding="utf-8")) if each["version"] == 2]
    for vector in vectors:
        made = scripts.evaluate("async (asked) => (await import('/offline/latertext.js')).written(asked.secret, asked)", vector)
        assert made == vector["token"]
    fits = "async ([asked, sold, most]) => (await import('/offline/latertext.js')).fitting(asked.secret, asked, sold, most)"
    bare, full = vectors[0], vectors[1]
    assert scripts.evaluate(fits, [bare, full["sold"], len(bare["token"])]) == {"said": bare["token"], "isNamed": False}
    assert scripts.evaluate(fits, [full | {"sold": None}, full["sold"], len(full["token"])]) == {"said": full["token"], "isNamed": True}
