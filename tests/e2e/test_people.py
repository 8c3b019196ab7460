"""A lost phone stopped from another one, and a telephone call answered at the desk, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

import identity.commands
from tests.e2e.conftest import DESK, PHONE, Opens
from tests.town import Town
from tests.web.axe import serious, sideways

pytestmark = pytest.mark.browser


def test_a_borrowed_phone_stops_the_lost_one(district: Town, opens: Opens) -> None:
    """Two fields and a press: the balance is stopped, and the lost phone, open on its page, is out."""
    hanako, bakery = district.consumer(coins=2_000, email="hanako@example.jp"), district.shop()
    code = identity.commands.make_recovery_codes(district.session, hanako.who, now=district.now)[0]
    lost, borrowed = opens(PHONE, hanako.person_id), opens(PHONE)
    lost.goto("/wallet/")
    expect(lost.get_by_role("heading", name="ホーム")).to_be_attached()
    borrowed.goto("/help")
    borrowed.get_by_role("link", name="いますぐ残高を止める").click()
    borrowed.get_by_label("ニックネームかメールアドレス").fill("花子")
    borrowed.get_by_label("回復コード").fill("ABCDE-FGHJK")
    borrowed.get_by_role("button", name="残高を止める").click()
    expect(borrowed.get_by_text("回復コードが違うか、すでに使われています。").filter(visible=True).first).to_be_visible()
    borrowed.get_by_label("回復コード").fill(code.lower().replace("-", " "))
    borrowed.get_by_role("button", name="残高を止める").click()
    expect(borrowed.get_by_role("heading", name="残高を止めました")).to_be_visible()
    assert serious(borrowed) == [] and sideways(borrowed) == 0
    expect(lost).to_have_url(re.compile("/sign-in"))
    again = opens(PHONE, hanako.person_id)
    again.goto("/wallet/")
    expect(again.get_by_text("残高を一時停止しています")).to_be_visible()
    expect(again.locator(".wallet .amount__n")).to_have_text("2,000")
    again.goto(f"/wallet/pay/shop/{bakery.public_number}?amount=300")
    expect(again.get_by_role("heading", name="この残高は一時停止中のため、いま使えません")).to_be_visible()
    assert serious(again) == [] and sideways(again) == 0


def test_a_telephone_call_is_answered_from_the_keyboard(district: Town, opens: Opens) -> None:
    """Slash, the number as it is read out, Enter: one screen says it all, and leads on to the person."""
    hanako, bakery = district.consumer(coins=5_000), district.shop()
    paid = hanako.pays(bakery, 1_480)
    page = opens(DESK, district.clerk().person_id)
    page.goto("/desk/")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type(paid.number.replace("-", " "))
    page.keyboard.press("Enter")
    answer = page.get_by_role("article", name="受付番号")  # the first numbers of all are somebody's own as well
    expect(answer).to_contain_text(paid.number)
    for said in ("支払い済み", "花子", "みなと屋", "1,480円", paid.word):
        expect(answer).to_contain_text(said)
    assert serious(page) == [] and sideways(page) == 0
    answer.get_by_role("link", name="この人を開く").click()
    page.get_by_label("理由").fill("スマホをなくした")
    page.get_by_role("button", name="残高を一時停止する").click()
    expect(page.get_by_text("一時停止中").filter(visible=True).first).to_be_visible()
    assert serious(page) == [] and sideways(page) == 0
