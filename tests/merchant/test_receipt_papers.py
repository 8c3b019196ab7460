"""What stands on the papers of a till: read from the page and from the PDF, as whoever holds them reads it."""

from __future__ import annotations

import html
import re
import subprocess
from dataclasses import replace
from uuid import uuid4

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import ledger.queries
import merchant.commands
from association.commands import Share
from merchant.queries import ReceiptRow, RegisterChoice, Scheme
from merchant.rules.bill import Bill
from merchant.rules.day import day_report
from merchant.rules.invoice import Line
from tests.merchant.test_pages import Tablet
from tests.merchant.test_register import SOUVENIRS, asks, gives_back, receipt_of, sells
from tests.merchant.test_registration import NUMBER
from tests.town import OWNER_PIN, Shop, Till, Town
from tests.wallet.test_verify import attached
from web.pdf import read_codes

SUITE = Bill((Line("会席 貸切", 1, 60_000, 10),), (None,), (), False, "inclusive", "floor")


@pytest.fixture
def shop(district: Town) -> Shop:
    """A registered shop whose till writes its receipts."""
    shop = district.shop()
    merchant.commands.describe(
        district.session, district.district_id, shop.id, replace(district.new_shop(), registration_number=NUMBER), now=district.now
    )
    merchant.commands.set_register(district.session, shop.owner, shop.id, RegisterChoice(), issues=True, now=district.now)
    return shop


@pytest.fixture
def till(shop: Shop) -> Till:
    return shop.till()


@pytest.fixture
def tablet(client: FlaskClient, district: Town, till: Till) -> Tablet:
    return Tablet(client, district, till=till)


def address(row: ReceiptRow) -> str:
    return f"/till/receipts/{row.till_id}/{row.serial}"


def page(tablet: Tablet, row: ReceiptRow) -> str:
    """What the receipt itself says on the till's page."""
    found = re.search(r'<article class="slip".*?</article>', tablet.looks(address(row)).text, re.DOTALL)
    assert found is not None
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", found[0])).split())


def paper(tablet: Tablet, row: ReceiptRow, kind: str = "paper", addressee: str = "", purpose: str = "") -> str:
    """A press on 印刷する, and what the PDF says."""
    form = {"kind": kind, "addressee": addressee, "purpose": purpose, "key": uuid4()}
    return said(tablet.looks(tablet.sends(f"{address(row)}/paper", address(row), **form).location).data)


def opens(app: Flask, district: Town, person_id: int, path: str) -> TestResponse:
    """What somebody who is signed in sees there."""
    client = app.test_client()
    client.set_cookie("meguri_session", district.cookie(person_id), domain=district.host)
    return client.get(path, base_url=f"https://{district.host}")


def closed_up(words: str) -> str:
    """Without spaces: a roll breaks a line wherever it is full."""
    return "".join(words.split())


def said(file: bytes) -> str:
    text = subprocess.run(["pdftotext", "-layout", "-", "-"], input=file, capture_output=True, check=True).stdout.decode()
    return " ".join(text.split())


def test_a_receipt_says_all_that_a_simplified_invoice_must(tablet: Tablet, district: Town, till: Till) -> None:
    """Issuer and number, day, what was sold with its mark, total and tax by rate, how it was paid; the first paper has no mark, the next
    one does, and the shop's own copy is none to hand over."""
    sale = sells(till)
    particulars = ["適格簡易請求書", f"登録番号 {NUMBER}", "みなと屋", "湯の端2-3", f"{district.today.year}年", sale.number]
    particulars += [
        "まんじゅう 4個箱 ※",
        "540円 × 2",
        "※は軽減税率（8%）の対象です。",
        "10%対象",
        "内消費税 18円",
        "8%※対象",
        "内消費税 80円",
    ]
    particulars += ["1,280円", "お預かり 2,000円", "お釣り 720円"]
    on_page, first, second = page(tablet, sale), paper(tablet, sale), paper(tablet, sale)
    for words in particulars:
        assert all(words in each for each in (on_page, first, second)), words
    assert ["再発行" in each for each in (on_page, first)] == [False, False]
    assert "再発行（1回目）" in second
    own = said(tablet.looks(f"{address(sale)}.pdf").data)
    assert ("お店の控え" in own, "お店の控え" in first) == (True, False)


def test_a_shop_without_a_number_gives_no_invoice(client: FlaskClient, district: Town) -> None:
    """The same receipt, without the words 適格 and 登録番号."""
    shop = district.shop()
    merchant.commands.set_register(district.session, shop.owner, shop.id, RegisterChoice(), issues=True, now=district.now)
    till = shop.till()
    tablet, sale = Tablet(client, district, till=till), sells(till)
    for each in (page(tablet, sale), paper(tablet, sale), paper(tablet, sale, "ryoshusho", "山田商店")):
        assert ("適格" in each, "登録番号" in each, "内消費税 80円" in each) == (False, False, True)


