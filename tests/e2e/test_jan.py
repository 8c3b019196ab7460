"""The tablet's camera looks at a barcode on goods."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import pytest
import zxingcpp
from PIL import Image, ImageOps
from playwright.sync_api import Browser, expect

import merchant.commands
from tests.e2e.conftest import TABLET, Opens
from tests.merchant.conftest import OPENED
from tests.merchant.test_register_pages import ARTICLES, opens_register
from tests.town import Town
from tests.web.axe import serious_in_light_or_dark

pytestmark = pytest.mark.browser


@pytest.mark.parametrize("code", ["4901234567894", "49123456"])
def test_goods_are_read_by_the_camera(
    opens: Opens, films: Callable[[Path], Browser], address: str, district: Town, tmp_path: Path, code: str
) -> None:
    """JAN of 13 and of 8 digits. One that is not registered is sold at a typed price with the bill as it was, or makes an article with its
    code; from then on the camera finds it."""
    barcode = zxingcpp.create_barcode(code, zxingcpp.BarcodeFormat.EAN13 if len(code) == 13 else zxingcpp.BarcodeFormat.EAN8)
    bars = Image.fromarray(zxingcpp.write_barcode_to_image(barcode, scale=4)).convert("L")
    ImageOps.expand(bars, 80, 255).save(tmp_path / "goods.png")
    shop = district.shop()
    opens_register(district, shop)
    for row in merchant.queries.articles(district.session, district.district_id, shop.id):
        merchant.commands.edit_article(district.session, shop.owner, shop.id, row.id, replace(row.facts, barcode=None), now=district.now)
    tablet = opens(TABLET, by=films(tmp_path / "goods.png"))
    tablet.context.add_cookies([{"name": "meguri_till", "value": shop.till().token, "url": f"{address}/till"}])
    tablet.add_init_script(OPENED)
    tablet.goto("/till/register")
    expect(tablet.locator("[data-register][data-ready]")).to_be_visible()
    tablet.locator("[data-tiles] .tile").filter(has_text="絵はがき").click()
    tablet.locator("[data-jan-open]").click()
    unknown = tablet.get_by_role("dialog", name="登録のないバーコードです")
    expect(unknown).to_contain_text(code)
    expect(tablet.locator("dialog[data-jan]")).to_be_hidden()
    assert serious_in_light_or_dark(tablet) == []
    expect(unknown.get_by_role("link", name="この番号で品目を作る")).to_have_attribute("href", f"/shop/articles/new?barcode={code}")
    unknown.get_by_role("button", name="金額を打って売る").click()
    for digit in "300":
        tablet.locator(f"dialog[data-typed] [data-key='{digit}']").click()
    tablet.get_by_role("button", name="決める").click()
    expect(tablet.locator("[data-total] .amount__n")).to_have_text("500")
    owner = opens(TABLET, shop.owner.person_id)
    owner.goto(f"/shop/articles/new?barcode={code}")
    expect(owner.get_by_label("JANコード")).to_have_value(code)
    goods = replace(ARTICLES[0], barcode=code, name="羊かん", price=800)
    merchant.commands.add_article(district.session, shop.owner, shop.id, goods, key=uuid4(), now=district.now)
    tablet.reload()
    expect(tablet.locator("[data-register][data-ready]")).to_be_visible()
    tablet.locator("[data-jan-open]").click()
    expect(tablet.locator("[data-total] .amount__n")).to_have_text("1,300")
