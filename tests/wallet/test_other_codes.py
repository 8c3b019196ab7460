"""A code of the EMV form, as a network of readers prints it: our template leads to our page, everything else is named."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from merchant.rules.emv.build import Shop as EmvShop
from merchant.rules.emv.build import Value, build, shop_fields
from merchant.rules.emv.crc import crc
from tests.town import Shop, Town
from web.qr import modules


def emv(town: Town, shop: Shop, *changes: tuple[str, Value | None], amount: int | None = None) -> str:
    """The shop's code in the EMV form, some fields replaced or (None) left out."""
    slug = town.host.removesuffix(".localhost")
    fields: dict[str, Value | None] = dict(shop_fields(EmvShop(slug, shop.public_number, "MINATOYA", "HINOSAWA"), amount=amount))
    fields |= dict(changes)
    return build([(tag, value) for tag, value in fields.items() if value is not None])


def with_checksum(text: str) -> str:
    """A text that no honest builder writes, with the checksum that belongs to it."""
    return text + crc(text)


def picture(path: Path, text: str) -> Path:
    """A photo of the code."""
    rows = modules(text)
    image = Image.new("L", (len(rows) + 8, len(rows) + 8), 255)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            image.putpixel((x + 4, y + 4), 0 if dark else 255)
    image.resize((image.width * 8, image.height * 8), Image.Resampling.NEAREST).save(path)
    return path


@pytest.mark.browser
def test_the_scan_page_takes_it_to_the_pay_button(hand: Callable[..., Page], district: Town, tmp_path: Path) -> None:
    """With an amount straight to the confirmation, which says where the amount comes from; the press pays the shop."""
    shop, hanako = district.shop(), district.consumer(coins=1_000)
    page = hand(hanako)
    page.goto("/wallet/scan")
    page.set_input_files("[data-photo]", picture(tmp_path / "emv.png", emv(district, shop, amount=700)))
    page.wait_for_url(re.compile(rf"/wallet/pay/shop/{shop.public_number}\?amount=700"))
    expect(page.get_by_text("QRに書かれていた金額です")).to_be_visible()
    page.get_by_role("button", name="700円を支払う").click()
    page.wait_for_url(re.compile(r"/wallet/done/\d+$"))
    assert (hanako.coins(), shop.taken()) == (300, 700)


@pytest.mark.browser
def test_another_network_is_named_where_it_was_scanned(hand: Callable[..., Page], district: Town, tmp_path: Path) -> None:
    """A payment service's sticker beside ours: a sentence and a number, and nothing is paid."""
    page = hand(district.consumer(coins=1_000))
    other = emv(district, district.shop(), ("26", [("00", "jp.or.paymentsjapan"), ("01", "0000000000000")]))
    page.goto("/wallet/scan")
    page.set_input_files("[data-photo]", picture(tmp_path / "other.png", other))
    expect(page.get_by_text("別の支払いサービスのQRです")).to_be_visible()
    expect(page.get_by_text("E-7112")).to_be_visible()


def test_without_an_amount_one_types_it(phone, district: Town) -> None:
    """A static code of the EMV form opens the same page as the printed URL."""
    shop = district.shop()
    answer = phone(district.consumer()).client.get(f"/wallet/read?code={quote(emv(district, shop))}", base_url=f"https://{district.host}")
    assert (answer.status_code, answer.location) == (303, f"/wallet/pay/shop/{shop.public_number}")


REFUSED = {
    "a wrong checksum": (lambda town, shop: emv(town, shop)[:-4] + "0000", 422, "emv_damaged"),
    "cut short": (lambda town, shop: emv(town, shop)[:-9], 422, "emv_damaged"),
    "no code at all": (lambda town, shop: "", 422, "emv_damaged"),
    "a template of somebody else": (
        lambda town, shop: emv(town, shop, ("26", [("00", "com.example"), ("01", "1")])),
        409,
        "emv_other_network",
    ),
    "a card network": (lambda town, shop: emv(town, shop, ("26", None), ("04", "5100000000000000")), 409, "emv_other_network"),
    "dollars": (lambda town, shop: emv(town, shop, ("53", "840"), amount=7), 409, "emv_not_yen"),
    "another country": (lambda town, shop: emv(town, shop, ("58", "KR")), 409, "emv_not_yen"),
    "half a yen": (
        lambda town, shop: with_checksum(emv(town, shop, amount=700)[:-4].replace("5403700", "5405700.5")),
        409,
        "emv_amount_wrong",
    ),
    "a tip on top": (lambda town, shop: emv(town, shop, ("55", "01"), amount=700), 409, "emv_amount_wrong"),
    "a template cut in half": (lambda town, shop: emv(town, shop, ("26", [("00", "jp.meguri.pay"), ("01", "x")])), 422, "emv_damaged"),
    "a district that nobody here knows": (
        lambda town, shop: emv(town, shop, ("26", [("00", "jp.meguri.pay"), ("01", "atami"), ("02", shop.public_number)])),
        409,
        "emv_other_network",
    ),
    "a shop that there is not": (
        lambda town, shop: emv(
            town, shop, ("26", [("00", "jp.meguri.pay"), ("01", town.host.removesuffix(".localhost")), ("02", "000000")])
        ),
        404,
        "code_unknown",
    ),
    "a suspended shop": (lambda town, shop: suspended(town, shop), 409, "shop_suspended"),
}


def suspended(town: Town, shop: Shop) -> str:
    shop.is_suspended()
    return emv(town, shop)


@pytest.mark.parametrize("kind", REFUSED)
def test_what_pays_nothing_says_why(phone, district: Town, kind: str) -> None:
    """Each has a sentence and a number of its own, says that nothing was paid, and moves nothing."""
    make, status, code = REFUSED[kind]
    shop, hanako = district.shop(), district.consumer(coins=1_000)
    answer = phone(hanako).asks(f"/wallet/read?code={quote(make(district, shop))}")
    problem = answer.get_json()
    assert (answer.status_code, problem["code"]) == (status, code)
    assert "支払いは行われていません" in problem["title"]
    assert (hanako.coins(), shop.taken()) == (1_000, 0)


def test_another_district_of_ours_is_told_by_name(phone, district: Town, other_district: Town) -> None:
    """As with our own codes: where it can be used."""
    answer = phone(district.consumer()).asks(f"/wallet/read?code={quote(emv(other_district, other_district.shop()))}")
    problem = answer.get_json()
    assert (problem["code"], problem["facts"]["district"]) == ("code_foreign_district", "灯ノ沢温泉")


def test_who_was_not_signed_in_comes_back_to_the_camera(phone, district: Town) -> None:
    """The camera is where one was; a code in an address is not carried through the sign-in."""
    for holder, address, leads in ((None, "/wallet/read?code=000201", "/sign-in"), (district.consumer(), "/wallet/read", "/wallet/scan")):
        answer = phone(holder).client.get(address, base_url=f"https://{district.host}")
        assert (answer.status_code, answer.location.partition("?")[0]) == (303, leads)
