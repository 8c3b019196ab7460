"""クーポン on a phone without scripts: claim it, plan with it, leave it, pay with it, and read what came of it."""

from __future__ import annotations

import csv
import io
from datetime import timedelta

import pytest

from base.clock import tokyo_day
from tests.wallet.test_pages import text


@pytest.fixture
def hanako(district):
    """花子 has 5,000 coins, and the association offers 200 off from 1,000."""
    consumer = district.consumer(coins=5_000)
    consumer.coupon = district.coupon()
    return consumer


def test_one_press_claims_one(phone, district, hanako):
    """The page offers it; after the press it is in the wallet; the same press again gives no second one."""
    hers = phone(hanako)
    assert "もらえるもの 200 円 引き 冬の湯めぐり" in text(hers.opens("/wallet/coupons"))
    hidden = hers.hidden("/wallet/coupons")
    for _ in range(2):
        seen = text(hers.sends(f"/wallet/coupons/{hanako.coupon}", hidden, on="/wallet/coupons"))
    assert "「冬の湯めぐり」をもらいました" in seen
    assert "いま使えるもの" in seen
    assert hanako.pieces(hanako.coupon) == 1


def test_reasons_are_told(phone, district, hanako):
    """Not yet, all given out, used up, ended by the association: each with its sentence, and no button."""
    later = district.coupon(name="来週から", first_day=tokyo_day(district.now) + timedelta(days=3))
    gone, ended = district.coupon(name="一枚だけ", pieces=1, per_person=1), district.coupon(name="終わり")
    used = district.coupon(name="使った", per_person=1)
    district.consumer().claims(gone)
    hanako.claims(ended)
    district.ends_coupon(ended)
    hanako.claims(used)
    hanako.pays(district.shop(), 1_000, coupon=used)
    seen = text(phone(hanako).opens("/wallet/coupons"))
    for words in ("からもらえます", "配布は終わりました", "組合が終了しました", "1人 1枚まで。もう使いました"):
        assert words in seen.split("いまは使えないもの")[1]
    refused = phone(hanako).sends(f"/wallet/coupons/{gone}", {}, on="/wallet/coupons")
    assert (refused.status_code, "このクーポンの配布は終わりました" in text(refused)) == (409, True)
    assert phone(hanako).sends(f"/wallet/coupons/{later}", {}, on="/wallet/coupons").status_code == 409


def test_the_plan_shows_the_coupon_and_the_press_uses_it(phone, district, hanako):
    """お会計, クーポン and お支払い額 on the page; then done, the history, the slip and the month's CSV say the same."""
    bakery, hers = district.shop(), phone(hanako)
    hanako.claims(hanako.coupon)
    page = f"/wallet/pay/request/{bakery.asks(1_280).id}"
    seen = text(hers.opens(page))
    for words in ("お会計 1,280円", "クーポン 冬の湯めぐり −200円", "お支払い額 1,080円", "1,080円を支払う", "クーポンを使わない"):
        assert words in seen
    done = hers.sends(page, {})
    assert "お会計 1,280円 クーポン 冬の湯めぐり −200円" in text(done)
    number = done.request.path.rsplit("/", 1)[1]
    assert "クーポン 冬の湯めぐり −200円 支払い 1,080円" in text(hers.opens(f"/wallet/history/{number}"))
    assert hers.opens(f"/wallet/history/{number}.pdf").status_code == 200
    assert "クーポン −200円" in text(hers.opens("/wallet/history"))
    month = hers.opens(f"/wallet/statement/{tokyo_day(district.now):%Y-%m}.csv").get_data().decode("utf-8-sig")
    paid = list(csv.DictReader(io.StringIO(month)))[-1]
    assert (paid["金額（円）"], paid["クーポン（円）"]) == ("-1080", "200")
    assert (hanako.coins(), bakery.taken()) == (3_920, 1_280)


def test_switched_off_it_stays(phone, district, hanako):
    """「クーポンを使わない」 is a link to the plan without, at a request and at a printed code."""
    bakery, hers = district.shop(), phone(hanako)
    hanako.claims(hanako.coupon)
    page = f"/wallet/pay/shop/{bakery.public_number}"
    without = f"{page}?amount=1000&coupon="
    assert without.replace("&", "&amp;") in hers.opens(f"{page}?amount=1000").get_data(as_text=True)
    assert "「冬の湯めぐり」を使う（−200円）" in text(hers.opens(without))
    hers.sends(page, {}, on=without)
    assert (hanako.coins(), hanako.pieces(hanako.coupon)) == (4_000, 1)


def test_too_little_says_how_much_more(phone, district, hanako):
    """700 yen: 300 more and it applies."""
    hanako.claims(hanako.coupon)
    seen = text(phone(hanako).opens(f"/wallet/pay/shop/{district.shop().public_number}?amount=700"))
    assert "使えないクーポンの理由 冬の湯めぐり あと300円で使えます" in seen


def test_used_in_another_tab_the_page_comes_back_without_it(phone, district, hanako):
    """Nothing is paid; the page says why, plans anew, and its button pays the whole."""
    bakery, hers = district.shop(), phone(hanako)
    hanako.claims(hanako.coupon)
    page = f"/wallet/pay/shop/{bakery.public_number}"
    old = hers.hidden(f"{page}?amount=1000")
    hanako.pays(bakery, 1_000, coupon=hanako.coupon)
    answer = hers.sends(page, old, on=f"{page}?amount=1000")
    seen = text(answer)
    assert answer.status_code == 409
    for words in ("選んだクーポンは、もう使えません", "まだ支払いは行われていません", "1,000円を支払う"):
        assert words in seen
    assert hanako.coins() == 4_200


@pytest.mark.parametrize("wrong", ["0", "-1", "x", "9" * 30, "1.5", "😀"])
def test_a_coupon_that_makes_no_sense(phone, district, hanako, wrong):
    """An address or a form with nonsense in it plans without a coupon, or is refused; it never breaks."""
    bakery, hers = district.shop(), phone(hanako)
    hanako.claims(hanako.coupon)
    page = f"/wallet/pay/shop/{bakery.public_number}"
    assert hers.opens(f"{page}?amount=1000&coupon={wrong}").status_code == 200
    assert hers.sends(page, {"coupon": wrong}, on=f"{page}?amount=1000").status_code in (404, 409, 422)
    assert hanako.coins() == 5_000


def test_a_poster_for_taking_part_says_who_has_had_its_points(district, phone):
    """Before the press the button; after it, and for good, that they are there."""
    district.points()
    event, hanako = district.point_event(), district.consumer()
    page = f"/wallet/p/{event.code}"
    assert "もらう" in text(phone(hanako).opens(page))
    hanako.takes_part(event.code)
    seen = text(phone(hanako).opens(page))
    assert "もう受け取っています" in seen and "もらう" not in seen


def test_what_a_payment_brings_says_where_and_how_long(phone, district, hanako):
    """The page after the payment tells the terms before the press, as the list of coupons does."""
    bath, diner = district.shop("湯屋"), district.shop("食堂")
    district.coupon(way="receipt", visit="pair", within_days=3, sources=(bath.id,), shops=(diner.id,))
    paid = hanako.pays(bath, 900)
    seen = text(phone(hanako).opens(f"/wallet/done/{paid.transaction_id}"))
    assert "1,000円以上で・1店・対象のお店の支払いから3日以内に" in seen
