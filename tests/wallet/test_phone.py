"""The wallet in a real browser at phone size: what scripts add, and what they must never do."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID

import pytest
from playwright.sync_api import expect

import identity.commands
import merchant.queries
from tests.wallet.phones import caught
from tests.web.axe import serious_in_light_or_dark
from wallet.commands import SetLimits, set_limits, settle_unknown

pytestmark = pytest.mark.browser

DONE, NOT_PAID, UNKNOWN = re.compile(r"/wallet/done/\d+$"), re.compile(r"/wallet/not-paid"), re.compile(r"/wallet/unknown/")


@pytest.fixture(autouse=True)
def clock_of_now(clock):
    """Browsers and the database live now."""
    clock.now = datetime.now(UTC)


def press(page, words):
    page.get_by_role("button", name=words).click()


def sent_payments(page):
    """Counts the payment forms that leave the phone."""
    sent = []
    page.on("request", lambda request: sent.append(request) if request.method == "POST" and "/wallet/pay/" in request.url else None)
    return sent


def test_paying_with_the_thumb(hand, district):
    """The press leads to the done page: tick, amount, word and a clock with seconds that runs."""
    hanako, bakery = district.consumer(coins=8_420), district.shop("湯の花まんじゅう みなと屋")
    page = hand(hanako)
    page.goto(f"/wallet/pay/request/{bakery.asks(1_280).id}")
    expect(page.get_by_text("湯の花まんじゅう みなと屋")).to_be_visible()
    press(page, "1,280円を支払う")
    page.wait_for_url(DONE)
    expect(page.get_by_role("heading", name="支払いました")).to_be_visible()
    clock = page.locator("[data-clock]").first
    first = clock.inner_text()
    assert re.fullmatch(r"\d{1,2}:\d\d:\d\d", first)
    expect(clock).not_to_have_text(first)
    assert (hanako.coins(), bakery.taken()) == (7_140, 1_280)


def test_the_done_page_that_stays_open_becomes_a_statement(hand, district):
    """Kept for the next visit, it would show its tick beside a clock that runs."""
    hanako, bakery = district.consumer(coins=8_420), district.shop()
    page = hand(hanako)
    page.clock.install()
    page.goto(f"/wallet/pay/request/{bakery.asks(1_280).id}")
    press(page, "1,280円を支払う")
    page.wait_for_url(DONE)
    page.clock.run_for(9 * 60_000)
    expect(page.get_by_role("heading", name="支払いました")).to_be_visible()
    district.clock.advance(minutes=11)
    page.clock.run_for(2 * 60_000)
    page.wait_for_url(re.compile(r"/wallet/history/\d+$"))
    expect(page.get_by_text("支払い済み")).to_be_visible()


def test_a_double_tap_and_the_back_button(hand, district):
    """Two taps send one form; going back shows that the payment is done, not a second button."""
    hanako, bakery = district.consumer(coins=8_420), district.shop()
    page = hand(hanako)
    sent = sent_payments(page)
    page.goto(f"/wallet/pay/request/{bakery.asks(1_280).id}")
    page.get_by_role("button", name="1,280円を支払う").dblclick()
    page.wait_for_url(DONE)
    assert len(sent) == 1
    page.go_back()
    expect(page.get_by_text("この支払いは済んでいます")).to_be_visible()
    page.reload()
    assert hanako.coins() == 7_140


def test_the_whole_payment_without_scripts(hand, district):
    """With scripts switched off the same page pays."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    page = hand(hanako, scripts=False)
    page.goto(f"/wallet/pay/shop/{bakery.public_number}")
    page.get_by_label("お会計の金額").fill("７００")
    press(page, "確認へ進む")
    press(page, "700円を支払う")
    page.wait_for_url(DONE)
    assert hanako.coins() == 300


def test_without_a_network_nothing_starts(hand, district):
    """Pressed without a network: said so, nothing is sent, and nothing is sent by itself when the network is back."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    page = hand(hanako)
    sent = sent_payments(page)
    page.goto(f"/wallet/pay/request/{bakery.asks(700).id}")
    page.context.set_offline(True)
    press(page, "700円を支払う")
    expect(page.locator("p.offline")).to_contain_text("電波が届いていません")
    page.context.set_offline(False)
    expect(page.locator("p.offline")).to_be_hidden()
    page.wait_for_load_state("networkidle")
    assert (sent, hanako.coins()) == ([], 1_000)
    press(page, "700円を支払う")
    page.wait_for_url(DONE)
    assert hanako.coins() == 300


def test_the_answer_is_lost(hand, served, district):
    """The payment arrives, its answer does not: unknown, never failed; asking by the key finds it, and it is paid once."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    page = hand(hanako)
    page.goto(f"/wallet/pay/request/{bakery.asks(700).id}")

    def lose(route):
        if route.request.method != "POST":
            return route.continue_()
        status, _ = served.arrives(caught(route.request))
        assert status == 200
        return route.abort()

    page.route("**/wallet/pay/request/**", lose)
    press(page, "700円を支払う")
    page.wait_for_url(DONE)
    expect(page.get_by_role("heading", name="支払いました")).to_be_visible()
    assert (hanako.coins(), bakery.taken()) == (300, 700)


