"""商品レジ as a person at the tablet meets it: tiles, the bill, cash and change, a phone that pays, the receipt figure by figure."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
from flask.testing import FlaskClient
from playwright.sync_api import BrowserContext, Locator, Page, expect

import association.commands
import merchant.commands
import merchant.queries
from association.commands import TicketsTaken
from merchant.queries import ArticleFacts, RegisterChoice
from merchant.rules.bill import Bill, Off, work_out
from merchant.rules.invoice import Line, ReceiptRefused
from tests.association.test_tickets import Paper
from tests.conftest import Site
from tests.merchant.conftest import OPENED
from tests.merchant.test_pages import Tablet
from tests.town import OWNER_PIN, Consumer, Shop, Till, Town
from tests.web.axe import serious_in_light_or_dark

STATIC = Path(__file__).parents[2] / "merchant" / "static" / "merchant" / "register"
ARTICLES = [
    ArticleFacts("まんじゅう 4個箱", "", "菓子", 540, True, 8, False, None, "4901234567894", 10),
    ArticleFacts("甘酒", "あまざけ", "店内", 420, True, 8, True, None, None, 20),
    ArticleFacts("絵はがき", "", "雑貨", 200, True, 10, False, None, None, 30),
    ArticleFacts("量り売り", "", "菓子", None, True, 8, False, None, None, 40),
]


def opens_register(district: Town, shop: Shop) -> None:
    """The shop's till writes its receipts, and has something to sell."""
    choice = RegisterChoice(phone="0761-00-0000")
    merchant.commands.set_register(district.session, shop.owner, shop.id, choice, issues=True, now=district.now)
    for each in ARTICLES:
        merchant.commands.add_article(district.session, shop.owner, shop.id, each, key=uuid4(), now=district.now)


@pytest.mark.browser
def test_the_script_counts_as_the_rules_count(page: Page) -> None:
    """Mixed rates, percents, both modes, all roundings: what the tablet shows is what the server finds, or neither lets it through."""
    page.goto("about:blank")
    source = b64encode((STATIC / "totals.js").read_bytes()).decode()
    page.evaluate(f"async () => {{ window.totals = await import('data:text/javascript;base64,{source}'); }}")
    bills = [
        {"lines": [[3, 333, 8], [2, 98, 10], [1, 85, 0]], "offs": [[0, None, 7], [None, None, 13]]},
        {"lines": [[1, 1, 8], [1, 1, 10]], "offs": [[None, 1, None]]},
        {"lines": [[7, 111, 8], [7, 111, 10]], "offs": [[1, 300, None], [None, 778, None]]},
        {"lines": [[999, 9_999_999, 10], [999, 9_999_999, 8]], "offs": [[None, None, 33]]},
        {"lines": [[1, 100, 8]], "offs": [[None, 101, None]]},
    ]
    for bill in bills:
        for mode in ("inclusive", "exclusive"):
            for rounding in ("floor", "half_up", "ceil"):
                assert by_script(page, bill, mode, rounding) == by_rules(bill, mode, rounding), (bill, mode, rounding)


def by_script(page: Page, bill: dict[str, Any], mode: str, rounding: str) -> object:
    sent = {
        "lines": [dict(zip(("qty", "price", "rate"), line, strict=True)) for line in bill["lines"]],
        "offs": [dict(zip(("line", "amount", "percent"), off, strict=True)) for off in bill["offs"]],
    }
    said = page.evaluate("([bill, mode, rounding]) => window.totals.workOut(bill, mode, rounding)", [sent, mode, rounding])
    return None if said["wrong"] else (said["total"], [[row["rate"], row["gross"], row["tax"]] for row in said["byRate"]])


def by_rules(bill: dict[str, Any], mode: Any, rounding: Any) -> object:
    lines = tuple(Line("品", *line) for line in bill["lines"])
    try:
        done = work_out(Bill(lines, (None,) * len(lines), tuple(Off(*off) for off in bill["offs"]), False, mode, rounding))
    except ReceiptRefused:
        return None
    return done.totals.total, [[row.rate, row.gross, row.tax] for row in done.totals.by_rate]


