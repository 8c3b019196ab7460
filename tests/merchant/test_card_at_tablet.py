"""A card at the tablet, in a real browser: read, paid, the PIN typed by its holder, and what is left shown for a moment."""

from __future__ import annotations

from datetime import datetime

import pytest
from playwright.sync_api import BrowserContext, Page, expect

import merchant.queries
import wallet.commands
import wallet.queries
from identity.queries import Principal
from tests.conftest import Site
from tests.merchant.test_tablet import scans, types
from tests.town import CARD_PIN, CardHolder, Till, Town
from tests.web.axe import serious

pytestmark = pytest.mark.browser

SIZES = ((1180, 820), (820, 1180), (390, 844))


@pytest.fixture
def yamada(district: Town) -> CardHolder:
    return district.card_holder(coins=20_000)


def reads(tablet: Page, amount: str, holder: CardHolder) -> None:
    """Amount on the keypad, then a hand scanner over the card."""
    types(tablet, amount)
    tablet.wait_for_timeout(120)
    scans(tablet, holder.card.text)


def presses(tablet: Page, pin: str) -> None:
    """The holder's finger on the large keys."""
    for digit in pin:
        tablet.locator(f'[data-card-pin-key="{digit}"]').click()


def test_a_small_payment_by_card(tablet: Page, yamada: CardHolder) -> None:
    """Paid at once: the ring shows the amount, and large what the card has left; the next page does not."""
    reads(tablet, "1280", yamada)
    ring = tablet.locator("section.arrival")
    expect(ring).to_contain_text("1,280")
    expect(ring.locator("[data-left-on-card]")).to_contain_text("18,720")
    expect(ring.locator("[data-slot=way]")).to_have_text("カード")
    expect(ring.get_by_text("お客様の画面と同じ合言葉")).to_be_hidden()
    assert yamada.coins() == 18_720
    ring.get_by_role("link", name="次のお客様へ").click()
    expect(tablet.locator("[data-keypad]")).to_be_visible()
    expect(tablet.get_by_text("18,720")).to_have_count(0)


def test_the_holder_types_the_pin(tablet: Page, yamada: CardHolder) -> None:
    """Above 3,000 yen the page turns to the holder: a slip is told with what is left, and nothing shows the digits."""
    reads(tablet, "48D", yamada)
    face = tablet.get_by_role("dialog", name="カードの暗証番号を入れてください")
    expect(face).to_contain_text("4,800")
    expect(face.get_by_role("button", name="支払う")).to_be_disabled()
    assert serious(tablet) == []
    presses(tablet, "9517")
    assert "9517" not in tablet.content()
    face.get_by_role("button", name="支払う").click()
    expect(face.get_by_role("alert")).to_contain_text("暗証番号が違います。あと 4回試せます。")
    tablet.keyboard.type(CARD_PIN, delay=90)
    expect(face.locator("[data-card-pin-dots]")).to_have_text("●●●●")
    tablet.keyboard.press("Enter")
    ring = tablet.locator("section.arrival")
    expect(ring).to_contain_text("4,800")
    expect(ring.locator("[data-left-on-card]")).to_contain_text("15,200")
    assert yamada.coins() == 15_200
    assert CARD_PIN not in tablet.content()


def test_the_holder_changes_their_mind(tablet: Page, yamada: CardHolder) -> None:
    """やめる: nothing is paid, and the till says so."""
    reads(tablet, "48D", yamada)
    tablet.get_by_role("dialog").get_by_role("button", name="やめる").click()
    expect(tablet.get_by_role("alert").filter(has_text="支払いは行われていません")).to_be_visible()
    assert yamada.coins() == 20_000


def test_the_number_is_typed(tablet: Page, site: Site, yamada: CardHolder) -> None:
    """A scratched QR: the number in the field, and the PIN at any amount."""
    tablet.goto(f"{site.address}/till/scan?amount=300")
    tablet.get_by_label("読めないときは、コードの12桁かカードの16桁").fill(yamada.card.number)
    tablet.get_by_role("button", name="300円を受け取る").click()
    presses(tablet, CARD_PIN)
    tablet.get_by_role("dialog").get_by_role("button", name="支払う").click()
    expect(tablet.locator("section.arrival")).to_contain_text("300")
    assert yamada.coins() == 19_700