def test_the_payment_itself_is_lost(hand, served, district):
    """The payment never arrives: while nobody can be asked the page says unknown; then it is sure that nothing was paid.

    The original, held back on its way, arrives afterwards and cannot pay.
    """
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    page = hand(hanako)
    page.goto(f"/wallet/pay/request/{bakery.asks(700).id}")
    held = []

    def hold_back(route):
        if route.request.method != "POST":
            return route.continue_()
        held.append(caught(route.request))
        return route.abort()

    page.route("**/wallet/pay/request/**", hold_back)
    page.route(UNKNOWN, lambda route: route.abort())
    press(page, "700円を支払う")
    expect(page.get_by_role("heading", name="確認しています")).to_be_visible()
    expect(page.get_by_text("もう一度支払わないでください")).to_be_visible()
    page.wait_for_url(UNKNOWN)
    page.unroute(UNKNOWN)
    page.wait_for_url(NOT_PAID)
    expect(page.get_by_role("heading", name="支払いは行われていません")).to_be_visible()
    page.unroute("**/wallet/pay/request/**")
    status, refusal = served.arrives(held[0])
    assert (status, refusal["code"]) == (409, "key_closed")
    assert (hanako.coins(), bakery.taken()) == (1_000, 0)
    page.get_by_role("link", name="もう一度支払う").click()
    press(page, "700円を支払う")
    page.wait_for_url(DONE)
    assert hanako.coins() == 300


def test_eight_seconds_of_silence(hand, district):
    """No answer for eight seconds: the page says unknown by itself and settles it. Nobody sits them out here: what the page would wait
    is asked, and ended."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    page = hand(hanako)
    asked = "{ const one = new AbortController(); patience.push([ms, one]); return one.signal; }"
    page.add_init_script(f"window.patience = []; AbortSignal.timeout = (ms) => {asked}")
    page.goto(f"/wallet/pay/request/{bakery.asks(700).id}")
    page.route("**/wallet/pay/request/**", lambda route: None if route.request.method == "POST" else route.continue_())
    with page.expect_request(lambda request: request.method == "POST" and "/wallet/pay/request/" in request.url):
        press(page, "700円を支払う")
    expect(page.get_by_role("button", name="円を支払う")).to_have_attribute("aria-busy", "true")
    over = "([_ms, one]) => one.abort(new DOMException('silence', 'TimeoutError'))"
    assert page.evaluate(f"() => {{ const all = patience.splice(0); all.forEach({over}); return all.map(([ms]) => ms); }}") == [8_000]
    page.wait_for_url(NOT_PAID)
    assert hanako.coins() == 1_000


def test_the_unknown_page_opened_later(hand, district):
    """The address of an unknown outcome, opened after the phone was switched off and on, finds the payment."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    key = UUID("0a1b2c3d-0000-4000-8000-00000000abcd")
    hanako.pays(bakery, 700, key=key)
    page = hand(hanako)
    page.goto(f"/wallet/unknown/{key}")
    page.wait_for_url(DONE)
    assert settle_unknown(district.session, hanako.who, key) is not None


def test_a_refusal_stands_in_place_of_the_page(hand, district):
    """Withdrawn while the page was open: what happened, that nothing was paid, the number small at the end."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    ask = bakery.asks(700)
    page = hand(hanako)
    page.goto(f"/wallet/pay/request/{ask.id}")
    bakery.till().cancels(ask)
    press(page, "700円を支払う")
    expect(page.get_by_role("alert").get_by_role("heading")).to_contain_text("取り下げ")
    expect(page.get_by_text("まだ支払いは行われていません。")).to_be_visible()
    assert page.get_by_role("button", name="円を支払う").count() == 0


def test_a_press_after_signing_out_says_that_nothing_was_paid(hand, district):
    """Signed out in another tab: the old page has a button still."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    page = hand(hanako)
    page.goto(f"/wallet/pay/request/{bakery.asks(700).id}")
    identity.commands.sign_out_everywhere(district.session, hanako.who, now=district.now)
    press(page, "700円を支払う")
    expect(page.get_by_role("heading", name="ログインしてください")).to_be_visible()
    expect(page.get_by_text("まだ支払いは行われていません。")).to_be_visible()
    assert hanako.coins() == 1_000


