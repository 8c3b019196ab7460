"""The till under the hand: a browser with its processor slowed down four times, over a shop with ten thousand articles.

From the press to the frame that shows it: an article, a search, and a sale for cash without the network, which is on the disk before the
screen says so. And how long a receipt as PDF takes, over HTTP. Ends with 1 where an aim is missed.
"""

from __future__ import annotations

import http.client
import shutil
import statistics
import sys
import time
from dataclasses import replace
from uuid import uuid4

from playwright.sync_api import Browser, Page, expect, sync_playwright

import merchant.commands
from benchmarks.site import Site, percentile, site
from merchant.commands import ArticleList
from merchant.queries import ArticleFacts, RegisterChoice
from tests.merchant.conftest import OPENED, TABLET

ARTICLES, PRESSES, SALES, RECEIPTS, SLOWER = 10_000, 60, 12, 40, 4
PRESS_MS, SEARCH_MS, RECEIPT_MS = 100, 50, 150
CAKE = ArticleFacts("湯の花まんじゅう", "ゆのはなまんじゅう", "菓子", 140, True, 8, False, None, None, 0)
CHROMIUM = ("chromium", "chromium-browser", "google-chrome")

SHOWN = """(press) => new Promise((done) => {
  const start = performance.now();
  press();
  requestAnimationFrame(() => setTimeout(() => done(performance.now() - start)));
})"""
PRESS = f"""() => ({SHOWN})(() => document.querySelector("[data-tiles] .tile").click())"""
SEARCH = f"""(typed) => ({SHOWN})(() => {{
  const field = document.querySelector("dialog[data-search] input");
  field.value = typed;
  field.dispatchEvent(new Event("input", {{ bubbles: true }}));
}})"""
SELL = """() => new Promise((done) => {
  const start = performance.now();
  const shown = document.querySelector("dialog[data-done]");
  const look = () => (shown.open ? setTimeout(() => done(performance.now() - start)) : requestAnimationFrame(look));
  document.querySelector("dialog[data-cash] [data-sell]").click();
  requestAnimationFrame(look);
})"""


def fill(place: Site) -> None:
    """One shop sells ten thousand things."""
    town, shop = place.town, place.tills[0].shop
    merchant.commands.set_register(town.session, shop.owner, shop.id, RegisterChoice(phone="0761-00-0000"), issues=True, now=town.now)
    things = tuple(
        (number, replace(CAKE, name=f"{CAKE.name} {number}番", price=100 + number % 900, category=f"棚{number % 12}", place=number))
        for number in range(ARTICLES)
    )
    merchant.commands.keep_articles(town.session, shop.owner, shop.id, ArticleList((), things, uuid4()), now=town.now)


def register(browser: Browser, place: Site) -> Page:
    """The register, ready, at the size and pace of a tablet."""
    address = f"http://{place.host}:{place.port}"
    context = browser.new_context(base_url=address, viewport=TABLET, locale="ja-JP", timezone_id="Asia/Tokyo")  # type: ignore[arg-type]
    context.add_cookies([{"name": "meguri_till", "value": place.tills[0].token, "url": f"{address}/till"}])
    page = context.new_page()
    chromium = context.new_cdp_session(page)
    inside = chromium.send("Target.getTargetInfo")["targetInfo"]["browserContextId"]
    chromium.send("Browser.grantPermissions", {"permissions": ["durableStorage"], "origin": address, "browserContextId": inside})
    page.add_init_script(OPENED)
    page.goto(f"{address}/till/register")
    expect(page.locator("[data-register][data-ready]")).to_be_visible(timeout=60_000)
    chromium.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return page


def presses(page: Page) -> list[float]:
    return [page.evaluate(PRESS) for _ in range(PRESSES)]


def searches(page: Page) -> list[float]:
    """The last of them finds nothing, so it has looked at every article."""
    page.get_by_role("button", name="さがす").first.click()
    taken = [page.evaluate(SEARCH, typed) for typed in ("ゆ", "ゆのはな", "まんじゅう 9", "99番", "４２番", "9999番", "おでん") * 6]
    page.locator("dialog[data-search]").evaluate("(box) => box.close()")
    return taken


def sales(page: Page) -> list[float]:
    """Without the network, for cash."""
    page.context.set_offline(True)
    expect(page.get_by_text("つながっていません。現金の会計はできます。")).to_be_visible()
    taken = []
    for _ in range(SALES):
        page.locator("[data-tiles] .tile").first.click()
        page.get_by_role("button", name="現金", exact=True).click()
        page.locator("dialog[data-cash]").get_by_role("button", name="ちょうど", exact=True).click()
        taken.append(page.evaluate(SELL))
        page.get_by_role("button", name="次のお客様へ").click()
    page.context.set_offline(False)
    expect(page.get_by_text("まだ届いていない控えが")).to_be_hidden(timeout=60_000)
    return taken


def receipts(place: Site, page: Page) -> list[float]:
    """As PDF, of a sale that came in."""
    page.goto("/till/receipts")
    href = page.locator("a[href*='/till/receipts/']").first.get_attribute("href")
    connection = http.client.HTTPConnection("127.0.0.1", place.port, timeout=30)
    headers = {"Host": f"{place.host}:{place.port}", "Cookie": f"meguri_till={place.tills[0].token}"}
    taken = []
    for _ in range(RECEIPTS):
        start = time.perf_counter()
        connection.request("GET", f"{href}.pdf", headers=headers)
        answer = connection.getresponse().read()
        taken.append((time.perf_counter() - start) * 1_000)
        assert answer.startswith(b"%PDF"), answer[:80]
    return taken


def main() -> None:
    program = next(filter(None, map(shutil.which, CHROMIUM)))
    missed = False
    with site(0, 1) as place, sync_playwright() as playwright:
        fill(place)
        browser = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        page = register(browser, place)
        print(f"\n{ARTICLES:,} articles, processor of the tablet slowed {SLOWER} times\n")
        print("| | median | 95 % | aim |\n| --- | --- | --- | --- |")
        for name, taken, aim in (
            ("an article is pressed → on the screen", presses(page), PRESS_MS),
            ("a sign is typed → what is found", searches(page), SEARCH_MS),
            ("受け取る without the network → kept and shown", sales(page), PRESS_MS),
            ("a receipt as PDF", receipts(place, page), RECEIPT_MS),
        ):
            print(f"| {name} | {statistics.median(taken):.0f} ms | {percentile(taken, 95):.0f} ms | {aim} ms |", flush=True)
            missed |= statistics.median(taken) > aim
        browser.close()
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
