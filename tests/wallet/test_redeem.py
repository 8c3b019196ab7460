"""チャージ券 on the phone: the page of its QR does nothing until it is pressed, and every refusal says what became of the code."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from association.rules.codes import spelled
from tests.town import Consumer, Town
from tests.wallet.phones import Phone
from tests.web.axe import serious, sideways

Give = Callable[[Consumer | None], Phone]


def test_opening_the_page_uses_nothing_up(district: Town, phone: Give) -> None:
    """A link preview, a shop's scanner, the phone's own camera: only the press redeems, and pressed twice it redeems once."""
    hanako = district.consumer()
    batch_id, codes = district.issued(1)
    address = f"/wallet/redeem/{codes[0].replace('-', '')}"
    assert f'value="{codes[0]}"' in phone(hanako).opens(f"/wallet/redeem/{codes[0]}").text  # typed with its hyphens, it has no more of them
    assert "/sign-in" in phone(None).opens(address).request.path
    hand = phone(hanako)
    page = hand.opens(address)
    assert codes[0] in page.text and "押すまで、券は使われません" in page.text and district.batch(batch_id).left == 1
    fields = {"code": codes[0], "key": hand.hidden(address)["key"]}
    for _ in range(2):
        done = hand.sends("/wallet/redeem", fields, on=address)
        assert "チャージしました" in done.text and "1,000" in done.text
    assert (hanako.coins(), district.batch(batch_id).redeemed) == (1_000, 1)
    assert "チャージ券" in hand.opens("/wallet/history").text


def test_a_get_redeems_nothing(district: Town, phone: Give) -> None:
    """Whatever stands in the address, and in whichever way it is asked for."""
    hanako = district.consumer()
    batch_id, codes = district.issued(1)
    hand = phone(hanako)
    for path in (f"/wallet/redeem?code={codes[0]}&key=0a1b2c3d-0000-4000-8000-000000000001", f"/wallet/redeem/{codes[0]}"):
        hand.opens(path)
        hand.client.head(path, base_url=f"https://{hand.host}")
    assert (hanako.coins(), district.batch(batch_id).left) == (0, 1)
    answer = hand.client.post("/wallet/redeem", data={"code": codes[0]}, base_url=f"https://{hand.host}")
    assert answer.status_code == 422 and hanako.coins() == 0


def test_every_refusal_has_its_sentence(district: Town, other_district: Town, phone: Give) -> None:
    """Beside the field, with its number, and what was typed still stands there."""
    hanako, taro = district.consumer(coins=99_500), district.consumer(nickname="太郎")
    batch_id, codes = district.issued(4)
    taro.redeems(codes[0])
    district.clerk().cancels_codes(batch_id, 2)
    _other, foreign = other_district.issued(1)
    hand = phone(hanako)
    for code, sentence in (
        ("なんでしょう", "文字が違うようです"),
        (spelled(secrets.token_bytes(32)), "このチャージ券は見つかりません"),
        (codes[0], "に使われています"),
        (codes[1], "このチャージ券は取り消されています"),
        (foreign[0], "灯ノ沢温泉のチャージ券です"),
    ):
        answer = hand.sends("/wallet/redeem", {"code": code})
        assert answer.status_code in (404, 409, 422) and sentence in answer.text and 'id="e-code"' in answer.text
    full = hand.sends("/wallet/redeem", {"code": codes[2]})
    assert full.status_code == 409 and "E-2111" in full.text
    assert (hanako.coins(), district.batch(batch_id).left) == (99_500, 3)


def test_an_agents_sale_on_the_phone(district: Town, phone: Give) -> None:
    """The history names the inn; the statement shows the same word as the tablet."""
    inn, hanako = district.shop("民宿 あおば").is_agent(), district.consumer()
    sold = inn.till().sells(hanako, 5_000, staff_id=inn.hires())
    hand = phone(hanako)
    assert "民宿 あおば" in hand.opens("/wallet/history").text
    assert sold.word in hand.opens(f"/wallet/history/{sold.transaction_id}").text
    assert "民宿 あおば" in hand.opens("/wallet/top-up").text
    inn.is_no_agent()
    assert "民宿 あおば" not in hand.opens("/wallet/top-up").text


@pytest.mark.browser
def test_the_page_in_the_hand(district: Town, hand: Callable[..., Page]) -> None:
    """The press has the focus; axe finds nothing; a double tap redeems once; the balance is on the page."""
    hanako = district.consumer(coins=500)
    batch_id, codes = district.issued(2)
    page = hand(hanako)
    page.goto(f"/wallet/redeem/{codes[0].replace('-', '')}")
    expect(page.get_by_role("button", name="受け取る")).to_be_focused()
    assert serious(page) == [] and sideways(page) == 0
    page.get_by_role("button", name="受け取る").dblclick()
    expect(page.get_by_role("heading", name="チャージしました")).to_be_visible()
    expect(page.get_by_text("1,500円")).to_be_visible()
    assert serious(page) == []
    assert (hanako.coins(), district.batch(batch_id).redeemed) == (1_500, 1)


@pytest.mark.browser
def test_the_wallets_own_camera_opens_it(district: Town, hand: Callable[..., Page]) -> None:
    """What the scanner in the wallet read leads to the same page; another site's address does not."""
    _batch, codes = district.issued(1)
    page = hand(district.consumer())
    page.goto("/wallet/scan")
    place = page.locator("[data-open-codes]")
    prefix = str(place.get_attribute("data-open-codes"))
    reads = "(place, text) => place.dispatchEvent(new CustomEvent('meguri:scan', { detail: { text }, bubbles: true }))"
    place.evaluate(reads, f"https://evil.example/wallet/redeem/{codes[0].replace('-', '')}")
    expect(page.get_by_role("alert").filter(has_text="ここでは開きません")).to_be_visible()
    place.evaluate(reads, prefix.replace("/q/", f"/wallet/redeem/{codes[0].replace('-', '')}"))
    expect(page.get_by_role("heading", name="チャージ券を使う")).to_be_visible()