@pytest.mark.browser
def test_a_morning_at_the_register(
    page: Page, context: BrowserContext, site: Site, district: Town, shop: Shop, till: Till, hanako: Consumer
) -> None:
    """Cash with change; then a mixed bill, partly in cash, paid by a phone whose history has the receipt; each figure as it must be."""
    opens_register(district, shop)
    context.add_cookies([{"name": "meguri_till", "value": till.token, "url": f"{site.address}/till"}])
    page.add_init_script(OPENED)
    page.goto(f"{site.address}/till/register")
    expect(page.locator("[data-register][data-ready]")).to_be_visible()
    line = "state => document.dispatchEvent(new CustomEvent('meguri:line', { detail: state }))"
    page.evaluate(line, "online")
    expect(page.locator("[data-ask-button]")).to_be_disabled()  # the line is there, but nothing has been bought yet
    tile = page.locator("[data-tiles] .tile")
    for name in ("4個箱", "4個箱", "絵はがき"):
        tile.filter(has_text=name).click()
    expect(page.locator("[data-total] .amount__n")).to_have_text("1,280")
    page.evaluate(line, "offline")
    expect(page.locator("[data-ask-button]")).to_be_disabled()
    page.evaluate(line, "online")
    expect(page.locator("[data-ask-button]")).to_be_enabled()
    page.get_by_role("button", name="現金", exact=True).click()
    for note in (1000, 2000, 2000):  # the notes that are put down add up, and so does what is typed beside them
        page.locator(f"[data-note='{note}']").click()
    page.keyboard.type("30", delay=90)
    expect(page.locator("[data-given] .amount__n")).to_have_text("5,030")
    page.locator("dialog[data-cash] [data-sell]").click()
    expect(page.locator("[data-sold-change] .amount__n")).to_have_text("3,750")
    page.get_by_role("button", name="次のお客様へ").click()

    for sign in "4901234567894":  # a hand scanner types, wherever the focus is
        page.keyboard.press(sign)
    page.keyboard.press("Enter")
    page.locator("[data-eat=here]").click()
    tile.filter(has_text="甘酒").click()
    page.locator("[data-bag]").click()
    page.locator("[data-line='2'] [data-step='-1']").click()  # no bag after all: gone before it is paid
    expect(page.locator("[data-rates]")).to_contain_text("420")
    assert serious_in_light_or_dark(page) == []
    page.get_by_role("button", name="ほかの払い方").click()
    page.fill("[name=cash]", "500")
    page.locator("[data-split]").click()
    asked = page.locator("[data-request]")
    expect(asked).to_be_visible()
    paid = hanako.pays_request(UUID(asked.get_attribute("data-request")), 460)
    page.locator("section.arrival [data-next]").click()
    expect(page.locator("[data-register][data-ready]")).to_be_visible()
    expect(page.locator("[data-total] .amount__n")).to_have_text("0")

    sale = merchant.queries.receipt_of_payment(district.session, district.district_id, paid.transaction_id)
    assert sale is not None
    assert sale.serial == 2
    assert sale.content["by_rate"] == [[10, 420, 38, 382], [8, 540, 40, 500]]
    assert [(each["kind"], each["amount"]) for each in sale.content["paid"]] == [("coin", 460), ("cash", 500)]
    page.goto(f"{site.address}/till/sales/{paid.transaction_id}")  # 内容を見る of the ring: the customer asks for 領収書
    page.get_by_role("link", name="レシート・領収書").click()
    expect(page).to_have_url(re.compile(f"/till/receipts/{sale.till_id}/2$"))
    page.goto(f"{site.address}/till/")
    page.get_by_text("8%※", exact=True).click()
    page.keyboard.type("540", delay=90)  # a keyboard beside the tablet types on, although the rate has the focus
    expect(page.locator("[data-total] .amount__n")).to_have_text("540")
    context.add_cookies([{"name": "meguri_session", "value": district.cookie(hanako.person_id), "url": site.address}])
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site.address}/wallet/history/{paid.transaction_id}")
    page.get_by_role("link", name="お店のレシートを見る").click()
    for words in (sale.number, "10%対象 420円", "内消費税 40円", "あかりコイン", "店内"):
        expect(page.get_by_role("main")).to_contain_text(words)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert serious_in_light_or_dark(page) == []