def test_a_blocked_card_says_so(tablet: Page, district: Town, yamada: CardHolder) -> None:
    """The sentence of the refusal with its number; nothing is taken."""
    wallet.commands.block_card(district.session, district.clerk().who, yamada.card.id, wallet.commands.Visit(), now=district.now)
    reads(tablet, "500", yamada)
    expect(tablet.get_by_role("alert").filter(has_text="止めてあります")).to_contain_text("E-5104")
    assert yamada.coins() == 20_000


@pytest.mark.parametrize("letters", ["normal", "large"])
def test_the_faces_of_a_card_payment_fit(tablet: Page, context: BrowserContext, site: Site, yamada: CardHolder, letters: str) -> None:
    """On a tablet both ways up and on a phone, also in large text: every key of the PIN and the balance are on the screen."""
    context.add_cookies([{"name": "text", "value": letters, "url": site.address}])
    tablet.emulate_media(reduced_motion="reduce")
    tablet.goto(f"{site.address}/till/")
    reads(tablet, "12345", yamada)
    face = tablet.get_by_role("dialog")
    expect(face).to_be_visible()
    inside = "(e) => e.getBoundingClientRect().bottom <= innerHeight + 1 && e.getBoundingClientRect().right <= innerWidth + 1"
    for width, height in SIZES:
        tablet.set_viewport_size({"width": width, "height": height})
        for button in face.get_by_role("button").all():
            assert button.evaluate(inside), (button.inner_text(), width)
    presses(tablet, CARD_PIN)
    face.get_by_role("button", name="支払う").click()
    left = tablet.locator("section.arrival [data-left-on-card]")
    expect(left).to_contain_text("7,655")
    onwards = tablet.locator("section.arrival [data-next]")
    for width, height in SIZES:
        tablet.set_viewport_size({"width": width, "height": height})
        assert left.evaluate(inside), width
        assert onwards.evaluate(inside) and onwards.evaluate("(e) => e.scrollWidth <= e.clientWidth"), f"次のお客様へ is cut at {width}"


def test_without_scripts_the_pin_is_asked_on_the_page(till: Till, yamada: CardHolder, site: Site, context: BrowserContext) -> None:
    """A form and its answer: the page comes back with a field for the PIN, and then shows what was received and what is left."""
    plain = context.browser.new_context(java_script_enabled=False, locale="ja-JP")  # type: ignore[union-attr]
    plain.add_cookies([{"name": "meguri_till", "value": till.token, "url": f"{site.address}/till"}])
    page = plain.new_page()
    page.goto(f"{site.address}/till/scan?amount=4800")
    page.get_by_label("読めないときは、コードの12桁かカードの16桁").fill(yamada.card.text)
    page.get_by_role("button", name="4,800円を受け取る").click()
    page.get_by_label("カードの暗証番号（持ち主が入れます）").fill(CARD_PIN)
    page.get_by_role("button", name="受け取る").click()
    expect(page.get_by_role("heading", name="受け取りました")).to_be_visible()
    expect(page.locator("[data-left-on-card]")).to_contain_text("15,200")
    plain.close()


def test_only_the_till_that_was_paid_sees_what_is_left(district: Town, till: Till, yamada: CardHolder) -> None:
    """The shop's other tablet, and this one a while later, see the sale and no balance."""
    other, taken = till.shop.another_till(), till.scans_card(yamada, 1_000)

    def left(who: Principal, now: datetime) -> int | None:
        return wallet.queries.left_on_card(district.session, who, taken.transaction_id, now=now)

    sale = merchant.queries.sale(district.session, district.district_id, till.shop.id, taken.transaction_id).sale
    assert sale.way == "card"
    assert left(till.who, sale.posted_at) == 19_000
    assert left(other.who, sale.posted_at) is None
    district.clock.advance(minutes=1)  # type: ignore[attr-defined]
    assert left(till.who, district.now) is None
