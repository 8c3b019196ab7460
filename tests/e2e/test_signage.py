"""街頭の画面: an address that the desk makes once, sheets that turn by themselves, and a network that may go."""

from __future__ import annotations

import re
from datetime import timedelta
from uuid import uuid4

from playwright.sync_api import Browser, expect

from analytics.commands import NewNote, end_screen, note_day, open_screen
from analytics.queries.screens import screens
from tests.e2e.conftest import Opens
from tests.town import Town
from tests.web.waiting import wait_for_promise, wait_for_the_service_worker

SQUARE = (1920, 1080)


def test_a_screen_turns_its_sheets_with_and_without_a_network_until_the_desk_ends_it(opens: Opens, district: Town) -> None:
    district.shop("外湯")
    district.coupon(300)
    lead = district.another_clerk("administrator").who
    day = district.today
    note_day(district.session, lead, NewNote("event", day, day, "灯籠まつり"), key=uuid4(), now=district.now)
    token = open_screen(district.session, lead, "駅前", now=district.now)
    page = opens(SQUARE)
    page.clock.install()
    assert page.goto(f"/signage/{token[::-1]}").status == 404  # type: ignore[union-attr]
    page.goto(f"/signage/{token}")
    shown = page.locator("[data-sheet][data-on]")
    expect(shown).to_contain_text("ようこそ")
    page.clock.fast_forward(12_000)
    expect(shown).to_contain_text("灯籠まつり")
    page.clock.fast_forward(12_000)
    expect(shown).to_contain_text("300円引き")
    for size in (SQUARE, (1080, 1920)):
        page.set_viewport_size({"width": size[0], "height": size[1]})
        assert page.evaluate("document.documentElement.scrollHeight <= innerHeight && document.documentElement.scrollWidth <= innerWidth")
    page.context.set_offline(True)
    page.clock.fast_forward(5 * 60_000)
    expect(page.get_by_text("いまはつながっていません")).to_be_visible()
    page.clock.fast_forward(12_000)
    expect(shown).to_have_count(1)
    note_day(district.session, lead, NewNote("event", day, day, "朝市"), key=uuid4(), now=district.now)
    page.context.set_offline(False)
    page.clock.fast_forward(5 * 60_000)
    expect(page.get_by_text("いまはつながっていません")).to_be_hidden()
    expect(page.get_by_text("灯籠まつり")).to_have_count(1)
    (mine,) = screens(district.session, lead)
    end_screen(district.session, lead, mine.id, now=district.now)
    page.clock.fast_forward(5 * 60_000)
    expect(page).to_have_title(re.compile("ありません|見つかりません|404"))


def test_a_screen_switched_on_without_a_network_shows_what_it_kept_and_nothing_of_yesterday(
    browser: Browser, address: str, district: Town
) -> None:
    district.shop("外湯")
    district.coupon(300)
    lead = district.another_clerk("administrator").who
    day = district.today
    note_day(district.session, lead, NewNote("event", day, day, "灯籠まつり"), key=uuid4(), now=district.now)
    note_day(district.session, lead, NewNote("event", day, day + timedelta(days=1), "朝市"), key=uuid4(), now=district.now)
    path = f"/signage/{open_screen(district.session, lead, '駅前', now=district.now)}"
    context = browser.new_context(base_url=address, viewport={"width": 1920, "height": 1080}, locale="ja-JP", service_workers="allow")
    page = context.new_page()
    page.goto(path)
    wait_for_the_service_worker(page)
    wait_for_promise(page, "async () => (await caches.open('meguri-screen')).match(location.href)")
    page.close()
    context.set_offline(True)
    for later, gone in ((timedelta(minutes=1), 0), (timedelta(days=1), 2)):
        page = context.new_page()
        page.clock.install(time=district.now + later)
        page.goto(path)
        expect(page.get_by_text("いまはつながっていません")).to_be_visible()
        expect(page.locator("[data-sheet] li[hidden]")).to_have_count(gone)
        expect(page.locator("[data-sheet] li:not([hidden])", has_text="朝市")).to_have_count(1)
        page.close()
    context.close()
