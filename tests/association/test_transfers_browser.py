"""全銀の振込データ in a real browser: the sending account is set, a run put forward and approved, its file taken, read back, and taken
again."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from association.rules.zengin import parse
from tests.association.test_bank_details import MARUYA
from tests.association.test_transfers import has_account
from tests.e2e.conftest import DESK, PHONE, Opens, address, opens
from tests.e2e.test_coupon import is_for_everybody
from tests.e2e.test_main_job import press
from tests.town import Town

__all__ = ["address", "opens"]

pytestmark = pytest.mark.browser


NAMES = json.loads((Path(__file__).parents[1] / "vectors" / "zengin" / "names.json").read_text(encoding="utf-8"))


def look(page: Page, name: str) -> None:
    """A picture for whoever wants to see the pages."""
    folder = os.environ.get("MEGURI_PICTURES")
    if folder:
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def test_a_settlement_whose_file_goes_to_the_bank(opens: Opens, district: Town) -> None:
    """The bytes that the approver takes say what the page says; the second time they are the same, and the page is loud about it."""
    hanako, bakery = district.consumer(coins=9_000), district.shop()
    district.settles_by(fee_bp=100)
    administrator = opens(DESK, district.another_clerk("administrator", nickname="藤代").person_id)
    administrator.goto("/desk/settlement/transfers")
    for label, typed in (
        ("委託者コード", "1234567890"),
        ("依頼人の名前（カナ）", "めぐりショウテンガイ"),
        ("銀行コード", "0990"),
        ("支店コード", "001"),
        ("口座番号", "1234567"),
    ):
        administrator.get_by_label(label).fill(typed)
    press(administrator, "承認を申請する")
    second = opens(DESK, district.approver().signs_in_again().person_id)
    second.goto(administrator.url)
    expect(second.get_by_role("row", name="依頼人の名前（カナ）")).to_contain_text("ﾒｸﾞﾘｼﾖｳﾃﾝｶﾞｲ")
    expect(second.get_by_role("row", name="1件ごとに改行を入れる")).to_contain_text("はい")
    is_for_everybody(second)
    look(second, "terms_approval")
    press(second, "承認する")
    administrator.goto("/desk/settlement/transfers")
    expect(administrator.get_by_label("依頼人の名前（カナ）")).to_have_value("ﾒｸﾞﾘｼﾖｳﾃﾝｶﾞｲ")
    is_for_everybody(administrator)
    look(administrator, "terms")
    owner = opens(PHONE, bakery.owner.person_id)
    owner.goto("/shop/payouts/account")
    owner.get_by_label("口座の名義（カナ）").fill("マルヤ&ショップ")
    expect(owner.get_by_text("銀行で使えない文字: &")).to_be_visible()
    owner.get_by_label("口座の名義（カナ）").fill("マルヤ ショップ")
    expect(owner.get_by_text("ﾏﾙﾔ ｼﾖﾂﾌﾟ ・ あと21字")).to_be_visible()
    look(owner, "own_account")
    for case in NAMES:
        owner.get_by_label("口座の名義（カナ）").fill(case["input"])
        said = owner.locator("[data-account-left]").inner_text()
        assert said.startswith(case["expect"]["text"]) if case["expect"]["ok"] else "銀行で使えない文字" in said, case
    has_account(district, (bakery, MARUYA))
    owner.goto("/shop/payouts/account")
    is_for_everybody(owner)
    hanako.pays(bakery, 5_000)
    closes_on, clerk, approver = district.month_passes(), district.clerk(), district.approver()
    desk = opens(DESK, clerk.person_id)
    desk.goto(f"/desk/settlement/draft?closing={closes_on}")
    press(desk, "この内容で申請する")
    expect(desk.get_by_role("heading", name="締めの換金")).to_be_visible()
    page = opens(DESK, approver.person_id)
    page.goto(desk.url)
    press(page, "4,945円を承認する")
    page.goto(desk.url)
    press(page, "振込データを作る")
    with page.expect_download() as first:
        page.get_by_role("button", name="取り出す").click()
    content = first.value.path().read_bytes()
    read = parse(content)
    assert [(each.amount, each.account_number, each.name) for each in read.transfers] == [(4_945, "7654321", "ﾏﾙﾔ")]
    assert read.sender.name == "ﾒｸﾞﾘｼﾖｳﾃﾝｶﾞｲ" and first.value.suggested_filename.startswith("SOUFURI_")
    page.reload()
    expect(page.get_by_text("このデータは、すでに取り出されています。")).to_be_visible()
    expect(page.get_by_text(read.sha256)).to_be_visible()
    is_for_everybody(page)
    look(page, "run")
    with page.expect_download() as second:
        page.get_by_role("button", name="もう一度取り出す（同じ中身）").click()
    assert second.value.path().read_bytes() == content
    assert sum(each.amount for each in read.transfers) == approver.sees_run(int(desk.url.rpartition("/")[2])).total("net")
    desk.goto(f"/desk/shops/{bakery.id}/account")
    is_for_everybody(desk)
    look(desk, "shop_account")
