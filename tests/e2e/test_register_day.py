"""A day at the register in real browsers: a mixed bill with a coupon paid on the phone's own page, goods back, and the drawer closed."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from playwright.sync_api import Page, expect

import merchant.commands
from association.commands import Share
from tests.e2e.conftest import PHONE, TABLET, Opens
from tests.e2e.test_main_job import DONE, press
from tests.merchant.test_register_pages import opens_register
from tests.merchant.test_registration import NUMBER
from tests.town import OWNER_PIN, Town
from tests.web.axe import serious, sideways

pytestmark = pytest.mark.browser

OPENED = "localStorage.setItem('till.opened', new Intl.DateTimeFormat('sv-SE', {timeZone: 'Asia/Tokyo'}).format(Date.now()))"


def says(page: Page, *words: str) -> None:
    """The receipt on the page, figure by figure."""
    for each in words:
        expect(page.locator(".slip")).to_contain_text(each)


def counts(tablet: Page, **pieces: int) -> None:
    for name, count in pieces.items():
        tablet.locator(f"[data-piece='{name[1:]}']").fill(str(count))


def test_from_the_float_to_the_report(opens: Opens, district: Town, address: str) -> None:
    """10,000 float; 1,280 at two rates, 40 of a coupon by the shop, 60 by the association and 100 by the town, 1,080 by the phone; a box
    comes back; 300 out for ice; 9,700 are counted at noon and in the evening, and lie there."""
    shop, hanako = district.shop("湯の花まんじゅう みなと屋"), district.consumer(coins=3_000)
    facts = replace(district.new_shop("湯の花まんじゅう みなと屋"), registration_number=NUMBER)
    merchant.commands.describe(district.session, district.district_id, shop.id, facts, now=district.now)
    opens_register(district, shop)
    shop.hires("店主", role="owner", pin=OWNER_PIN)
    shares = (Share("association", 30), Share("funder", 50, "灯ノ沢町"), Share("shop", 20))
    hanako.claims(district.coupon(200, shares=shares))
    tablet, phone = opens(TABLET), opens(PHONE, hanako.person_id)
    tablet.context.add_cookies([{"name": "meguri_till", "value": shop.till().token, "url": f"{address}/till"}])
    tablet.add_init_script(OPENED)

    tablet.goto("/till/day")
    tablet.get_by_role("textbox", name="釣銭準備金").fill("10,000")
    press(tablet, "引き出しに入れる", exact=True)
    expect(tablet.locator("[data-expected]")).to_have_attribute("data-expected", "10000")

    tablet.goto("/till/register")
    tile = tablet.locator("[data-tiles] .tile")
    for name in ("4個箱", "4個箱", "絵はがき"):
        tile.filter(has_text=name).click()
    tablet.locator("[data-ask-button]").click()
    request = tablet.locator("[data-request]").get_attribute("data-request")
    phone.goto(f"/wallet/pay/request/{request}")
    press(phone, "1,080円を支払う")
    phone.wait_for_url(DONE)
    tablet.locator("section.arrival [data-next]").click()

    figures = ["1,240円", "10%対象", "194円", "内消費税 17円", "8%※対象", "1,046円", "内消費税 77円"]
    figures += ["クーポン値引（お店負担）", "−40円", "クーポン充当（組合負担）", "60円", "クーポン充当（灯ノ沢町負担）", "100円", "1,080円"]
    tablet.goto("/till/receipts")
    tablet.locator(".sale-rows a").first.click()
    says(tablet, "適格簡易請求書", NUMBER, "まんじゅう 4個箱 ※", *figures)
    phone.goto(re.sub("/done/", "/history/", phone.url))
    phone.get_by_role("link", name="お店のレシートを見る").click()
    says(phone, "適格簡易請求書", NUMBER, "まんじゅう 4個箱 ※", *figures)
    assert (sideways(phone), serious(phone)) == (0, [])

    tablet.locator("summary").filter(has_text="返品する").click()
    tablet.locator("#q-0").select_option("1")
    tablet.locator(".person").filter(has_text="店主").click()
    tablet.locator("#f-pin").fill(OWNER_PIN)
    press(tablet, "返品する", exact=True)
    says(tablet, "返品・返金", "適格返還請求書", "もとのレシート", "まんじゅう 4個箱 ※")
    assert serious(tablet) == []

    tablet.goto("/till/day")
    tablet.locator("summary").filter(has_text="現金の出し入れ").click()
    tablet.locator("#m-amount").fill("300")
    tablet.locator("#m-reason").fill("氷代")
    press(tablet, "記録する", exact=True)
    expect(tablet.locator("[data-expected]")).to_have_attribute("data-expected", "9700")
    counts(tablet, p5000=1, p1000=4, p500=1, p100=2)
    press(tablet, "締めずに、数えたことだけ記録する")
    expect(tablet.locator("main")).to_contain_text("ぴったりです")
    counts(tablet, p5000=1, p1000=4, p500=1, p100=2)
    expect(tablet.locator("[data-difference] .amount__n")).to_have_text("0")
    press(tablet, "締める", exact=True)
    expect(tablet.get_by_role("heading", name="日計表 第1号")).to_be_visible()
    for words in ("菓子", "灯ノ沢町", "組合からの入金予定", "氷代", "9,700円"):
        expect(tablet.locator("main")).to_contain_text(words)
    assert (sideways(tablet), serious(tablet)) == (0, [])
    assert district.difference() == 0
