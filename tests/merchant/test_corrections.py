"""直したレシート: a wrong receipt is never altered; it comes back, and the right one names it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest
from flask.testing import FlaskClient

import merchant.commands
import merchant.queries
from merchant.commands import Correct, ReturnGoods, Sell
from merchant.errors import NothingToCorrect, RefundNeedsOwner, ReturnWrong
from merchant.queries import ReceiptRow
from merchant.rules.invoice import Line
from tests.merchant.test_pages import Tablet
from tests.merchant.test_receipt_papers import address, closed_up, page, paper, shop, till
from tests.merchant.test_register import SOUVENIRS, asks, gives_back, means, receipt_of, sells
from tests.town import CASHIER_PIN, OWNER_PIN, Shop, Till, Town

__all__ = ["shop", "till"]


def at(sale: ReceiptRow, *rates: int) -> tuple[Line, ...]:
    """Its lines at these rates."""
    return tuple(Line(*line[:3], rate) for line, rate in zip(sale.content["lines"], rates, strict=False))


def corrects(till: Till, sale: ReceiptRow, *rates: int, staff_id: int, **more: object) -> ReceiptRow:
    order = replace(Correct(at(sale, *rates), uuid4(), staff_id, OWNER_PIN), **more)  # type: ignore[arg-type]
    town = till.shop.town
    return merchant.commands.correct_receipt(town.session, till.who, sale.till_id, sale.serial, order, now=town.now)


def test_a_wrong_rate_is_put_right_in_one_press(client: FlaskClient, district: Town, till: Till, shop: Shop) -> None:
    """Sweets at 10 %: the return slip takes it back, the new receipt has 8 %, names the first and its day; the drawer is as before, and a
    second press makes nothing. Both are read as the customer reads them."""
    owner = shop.hires("店主", role="owner", pin=OWNER_PIN)
    wrong = replace(SOUVENIRS, lines=tuple(replace(line, rate=10) for line in SOUVENIRS.lines))
    sale, tablet = sells(till, bill=wrong), Tablet(client, district, till=till)
    lines = {"names": ["まんじゅう 4個箱", "絵はがき"], "prices": ["540", "200"], "quantities": ["2", "1"]}
    form = lines | {"rates": ["8", "10"], "staff_id": owner, "pin": OWNER_PIN, "key": uuid4()}
    mistyped = tablet.sends(f"{address(sale)}/correct", f"{address(sale)}/correct", **form | {"prices": ["540", "199"], "pin": "0000"})
    assert (mistyped.status_code, 'value="199"' in mistyped.text) == (422, True)  # what was typed stays
    done = [tablet.sends(f"{address(sale)}/correct", f"{address(sale)}/correct", **form) for _twice in range(2)]
    assert done[0].location == done[1].location
    rows = merchant.queries.receipts_of_day(district.session, district.district_id, shop.id, district.today)
    made, back, first = sorted(rows, key=lambda row: -row.serial)
    assert (first.content, back.kind, made.kind) == (sale.content, "return", "sale")
    assert made.content["by_rate"] == [[10, 200, 18, 182], [8, 1_080, 80, 1_000]]
    assert back.content["by_rate"] == sale.content["by_rate"]
    assert merchant.queries.drawer_now(district.session, district.district_id, till.id).expected == 1_280
    for each in (page(tablet, made), paper(tablet, made)):
        for words in (
            "適格簡易請求書",
            f"直したレシート（{sale.number} に替わるもの）",
            "もとの日付",
            "まんじゅう 4個箱 ※",
            "内消費税 80円",
        ):
            assert closed_up(words) in closed_up(each), words
    assert sale.number in paper(tablet, back)
    was = tablet.looks(address(sale)).text
    assert ("間違いを直す" in was, f"直したレシート {made.number}" in was) == (False, True)


def test_sums_are_counted_anew_and_the_difference_goes_over_the_counter(district: Town, till: Till, shop: Shop) -> None:
    """Tax on top: at 8 % instead of 10 % it comes to 40 less, and the drawer gives them back; by card the card stays as it
    was charged, less what the drawer gave."""
    owner = shop.hires("店主", role="owner", pin=OWNER_PIN)
    bill = replace(SOUVENIRS, lines=(replace(SOUVENIRS.lines[0], qty=1, unit_price=2_000, rate=10),), articles=(None,), mode="exclusive")
    in_cash = corrects(till, sells(till, bill=bill, total=2_200, received=3_000), 8, staff_id=owner)
    by_card = corrects(till, sells(till, bill=bill, total=2_200, received=0, card=2_200), 8, staff_id=owner)
    assert [(each.total, each.cash, each.card) for each in (in_cash, by_card)] == [(2_160, 2_160, 0), (2_160, 0, 2_160)]
    [slip] = merchant.queries.returns_of(district.session, district.district_id, till.id, by_card.content["corrects"]["serial"])
    assert means(slip) == {"card": 2_160, "cash": 40}
    assert merchant.queries.drawer_now(district.session, district.district_id, till.id).expected == 2_120


def test_a_cashiers_limit_is_that_of_the_sale_and_not_of_each_correction(district: Town, till: Till, shop: Shop) -> None:
    """Three lines, each a whole limit of tax too much: the first is put right, the second is the owner's, and so are goods after it."""
    cashier, owner = shop.hires(), shop.hires("店主", role="owner", pin=OWNER_PIN)
    limit = merchant.queries.refund_limit(district.session, district.district_id, now=district.now)
    lines = tuple(replace(SOUVENIRS.lines[0], qty=1, unit_price=10 * limit, rate=10) for _ in range(3))
    bill = replace(SOUVENIRS, lines=lines, articles=(None,) * 3, mode="exclusive")
    first = sells(till, bill=bill, total=33 * limit, received=33 * limit)
    second = corrects(till, first, 0, 10, 10, staff_id=cashier, pin=CASHIER_PIN)
    assert second.total == 32 * limit
    with pytest.raises(RefundNeedsOwner):
        corrects(till, second, 0, 0, 10, staff_id=cashier, pin=CASHIER_PIN)
    goods = ReturnGoods((0, 0, 0), "返品", uuid4(), cashier, CASHIER_PIN, (1, 0, 0))
    with pytest.raises(RefundNeedsOwner):
        merchant.commands.return_goods(district.session, till.who, second.till_id, second.serial, goods, now=district.now)
    assert corrects(till, second, 0, 0, 10, staff_id=owner).total == 31 * limit


