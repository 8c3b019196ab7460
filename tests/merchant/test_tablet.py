"""The tablet in a real browser: keypad, QR, ring, and what happens when things go wrong at the counter."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

import merchant.commands
import merchant.queries
import wallet.commands
import wallet.queries
from merchant.queries import Asked
from tests.conftest import Site
from tests.town import CASHIER_PIN, Consumer, Shop, Till, Town
from tests.wallet.phones import Served, caught

pytestmark = pytest.mark.browser


def types(page: Page, keys: str) -> None:
    """Press the keys of the tablet: 0 to 9, 00 as D, 000 as T, × and +."""
    for key in keys:
        page.locator(f'[data-key="{ {"D": "00", "T": "000"}.get(key, key) }"]').click()


def total(page: Page) -> str:
    return page.locator("[data-total] .amount__n").inner_text()


def asks(page: Page, keys: str) -> None:
    """Type an amount and show its QR."""
    types(page, keys)
    page.get_by_role("button", name="QRを見せて受け取る").click()
    expect(page.get_by_role("img", name=re.compile("お支払い用のQRコード"))).to_be_visible()


def test_the_keypad_counts(tablet: Page) -> None:
    """540 × 2 + 200 is 1,280; one digit and everything can be taken back."""
    types(tablet, "540×2+2D")
    assert (total(tablet), tablet.locator("[data-calc]").inner_text()) == ("1,280", "540 × 2 + 200")
    tablet.get_by_role("button", name="1桁消す").click()
    assert total(tablet) == "1,100"
    tablet.get_by_role("button", name="全部消す").click()
    assert total(tablet) == "0"
    types(tablet, "0D7")
    assert total(tablet) == "7"


def test_beyond_the_limit_the_keypad_says_so(tablet: Page) -> None:
    """A figure above the limit of one payment is not taken; the display shakes and names the limit."""
    types(tablet, "1TTT")
    assert total(tablet) == "1,000"
    types(tablet, "D")
    assert total(tablet) == "100,000"
    types(tablet, "0")
    assert total(tablet) == "100,000"
    expect(tablet.get_by_role("alert").filter(has_text="1回の上限は 100,000円です")).to_be_visible()
    expect(tablet.locator("[data-display]")).to_have_class(re.compile("is-over"))


def test_a_hardware_keyboard_works_as_well(tablet: Page) -> None:
    """Digits, +, *, Backspace and Enter of a keyboard beside the tablet."""
    tablet.keyboard.type("128*1", delay=90)
    tablet.keyboard.press("Backspace", delay=90)
    tablet.keyboard.type("10", delay=90)
    assert total(tablet) == "1,280"
    tablet.wait_for_timeout(100)
    tablet.keyboard.press("Enter")
    expect(tablet.get_by_role("img", name=re.compile("お支払い用のQRコード 1,280円"))).to_be_visible()


def test_nothing_is_asked_for_nothing(tablet: Page) -> None:
    """QRを見せる without an amount shows a sentence and no QR."""
    tablet.get_by_role("button", name="QRを見せて受け取る").click()
    expect(tablet.get_by_text("金額を入れてください")).to_be_visible()
    assert tablet.url.endswith("/till/")


def scans(page: Page, code: str) -> None:
    """What a hand scanner does: keys without a pause, then Enter. In one go, so that a busy machine makes no pauses."""
    sends = "(key) => document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }))"
    page.evaluate(f"(keys) => keys.forEach({sends})", [*code, "Enter"])


def waiting(district: Town, shop: Shop) -> Asked:
    """The request that the tablet is showing."""
    (asked,) = merchant.queries.waiting_requests(district.session, district.district_id, shop.id, now=district.now)
    return asked


def test_a_payment_takes_the_screen(tablet: Page, district: Town, shop: Shop, hanako: Consumer) -> None:
    """The customer pays; the tablet shows amount and matching word, and goes back to the keypad for the next customer."""
    asks(tablet, "1280")
    receipt = hanako.pays(waiting(district, shop))
    ring = tablet.locator("section.arrival")
    expect(ring.get_by_role("heading", name="受け取りました")).to_be_visible()
    expect(ring).to_contain_text("1,280")
    expect(ring).to_contain_text(receipt.word)
    expect(ring).to_contain_text(receipt.number)
    expect(ring.locator("[data-left]")).to_contain_text("あと")
    ring.get_by_role("link", name="次のお客様へ").click()
    expect(tablet.locator("[data-keypad]")).to_be_visible()
    assert total(tablet) == "0"
    expect(tablet.locator(".came").first).to_contain_text(receipt.word)
    assert tablet.url.endswith("/till/")


def test_the_ring_leaves_by_itself_and_a_touch_stops_it(tablet: Page, shop: Shop, hanako: Consumer) -> None:
    """After eight seconds the keypad is back; whoever touches the ring keeps it."""
    tablet.clock.install()
    hanako.pays(shop, 100)
    ring = tablet.locator("section.arrival")
    expect(ring).to_be_visible()
    tablet.clock.run_for(8_000)
    expect(ring).to_be_hidden()
    hanako.pays(shop, 200)
    expect(ring).to_be_visible()
    ring.get_by_role("heading").click()
    expect(ring.locator("[data-left]")).to_be_empty()
    tablet.clock.run_for(10_000)
    expect(ring).to_be_visible()


def test_a_ring_never_eats_what_is_being_typed(tablet: Page, shop: Shop, hanako: Consumer) -> None:
    """While the next amount is typed, a payment by the printed code is a banner; the digits stay."""
    types(tablet, "54")
    receipt = hanako.pays(shop, 300)
    banner = tablet.locator(".ring-banner")
    expect(banner).to_contain_text("300")
    expect(banner).to_contain_text(receipt.word)
    types(tablet, "0")
    assert total(tablet) == "540"
    banner.get_by_role("button", name="閉じる").click()
    expect(banner).to_be_hidden()


def test_two_rings_are_two(tablet: Page, shop: Shop, hanako: Consumer) -> None:
    """Two customers at the same moment: one ring after the other, and it says that another one waits."""
    first, second = hanako.pays(shop, 111), hanako.pays(shop, 222)
    ring = tablet.locator("section.arrival")
    expect(ring).to_contain_text(first.word)
    expect(ring).to_contain_text("ほかに 1件の受け取りがあります")
    ring.get_by_role("link", name="次のお客様へ").click()
    expect(ring).to_contain_text(second.word)
    ring.get_by_role("link", name="次のお客様へ").click()
    expect(ring).to_be_hidden()
    assert tablet.locator(".came").all_inner_texts()[0].replace("\n", " ").find("222") >= 0


def test_typing_the_next_amount_takes_the_ring_away(tablet: Page, shop: Shop, hanako: Consumer) -> None:
    """A fast cashier goes on with the keyboard: the first digit closes the ring and counts."""
    hanako.pays(shop, 100)
    expect(tablet.locator("section.arrival")).to_be_visible()
    tablet.keyboard.press("7")
    expect(tablet.locator("section.arrival")).to_be_hidden()
    assert total(tablet) == "7"


def test_a_lost_line_says_so_and_catches_up(tablet: Page, context: BrowserContext, shop: Shop, hanako: Consumer) -> None:
    """Without a network nothing can be asked for and the page says what is certain; then comes what happened meanwhile."""
    context.set_offline(True)
    strip = tablet.locator("[data-line-strip]")
    expect(strip).to_contain_text("いまお使いのレジでの会計だけです")
    expect(strip.locator("[data-sure]")).to_have_text(re.compile(r"^\d{1,2}:\d\d:\d\d$"))
    expect(tablet.get_by_role("button", name="QRを見せて受け取る")).to_be_disabled()
    receipt = hanako.pays(shop, 450)
    context.set_offline(False)
    expect(tablet.locator("section.arrival")).to_contain_text(receipt.word)
    expect(strip).to_be_hidden()
    expect(tablet.get_by_role("button", name="QRを見せて受け取る")).to_be_enabled()


def test_a_bill_paid_while_the_tablet_slept_takes_its_qr_away(
    tablet: Page, context: BrowserContext, district: Town, shop: Shop, hanako: Consumer
) -> None:
    """However late it hears of it: the QR of what is paid must not go on waiting for a customer."""
    asks(tablet, "1280")
    context.set_offline(True)
    receipt = hanako.pays(waiting(district, shop))
    tablet.evaluate("Date.now = ((now) => () => now() + 60_000)(Date.now)")
    context.set_offline(False)
    expect(tablet.locator("section.arrival")).to_contain_text(receipt.word)


def test_a_tablet_that_was_off_catches_up(tablet: Page, site: Site, shop: Shop, hanako: Consumer) -> None:
    """Switched off over a payment, the tablet rings when it comes back; a reload rings nothing twice."""
    tablet.goto("about:blank")
    receipt = hanako.pays(shop, 450)
    tablet.goto(f"{site.address}/till/")
    expect(tablet.locator("section.arrival")).to_contain_text(receipt.word)
    tablet.reload()
    expect(tablet.get_by_text("つながっています")).to_be_visible()
    tablet.wait_for_timeout(1_500)
    expect(tablet.locator("section.arrival")).to_be_hidden()


def test_yameru_ends_the_qr(tablet: Page) -> None:
    """やめる brings the keypad back, and the QR on a photo is worth nothing."""
    asks(tablet, "500")
    tablet.get_by_role("button", name="やめる").click()
    expect(tablet.locator("[data-keypad]")).to_be_visible()
    tablet.go_back()
    expect(tablet.get_by_role("heading", name="このお会計はやめました")).to_be_visible()


def test_suspended_while_the_qr_is_up(tablet: Page, till: Till) -> None:
    """The QR goes away at once and the till says to take cash; let in again, it goes on by itself."""
    asks(tablet, "500")
    till.shop.is_suspended()
    stopped = tablet.get_by_role("alert").filter(has_text="いまコインを受け取れません。")
    expect(stopped).to_be_visible()
    expect(tablet.get_by_role("img", name=re.compile("お支払い用のQRコード"))).to_have_count(0)
    till.shop.is_resumed()
    expect(stopped).to_have_count(0)


def test_reloaded_without_a_network(tablet: Page, context: BrowserContext, hanako: Consumer, shop: Shop) -> None:
    """The till says what that means for a shop, comes back by itself, and tells of the payment that it missed."""
    tablet.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    context.set_offline(True)
    tablet.reload()
    expect(tablet.get_by_role("alert")).to_contain_text("いまは受け取りを確かめられません")
    receipt = hanako.pays(shop, 120)
    context.set_offline(False)
    expect(tablet.locator("[data-keypad]")).to_be_visible()
    expect(tablet.locator("body")).to_contain_text(receipt.word)


def test_a_hand_scanner_on_the_keypad(tablet: Page, hanako: Consumer) -> None:
    """Amount typed, code scanned with a scanner that types: paid, and no digit of the code stays in the amount."""
    types(tablet, "500")
    tablet.wait_for_timeout(120)
    scans(tablet, hanako.shows_code().text)
    expect(tablet.locator("section.arrival")).to_contain_text("500")
    assert hanako.coins() == 8_500


def test_a_used_code_is_refused_in_words(tablet: Page, site: Site, till: Till, hanako: Consumer) -> None:
    """A picture of a code that was used: the reason, its number, and another try."""
    code = hanako.shows_code()
    till.scans(code.text, 100)
    expect(tablet.locator("section.arrival")).to_contain_text("100")  # else it rings over the page that comes next
    tablet.goto(f"{site.address}/till/scan?amount=500")
    tablet.get_by_label("読めないときは、コードの12桁かカードの16桁").fill(code.digits)
    tablet.get_by_role("button", name="500円を受け取る").click()
    refusal = tablet.get_by_role("alert").filter(has_text="使用済み")
    expect(refusal).to_contain_text("E-")
    assert hanako.coins() == 8_900


def test_a_lost_answer_is_never_shown_as_failed(tablet: Page, site: Site, hanako: Consumer) -> None:
    """The answer to a scan is lost: the till says 確認しています, asks by the key, and finds the payment."""
    code = hanako.shows_code()
    tablet.goto(f"{site.address}/till/scan?amount=500")
    expect(tablet.get_by_text("つながっています")).to_be_visible()
    lost = iter([True])

    def lose(route: Route) -> None:
        Served(site.address, site.app).arrives(caught(route.request))  # it reaches the server
        if next(lost, False):
            route.abort()  # its answer does not come back

    tablet.route("**/till/scan", lose)
    tablet.route("**/till/events*", lambda route: route.abort())  # nor does the live line tell
    tablet.get_by_label("読めないときは、コードの12桁かカードの16桁").fill(code.digits)
    tablet.get_by_role("button", name="500円を受け取る").click()
    expect(tablet.locator("section.arrival")).to_contain_text("500")
    assert hanako.coins() == 8_500


def test_the_customer_is_asked_above_the_limit(tablet: Page, site: Site, district: Town, hanako: Consumer) -> None:
    """Above the no-ask limit the till waits for the phone, and turns green when the customer agrees."""
    code = hanako.shows_code()
    tablet.goto(f"{site.address}/till/scan?amount=5000")
    tablet.get_by_label("読めないときは、コードの12桁かカードの16桁").fill(code.digits)
    tablet.get_by_role("button", name="5,000円を受け取る").click()
    expect(tablet.get_by_text("お客様のスマホに、支払いの確認が出ています。")).to_be_visible()
    expect(tablet.get_by_text("品物はこの画面が緑になってから渡してください。")).to_be_visible()
    question = wallet.queries.waiting_consent(district.session, hanako.who, now=district.now)
    assert question is not None
    wallet.commands.consent_to(district.session, hanako.who, question.id, now=district.now)
    expect(tablet.locator("section.arrival")).to_contain_text("5,000")


def test_revoked_while_it_is_open(tablet: Page, district: Town, shop: Shop, till: Till) -> None:
    """The owner revokes a tablet that is in use: within a second or two it shows the pairing page."""
    merchant.commands.revoke_till(district.session, shop.owner, shop.id, till.id, now=district.now)
    expect(tablet.get_by_role("heading", name="この端末をレジにする")).to_be_visible()


def test_opening_the_shop_plays_the_ring(page: Page, context: BrowserContext, site: Site, till: Till) -> None:
    """開店: the sound is played and confirmed once a day; until a touch unlocks it, the page says that it is silent."""
    context.add_cookies([{"name": "meguri_till", "value": till.token, "url": f"{site.address}/till"}])
    page.goto(f"{site.address}/till/")
    page.get_by_role("button", name="開店").click()
    expect(page.get_by_text("音は聞こえましたか。")).to_be_visible()
    page.get_by_role("button", name="聞こえました").click()
    expect(page.get_by_role("button", name="聞こえました")).to_be_hidden()
    expect(page.get_by_text("いま音が出ません。")).to_be_hidden()
    page.reload()
    expect(page.get_by_text("つながっています")).to_be_visible()
    expect(page.get_by_role("button", name="開店")).to_be_hidden()


def test_a_cashier_refunds_with_pin(tablet: Page, site: Site, shop: Shop, hanako: Consumer) -> None:
    """From the list to the payment, how much, the PIN on the tablet's own keys, and the money is back."""
    sato = shop.hires("佐藤")
    receipt = hanako.pays(shop, 1_280)
    tablet.goto(f"{site.address}/till/sales")
    tablet.get_by_role("link", name=re.compile(receipt.word)).click()
    tablet.get_by_label("返す金額").fill("280")
    tablet.get_by_role("button", name="返金の確認へ").click()
    tablet.get_by_text("佐藤").click()
    for digit in CASHIER_PIN:
        tablet.locator(f'[data-pin-key="{digit}"]').click()
    tablet.get_by_role("button", name="280円を返金する").click()
    expect(tablet.get_by_text("280円を返しました。")).to_be_visible()
    assert (hanako.coins(), sato > 0) == (8_000, True)
