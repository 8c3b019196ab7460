"""Points from the desk's form to the phone that spends them, in real browsers."""

from __future__ import annotations

from datetime import timedelta

import pytest
from playwright.sync_api import expect

import association.commands
from tests.e2e.conftest import DESK, PHONE, Opens
from tests.e2e.test_coupon import is_for_everybody
from tests.e2e.test_main_job import DONE, press
from tests.town import Town

pytestmark = pytest.mark.browser


def test_points_from_the_form_to_the_phone(opens: Opens, district: Town) -> None:
    """Proposed with its bookings, approved, earned by a payment, pending, usable a week later, left out and spent."""
    shop, hanako = district.shop("湯の花まんじゅう みなと屋"), district.consumer(coins=5_000)
    desk, second = opens(DESK, district.clerk().person_id), opens(DESK, district.approver().person_id)
    phone = opens(PHONE, hanako.person_id)
    desk.goto("/desk/points")
    desk.get_by_role("link", name="ポイントを始める").first.click()
    desk.get_by_label("名前", exact=True).fill("湯けむりポイント")
    desk.get_by_label("英語の名前").fill("Steam points")
    desk.get_by_label("組合の負担").fill("60")
    press(desk, "確かめる")
    expect(desk.get_by_role("alert")).to_contain_text("合わせて100%にしてください。いまは 60%です。")
    desk.get_by_label("ほかの負担者").fill("灯ノ沢町")
    desk.get_by_label("負担の割合").fill("40")
    is_for_everybody(desk)
    press(desk, "確かめる")
    expect(desk.get_by_role("table", name="付いたとき（1,250円の支払い）")).to_contain_text("12")
    is_for_everybody(desk)
    press(desk, "承認を申請する")
    expect(desk.get_by_text("承認を待っています。")).to_be_visible()
    second.goto("/desk/approvals")
    second.get_by_role("link", name="承認へ").click()
    press(second, "承認する", exact=True)
    expect(second.get_by_text("承認済み")).to_be_visible()

    phone.goto(f"/wallet/pay/shop/{shop.public_number}?amount=1250")
    press(phone, "1,250円を支払う")
    phone.wait_for_url(DONE)
    expect(phone.locator("dl.split")).to_contain_text("+12P")
    is_for_everybody(phone)
    district.gives_points()
    phone.goto("/wallet/")
    expect(phone.locator(".points")).to_contain_text("12ポイントは")
    is_for_everybody(phone)
    phone.locator(".points").click()
    expect(phone.get_by_role("region", name="これから使えるポイント")).to_contain_text("12")
    association.commands.work_points(district.session, now=district.now + timedelta(days=8))
    phone.reload()
    expect(phone.get_by_role("region", name="使えるポイント", exact=True)).to_contain_text("12")
    is_for_everybody(phone)

    phone.goto(f"/wallet/pay/shop/{shop.public_number}?amount=112")
    expect(phone.locator("dl.split")).to_contain_text("湯けむりポイント")
    is_for_everybody(phone)
    phone.get_by_role("link", name="ポイントを使わない").click()
    expect(phone.locator("dl.split")).not_to_contain_text("湯けむりポイント")
    phone.get_by_role("link", name="ポイントを使う（12ポイント）").click()
    press(phone, "112円を支払う")
    phone.wait_for_url(DONE)
    expect(phone.locator("dl.split")).to_contain_text("+1P")
    district.gives_points()
    desk.reload()
    expect(desk.locator("tfoot td")).to_have_text(["13", "0", "12", "0", "1", "0", ""])
    is_for_everybody(desk)