def test_a_bill_runs_out_on_the_open_page(hand, district):
    """When the five minutes are over the page says so itself; no button is left to press."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    ask = bakery.asks(700)
    page = hand(hanako)
    page.goto(f"/wallet/pay/request/{ask.id}")
    district.clock.advance(minutes=5)
    page.evaluate("document.querySelector('[data-countdown]').dataset.countdown = 0")  # the clock of the page runs on
    expect(page.get_by_role("heading", name="期限切れ")).to_be_visible()
    assert page.get_by_role("button", name="円を支払う").count() == 0


def test_the_till_asks_while_i_am_typing(hand, district):
    """At the printed code: what the till asks for meanwhile appears by itself, and is paid without typing."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    page = hand(hanako)
    page.goto(f"/wallet/pay/shop/{bakery.public_number}")
    expect(page.get_by_text("このお店のいまのお会計")).to_be_hidden()
    bakery.asks(700)
    page.get_by_role("link", name="レジ1").click()
    press(page, "700円を支払う")
    page.wait_for_url(DONE)
    assert hanako.coins() == 300


def test_the_pin_in_the_thumbs_way(hand, district):
    """Above my own limit: a wrong PIN is told on the page itself, the right one pays."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    hanako.sets_pin("4826")
    set_limits(district.session, hanako.who, SetLimits(0, 500), now=district.now)
    page = hand(hanako)
    page.goto(f"/wallet/pay/request/{bakery.asks(700).id}")
    page.get_by_label("暗証番号").fill("1357")
    press(page, "700円を支払う")
    expect(page.get_by_text("あと 4回試せます").filter(visible=True).first).to_be_visible()
    page.get_by_label("暗証番号").fill("4826")
    press(page, "700円を支払う")
    page.wait_for_url(DONE)
    assert hanako.coins() == 300


def test_my_code_is_live(hand, district):
    """The page makes a code at once; read by the till, the phone shows the payment by itself, with the till's word."""
    hanako, till = district.consumer(coins=8_420), district.till()
    page = hand(hanako)
    with page.expect_event("request", lambda request: request.url.find("/wallet/events") > 0):
        page.goto("/wallet/code")
    digits = page.locator(".codecard .num").inner_text()
    taken = till.scans(digits, 1_280)
    page.wait_for_url(DONE)
    expect(page.get_by_text(taken.word)).to_be_visible()


def test_my_code_renews_itself(hand, district):
    """Ten seconds before its end the code is replaced; the one before is dead."""
    hanako, till = district.consumer(coins=8_420), district.till()
    page = hand(hanako)
    page.goto("/wallet/code")
    digits = page.locator(".codecard .num")
    first = digits.inner_text()
    page.evaluate("document.querySelector('[data-code]').dataset.renew = 0; dispatchEvent(new Event('online'))")
    expect(digits).not_to_have_text(first)
    with pytest.raises(Exception, match="consumer_code_expired"):
        till.scans(first, 100)


def test_my_code_turns_grey_without_a_network(hand, district):
    """A code that cannot be renewed is greyed when its minute is over, and says why."""
    page = hand(district.consumer(coins=100))
    page.goto("/wallet/code")
    expect(page.locator("[data-code]")).to_be_visible()
    page.context.set_offline(True)
    page.evaluate("Object.assign(document.querySelector('[data-code]').dataset, {renew: 0, ends: 0}); dispatchEvent(new Event('online'))")
    expect(page.locator(".codecard.is-old")).to_be_visible()
    expect(page.get_by_text("コードを新しくできません")).to_be_visible()


@pytest.mark.parametrize("answer", ["5,000円を支払う", "やめる"])
def test_a_shops_question_appears_by_itself(hand, district, answer):
    """Above my limit a sheet asks me on the code page; yes pays, no frees the amount. The safe choice has the focus."""
    hanako, till = district.consumer(coins=8_420), district.till()
    page = hand(hanako)
    with page.expect_event("request", lambda request: request.url.find("/wallet/events") > 0):
        page.goto("/wallet/code")
    asked = till.scans(page.locator(".codecard .num").inner_text(), 5_000)
    sheet = page.get_by_role("dialog")
    expect(sheet).to_contain_text("みなと屋")
    expect(sheet.get_by_role("button", name="やめる")).to_be_focused()
    sheet.get_by_role("button", name=answer).click()
    if answer == "やめる":
        expect(page.get_by_role("heading", name="支払いを取りやめました")).to_be_visible()
        assert hanako.coins() == 8_420
    else:
        expect(page).to_have_url(DONE)  # by the form's answer or by the live line, whichever is quicker: the same page
        assert (hanako.coins(), asked.amount) == (3_420, 5_000)