def test_papers_returns_and_the_owners_choice(client: FlaskClient, district: Town) -> None:
    """The owner makes the till the register; a sale, its papers, goods back, the day's sums; somebody else's receipt is not to be had."""
    shop = district.shop()
    desk = Tablet(client, district, owner=shop)
    settings = {"issues": "till", "tax": "inside", "rounding": "floor", "keypad_name": "お品代", "keypad_rate": "10"}
    more = {"bag_name": "レジ袋", "bag_price": "5", "phone": "0761-00-0000"}
    assert desk.sends("/shop/register", "/shop/register", **settings, **more).status_code == 303
    owner, till = shop.hires("店主", role="owner", pin=OWNER_PIN), shop.till()
    tablet = Tablet(client, district, till=till)
    bill = {"lines": [{"name": "手ぬぐい", "qty": 2, "price": 1_100, "rate": 10, "article": None}], "offs": [], "eat_in": False}
    form = {"bill": json.dumps(bill), "total": 2_200, "received": 3_000, "key": uuid4()}
    sold = tablet.sends("/till/register/sell", "/till/register", **form)
    assert (sold.json["change"], sold.json["total"]) == (800, 2_200)  # type: ignore[index]
    assert tablet.sends("/till/register/sell", "/till/register", **form | {"total": 2_199, "key": uuid4()}).status_code == 409
    page = sold.json["href"]  # type: ignore[index]
    made = tablet.sends(f"{page}/paper", page, kind="ryoshusho", addressee="山田商店", purpose="お土産代として", key=uuid4())
    assert tablet.looks(made.location).data.startswith(b"%PDF")
    assert "再発行" not in tablet.looks(page).text.split("お店の控え")[0].split("領収書を再発行する")[1]
    wrong = tablet.sends(f"{page}/return", page, quantities="1", reason="返品", staff_id=owner, pin="0000", key=uuid4())
    assert '<option value="1" selected>' in wrong.text  # what was chosen stays, and only the PIN is typed again
    back = tablet.sends(f"{page}/return", page, quantities="1", reason="返品", staff_id=owner, pin=OWNER_PIN, key=uuid4())
    assert (back.status_code, "1,100円" in tablet.looks(back.location).text) == (303, True)
    day = tablet.looks("/till/receipts").text
    assert ('value="2200"' in day, 'value="-1100"' in day) == (True, True)
    other = Tablet(client, district, till=district.till())
    assert other.looks(page).status_code == 404


def test_the_keypad_of_a_till_that_writes_receipts(client: FlaskClient, district: Town) -> None:
    """An amount at 8 %: by the QR, asked anew, or by the customer's code; each has its receipt. A bill of articles is read by its page."""
    shop, hanako = district.shop(), district.consumer(coins=9_000)
    opens_register(district, shop)
    tablet = Tablet(client, district, till=shop.till())
    first = tablet.sends("/till/request", amount="1,080", rate="8", key=uuid4())
    again = tablet.sends("/till/request", first.location, amount="1080", again=first.location.rsplit("/", 1)[1], key=uuid4())
    paid = hanako.pays_request(UUID(again.location.rsplit("/", 1)[1]), 1_080)
    form = {"amount": "540", "rate": "8", "code": hanako.shows_code().text, "key": uuid4()}
    read = tablet.sends("/till/scan", "/till/scan?amount=540&rate=8", **form)
    assert tablet.sends("/till/scan", "/till/scan?amount=540&rate=8", **form).location == read.location
    numbers = [paid.transaction_id, int(read.location.rsplit("/", 1)[1])]
    rows = [merchant.queries.receipt_of_payment(district.session, district.district_id, number) for number in numbers]
    assert [(row.serial, row.content["by_rate"]) for row in rows if row] == [(1, [[8, 1_080, 80, 1_000]]), (2, [[8, 540, 40, 500]])]
    bill = {"lines": [{"name": "甘酒", "qty": 1, "price": 420, "rate": 10, "article": None}], "offs": [], "eat_in": True}
    asked = tablet.sends("/till/register/ask", "/till/register", bill=json.dumps(bill), total=420, coin=420, key=uuid4())
    request_id = asked.location.rsplit("/", 1)[1]
    page = f"/till/scan?request={request_id}"
    assert f'value="{request_id}"' in tablet.looks(page).text
    form = {"amount": "420", "request_id": request_id, "code": hanako.shows_code().text, "key": uuid4()}
    number = int(tablet.sends("/till/scan", page, **form).location.rsplit("/", 1)[1])
    sale = merchant.queries.receipt_of_payment(district.session, district.district_id, number)
    assert sale is not None
    assert sale.content["lines"] == [["甘酒", 1, 420, 10, None]]


