"""紙の券 at a tablet in a real browser: scanned in a row, no change, the rest by QR."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.association.test_tickets import Paper
from tests.e2e.conftest import Opens
from tests.e2e.test_main_job import keys, pairs_a_tablet, press
from tests.merchant.test_register_pages import opens_register
from tests.town import Town
from tests.web.axe import serious_in_light_or_dark

pytestmark = pytest.mark.browser
SCANNER = """text => document.querySelector('[data-key-scanner]').dispatchEvent(
    new CustomEvent('meguri:scan', {bubbles: true, detail: {text, by: 'keys'}}))"""


def scans(tablet: Page, *codes: str) -> None:
    """The hand scanner is faster than the line: all at once."""
    for code in codes:
        tablet.evaluate(SCANNER, code)


def test_tickets_in_a_row_and_the_rest_by_qr(opens: Opens, district: Town) -> None:
    """Each shows up once, also after a reload; too many are asked about; taken, the till offers the rest of the bill in another way."""
    paper = Paper(district)
    paper.sells(1)
    tablet = pairs_a_tablet(opens, paper.small)
    press(tablet, "開店")
    keys(tablet, "3500")
    tablet.get_by_role("link", name="紙の券を受け取る").click()
    tablet.wait_for_url("**/till/tickets?amount=3500")
    scans(tablet, *(paper.text(1, number) for number in (1, 2, 1, 9, 10)))
    expect(tablet.locator("[data-tickets-total] data")).to_have_attribute("value", "4000")
    expect(tablet.locator("[data-tickets-list] li")).to_have_count(4)
    tablet.reload()  # what was read stays with the tab, and is asked about again
    expect(tablet.locator("[data-tickets-list] li")).to_have_count(4)
    tablet.evaluate(SCANNER.replace("keys", "camera"), paper.text(1, 10))  # it still lies there, and is no second ticket
    expect(tablet.get_by_text("もう読み取った券です")).to_be_hidden()
    expect(tablet.get_by_text("券が 500円多くなります。お釣りは出ません。")).to_be_visible()
    assert serious_in_light_or_dark(tablet) == []
    press(tablet, "券を受け取る")
    expect(tablet.get_by_role("alert").first).to_contain_text("お釣りは出ません")
    expect(tablet.locator("[data-tickets-list] li")).to_have_count(4)
    tablet.get_by_role("button", name="この券を除く").first.click()
    press(tablet, "券を受け取る")
    tablet.wait_for_url(re.compile(r"/till/tickets/\d+$"))
    expect(tablet.locator("main")).to_contain_text("3,000")
    press(tablet, "QRを見せて受け取る")
    tablet.wait_for_url("**/till/request/**")
    expect(tablet.locator("main")).to_contain_text("500")
    assert (paper.small.taken(), paper.on_paper()) == (3_000, 10_000)


def test_a_bill_of_the_register_is_paid_by_tickets_and_cash(opens: Opens, district: Town) -> None:
    """Six boxes: three tickets and 300 in cash beside them, one receipt, and the bill is gone from the till."""
    paper = Paper(district)
    paper.sells(1)
    opens_register(district, paper.small)
    tablet = pairs_a_tablet(opens, paper.small)
    press(tablet, "開店")
    tablet.goto("/till/register")
    tablet.locator("[data-tiles] .tile").filter(has_text="4個箱").click()
    tablet.locator("[data-qty-key]").click()
    tablet.locator("dialog[data-typed] [data-key='6']").click()
    press(tablet, "決める")
    tablet.get_by_role("button", name="ほかの払い方").click()
    press(tablet, "紙の券で（残りは現金かカードで）")
    tablet.wait_for_url("**/till/tickets?bill=true&amount=3240")
    scans(tablet, *(paper.text(1, number) for number in (1, 2, 9)))
    expect(tablet.locator("[data-tickets-total] data")).to_have_attribute("value", "3000")
    scans(tablet, paper.text(1, 10))
    expect(tablet.locator("[data-tickets-total] data")).to_have_attribute("value", "4000")
    press(tablet, "券を受け取る")
    expect(tablet.get_by_role("alert").first).to_contain_text("お釣りは出ません")
    expect(tablet.get_by_text("残りの受け取り方")).to_be_hidden()
    tablet.get_by_role("button", name="この券を除く").first.click()  # also while the page says what is wrong
    tablet.get_by_placeholder("お預かり").fill("300")
    assert serious_in_light_or_dark(tablet) == []
    press(tablet, "券を受け取る")
    expect(tablet.get_by_role("heading", name="お会計は済みました")).to_be_visible()
    expect(tablet.locator(".cash__back")).to_contain_text("60")
    tablet.get_by_role("link", name="次のお客様へ").click()
    expect(tablet.locator("[data-register][data-ready]")).to_be_visible()
    expect(tablet.locator("[data-total] .amount__n")).to_have_text("0")
    assert paper.small.taken() == 3_000
