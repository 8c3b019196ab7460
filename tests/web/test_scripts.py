"""The frame's modules, each as it is written, in a real browser."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

import pytest
from playwright.sync_api import Page, expect

from tests.web.conftest import Served
from tests.web.test_live import News, add_stream

pytestmark = pytest.mark.browser


def lab(page: Page, served: Served, parts: str = "", modules: str = "") -> None:
    page.goto(f"{served.address}/lab?{urlencode({'parts': parts, 'modules': modules})}")


def ask(page: Page, module: str, call: str) -> Any:
    return page.evaluate(f"async () => {{ const m = await import('web/{module}.js'); return m.{call}; }}")


def test_figures_are_grouped_while_they_are_typed(page: Page, served: Served) -> None:
    """Separators appear, full-width digits are turned, the caret stays; what is no digit is dropped."""
    lab(page, served, "<input id=a data-money>", "money")
    for typed, shown in (("1280", "1,280"), ("１２８０", "1,280"), ("0012", "12"), ("12a4", "124"), ("", ""), ("1234567", "1,234,567")):
        assert ask(page, "money", f"grouped({typed!r})") == shown
    page.locator("#a").press_sequentially("12345")
    expect(page.locator("#a")).to_have_value("12,345")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("9")
    expect(page.locator("#a")).to_have_value("123,945")
    assert page.locator("#a").evaluate("(input) => input.selectionEnd") == 5


def test_a_countdown_says_what_is_left_and_tells_when_it_is_over(page: Page, served: Served) -> None:
    """Minutes from a minute up, seconds below; the ring shortens; the end is an event."""
    lab(page, served)
    assert ask(page, "countdown", "leftInWords(52)") == {"name": "secondsLeft", "values": {"seconds": "52"}}
    assert ask(page, "countdown", "leftInWords(243)") == {"name": "minutesLeft", "values": {"minutes": "4:03"}}
    assert ask(page, "countdown", "arc(30, 60)") == "50 100"
    soon = page.evaluate("() => Date.now() + 1500")
    ring = '<svg><circle class="life__arc"></circle></svg>'
    lab(page, served, f'<p id=c data-countdown="{soon}" data-lasts="60">{ring}<span data-countdown-words></span></p>')
    page.evaluate("() => document.addEventListener('meguri:over', () => { window.over = true; })")
    page.evaluate("() => import('web/countdown.js')")
    expect(page.locator("[data-countdown-words]")).to_have_text("あと 1秒")
    page.wait_for_function("() => window.over === true")
    expect(page.locator("[data-countdown-words]")).to_have_text("時間切れです")
    expect(page.locator(".life__arc")).to_have_attribute("stroke-dasharray", "0 100")


def test_the_clock_shows_tokyo_and_moves(page: Page, served: Served) -> None:
    """Seconds tick, in Tokyo's time wherever the device thinks it is."""
    lab(page, served, modules="clock")
    clock = page.locator("[data-clock]")
    first = clock.inner_text()
    assert first.count(":") == 2
    page.wait_for_function("(was) => document.querySelector('[data-clock]').textContent !== was", arg=first)
    assert ask(page, "clock", "timeOfDay(Date.UTC(2026, 10, 24, 3, 41, 8), 'seconds')") == "12:41:08"
    assert ask(page, "clock", "timeOfDay(Date.UTC(2026, 10, 24, 15, 5, 0), 'minutes')") == "0:05"


def test_the_hand_stands_where_the_seconds_are(page: Page, served: Served) -> None:
    """Also on a screen that came into the page later: phone and tablet lie side by side."""
    page.emulate_media(reduced_motion="no-preference")
    page.goto(f"{served.address}/components?page=done")
    page.evaluate("() => { const clock = document.querySelector('.sweep'); clock.replaceWith(clock.cloneNode(true)); }")
    page.wait_for_function(
        """() => { const [sweep] = document.querySelector('.sweep__hand').getAnimations();
        const off = Math.abs((sweep.currentTime % 60000) - (Date.now() % 60000)); return Math.min(off, 60000 - off) < 1500; }"""
    )


def test_a_scanner_that_types_is_told_from_a_person(page: Page, served: Served) -> None:
    """A quick burst that ends with Enter is a code, also while an input method is on; slow keys are a person's."""
    lab(page, served, "<div id=s data-key-scanner></div>", "keyscanner")
    page.evaluate("() => document.getElementById('s').addEventListener('meguri:scan', (e) => { window.scanned = e.detail; })")
    burst = """(gap) => { let at = 0; const m = window.m; const burst = new m.Burst(); let text = null;
      for (const key of [...'MG1:4173', 'Enter']) { text = burst.take({ key, code: '' }, at += gap); } return text; }"""
    page.evaluate("async () => { window.m = await import('web/keyscanner.js'); }")
    assert page.evaluate(burst, 10) == "MG1:4173"
    assert page.evaluate(burst, 200) is None
    assert ask(page, "keyscanner", "sign({ key: 'Process', code: 'Digit5' })") == "5"
    assert ask(page, "keyscanner", "sign({ key: 'Process', code: 'KeyM', shiftKey: true })") == "M"
    assert ask(page, "keyscanner", "sign({ key: 'Shift', code: 'ShiftLeft' })") == ""
    page.evaluate(
        """() => [...'417359260318', 'Enter'].forEach((key) =>
        document.body.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true })))"""
    )
    page.wait_for_function("() => window.scanned?.text === '417359260318' && window.scanned.by === 'keys'")


