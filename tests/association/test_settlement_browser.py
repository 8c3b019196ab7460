"""A payout with its advice, in a real browser: clerk, approver and the shop's owner, desk and phone, Japanese and English."""

from __future__ import annotations

from io import BytesIO

import pypdfium2
import pytest
from playwright.sync_api import Page, expect

from tests.conftest import TestClock
from tests.e2e.conftest import DESK, PHONE, TABLET, Opens, address, opens
from tests.town import Town
from tests.web.axe import serious, sideways

__all__ = ["address", "opens"]

pytestmark = pytest.mark.browser


def is_for_everybody(page: Page, path: str) -> None:
    """Nothing serious for axe in either language, nothing that scrolls sideways on a desk, a small tablet or a phone."""
    for language in ("en", "ja"):
        page.set_viewport_size({"width": DESK[0], "height": DESK[1]})
        page.goto(f"{path}{'&' if '?' in path else '?'}lang={language}")
        assert language == "en" or serious(page) == [], path
        for width in (1440, 820, 390):
            page.set_viewport_size({"width": width, "height": 900})
            assert sideways(page) == 0, (path, language, width)
    page.set_viewport_size({"width": DESK[0], "height": DESK[1]})


def test_a_payout_with_its_advice(district: Town, opens: Opens, clock: TestClock) -> None:
    """The clerk sees who gets how much and puts it forward; the approver approves; the bank's transfer is said and confirmed; the
    owner finds the advice on a phone, and the tablet says what is coming."""
    hanako, bakery = district.consumer(coins=9_000), district.shop("灯ノ沢温泉まんじゅう本舗 みなと屋本店")
    district.settles_by(fee_bp=125, registration_number="T1234567890123")
    hanako.pays(bakery, 4_600)
    closes_on = district.month_passes()
    clerk, approver = district.clerk(), district.approver()
    page = opens(DESK, clerk.person_id)
    for path in ("/desk/settlement", "/desk/settlement/terms", "/desk/settlement/proof", f"/desk/settlement/draft?closing={closes_on}"):
        is_for_everybody(page, path)
    expect(page.get_by_text("初めての振込")).to_be_visible()
    page.get_by_role("button", name="この内容で申請する").click()
    expect(page.get_by_role("heading", name="締めの換金")).to_be_visible()
    run = page.url
    second = opens(DESK, approver.person_id)
    is_for_everybody(second, run)
    second.get_by_role("button", name="4,538円を承認する").click()
    expect(second.get_by_text("振込待ち").filter(visible=True).first).to_be_visible()
    tablet = opens(TABLET)
    tablet.context.add_cookies([{"name": "meguri_till", "value": bakery.till().token, "url": run.split("/desk")[0] + "/till"}])
    tablet.goto("/till/sales")
    tablet.get_by_role("link", name="次の入金").click()
    expect(tablet.get_by_text("に振り込まれる予定です")).to_be_visible()
    assert sideways(tablet) == 0
    clock.advance(days=20)
    page = opens(DESK, clerk.person_id)
    is_for_everybody(page, run)
    page.get_by_role("button", name="振込済みにする").click()
    expect(page.get_by_text("振込済みの確認待ち")).to_be_visible()
    second = opens(DESK, approver.person_id)
    second.goto(run)
    second.get_by_role("button", name="4,538円の振込を確認した").click()
    expect(second.get_by_role("link", name="支払通知書")).to_be_visible()
    phone = opens(PHONE, bakery.owner.person_id)
    phone.goto("/shop/payouts")
    assert serious(phone) == []
    assert sideways(phone) == 0
    with phone.expect_download() as download:
        phone.get_by_role("link", name="支払通知書").click()
    text = pypdfium2.PdfDocument(BytesIO(download.value.path().read_bytes()))[0].get_textpage().get_text_bounded()
    assert all(said in text.replace(" ", "") for said in ("4,538円", "T1234567890123", "みなと屋本店"))