def test_a_top_up_arrives_at_home(hand, district):
    """Topped up at the counter, the balance on the open page changes by itself."""
    hanako = district.consumer()
    page = hand(hanako)
    with page.expect_event("request", lambda request: request.url.find("/wallet/events") > 0):
        page.goto("/wallet/")
    district.clerk().tops_up(hanako, 5_000)
    expect(page.locator(".wallet .amount")).to_contain_text("5,000")
    expect(page.get_by_text("窓口でチャージ")).to_be_visible()


def test_the_eye_covers_the_balance(hand, district):
    """The eye hides every figure and remembers it."""
    page = hand(district.consumer(coins=5_000))
    page.goto("/wallet/")
    page.get_by_role("button", name="残高を隠す").click()
    expect(page.locator(".wallet .amount__n")).to_be_hidden()
    page.reload()
    expect(page.locator(".wallet .amount__n")).to_be_hidden()


@pytest.mark.parametrize(("text", "widths"), [("large", (390, 320)), ("normal", (320,))])
def test_no_page_is_wider_than_the_phone(hand, district, text, widths):
    """Down to 320 px and in large text nothing has to be pushed sideways, also with long names and seven figures."""
    hanako, bakery = (
        district.consumer(coins=100_000, nickname="とても長い名前をもつ温泉好きの花子さん"),
        district.shop("湯の花まんじゅうと甘酒と手焼きせんべい みなと屋本店"),
    )
    receipt = hanako.pays(bakery, 9_999)
    page = hand(hanako)
    request = bakery.asks(8_888).id
    for path in (
        "/wallet/",
        f"/wallet/pay/request/{request}",
        f"/wallet/pay/shop/{bakery.public_number}",
        f"/wallet/done/{receipt.transaction_id}",
        f"/wallet/history/{receipt.transaction_id}",
        "/wallet/code",
        "/wallet/history?shop=みなと",
        "/wallet/settings",
        "/wallet/settings/limits",
        "/wallet/settings/card",
        "/card",
        "/series",
        "/series/akari",
        "/help",
        "/lost",
        "/wallet/new-phone",
        "/wallet/leave",
        "/wallet/scan",
    ):
        page.goto(path + ("&" if "?" in path else "?") + f"text={text}")
        for width in widths:
            page.set_viewport_size({"width": width, "height": 568})
            assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)


def everybody_can_use(page, path):
    page.goto(path)
    assert serious_in_light_or_dark(page) == [], path
    assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_everybody_can_use_the_pages(hand, district):
    """axe finds nothing serious, light or dark, on any page of the wallet, of joining and signing in, of one's own account, and on
    what stands open to everybody; none is wider than the phone."""
    hanako, bakery, till = district.consumer(coins=60_000), district.shop("湯の花まんじゅう みなと屋"), district.till()
    landing = merchant.queries.request_token(bakery.asks(500).id, b"a key for codes, and of 32 bytes")
    receipt = hanako.pays(bakery, 1_280)
    over = bakery.asks(300)
    bakery.till().cancels(over)
    paths = [
        "/wallet/",
        "/wallet/top-up",
        "/wallet/scan",
        "/wallet/number",
        "/wallet/code",
        f"/wallet/pay/shop/{bakery.public_number}",
        f"/wallet/pay/shop/{bakery.public_number}?amount=700",
        f"/wallet/pay/shop/{bakery.public_number}?amount=90000",
        f"/wallet/pay/request/{bakery.asks(12_000).id}",
        f"/wallet/pay/request/{over.id}",
        f"/wallet/done/{receipt.transaction_id}",
        f"/wallet/history/{receipt.transaction_id}",
        "/wallet/history",
        "/wallet/history?shop=みなと&month=2026-11",
        "/wallet/settings",
        "/wallet/settings/limits",
        "/wallet/settings/card",
        "/card",
        "/wallet/not-paid",
        "/account",
        "/account/devices",
        "/account/email",
        "/account/name",
        "/account/pin",
        "/account/recovery-codes",
        "/sign-out",
        "/offline",
        "/problems",
        "/api/docs",
        "/nowhere",
    ]
    page = hand(hanako)
    for path in paths:
        everybody_can_use(page, path)
    asked = till.scans(hanako.shows_code().text, 5_000)
    everybody_can_use(page, f"/wallet/consent/{asked.id}")
    stranger = hand(None)
    for path in (
        "/sign-up",
        "/sign-in",
        "/sign-in/code",
        "/recover",
        "/series",
        "/series/akari",
        "/help",
        "/lost",
        "/lost/done",
        "/left",
        f"/q/{landing}",
    ):
        everybody_can_use(stranger, path)
    yuzu = district.consumer(coins=5_000)
    yuzu.sets_pin("4173")
    moving = hand(yuzu)
    for path in ("/wallet/new-phone", "/wallet/leave"):
        everybody_can_use(moving, path)
