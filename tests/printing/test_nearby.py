"""A till without the network prints on the agent of its own computer: once for each press, for the town's pages alone."""

from __future__ import annotations

import http.client
import json
import threading
from collections.abc import Iterator
from uuid import uuid4

import pytest
from playwright.sync_api import BrowserContext, Page, Route, expect

import merchant.commands
from merchant.print_agent import Agent, Nearby, address_of
from merchant.queries import PrinterChoice
from merchant.rules import escpos
from merchant.rules.escpos import Text
from merchant.views.register import AGENT
from tests.merchant.conftest import site
from tests.merchant.test_till_offline import KEPT, counter, scripts, sells_for_cash
from tests.printing.emulator import Emulator
from tests.town import Shop, Till, Town
from tests.web.waiting import wait_for_promise

__all__ = ["counter", "scripts", "site"]

PAPER = escpos.text([Text("お品代", "1,280円")], 80)
TOWN = "https://town.example"


@pytest.fixture
def nearby(printer: Emulator) -> Iterator[Nearby]:
    """The agent of a shop's computer, with its printer."""
    with Nearby(Agent(TOWN, "token", address_of(printer.address)), ("127.0.0.1", 0)) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        yield server
        server.shutdown()


def sends(
    nearby: Nearby, name: str, *, origin: str | None = TOWN, content: bytes = PAPER, method: str = "POST"
) -> tuple[int, dict[str, str]]:
    """What a page of `origin` is answered."""
    line = http.client.HTTPConnection("127.0.0.1", nearby.server_port, timeout=10)
    line.request(method, f"/paper/{name}", content, {"Origin": origin} if origin else {})
    answer = line.getresponse()
    said = answer.read()
    return answer.status, json.loads(said) if said else {}


def test_a_press_prints_once_however_often_it_is_sent(nearby: Nearby, printer: Emulator) -> None:
    """The same try again, by a browser that was not sure, is answered the same; pressed again by a person, it is another paper."""
    name = uuid4()
    for _twice in range(2):
        assert sends(nearby, f"{name}.1") == (200, {"state": "sent", "why": ""})
    assert (printer.papers, "お品代" in printer.text) == (1, True)
    sends(nearby, f"{name}.2")
    assert printer.papers == 2
    printer.mode = "no_paper"
    assert sends(nearby, f"{uuid4()}.1")[1] == {"state": "failed", "why": "paper"}
    printer.off()
    assert sends(nearby, f"{uuid4()}.1")[1] == {"state": "failed", "why": "away"}
    assert printer.papers == 2


def test_no_other_page_prints_in_the_shop(nearby: Nearby, printer: Emulator) -> None:
    """Any page that is open in this browser can knock at 127.0.0.1: it is turned away, and so is what names no origin or no paper."""
    for origin in ("https://evil.example", "null", f"http://127.0.0.1:{nearby.server_port}", None):
        assert sends(nearby, f"{uuid4()}.1", origin=origin)[0] == 403
    assert sends(nearby, "..", method="POST")[0] == 400
    assert sends(nearby, f"{uuid4()}.1", content=b"")[0] == 400
    assert printer.papers == 0


@pytest.mark.browser
def test_a_dark_hour_prints_on_the_shops_printer(
    counter: Page, context: BrowserContext, district: Town, shop: Shop, till: Till, printer: Emulator
) -> None:
    """The network is gone: the receipt is drawn on the till and comes out of the printer by itself, the drawer opens once. With the cover
    open the page says that nothing came out, and a press prints it."""
    page, choice = counter, PrinterChoice("agent", auto=True, drawer=True)
    merchant.commands.set_printer(district.session, shop.owner, shop.id, till.id, choice, allowed=(), now=district.now)
    page.reload()
    wait_for_promise(page, KEPT)
    origin = page.evaluate("location.origin")
    with Nearby(Agent(origin, "token", address_of(printer.address)), ("127.0.0.1", 0)) as server:
        threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()

        def carried(route: Route) -> None:
            """The browser's own offline switch cuts this computer, too: a real one does not."""
            asked = route.request
            line = http.client.HTTPConnection("127.0.0.1", server.server_port, timeout=30)
            line.request(asked.method, asked.url.removeprefix(AGENT) or "/", asked.post_data_buffer, {"Origin": origin})
            answer = line.getresponse()
            route.fulfill(status=answer.status, headers=dict(answer.getheaders()), body=answer.read())

        context.route(f"{AGENT}/**", carried)
        context.set_offline(True)
        expect(page.get_by_text("つながっていません。現金の会計はできます。")).to_be_visible()
        printer.mode = "open"
        sells_for_cash(page, "まんじゅう", "1,000")
        expect(page.get_by_text("ふたが開いています。まだ印刷していません。")).to_be_visible()
        printer.mode = "well"
        page.get_by_role("button", name="プリンターで印刷する").click()
        expect(page.get_by_text("印刷しました。")).to_be_visible()
        server.shutdown()
    assert (printer.papers, printer.cuts, printer.kicks) == (1, 1, 1)
    picture = printer.picture()
    black = sum(picture.convert("L").histogram()[:128])
    assert picture.width == 576 and picture.height > 400 and 0.01 < black / (picture.width * picture.height) < 0.4


@pytest.mark.browser
def test_what_a_receipt_does_not_say_is_not_printed(scripts: Page) -> None:
    """A shop without 登録番号 prints no 適格簡易請求書: what the page hides is on no paper."""
    sheet = """<article><h2>みなと屋</h2><div class="slip__row"><p><b>レシート</b> <span hidden>適格簡易請求書</span></p></div>
      <p hidden>収入印紙</p><p class="slip__row slip__total"><b>合計</b><b>540円</b></p><p></p></article>"""
    scripts.evaluate("(sheet) => { document.body.innerHTML = sheet; }", sheet)
    lines = scripts.evaluate("async () => (await import('/offline/escpos.js')).linesOf(document.body)")
    assert [(each["left"], each["right"]) for each in lines] == [("みなと屋", ""), ("レシート", ""), ("合計", "540円")]
