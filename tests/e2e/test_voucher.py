"""A premium voucher from the wizard to the till to the books, in real browsers."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

import association.commands
from tests.e2e.conftest import DESK, PHONE, Opens
from tests.e2e.test_coupon import is_for_everybody
from tests.e2e.test_main_job import DONE, keys, pairs_a_tablet, press
from tests.town import Town

pytestmark = pytest.mark.browser


def makes_a_voucher(desk: Page) -> None:
    """The five steps, as the clerk types them; the last day stands there already."""
    desk.goto("/desk/vouchers")
    desk.get_by_role("link", name="商品券を作る").first.click()
    for label, typed in (("名前", "湯けむり商品券"), ("英語の名前", "Steam voucher")):
        desk.get_by_label(label, exact=True).fill(typed)
    for label, typed in (("販売額（1口）", "１００００"), ("額面（1口）", "13000"), ("売り出す口数", "100"), ("1人が買える口数", "3")):
        desk.get_by_label(label).fill(typed)
    desk.get_by_label("プレミアムの予算").fill("200000")
    press(desk, "次へ：期間")
    expect(desk.get_by_role("alert")).to_contain_text("すべて売れるとプレミアムは 300,000円で、予算を超えます。")
    desk.get_by_label("プレミアムの予算").fill("300000")
    press(desk, "次へ：期間")
    desk.get_by_label("販売のおわり").fill(desk.get_by_label("使える最終日").input_value())
    is_for_everybody(desk)
    press(desk, "次へ：買える人")
    is_for_everybody(desk)
    press(desk, "次へ：お店と負担")
    desk.get_by_text("中小店だけ", exact=True).click()
    desk.get_by_label("組合の負担").fill("0")
    desk.get_by_label("ほかの負担者").first.fill("灯ノ沢町")
    desk.get_by_label("負担の割合").first.fill("100")
    is_for_everybody(desk)
    press(desk, "次へ：確かめて申請")
    expect(desk.get_by_text("6か月以内の適用除外です。")).to_be_visible()
    expect(desk.get_by_role("table", name="1口売るたびに")).to_contain_text("13,000")
    is_for_everybody(desk)
    press(desk, "承認を申請する")
    expect(desk.get_by_text("承認を待っています。")).to_be_visible()


def test_a_voucher_from_the_wizard_to_the_till_to_the_books(opens: Opens, district: Town) -> None:
    """Proposed, approved, sold at the counter, left out and paid with, rung at the till, claimed from the town, and paid by it."""
    shop, hanako = district.shop("湯の花まんじゅう みなと屋"), district.consumer(coins=5_000)
    desk, second = opens(DESK, district.clerk().person_id), opens(DESK, district.approver().person_id)
    phone = opens(PHONE, hanako.person_id)
    makes_a_voucher(desk)
    voucher = int(desk.url.rsplit("/", 1)[1])
    second.goto("/desk/approvals")
    second.get_by_role("link", name="承認へ").click()
    press(second, "承認して記帳する")
    expect(second.get_by_text("承認済み")).to_be_visible()

    phone.goto("/wallet/code")
    desk.goto("/desk/top-up")
    desk.get_by_label("読めないときは、コードの12桁かカードの16桁").fill(phone.get_by_label("読み上げる番号").inner_text())
    press(desk, "次へ")
    desk.get_by_role("link", name="この人に商品券を売る").click()
    desk.get_by_label("お預かり").fill("20000")
    is_for_everybody(desk)
    press(desk, "売る", exact=True)
    desk.wait_for_url(re.compile(r"/desk/vouchers/sales/\d+$"))
    expect(desk.locator(".cash-done__change")).to_contain_text("10,000")
    is_for_everybody(desk)
    phone.goto("/wallet/")
    expect(phone.locator(".wallet__kinds")).to_contain_text("13,000")
    expect(phone.locator(".wallet__kinds")).to_contain_text("大型店では使えません")
    is_for_everybody(phone)

    tablet = pairs_a_tablet(opens, shop)
    press(tablet, "開店")
    keys(tablet, "1300")
    press(tablet, "QRを見せて受け取る")
    tablet.wait_for_url("**/till/request/**")
    phone.goto(f"/wallet/pay/request/{tablet.url.rsplit('/', 1)[1]}")
    expect(phone.locator("dl.split")).to_contain_text("湯けむり商品券")
    is_for_everybody(phone)
    phone.get_by_role("link", name="「湯けむり商品券」を使わない").click()
    expect(phone.locator("dl.split")).to_contain_text("あかりコイン")
    phone.get_by_role("link", name="「湯けむり商品券」を使う").click()
    press(phone, "1,300円を支払う")
    phone.wait_for_url(DONE)
    expect(phone.locator("main")).to_contain_text("湯けむり商品券")
    expect(tablet.locator(".arrived")).to_contain_text("1,300")
    assert (hanako.coins(voucher), hanako.coins(), shop.taken(), district.difference()) == (11_700, 5_000, 1_300, 0)

    association.commands.book_premiums(district.session, now=district.now)
    desk.goto(f"/desk/vouchers/{voucher}")
    expect(desk.get_by_role("row", name="灯ノ沢町")).to_contain_text("300")
    is_for_everybody(desk)
    desk.get_by_role("link", name="請求・精算書").click()
    expect(desk.get_by_role("row", name="使用額の合計")).to_contain_text("1,300")
    is_for_everybody(desk)
    desk.goto(f"/desk/vouchers/{voucher}")
    desk.get_by_role("link", name="入金を記帳する").click()
    press(desk, "入金を記帳する")
    desk.goto("/desk/books")
    for kind in ("商品券の販売", "商品券 使われたプレミアム", "負担金の入金"):
        expect(desk.locator("main")).to_contain_text(kind)
    assert (district.holds("bank"), district.holds("premium", voucher), district.difference()) == (300, 2_700, 0)