@pytest.mark.browser
def test_every_key_of_the_register(page: Page, context: BrowserContext, site: Site, district: Town, shop: Shop, till: Till) -> None:
    """A weighed article, an amount at 8 %, thirty boxes, discounts of a line and of the whole, a search; soba here and a drink away on one
    bill; a tab called over an open bill, which waits under the hour; an open bill that costs what it cost though the owner writes prices
    without tax from now on; and practice, which writes no receipt."""
    opens_register(district, shop)
    context.add_cookies([{"name": "meguri_till", "value": till.token, "url": f"{site.address}/till"}])
    page.add_init_script(OPENED)
    page.goto(f"{site.address}/till/register")
    expect(page.locator("[data-register][data-ready]")).to_be_visible()
    tile, total = page.locator("[data-tiles] .tile"), page.locator("[data-total] .amount__n")

    def types(digits: str) -> None:
        for digit in digits:
            page.locator(f"dialog[data-typed] [data-key='{digit}']").click()
        page.get_by_role("button", name="決める").click()

    def line(name: str) -> Locator:
        return page.locator("[data-lines] > li").filter(has_text=name)

    tile.filter(has_text="量り売り").click()
    types("350")
    page.get_by_role("button", name="金額を打つ").click()
    page.locator("dialog[data-typed]").get_by_text("8%※").click()
    types("1080")
    tile.filter(has_text="4個箱").click()
    line("4個箱").locator("[data-qty-key]").click()
    expect(page.locator("dialog[data-typed] [data-unit-word=qty]")).to_be_visible()
    types("30")
    expect(total).to_have_text("17,630")
    line("4個箱").locator("[data-line-menu]").click()
    page.locator("[data-quick-percent='10']").click()
    page.locator("[data-discount]").click()
    types("10")
    expect(total).to_have_text("16,000")
    page.get_by_role("button", name="さがす").click()
    page.get_by_role("searchbox").fill("アマザケ")
    page.locator("[data-found] .tile").click()
    page.locator("[data-eat=here]").click()
    tile.filter(has_text="甘酒").click()
    expect(line("甘酒")).to_have_count(2)
    expect(page.locator("[data-rates]")).to_contain_text("420")
    line("甘酒").nth(1).locator("[data-turn]").click()
    expect(page.locator("[data-rates]")).not_to_contain_text("10%対象")
    line("甘酒").nth(1).locator("[data-turn]").click()
    assert serious_in_light_or_dark(page) == []
    page.get_by_role("button", name="取り置き").click()
    page.get_by_placeholder("席や名前").fill("2番")
    page.get_by_role("button", name="このお会計を取り置く").click()
    expect(total).to_have_text("0")
    tile.filter(has_text="絵はがき").click()
    page.get_by_role("button", name="取り置き").click()
    page.locator("[data-held-list] [data-take]").click()
    expect(total).to_have_text("16,840")
    held = merchant.queries.held_bills(district.session, district.district_id, shop.id)
    assert [(re.fullmatch(r"\d\d:\d\d の会計", each.name) is not None, each.total) for each in held] == [(True, 200)]
    page.get_by_role("button", name="現金", exact=True).click()
    page.locator("[data-note=exact]").click()
    page.locator("dialog[data-cash] [data-sell]").click()
    expect(page.get_by_role("heading", name="会計しました")).to_be_visible()
    sale = merchant.queries.receipt_at(district.session, district.district_id, shop.id, till.who.till_id or 0, 1)
    assert [each[1:4] for each in sale.content["lines"]] == [[1, 350, 8], [1, 1_080, 8], [30, 540, 8], [1, 420, 8], [1, 420, 10]]
    assert (sale.total, sale.content["eat_in"]) == (16_840, False)
    page.get_by_role("button", name="次のお客様へ").click()

    tile.filter(has_text="4個箱").click()
    choice = RegisterChoice(tax_inside=False)
    merchant.commands.set_register(district.session, shop.owner, shop.id, choice, issues=True, rereads=True, now=district.now)
    page.reload()
    expect(total).to_have_text("540")
    tile.filter(has_text="4個箱").click()  # its price is without tax now, and does not stand beside one with it
    expect(total).to_have_text("540")
    page.get_by_role("button", name="現金", exact=True).click()
    page.locator("[data-note=exact]").click()
    page.locator("dialog[data-cash] [data-sell]").click()
    page.get_by_role("button", name="次のお客様へ").click()
    sale = merchant.queries.receipt_at(district.session, district.district_id, shop.id, till.who.till_id or 0, 2)
    assert (sale.total, sale.content["mode"]) == (540, "inclusive")
    tile.filter(has_text="4個箱").click()
    expect(total).to_have_text("583")
    page.locator("[data-clear]").click()

    page.goto(f"{site.address}/till/practice/start")
    page.get_by_role("button", name="練習を始める").click()
    expect(page.get_by_role("complementary", name="練習モード")).to_be_visible()
    page.goto(f"{site.address}/till/register")
    expect(page.get_by_role("complementary", name="練習モード")).to_be_visible()
    tile.filter(has_text="4個箱").click()
    page.get_by_role("button", name="現金", exact=True).click()
    page.locator("[data-note='1000']").click()
    page.locator("dialog[data-cash] [data-sell]").click()
    expect(page.locator("[data-sold-number]")).to_have_text("練習")
    expect(page.locator("[data-sold-change] .amount__n")).to_have_text("417")
    assert merchant.queries.last_serial(district.session, district.district_id, till.who.till_id or 0) == 2


