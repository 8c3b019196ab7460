"""The tablet without a network, in a real browser: what its script writes, and a dark hour from the cut to the day's close."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Route, expect
from sqlalchemy import select

import merchant.commands
import merchant.queries
from base.clock import day_bounds, system_clock
from merchant.models import TillLog
from merchant.queries import Coming, RegisterChoice
from merchant.rules.bill import bill_from, work_out
from merchant.rules.invoice import ReceiptRefused
from merchant.rules.slip import SERIES, Issuer, Made, Paid, slip
from tests.conftest import Site
from tests.merchant.conftest import OPENED
from tests.merchant.test_register_pages import opens_register
from tests.town import Consumer, Shop, Till, Town
from tests.web.axe import serious_in_light_or_dark
from tests.web.waiting import wait_for_promise

pytestmark = pytest.mark.browser

ROOT = Path(__file__).parents[2]
STATIC = ROOT / "merchant" / "static" / "merchant"
ENTRIES = ROOT / "tests" / "vectors" / "offline" / "entries.json"
INVOICES = ROOT / "tests" / "vectors" / "invoice" / "receipts.json"
SHOP = {"name": "みなと屋", "name_en": "Minatoya", "address": "湯の町1", "phone": "", "number": "000017", "registration": "T1234567890123"}
GRANT = {"shop": SHOP, "till": {"id": 7, "name": "レジ1"}, "staff": {"id": 3, "name": "花"}, "log": 2}


@pytest.fixture
def scripts(page: Page) -> Page:
    """An empty page of a safe origin that has loaded the modules as they are written."""

    def answer(route: Route) -> None:
        name = route.request.url.removeprefix("http://localhost:1/")
        if name:
            route.fulfill(body=(STATIC / name).read_text(encoding="utf-8"), content_type="text/javascript")
        else:
            route.fulfill(body="<!doctype html>", content_type="text/html")

    page.route("http://localhost:1/**", answer)
    page.goto("http://localhost:1/")
    page.evaluate(
        "async () => { window.entry = await import('/offline/entry.js'); window.receipts = await import('/offline/receipt.js'); }"
    )
    return page


def test_the_script_writes_an_entry_as_the_rules_read_it(scripts: Page) -> None:
    """The shared vectors: the same text, the same hash; and what has no such text is refused."""
    for vector in json.loads(ENTRIES.read_text(encoding="utf-8")):
        assert scripts.evaluate("(entry) => window.entry.canonical(entry)", vector["entry"]) == vector["text"]
        assert scripts.evaluate("(text) => window.entry.hashOf(text)", vector["text"]) == vector["hash"]
    for bad in ("1.5", "2 ** 53", "NaN", "undefined", "'\\ud800'", "'\\0'", "{é: 1}"):
        assert scripts.evaluate(f"() => {{ try {{ window.entry.canonical({{a: {bad}}}); return false; }} catch {{ return true; }} }}"), bad


def bills() -> Iterator[dict[str, Any]]:
    """Rates and roundings mixed, discounts of a line and of the whole, in yen and percent, a bill that needs a stamp."""
    lines = [["まんじゅう 4個箱", 3, 333, 8, 11], ["絵はがき", 2, 98, 10, None], ["切手", 1, 85, 0, None]]
    offs = [[], [[0, None, 7], [None, None, 13]], [[1, 30, None], [None, 777, None]], [[None, None, 1]], [[2, 85, None]]]
    for mode in ("inclusive", "exclusive"):
        for rounding in ("floor", "half_up", "ceil"):
            for off in offs:
                yield {"lines": lines, "offs": off, "eat_in": bool(off), "mode": mode, "rounding": rounding}
            yield {"lines": [["座卓", 1, 55_000, 10, None]], "offs": [], "eat_in": False, "mode": mode, "rounding": rounding}
            yield {
                "lines": [["壺", 999, 999, 10, None], ["飴", 999, 1, 8, None]],
                "offs": [],
                "eat_in": False,
                "mode": mode,
                "rounding": rounding,
            }
    for case in (each["input"] for each in json.loads(INVOICES.read_text(encoding="utf-8"))):
        if any(each["kind"] == "rate" for each in case.get("discounts", ())):
            continue  # the till knows no discount of one rate
        if any(line["rate"] not in (10, 8, 0) for line in case["lines"]) or not case["lines"]:
            continue  # no article has another one
        mine = [[line["name"], line["qty"], line["unit_price"], line["rate"], None] for line in case["lines"]]
        off = [[each.get("line"), each["amount"], None] for each in case.get("discounts", ())]
        yield {"lines": mine, "offs": off, "eat_in": False, "mode": case["price_mode"], "rounding": case["rounding"]}


def by_rules(kept: dict[str, Any], received: int, at: datetime) -> dict[str, Any] | None:
    bill = bill_from(kept)
    try:
        done = work_out(bill)
    except ReceiptRefused:
        return None
    paid = (Paid("cash", done.totals.total, "現金", "Cash"),)
    return slip("sale", Issuer(**SHOP), Made(7, "レジ1", 2 * SERIES + 41, "花", at), bill, done, paid, received)


def test_the_script_makes_the_receipt_that_the_rules_make(scripts: Page) -> None:
    """Name by name and yen by yen, over bills of every kind and the invoice vectors."""
    at, compared = datetime(2026, 11, 26, 3, 4, 5, tzinfo=UTC), 0
    for kept in bills():
        expected = by_rules(kept, 2_000_000, at)
        if expected is None or expected["total"] < 1:
            continue
        names = ("name", "qty", "price", "rate", "article")
        bill = {
            "lines": [dict(zip(names, line, strict=True)) for line in kept["lines"]],
            "offs": [dict(zip(("line", "amount", "percent"), off, strict=True)) for off in kept["offs"]],
            "eat_in": kept["eat_in"],
        }
        sale = {"bill": bill, "mode": kept["mode"], "rounding": kept["rounding"], "received": 2_000_000}
        made = scripts.evaluate(
            "([grant, sale, at]) => window.receipts.receipt(grant, sale, 41, at)", [GRANT, sale, int(at.timestamp() * 1000)]
        )
        assert made == expected, kept
        compared += 1
    assert compared > 45


def is_a_till_that_keeps(page: Page, context: BrowserContext, site: Site, till: Till) -> None:
    context.add_cookies([{"name": "meguri_till", "value": till.token, "url": f"{site.address}/till"}])
    chromium = context.new_cdp_session(page)
    place = chromium.send("Target.getTargetInfo")["targetInfo"]["browserContextId"]
    chromium.send("Browser.grantPermissions", {"permissions": ["durableStorage"], "origin": site.address, "browserContextId": place})


@pytest.fixture
def counter(page: Page, context: BrowserContext, site: Site, district: Town, shop: Shop, till: Till) -> Iterator[Page]:
    """The register of an opened shop at the size of a small tablet, whose browser keeps what it is given. No script of it may break: one
    that does takes those behind it with it."""
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    opens_register(district, shop)
    photo = io.BytesIO()
    Image.new("RGB", (400, 300), "#b5651d").save(photo, "JPEG")
    [tea] = [row.id for row in merchant.queries.articles(district.session, district.district_id, shop.id) if row.facts.name == "甘酒"]
    merchant.commands.set_picture(district.session, shop.owner, shop.id, tea, photo.getvalue(), now=district.now)
    is_a_till_that_keeps(page, context, site, till)
    page.on("dialog", lambda dialog: dialog.accept())
    page.add_init_script(OPENED)
    page.set_viewport_size({"width": 1024, "height": 768})
    page.goto(f"{site.address}/till/register")
    expect(page.locator("[data-register][data-ready]")).to_be_visible()
    expect(page.get_by_text("つながっています")).to_be_visible()
    yield page
    assert broken == []


KEPT = "async () => { for (const name of await caches.keys()) if (await (await caches.open(name)).match('/till/register')) return true; }"
KEPT_AHEAD = "async () => (await (await caches.match('/till/register')).text()).includes('data-ahead')"


PICTURE_KEPT = "async () => Boolean(await caches.match(document.querySelector('[data-tiles] img:not([hidden])').src))"


EVERYTHING = """async () => {
  const all = [JSON.stringify({ ...localStorage }), JSON.stringify({ ...sessionStorage }), document.cookie];
  for (const name of await caches.keys()) {
    const store = await caches.open(name);
    for (const each of await store.keys()) if (!each.url.includes("/static/")) all.push(await (await store.match(each)).text());
  }
  for (const { name } of await indexedDB.databases()) {
    const asking = indexedDB.open(name);
    const opened = await new Promise((done) => (asking.onsuccess = () => done(asking.result)));
    for (const store of opened.objectStoreNames) {
      const rows = opened.transaction(store).objectStore(store).getAll();
      all.push(JSON.stringify(await new Promise((done) => (rows.onsuccess = () => done(rows.result)))));
    }
    opened.close();
  }
  return all.join("\\n");
}"""
"""All that this device keeps for later: a thief reads it without signing in."""


def sells_for_cash(page: Page, article: str, note: str) -> None:
    page.locator("[data-tiles]").get_by_role("button", name=article).click()
    page.get_by_role("button", name="現金", exact=True).click()
    page.locator("dialog[data-cash]").get_by_role("button", name=note, exact=True).click()
    page.get_by_role("button", name="受け取る", exact=True).click()
    expect(page.get_by_role("heading", name="会計しました")).to_be_visible()


def next_customer(page: Page) -> None:
    page.get_by_role("button", name="次のお客様へ").click()


def test_a_dark_hour_at_the_counter(
    counter: Page, context: BrowserContext, site: Site, district: Town, shop: Shop, till: Till, hanako: Consumer
) -> None:
    """One sale with the network, then it goes: two for cash, a reload between them, coin says that it needs the line; back, and all three
    are there once, the day is right, and nothing of a customer was kept on the tablet."""
    page, unsent = counter, counter.get_by_text("まだ届いていない控えが")
    wait_for_promise(page, KEPT)
    wait_for_promise(page, PICTURE_KEPT)
    sells_for_cash(page, "絵はがき", "1,000")
    next_customer(page)
    context.set_offline(True)
    expect(page.get_by_text("つながっていません。現金の会計はできます。")).to_be_visible()
    sells_for_cash(page, "まんじゅう", "1,000")
    expect(page.locator("[data-sold-number]")).to_contain_text("-O1-000001")
    expect(page.locator("[data-sold-change]")).to_contain_text("460")
    expect(page.get_by_text("つながっていない間のレシートです。")).to_be_visible()
    page.evaluate("() => (window.print = () => (document.title = document.querySelector('.alone-paper').innerText))")
    page.get_by_role("button", name="レシートを印刷する").click()
    assert all(words in page.title() for words in ("-O1-000001", "まんじゅう 4個箱 ※", "8%対象（※軽減） 540円", "内消費税 40円", "460円"))
    assert serious_in_light_or_dark(page) == []
    next_customer(page)
    expect(unsent).to_contain_text("1件")
    page.reload()
    expect(page.locator("[data-register][data-ready]")).to_be_visible()
    expect(page.get_by_text("つながっていません。現金の会計はできます。")).to_be_visible()
    tea = page.locator("[data-tiles]").get_by_role("button", name="甘酒")
    expect(tea.locator("img")).to_have_js_property("naturalWidth", 240)
    tea.click()
    expect(page.get_by_role("button", name="ほかの払い方")).to_be_disabled()
    expect(page.get_by_role("button", name="QRを見せて受け取る")).to_be_hidden()  # in its place stands what can be paid later
    page.get_by_role("button", name="全部消す").click()
    sells_for_cash(page, "甘酒", "ちょうど")
    next_customer(page)
    expect(unsent).to_contain_text("2件")
    assert serious_in_light_or_dark(page) == []
    page.goto(f"{site.address}/till/day")  # no other page is kept: the register comes back
    expect(page).to_have_url(f"{site.address}/till/register")
    expect(page.get_by_text("そのページは、つながってから開けます。")).to_be_visible()
    hanako.pays(shop, 120)
    context.set_offline(False)
    expect(unsent).to_be_hidden(timeout=30_000)
    page.goto(f"{site.address}/till/register")
    rows = sorted(
        merchant.queries.receipts_of_day(district.session, district.district_id, shop.id, district.today), key=lambda row: row.serial
    )
    assert [(row.serial, row.total) for row in rows] == [(1, 200), (SERIES + 1, 540), (SERIES + 2, 420)]
    assert all(
        merchant.queries.noted_of(district.session, district.district_id, till.id, row.serial).keys() == {"arrived_at"} for row in rows[1:]
    )  # type: ignore[union-attr]
    page.goto(f"{site.address}/till/day")
    page.locator("[data-piece='1']").focus()  # the last of ten: what has the focus is never under the foot
    field, foot = (page.locator(which).bounding_box() for which in ("[data-piece='1']", ".day-close"))
    assert field is not None
    assert foot is not None
    assert field["y"] + field["height"] <= foot["y"]
    page.locator("[data-piece='1000']").fill("1")
    page.locator("[data-piece='100']").fill("1")
    page.locator("[data-piece='10']").fill("6")
    page.get_by_role("button", name="締める").click()
    expect(page.get_by_text("ぴったりです")).to_be_visible()
    expect(page.get_by_text("つながらない間のレシート")).to_be_visible()
    page.goto(f"{site.address}/till/sales")
    [sale] = merchant.queries.sales(district.session, district.district_id, shop.id)
    expect(page.get_by_text(sale.customer).first).to_be_visible()
    everything = page.evaluate(EVERYTHING)
    assert all(words in everything for words in ("商品レジ", shop.place().name, '"seq":2', "till.opened"))
    assert not any(secret in everything for secret in ("花子", sale.customer))


FIRST_ANSWER_IS_LOST = """const real = fetch; window.fetch = async (to, ...rest) => {
  const said = await real(to, ...rest);
  if (!String(to).endsWith("/till/log/open") || sessionStorage.lost) return said;
  sessionStorage.lost = "yes";
  throw new TypeError("the page was left");
};"""


def test_a_page_that_is_left_while_its_log_opens_opens_no_second_one(
    page: Page, context: BrowserContext, site: Site, district: Town, shop: Shop, till: Till
) -> None:
    """The server has opened it and the answer never came: the next page asks for the same one, so no empty log of a lost tablet is left."""
    is_a_till_that_keeps(page, context, site, till)
    opens_register(district, shop)
    page.add_init_script(FIRST_ANSWER_IS_LOST)
    page.goto(f"{site.address}/till/register")
    page.wait_for_function("() => sessionStorage.lost")
    page.reload()
    wait_for_promise(page, KEPT)
    assert len(district.session.scalars(select(TillLog).where(TillLog.district_id == district.district_id)).all()) == 1


def test_the_keypad_sells_on_for_cash_when_the_network_goes(
    counter: Page, context: BrowserContext, site: Site, district: Town, shop: Shop
) -> None:
    """A shop that only types amounts: in the dark the keypad says what it cannot do, one press carries the amount to the register, cash or
    a code for later; the bill that stood open there waits, and is there again afterwards. A reload of the page sells nothing twice."""
    page = counter
    page.locator("[data-tiles]").get_by_role("button", name="甘酒").click()
    page.goto(f"{site.address}/till/")
    page.evaluate("async () => { for (const name of await caches.keys()) await (await caches.open(name)).delete('/till/register'); }")
    page.reload()  # as on a tablet whose register was never opened
    wait_for_promise(page, KEPT)
    cash = page.get_by_role("link", name="現金で会計する")
    expect(cash).to_be_hidden()
    context.set_offline(True)
    expect(page.get_by_text("つながっていません。現金の会計はできます。")).to_be_visible()
    expect(page.get_by_role("button", name="QRを見せて受け取る")).to_be_hidden()
    cash.click()
    expect(page.get_by_text("金額を入れてください")).to_be_visible()
    for key in "128":
        page.locator(f".keypad [data-key='{key}']").click()
    assert serious_in_light_or_dark(page) == []
    page.get_by_role("link", name="あとで払うQRを出す").click()
    expect(page.get_by_text("払われないままになることもあります")).to_be_visible()
    page.locator("dialog[data-later]").get_by_role("button", name="やめる").click()
    page.reload()
    expect(page.locator("[data-register][data-ready]")).to_be_visible()
    page.get_by_role("button", name="現金", exact=True).click()
    page.locator("dialog[data-cash]").get_by_role("button", name="ちょうど", exact=True).click()
    page.get_by_role("button", name="受け取る", exact=True).click()
    expect(page.locator("[data-sold-number]")).to_contain_text("-O1-000001")
    expect(page.locator("[data-sold-total]")).to_contain_text("128")
    next_customer(page)
    expect(page.locator("[data-lines]")).to_contain_text("甘酒")
    context.set_offline(False)
    expect(page.get_by_text("まだ届いていない控えが")).to_be_hidden(timeout=30_000)
    (row,) = merchant.queries.receipts_of_day(district.session, district.district_id, shop.id, district.today)
    assert [line[:4] for line in row.content["lines"]] == [["お品代", 1, 128, 10]]


def test_an_address_types_nothing_that_a_hand_could_not(counter: Page, site: Site) -> None:
    """Somebody's own link to the register: a debt, a fraction, a number beyond the keys or a rate that no law knows puts no line into the
    bill and is said once; the largest amount that a hand can type is taken as from the keypad, and no code for later asks for it."""
    page, said = counter, counter.locator("[data-register] [data-said]")
    for sent in (
        "amount=-500&rate=10",
        "amount=1.5&rate=10",
        "amount=1e3&rate=10",
        "amount=10000000&rate=10",
        "amount=500&rate=-8",
        "amount=500",
    ):
        page.goto(f"{site.address}/till/register?{sent}&then=cash")
        expect(said).to_have_text("金額を読めませんでした。ここで打ってください。")
        expect(page.locator("[data-empty]")).to_be_visible()
        expect(page).to_have_url(f"{site.address}/till/register")
    page.goto(f"{site.address}/till/register?amount=9999999&rate=8&then=later")
    box = page.locator("dialog[data-later]")
    expect(box.get_by_text("1回に払えるのは")).to_be_visible()
    expect(box.get_by_role("button", name="QRを出す", exact=True)).to_be_disabled()
    expect(page.locator("[data-total] .amount__n")).to_have_text("9,999,999")


def test_prices_change_at_midnight_without_the_network(counter: Page, context: BrowserContext, district: Town, shop: Shop) -> None:
    """Set for tomorrow: at 0:00 the tile has the new price and rate by itself, and so have the bag and the key for an amount. What stands
    in the bill since before is asked for, and stays as it was where it had been handed over; the next press is at today's price. A reload
    in the dark changes nothing of it."""
    page, sweets = counter, counter.locator("[data-tiles]").get_by_role("button", name="まんじゅう")
    wait_for_promise(page, KEPT)
    [row] = [each for each in merchant.queries.articles(district.session, district.district_id, shop.id) if "まんじゅう" in each.facts.name]
    tomorrow = district.today + timedelta(days=1)
    dearer = replace(row.facts, coming=Coming(tomorrow, price=600, rate=10))
    merchant.commands.edit_article(district.session, shop.owner, shop.id, row.id, dearer, now=district.now + timedelta(seconds=1))
    choice = RegisterChoice(next_day=tomorrow, next_keypad_rate=8, next_bag_price=10)
    merchant.commands.set_register(district.session, shop.owner, shop.id, choice, issues=True, now=district.now)
    page.clock.install()
    page.reload()
    wait_for_promise(page, KEPT_AHEAD)
    context.set_offline(True)
    expect(page.get_by_text("つながっていません。現金の会計はできます。")).to_be_visible()
    sweets.click()
    expect(sweets).to_contain_text("540")
    page.clock.fast_forward(int((day_bounds(tomorrow)[0] - system_clock()).total_seconds() + 2) * 1000)
    expect(sweets.locator("data, .tag")).to_have_text(["600円", "10%"])
    asked = page.get_by_role("dialog", name="日付が変わり、値段が変わりました")
    expect(asked.get_by_role("listitem")).to_have_text("まんじゅう 4個箱540円 8%※ → 600円 10%")
    assert serious_in_light_or_dark(page) == []
    page.reload()  # nobody answered: it is asked again
    asked.get_by_role("button", name="前の値段のまま").click()
    sweets.click()
    expect(page.locator("[data-rates]")).to_have_text("10%対象600円内税 54円8%対象（※軽減）540円内税 40円")
    page.reload()
    expect(page.locator("[data-register][data-ready]")).to_be_visible()
    expect(asked).to_be_hidden()
    expect(page.locator("[data-total]")).to_have_text("1,140円")
    page.locator("[data-bag]").click()
    page.get_by_role("button", name="金額を打つ").click()
    expect(page.locator("dialog[data-typed] [name=rate][value='8']")).to_be_checked()
    page.get_by_role("button", name="やめる", exact=True).click()
    sells_for_cash(page, "まんじゅう", "ちょうど")
    expect(page.locator("[data-sold-total]")).to_have_text("1,750円")


def test_without_the_promise_to_keep_nothing_is_sold(
    page: Page, context: BrowserContext, site: Site, district: Town, shop: Shop, till: Till
) -> None:
    """A browser that may throw away what it was given sells nothing without the network, and says why and what helps."""
    opens_register(district, shop)
    context.add_cookies([{"name": "meguri_till", "value": till.token, "url": f"{site.address}/till"}])
    page.add_init_script(OPENED + "; navigator.storage.persist = navigator.storage.persisted = async () => false")
    page.goto(f"{site.address}/till/register")
    expect(page.locator("[data-register][data-ready]")).to_be_visible()
    context.set_offline(True)
    expect(page.get_by_text("この端末では、つながらない間の会計ができません。")).to_be_visible()
    page.locator("[data-tiles]").get_by_role("button", name="甘酒").click()
    page.get_by_role("button", name="現金", exact=True).click()
    page.locator("dialog[data-cash]").get_by_role("button", name="ちょうど", exact=True).click()
    page.get_by_role("button", name="受け取る", exact=True).click()
    expect(page.locator("[data-said]")).to_contain_text("つながりません")
    expect(page.get_by_role("heading", name="会計しました")).to_be_hidden()


def test_a_tablet_that_was_removed_meanwhile(
    counter: Page, context: BrowserContext, site: Site, district: Town, shop: Shop, till: Till
) -> None:
    """Stolen in the dark hour: what it sold is booked nowhere and listed for the owner; paired anew, it says why."""
    page = counter
    wait_for_promise(page, KEPT)
    context.set_offline(True)
    expect(page.get_by_text("つながっていません。現金の会計はできます。")).to_be_visible()
    sells_for_cash(page, "甘酒", "ちょうど")
    merchant.commands.revoke_till(district.session, shop.owner, shop.id, till.id, now=district.now)
    context.set_offline(False)
    page.wait_for_url("**/till/pair", timeout=30_000)
    assert not page.evaluate(KEPT)
    other = shop.another_till()
    context.add_cookies([{"name": "meguri_till", "value": other.token, "url": f"{site.address}/till"}])
    page.goto(f"{site.address}/till/register")
    why = page.get_by_role("alert").filter(has_text="この端末は外されています")
    expect(why).to_be_visible(timeout=30_000)
    why.get_by_role("button", name="わかりました").click()
    expect(why).to_be_hidden()
    (row,) = merchant.queries.logs_of_shop(district.session, district.district_id, shop.id, now=district.now)
    assert [(each.why, each.total) for each in row.refused] == [("revoked", 420)]
    assert merchant.queries.receipts_of_day(district.session, district.district_id, shop.id, district.today) == []