def test_a_number_that_was_entered_later_is_not_named_for_a_sale_of_before(district: Town, till: Till, shop: Shop) -> None:
    """The shop had no 登録番号 on the day of the sale; corrected a day after it has one, the paper names none."""
    owner, yesterday = shop.hires("店主", role="owner", pin=OWNER_PIN), district.now - timedelta(days=1)
    sale = merchant.commands.sell(district.session, till.who, Sell(SOUVENIRS, 1_280, 2_000, 0, uuid4()), now=yesterday)
    facts = replace(district.new_shop(), registration_number="T7000012050002")
    merchant.commands.describe(district.session, district.district_id, shop.id, facts, now=district.now)
    corrected = corrects(till, sale, 10, 10, staff_id=owner)
    assert corrected.content["shop"]["registration"] is None
    assert sells(till).content["shop"]["registration"] == "T7000012050002"


def test_what_cannot_be_put_right_here_is_said(district: Town, till: Till, shop: Shop) -> None:
    """Nothing is wrong with it; something came back of it already; another number of lines."""
    owner = shop.hires("店主", role="owner", pin=OWNER_PIN)
    sale = sells(till)
    with pytest.raises(NothingToCorrect):
        corrects(till, sale, 8, 10, staff_id=owner)
    with pytest.raises(ReturnWrong):
        corrects(till, sale, 8, staff_id=owner)
    gives_back(till, sale, 1, 0, staff_id=owner)
    with pytest.raises(ReturnWrong):
        corrects(till, sale, 10, 10, staff_id=owner)
    assert merchant.queries.last_serial(district.session, district.district_id, till.id) == 2


def test_what_a_phone_has_paid_stays_paid_and_the_wrong_article_is_put_right(district: Town, till: Till, shop: Shop) -> None:
    """Two boxes were pressed, one was sold, and a postcard at 300: 1,280 by phone with a coupon of the town become 840; the phone gets its
    part back without being asked again, the history has the right receipt, and goods come back of that one."""
    owner = shop.hires("店主", role="owner", pin=OWNER_PIN)
    coupon, hanako = district.coupon(200), district.consumer(coins=3_000)
    hanako.claims(coupon)
    paid = hanako.pays(asks(till), coupon=coupon)
    sale = receipt_of(district, paid.transaction_id)
    lines = (replace(SOUVENIRS.lines[0], qty=1), Line("絵はがき 3枚", 1, 300, 10))
    made = corrects(till, sale, staff_id=owner, lines=lines)
    assert receipt_of(district, paid.transaction_id) == made
    assert (made.total, made.content["by_rate"], made.content["corrects"]["number"]) == (
        840,
        [[10, 300, 27, 273], [8, 540, 40, 500]],
        sale.number,
    )
    assert means(made) == {"coin": 709, "funded_coupon": 131}
    assert hanako.coins() == 3_000 - 709
    back = gives_back(till, made, 1, 1, staff_id=owner)
    assert (back.total, hanako.coins(), hanako.pieces(coupon), shop.taken()) == (840, 3_000, 1, 0)
    rows = merchant.queries.receipts_of_day(district.session, district.district_id, shop.id, district.today)
    assert merchant.queries.day_of_receipts(rows).net == 0


def test_a_bill_that_several_paid_is_corrected_with_no_phone_there(district: Town, till: Till, shop: Shop) -> None:
    """The same price at another rate moves nothing, twice over; dearer, the rest is cash, and no wallet is charged."""
    cashier = shop.hires()
    guests = [district.consumer(coins=1_000) for _ in range(2)]
    order = Sell(SOUVENIRS, 1_280, 0, 0, uuid4(), coin=1_280)
    shared = merchant.commands.open_shared_bill(district.session, till.who, order, [640, 640], now=district.now)
    for guest in guests:
        asked = merchant.commands.ask_for_part(district.session, till.who, shared.id, key=uuid4(), now=district.now)
        paid = guest.pays(asked).transaction_id
    sale = receipt_of(district, paid)
    first = corrects(till, sale, 10, 10, staff_id=cashier, pin=CASHIER_PIN)
    second = corrects(till, first, 8, 10, staff_id=cashier, pin=CASHIER_PIN, lines=(*at(first, 8), Line("絵はがき", 1, 250, 10)))
    assert [(row.total, row.book, row.cash) for row in (first, second)] == [(1_280, 1_280, 0), (1_330, 1_280, 50)]
    assert [guest.coins() for guest in guests] == [360, 360]
    assert receipt_of(district, paid) == second
    assert len(merchant.queries.payments_of(district.session, district.district_id, second)) == 2
    assert merchant.queries.drawer_now(district.session, district.district_id, till.id).expected == 50