def test_a_form_is_sent_once_however_often_it_is_pressed(page: Page, served: Served) -> None:
    """The second press of a nervous thumb does nothing; the button turns, and keeps its width."""
    page.goto(f"{served.address}/form")
    page.evaluate("() => import('web/x.js').catch(() => 0)")
    lab(
        page, served, '<form data-once method="get" action="/livez"><button id=b>支払う</button><p data-slow hidden>slow</p></form>', "once"
    )
    page.evaluate(
        "() => { window.sent = 0; document.addEventListener('submit', (e) => { if (!e.defaultPrevented) sent++; e.preventDefault(); }); }"
    )
    page.locator("#b").evaluate("(b) => { const f = b.form; f.requestSubmit(b); f.requestSubmit(b); f.requestSubmit(b); }")
    assert page.evaluate("() => window.sent") == 1
    expect(page.locator("#b")).to_have_attribute("aria-busy", "true")
    ask(page, "once", "release(document.querySelector('form'))")
    expect(page.locator("#b")).not_to_have_attribute("aria-busy", "true")


def test_without_a_network_nothing_is_sent(page: Page, served: Served) -> None:
    """Offline, the press starts nothing, now or later, and the page says so."""
    lab(page, served, '<form data-once method="get" action="/livez"><button id=b>支払う</button></form>', "once,network")
    page.context.set_offline(True)
    page.locator("#b").click()
    expect(page.locator("[data-offline]")).to_contain_text("支払いは始まっていません")
    page.context.set_offline(False)
    expect(page.locator("[data-offline]")).to_be_hidden()
    assert "/lab" in page.url


def test_the_eye_covers_the_balance_and_remembers(page: Page, served: Served) -> None:
    """Pressed once the figures are covered, on the next page too; pressed again they are back."""
    page.goto(f"{served.address}/components?page=phone")
    figure = page.locator(".wallet .amount__n")
    page.get_by_role("button", name="残高を隠す").click()
    expect(figure).to_be_hidden()
    page.goto(f"{served.address}/components?page=phone")
    expect(figure).to_be_hidden()
    page.get_by_role("button", name="残高を表示する").click()
    expect(figure).to_be_visible()


def test_a_sheet_asks_first_and_the_safe_answer_is_at_hand(page: Page, served: Served) -> None:
    """The sheet opens with the focus on やめる; Escape closes it and nothing was done."""
    page.goto(f"{served.address}/components")
    page.locator("[data-opens='c-sheet']").click()
    sheet = page.locator("#c-sheet")
    expect(sheet).to_be_visible()
    expect(sheet.get_by_role("button", name="やめる")).to_be_focused()
    page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


@pytest.mark.usefixtures("impatient")
def test_the_line_is_honest_about_being_up_or_down(page: Page, served: Served) -> None:
    """Up: it says so, and the clock runs. Down: it says so at once, and the clock stands still. Back: nothing was missed."""
    news = News()
    add_stream(served.app, news)
    lab(page, served)
    page.evaluate(
        """async () => { const { connect } = await import('web/live.js'); window.heard = [];
        window.line = connect('/events', { after: 0, on: { said: (data, id) => window.heard.push([id, data.text]) } }); }"""
    )
    expect(page.locator("[data-live-words]")).to_have_text("つながっています")
    news.said.append("one")
    page.wait_for_function("() => window.heard.length === 1")
    page.context.set_offline(True)
    expect(page.locator("[data-offline]")).to_have_text("接続が切れました。つなぎ直しています")
    expect(page.locator("[data-live-clock]")).to_have_class("is-still")
    news.said += ["two", "three"]
    page.context.set_offline(False)
    page.wait_for_function("() => window.heard.length === 3")
    assert page.evaluate("() => window.heard") == [["1", "one"], ["2", "two"], ["3", "three"]]
    expect(page.locator("[data-live-words]")).to_have_text("つながっています")
    expect(page.locator("[data-offline]")).to_be_hidden()


@pytest.mark.usefixtures("impatient")
def test_who_is_let_go_stays_away(page: Page, served: Served) -> None:
    """A revoked device hears the end and does not knock again."""
    news = News()
    add_stream(served.app, news)
    lab(page, served)
    page.evaluate(
        """async () => { const { connect } = await import('web/live.js');
        window.line = connect('/events', { on: { end: (why) => { window.why = why; } } }); }"""
    )
    expect(page.locator("[data-live-words]")).to_have_text("つながっています")
    news.over = True
    page.wait_for_function("() => window.why?.code === 'page_unknown' && window.line.state === 'ended'")


def test_passkey_bytes_survive_the_journey(page: Page, served: Served) -> None:
    """base64url there and back, any byte."""
    lab(page, served)
    page.evaluate("async () => { window.m = await import('web/passkey.js'); }")
    assert page.evaluate("() => m.toText(m.toBytes('_-8AAQ').buffer)") == "_-8AAQ"