@pytest.mark.parametrize("qty", [-1, 0, 1_000, "2", 1.5])
def test_a_senseless_quantity_is_refused_at_the_door(client: FlaskClient, district: Town, qty: object) -> None:
    """Sold or brought back: 422, and nothing is written."""
    shop = district.shop()
    opens_register(district, shop)
    tablet, owner = Tablet(client, district, till=shop.till()), shop.hires("店主", role="owner", pin=OWNER_PIN)
    bill: dict[str, Any] = {
        "lines": [{"name": "手ぬぐい", "qty": 1, "price": 1_100, "rate": 10, "article": None}],
        "offs": [],
        "eat_in": False,
    }
    form = {"bill": json.dumps(bill), "total": 1_100, "received": 1_100, "key": uuid4()}
    page = tablet.sends("/till/register/sell", "/till/register", **form).json["href"]  # type: ignore[index]
    bill["lines"][0]["qty"] = qty
    wrong = tablet.sends("/till/register/sell", "/till/register", **form | {"bill": json.dumps(bill), "key": uuid4()})
    assert wrong.status_code == 422
    if qty in (-1, 1_000, 1.5):
        back = tablet.sends(f"{page}/return", page, quantities=str(qty), staff_id=owner, pin=OWNER_PIN, key=uuid4())
        assert back.status_code == 422
    assert len(merchant.queries.receipts_of_day(district.session, district.district_id, shop.id, district.today)) == 1