def test_a_named_receipt_says_to_whom_and_for_what(tablet: Tablet, till: Till) -> None:
    """領収書 with the buyer's name is a whole invoice; without one it is a simplified one, to be written by hand. Made again it is
    offered with the same words, and who is 御中 already is not 様 as well."""
    sale = sells(till)
    named = paper(tablet, sale, "ryoshusho", "山田商店", "お土産代として")
    for words in ("領収書", "山田商店 様", "但し お土産代として", "上記の金額を、たしかに受け取りました。", "適格請求書", "1,280円"):
        assert words in named, words
    form = tablet.looks(address(sale)).text
    assert ('value="山田商店"' in form, 'value="お土産代として"' in form, "領収書を再発行する" in form) == (True, True, True)
    again = paper(tablet, sale, "ryoshusho", "山田商店 御中", "お土産代として")
    assert ("山田商店 御中" in again, "様" in again, "再発行（1回目）" in again) == (True, False, True)
    assert "適格簡易請求書" in paper(tablet, sells(till), "ryoshusho")


def test_two_papers_of_one_sale_are_never_two_originals(tablet: Tablet, district: Town, till: Till) -> None:
    """領収書 after the レシート: in exchange for it. レシート after the 領収書: it says so and is no invoice. Of a sale by phone the wallet
    has the first."""
    sale = sells(till)
    paper(tablet, sale)
    district.clock.advance(seconds=20)  # type: ignore[attr-defined]
    assert "受け取ってください" in tablet.looks(address(sale)).text
    named = paper(tablet, sale, "ryoshusho", "山田商店")
    assert ("レシートと引き換え" in named, "適格請求書" in named) == (True, True)
    other = sells(till)
    named = paper(tablet, other, "ryoshusho", "山田商店")
    district.clock.advance(seconds=20)  # type: ignore[attr-defined]
    late = paper(tablet, other)
    assert ["引き換え" in named, "領収書を発行済み" in late, "適格" in late] == [False, True, False]
    by_phone = receipt_of(district, district.consumer(coins=3_000).pays(asks(till)).transaction_id)
    assert "電子のレシートと同じお買い物です" in paper(tablet, by_phone, "ryoshusho", "山田商店")


def test_a_return_slip_names_the_sale_and_its_day(tablet: Tablet, till: Till, shop: Shop) -> None:
    """適格返還請求書: both days, the sale's number, what came back with its mark, and tax by rate."""
    owner, sale = shop.hires("店主", role="owner", pin=OWNER_PIN), sells(till)
    back = gives_back(till, sale, 1, 0, staff_id=owner)
    for each in (page(tablet, back), paper(tablet, back)):
        for words in (
            "返品・返金",
            "適格返還請求書",
            f"登録番号 {NUMBER}",
            sale.number,
            "もとの日付",
            "まんじゅう 4個箱 ※",
            "8%※対象",
            "内消費税 40円",
        ):
            assert words in each, words
        assert "現金 に戻す" in each


def test_only_paper_for_much_money_has_room_for_a_stamp(tablet: Tablet, till: Till) -> None:
    """54,546 without tax in cash: the paper has the box, the page says so beside it, the data has none; a small sale nowhere."""
    sale = sells(till, bill=SUITE, total=60_000, received=60_000)
    assert ["収入印紙" in each for each in (paper(tablet, sale), page(tablet, sale), paper(tablet, sells(till)))] == [True, False, False]
    assert "収入印紙（200円）が要ります" in tablet.looks(address(sale)).text


def test_coin_is_money_received_until_a_tax_adviser_says_otherwise(district: Town, till: Till) -> None:
    """51,000 in cash and 9,000 in coin: the paper has room for a stamp. Once the contract's scheme is cleared by name it has none; for
    60,000 in cash it keeps it."""

    def by_phone() -> bool:
        asked = asks(till, bill=SUITE, total=60_000, coin=9_000, received=51_000)
        return bool(receipt_of(district, district.consumer(coins=9_000).pays(asked).transaction_id).content["stamp"])

    assert by_phone()
    district.settles_by(scheme=Scheme("agency", False, "税理士 田中 2026-11-20"))
    assert not by_phone()
    assert sells(till, bill=SUITE, total=60_000, received=60_000).content["stamp"]
    district.settles_by(scheme=Scheme())
    assert by_phone()


