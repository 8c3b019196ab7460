"""A coupon from the desk to the till to the books, in real browsers."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.conftest import DESK, PHONE, Opens
from tests.e2e.test_main_job import DONE, keys, pairs_a_tablet, press
from tests.town import Town
from tests.web.axe import serious, sideways

pytestmark = pytest.mark.browser


def is_for_everybody(*seen: Page) -> None:
    """axe finds nothing serious on these pages, and nothing scrolls sideways."""
    for page in seen:
        assert serious(page) == []
        assert sideways(page) == 0


def makes_a_coupon(desk: Page) -> None:
    """The five steps, as the clerk types them."""
    desk.goto("/desk/coupons")
    desk.get_by_role("link", name="クーポンを作る").first.click()
    desk.get_by_label("名前", exact=True).fill("冬の湯めぐり 町歩き")
    desk.get_by_label("英語の名前").fill("Winter baths and a stroll")
    desk.get_by_label("割引額（割合のときは上限）").fill("２００")
    desk.get_by_label("最低利用額").fill("1000")
    expect(desk.locator("[data-preview=amount_off]")).to_have_text("200")
    expect(desk.locator("[data-preview=condition]")).to_have_text("1,000円以上で使えます")
    is_for_everybody(desk)
    press(desk, "次へ：条件")
    desk.get_by_label("使うときの条件", exact=True).select_option("again")
    expect(desk.get_by_label("何日以内", exact=True)).to_be_visible()
    desk.get_by_label("使うときの条件", exact=True).select_option("")
    expect(desk.get_by_label("何日以内", exact=True)).to_be_hidden()
    is_for_everybody(desk)
    press(desk, "次へ：枚数と期間")
    desk.get_by_label("配る枚数").fill("6000")
    expect(desk.locator("[data-preview=cost]")).to_have_text("1,200,000")
    desk.get_by_label("1人が受け取れる枚数").fill("2")
    desk.get_by_label("使える日のおわり").fill("2020-01-01")
    press(desk, "次へ：負担")
    expect(desk.get_by_role("alert")).to_contain_text("始める日か、それより後の日にしてください。")
    desk.get_by_label("使える日のおわり").fill("2099-12-31")
    press(desk, "次へ：負担")
    desk.get_by_label("組合の負担").fill("30")
    desk.get_by_label("お店の負担").fill("20")
    desk.get_by_label("ほかの負担者").first.fill("灯ノ沢町")
    desk.get_by_label("負担の割合").first.fill("50")
    is_for_everybody(desk)
    press(desk, "次へ：確かめて申請")
    desk.goto("/desk/coupons")  # あとで続ける: the draft is there
    desk.get_by_role("link", name="続ける").click()
    expect(desk.get_by_role("heading", name="この内容で申請しますか")).to_be_visible()
    expect(desk.get_by_role("table", name="承認されたときに記帳される仕訳")).to_contain_text("6,000枚")
    is_for_everybody(desk)
    press(desk, "承認を申請する")
    expect(desk.get_by_text("承認を待っています。")).to_be_visible()


def test_a_coupon_from_the_desk_to_the_till_to_the_books(opens: Opens, district: Town) -> None:
    """Proposed, approved, claimed, paid with, rung at the till, given back, paid with again, and found in the books by payer."""
    shop, hanako = district.shop("湯の花まんじゅう みなと屋"), district.consumer(coins=5_000)
    desk, second, phone = (
        opens(DESK, district.clerk().person_id),
        opens(DESK, district.approver().person_id),
        opens(PHONE, hanako.person_id),
    )
    makes_a_coupon(desk)
    second.goto("/desk/approvals")
    second.get_by_role("link", name="承認へ").click()
    is_for_everybody(second)
    press(second, "承認して記帳する")
    expect(second.get_by_text("承認済み")).to_be_visible()

    phone.goto("/wallet/")
    phone.get_by_role("link", name="クーポン").click()
    press(phone, "もらう 冬の湯めぐり 町歩き", exact=True)
    expect(phone.get_by_text("「冬の湯めぐり 町歩き」をもらいました")).to_be_visible()
    is_for_everybody(phone)

    tablet = pairs_a_tablet(opens, shop)
    press(tablet, "開店")
    keys(tablet, "1280")
    press(tablet, "QRを見せて受け取る")
    tablet.wait_for_url("**/till/request/**")
    request = tablet.url.rsplit("/", 1)[1]
    phone.goto(f"/wallet/pay/request/{request}")
    expect(phone.get_by_role("button", name="1,080円を支払う")).to_be_visible()
    phone.get_by_text("クーポンを変える").click()
    is_for_everybody(phone)
    phone.get_by_role("link", name="クーポンを使わない").click()
    expect(phone.get_by_role("button", name="1,280円を支払う")).to_be_visible()
    phone.go_back()
    press(phone, "1,080円を支払う")
    phone.wait_for_url(DONE)
    expect(phone.locator("main")).to_contain_text("−200円")
    expect(tablet.locator(".arrived")).to_contain_text("1,280")
    expect(tablet.locator(".arrived")).to_contain_text("うちクーポン 200円")
    is_for_everybody(phone)
    assert (hanako.coins(), shop.taken(), district.difference()) == (3_920, 1_240, 0)

    tablet.goto("/till/sales")
    expect(tablet.locator(".sale-rows")).to_contain_text("クーポン −200円")
    tablet.locator(".sale-rows a").first.click()
    expect(tablet.locator("main")).to_contain_text("お店の受け取り")
    press(tablet, "返金の確認へ")
    expect(tablet.get_by_role("heading", name="1,080円を返しますか")).to_be_visible()
    expect(tablet.locator("main")).to_contain_text("クーポンもお客様に戻ります。 割引の 160円は、負担した人に戻ります。")
    is_for_everybody(tablet)
    paid = int(re.search(r"/sales/(\d+)/refund", tablet.url)[1])  # type: ignore[index]
    phone.goto("/series")  # a page without a live line: nothing takes it elsewhere
    shop.refunds(paid, 1_080)
    phone.goto("/wallet/coupons")
    expect(phone.get_by_role("heading", name="いま使えるもの")).to_be_visible()
    hanako.pays(shop, 1_000, coupon=hanako.coupons().usable[0].terms.id)

    desk.goto("/desk/coupons")
    expect(desk.locator("main")).to_contain_text("これまでの費用200円")
    desk.get_by_role("link", name="冬の湯めぐり 町歩き").click()
    row = desk.get_by_role("row").filter(has_text="灯ノ沢町")
    expect(row).to_contain_text("100")
    is_for_everybody(desk)
    row.get_by_role("link", name="入金を記帳する").click()
    is_for_everybody(desk)
    press(desk, "入金を記帳する")
    expect(desk.get_by_role("row").filter(has_text="灯ノ沢町")).to_contain_text("0")
    desk.goto("/desk/books")
    expect(desk.locator(".trial")).to_contain_text("販促費")
    expect(desk.locator(".journal-table")).to_contain_text("クーポンを使った支払い")
    is_for_everybody(desk)
    assert district.difference() == 0