def test_paper_tickets_and_cash_are_one_receipt(client: FlaskClient, district: Town) -> None:
    """3,240 with three tickets of 1,000 and 300 in cash: one receipt with both means and 60 of change. Too little cash, and no ticket is
    used; what two people let go afterwards has its return slip; a typed amount that tickets pay alone has its receipt, too."""
    paper = Paper(district)
    paper.sells(1)
    shop, page = paper.small, "/till/tickets?bill=true&amount=3240"
    opens_register(district, shop)
    till = shop.till()
    tablet = Tablet(client, district, till=till)
    bill = {"lines": [{"name": "まんじゅう 4個箱", "qty": 6, "price": 540, "rate": 8, "article": None}], "offs": [], "eat_in": False}
    form = {"codes": "\n".join(paper.text(1, number) for number in (1, 2, 9)), "amount": "3,240", "bill": json.dumps(bill), "key": uuid4()}
    assert tablet.sends("/till/tickets", page, **form, rest="cash", received="239").status_code == 409
    assert (shop.taken(), paper.on_paper()) == (0, 13_000)
    taken = [tablet.sends("/till/tickets", page, **form, rest="cash", received="300").location for _twice in range(2)]
    assert taken[0] == taken[1]
    number = int(taken[0].rsplit("/", 1)[1])
    said = tablet.looks(taken[0]).text
    assert ("お会計は済みました" in said, 'value="60"' in said) == (True, True)
    sale = merchant.queries.receipt_of_payment(district.session, district.district_id, number)
    assert sale is not None
    assert [(each["kind"], each["amount"]) for each in sale.content["paid"]] == [("voucher", 2_000), ("voucher", 1_000), ("cash", 240)]
    assert (sale.serial, sale.total, sale.content["change"], sale.content["by_rate"]) == (1, 3_240, 60, [[8, 3_240, 240, 3_000]])
    drawer = merchant.queries.drawer_now(district.session, district.district_id, sale.till_id)
    assert drawer.expected == 240
    proposal = paper.releases(TicketsTaken(number, 3, 3_000, 240, False), (1, 2))
    association.commands.approve(district.session, district.approver().who, proposal, now=district.now)
    [slip] = merchant.queries.returns_of(district.session, district.district_id, sale.till_id, sale.serial)
    assert [(each["kind"], each["amount"]) for each in slip.content["paid"]] == [("voucher", 1_000)]
    alone = {"codes": paper.text(1, 10), "rate": "8", "key": uuid4()}
    number = int(tablet.sends("/till/tickets", "/till/tickets?rate=8", **alone).location.rsplit("/", 1)[1])
    typed = merchant.queries.receipt_of_payment(district.session, district.district_id, number)
    assert typed is not None
    assert typed.content["by_rate"] == [[8, 1_000, 74, 926]]