def test_the_receipt_says_who_pays_for_a_coupon(tablet: Tablet, district: Town, till: Till, shop: Shop) -> None:
    """200 off, 30 % by the association, 50 % by the town, 20 % by the shop: two means of payment and a lower price, each with its bearer; a
    return gives each its part back; the day's report adds them up by bearer."""
    shares = (Share("association", 30), Share("funder", 50, "灯ノ沢町"), Share("shop", 20))
    coupon, hanako = district.coupon(200, shares=shares), district.consumer(coins=3_000)
    hanako.claims(coupon)
    sale = receipt_of(district, hanako.pays(asks(till), coupon=coupon).transaction_id)
    assert (sale.total, sale.content["by_rate"]) == (1_240, [[10, 194, 17, 177], [8, 1_046, 77, 969]])
    for each in (page(tablet, sale), paper(tablet, sale)):
        for words in (
            "クーポン充当（組合負担） 冬の湯めぐり",
            "クーポン充当（灯ノ沢町負担） 冬の湯めぐり",
            "クーポン値引（お店負担） 冬の湯めぐり",
            "60円",
            "100円",
            "−40円",
        ):
            assert closed_up(words) in closed_up(each), words
    owner = shop.hires("店主", role="owner", pin=OWNER_PIN)
    first, last = gives_back(till, sale, 1, 0, staff_id=owner), gives_back(till, sale, 1, 1, staff_id=owner)
    assert "クーポン充当（灯ノ沢町負担） 冬の湯めぐり に戻す" in page(tablet, first)
    back = [each for slip in (first, last) for each in slip.content["paid"]]
    borne = {bearer: sum(each["amount"] for each in back if each.get("bearer") == bearer) for bearer in ("association", "funder")}
    assert (borne, first.total + last.total, hanako.coins()) == ({"association": 60, "funder": 100}, 1_240, 3_000)
    again = hanako.pays(asks(till, bill=SOUVENIRS), coupon=coupon)
    assert again.transaction_id
    done = tablet.sends("/till/day/close", "/till/day", pieces=["0"] * 10, seen_serial=4, reason="", key=uuid4())
    report = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", tablet.looks(done.location).text)).split())
    assert "クーポンをだれが負担するか 組合 60円 灯ノ沢町 100円 お店 値引に入っています" in report


def test_the_shops_part_of_a_coupon_is_told_with_tax_and_comes_back_with_the_goods(
    tablet: Tablet, district: Town, till: Till, shop: Shop
) -> None:
    """Prices without tax, 110 off, half each: both bear 55 though the price falls by 50; the half that comes back takes half of each, and
    nothing is borne of a sale that came back whole."""
    merchant.commands.set_register(district.session, shop.owner, shop.id, RegisterChoice(tax_inside=False), issues=True, now=district.now)
    shares = (Share("association", 50), Share("shop", 50))
    coupon, hanako = district.coupon(110, shares=shares), district.consumer(coins=3_000)
    hanako.claims(coupon)
    bill = Bill((Line("湯のみ", 2, 1_000, 10),), (None,), (), False, "exclusive", "floor")
    sale = receipt_of(district, hanako.pays(asks(till, bill=bill, total=2_200, coin=2_200), coupon=coupon).transaction_id)
    owner = shop.hires("店主", role="owner", pin=OWNER_PIN)

    def borne(*slips: ReceiptRow) -> list[list[object]]:
        return day_report([each.content for each in slips], [], [], {}, "", [[] for _ in slips])["coupons"]  # type: ignore[no-any-return]

    assert (sale.content["discounts"][0]["amount"], borne(sale)) == (50, [["association", "", 55], ["shop", "", 55]])
    half = gives_back(till, sale, 1, staff_id=owner)
    assert borne(half)[1] == ["shop", "", -27]
    rest = gives_back(till, sale, 1, staff_id=owner)
    assert borne(sale, half, rest) == [["association", "", 0], ["shop", "", 0]]


def test_paper_leads_the_payer_to_the_receipt_with_its_proof_and_names_the_points(
    app: Flask, tablet: Tablet, district: Town, till: Till
) -> None:
    """Its QR opens the electronic receipt in the payer's wallet and in nobody else's. That PDF holds the proof of this very payment; the
    shop's holds none. A sale in cash has neither."""
    district.points()
    hanako = district.consumer(coins=3_000)
    paid = hanako.pays(asks(till))
    sale = receipt_of(district, paid.transaction_id)
    form = {"kind": "paper", "key": uuid4()}
    file = tablet.looks(tablet.sends(f"{address(sale)}/paper", address(sale), **form).location).data
    picture = subprocess.run(["pdftoppm", "-png", "-r", "200", "-"], input=file, capture_output=True, check=True).stdout
    [link] = read_codes(picture)
    path = f"/wallet/history/{paid.transaction_id}/receipt"
    assert link == app.config["PUBLIC_URL"] + path
    assert "ポイント付与予定12ポイント" in closed_up(said(file))
    assert attached(file) == []
    district.seals()
    mine = opens(app, district, hanako.person_id, f"{path}.pdf")
    [proof] = attached(mine.data)
    proved = ledger.queries.check_file(district.session, district.district_id, proof)
    assert proved.transaction.transaction_id == paid.transaction_id
    assert "ポイント付与予定12ポイント" in closed_up(said(mine.data))
    assert opens(app, district, district.consumer().person_id, path).status_code == 404
    in_cash = sells(till)
    assert "電子のレシート" not in paper(tablet, in_cash)
