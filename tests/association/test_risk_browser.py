"""止める, by hand: one press stops a person and a shop, phone and till say so calmly, and another approver lifts it."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from association import commands
from tests.e2e.conftest import DESK, PHONE, TABLET, Opens, address, clock, opens
from tests.town import Town
from tests.web.axe import serious, sideways

__all__ = ["address", "clock", "opens"]

pytestmark = pytest.mark.browser


def test_a_shop_and_a_person_are_stopped_from_the_queue(district: Town, opens: Opens, address: str) -> None:
    """The till hears of it at once; the phone says that the money is safe; whoever stopped it cannot lift it."""
    shop, hanako, chair, deputy = district.shop(), district.consumer(coins=50_000), district.approver(), district.another_clerk("approver")
    hanako.pays(shop, 500)
    commands.look_for_risks(district.session, now=district.now)
    tablet, phone = opens(TABLET), opens(PHONE, hanako.person_id)
    tablet.context.add_cookies([{"name": "meguri_till", "value": shop.till().token, "url": address}])
    tablet.goto("/till/")
    desk = opens(DESK, chair.person_id)
    desk.goto("/desk/")
    desk.get_by_role("link", name="見てください: 1件").click()
    assert (sideways(desk), serious(desk)) == (0, [])
    desk.get_by_role("link", name="開く").click()
    expect(desk.get_by_role("heading", name="いつもより大きなチャージです")).to_be_visible()
    assert (sideways(desk), serious(desk)) == (0, [])
    desk.get_by_role("button", name="この利用者を一時停止する").click()
    desk.get_by_role("textbox", name="理由").fill("本人に確かめる")
    desk.get_by_role("button", name="止める", exact=True).click()
    expect(desk.get_by_text("止めました").filter(visible=True).first).to_be_visible()
    phone.context.clear_cookies()
    phone.context.add_cookies([{"name": "meguri_session", "value": district.cookie(hanako.person_id), "url": address}])
    phone.goto("/wallet/")
    expect(phone.get_by_text("残高を一時停止しています")).to_be_visible()
    phone.goto("/wallet/frozen")
    expect(phone.get_by_text("残高はそのままです")).to_be_visible()
    desk.goto(f"/desk/shops/{shop.id}")
    desk.get_by_label("停止する理由").fill("お店に聞く")
    desk.get_by_role("button", name="受け取りを停止する").click()
    expect(tablet.get_by_text("いまコインを受け取れません")).to_be_visible()
    expect(desk.get_by_text("止めたお店は、別の人が再開します。")).to_be_visible()
    expect(desk.get_by_role("button", name="受け取りを再開する")).to_have_count(0)
    other = opens(DESK, deputy.person_id)
    other.goto(f"/desk/shops/{shop.id}")
    other.get_by_label("再開する理由").fill("お店に会って確かめた")
    other.get_by_role("button", name="受け取りを再開する").click()
    expect(tablet.get_by_text("いまコインを受け取れません")).not_to_be_visible()