@pytest.mark.browser
def test_the_parts_of_a_bill_come_to_it_to_the_yen(page: Page) -> None:
    """By heads and by what each had, with discounts, mixed rates, both modes: what the parts come to is what the bill comes to."""
    page.goto("about:blank")
    totals = b64encode((STATIC / "totals.js").read_bytes()).decode()
    shares = (STATIC / "shares.js").read_text(encoding="utf-8").replace('"./totals.js"', f'"data:text/javascript;base64,{totals}"')
    source = b64encode(shares.encode()).decode()
    page.evaluate(f"async () => {{ window.shares = await import('data:text/javascript;base64,{source}'); }}")
    split = """([bill, mode, count]) => {
        const { byItems, evenly, flat, sumOf } = window.shares;
        const lines = bill.lines.map((line) => ({ ...line, isHere: false }));
        const pieces = flat({ bill, lines }, mode, 'floor');
        const [now, later] = byItems(pieces, pieces.map(({ qty }) => Math.floor(qty / 2)));
        return [evenly(bill, count, mode, 'floor', String), [now, later]].map((parts) => [
            parts.map(sumOf),
            parts.map(({ lines, offs }) => [
                lines.map(({ qty, out }) => [qty, out.price, out.rate]), offs.map(({ line, amount }) => [line, amount]),
            ]),
        ]);
    }"""
    bills = [
        {"lines": [[3, 333, 8], [2, 98, 10], [1, 85, 0]], "offs": [[0, None, 7], [None, None, 13]]},
        {"lines": [[7, 111, 8], [7, 111, 10]], "offs": [[1, 300, None], [None, 778, None]]},
        {"lines": [[5, 1, 8]], "offs": []},
    ]
    for bill in bills:
        for mode in ("inclusive", "exclusive"):
            total, _by_rate = by_rules(bill, mode, "floor")  # type: ignore[misc]
            sent = {
                "lines": [dict(zip(("qty", "price", "rate"), line, strict=True)) for line in bill["lines"]],
                "offs": [dict(zip(("line", "amount", "percent"), off, strict=True)) for off in bill["offs"]],
            }
            for count in (2, 3, 7):
                (heads, by_heads), (items, by_items) = page.evaluate(split, [sent, mode, count])
                assert (sum(heads), sum(items), len(heads)) == (total, total, count), (bill, mode, count)
                assert max(heads) - min(heads) <= 3
                whole = by_rules({"lines": bill["lines"], "offs": []}, mode, "floor")[0]  # type: ignore[index]
                for parts in (by_heads, by_items):  # each says what it bears of the discounts
                    assert sum(off for _lines, offs in parts for _line, off in offs) == whole - total, (bill, mode, count)

    dinner = {"lines": [{"qty": 1, "price": 900, "rate": 10}, {"qty": 1, "price": 100, "rate": 8}]}
    dinner["offs"] = [{"line": None, "amount": 67, "percent": None}]  # type: ignore[dict-item]
    (heads, by_heads), _items = page.evaluate(split, [dinner, "inclusive", 3])
    assert heads == [311, 311, 311]
    assert by_heads == [
        [[[1, 300, 10], [1, 34, 8]], [[0, 20], [1, 3]]],
        [[[1, 300, 10], [1, 33, 8]], [[0, 20], [1, 2]]],
        [[[1, 300, 10], [1, 33, 8]], [[0, 20], [1, 2]]],
    ]


@pytest.mark.browser
def test_a_table_pays_in_parts(
    page: Page, context: BrowserContext, site: Site, district: Town, shop: Shop, till: Till, hanako: Consumer
) -> None:
    """1,001 for three: cash, a phone whose request is given up and asked anew, a card; each has a receipt, and together they are the bill.
    Then somebody pays for the postcard alone, the rest joins; one receipt says cash and card of two, another one cash and two phones."""
    opens_register(district, shop)
    context.add_cookies([{"name": "meguri_till", "value": till.token, "url": f"{site.address}/till"}])
    page.add_init_script(OPENED)
    page.goto(f"{site.address}/till/register")
    expect(page.locator("[data-register][data-ready]")).to_be_visible()
    tile, total = page.locator("[data-tiles] .tile"), page.locator("[data-total] .amount__n")
    line = "state => document.dispatchEvent(new CustomEvent('meguri:line', { detail: state }))"

    def pays_cash() -> None:
        page.get_by_role("button", name="現金", exact=True).click()
        page.locator("[data-note=exact]").click()
        page.locator("dialog[data-cash] [data-sell]").click()
        page.get_by_role("button", name="次のお客様へ").click()

    def receipts() -> list[tuple[int, dict[str, int]]]:
        rows = [row.content for row in made(district, shop, till)]
        return [(row["total"], {each["kind"]: each["amount"] for each in row["paid"]}) for row in rows]

    for name in ("4個箱", "絵はがき", "甘酒"):
        tile.filter(has_text=name).click()
    page.locator("[data-discount]").click()
    for digit in "159":
        page.locator(f"dialog[data-typed] [data-key='{digit}']").click()
    page.get_by_role("button", name="決める").click()
    expect(total).to_have_text("1,001")
    page.locator("[data-split-bill]").click()
    page.locator("[data-heads='3']").click()
    expect(page.locator("[data-share-said]")).to_have_text("1人 333円か 334円")
    assert serious_in_light_or_dark(page) == []
    page.get_by_role("button", name="この分け方にする").click()
    expect(page.locator("[data-split-strip]")).to_contain_text("割り勘 1/3")
    tile.filter(has_text="甘酒").click()  # nothing is put into a part, and nothing taken out
    page.locator("[data-lines] [data-step='-1']").first.click()
    expect(total).to_have_text("334")
    pays_cash()
    expect(page.locator("[data-split-strip]")).to_contain_text("割り勘 2/3")
    page.evaluate(line, "online")
    page.locator("[data-ask-button]").click()
    expect(page.locator("[data-request]")).to_be_visible()
    page.get_by_role("button", name="やめる").click()
    page.goto(f"{site.address}/till/register")
    expect(page.locator("[data-split-strip]")).to_contain_text("割り勘 2/3")
    page.evaluate(line, "online")
    page.locator("[data-ask-button]").click()
    asked = page.locator("[data-request]")
    expect(asked).to_be_visible()
    hanako.pays_request(UUID(asked.get_attribute("data-request")), 334)
    page.locator("section.arrival [data-next]").click()
    expect(page.locator("[data-split-strip]")).to_contain_text("割り勘 3/3")
    page.evaluate(line, "online")
    page.get_by_role("button", name="ほかの払い方").click()
    page.locator("[data-all-card]").click()
    page.get_by_role("button", name="次のお客様へ").click()
    expect(total).to_have_text("0")
    assert sum(each for each, _paid in receipts()) == 1_001
    assert sum(off["amount"] for row in made(district, shop, till) for off in row.content["discounts"]) == 159
    assert [list(paid) for _total, paid in receipts()] == [["cash"], ["coin"], ["card"]]

    for name in ("4個箱", "絵はがき"):
        tile.filter(has_text=name).click()
    page.locator("[data-split-bill]").click()
    page.get_by_text("品で分ける").click()
    page.locator("[data-share-lines] > li").filter(has_text="絵はがき").locator("[data-take-step='1']").click()
    expect(page.locator("[data-share-said]")).to_have_text("いま払う分 200円、残り 540円")
    page.get_by_role("button", name="この分け方にする").click()
    pays_cash()
    page.get_by_role("button", name="割り勘をやめる").click()
    expect(total).to_have_text("540")
    page.locator("[data-split-bill]").click()
    page.get_by_text("まとめて1枚").click()
    page.locator("[data-share-people] > li").nth(1).get_by_text("カード").click()
    page.get_by_role("button", name="この分け方にする").click()
    page.get_by_role("button", name="次のお客様へ").click()
    assert receipts()[3:] == [(200, {"cash": 200}), (540, {"card": 270, "cash": 270})]

    tile.filter(has_text="4個箱").click()
    page.locator("[data-split-bill]").click()
    page.locator("[data-heads='3']").click()
    page.get_by_text("まとめて1枚").click()
    for head in (1, 2):
        page.locator("[data-share-people] > li").nth(head).get_by_text("コイン（QR）").click()
    page.get_by_role("button", name="この分け方にする").click()
    for left in (2, 1):
        expect(page.get_by_text("まだ", exact=True)).to_have_count(left)
        page.evaluate(line, "online")
        page.get_by_role("button", name="180円のQRを見せる").click()
        expect(asked).to_be_visible()
        hanako.pays_request(UUID(asked.get_attribute("data-request")), 180)
        page.locator("section.arrival [data-next]").click()
        if left == 2:
            page.goto(
                f"{site.address}/till/register"
            )  # somebody looks elsewhere meanwhile: the bill is not there twice, and is found again
            expect(total).to_have_text("0")
            page.get_by_role("link", name="続ける").click()
    expect(page.get_by_text("お会計は済みました")).to_be_visible()
    assert serious_in_light_or_dark(page) == []
    page.get_by_role("link", name="次のお客様へ").click()
    expect(total).to_have_text("0")
    assert [each["amount"] for each in made(district, shop, till)[-1].content["paid"]] == [180, 180, 180]


def made(district: Town, shop: Shop, till: Till) -> list[merchant.queries.ReceiptRow]:
    """The till's receipts from the first on."""
    till_id = till.who.till_id or 0
    last = merchant.queries.last_serial(district.session, district.district_id, till_id)
    return [merchant.queries.receipt_at(district.session, district.district_id, shop.id, till_id, serial) for serial in range(1, last + 1)]
