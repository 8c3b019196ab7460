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
from merchant.errors import NothingToCorrect, ReceiptOfCoin, RefundNeedsOwner, ReturnWrong
from merchant.queries import ReceiptRow
from tests.merchant.test_pages import Tablet
from tests.merchant.test_receipt_papers import address, closed_up, page, paper, shop, till
from tests.merchant.test_register import SOUVENIRS, asks, gives_back, means, receipt_of, sells
from tests.town import CASHIER_PIN, OWNER_PIN, Shop, Till, Town

__all__ = ["shop", "till"]


def corrects(till: Till, sale: ReceiptRow, *rates: int, staff_id: int, **more: object) -> ReceiptRow:
    order = replace(Correct(rates, uuid4(), staff_id, OWNER_PIN), **more)  # type: ignore[arg-type]
    town = till.shop.town
    return merchant.commands.correct_receipt(town.session, till.who, sale.till_id, sale.serial, order, now=town.now)


def test_a_wrong_rate_is_put_right_in_one_press(client: FlaskClient, district: Town, till: Till, shop: Shop) -> None:
    """Sweets at 10 %: the return slip takes it back, the new receipt has 8 %, names the first and its day; the drawer is as before, and a
    second press makes nothing. Both are read as the customer reads them."""
    owner = shop.hires("店主", role="owner", pin=OWNER_PIN)
    wrong = replace(SOUVENIRS, lines=tuple(replace(line, rate=10) for line in SOUVENIRS.lines))
    sale, tablet = sells(till, bill=wrong), Tablet(client, district, till=till)
    form = {"rates": ["8", "10"], "staff_id": owner, "pin": OWNER_PIN, "key": uuid4()}
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
    assert "間違いを直す" not in tablet.looks(address(sale)).text


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
    """Nothing is wrong with it; it was paid by phone; something came back of it already; another number of lines."""
    owner = shop.hires("店主", role="owner", pin=OWNER_PIN)
    sale = sells(till)
    with pytest.raises(NothingToCorrect):
        corrects(till, sale, 8, 10, staff_id=owner)
    with pytest.raises(ReturnWrong):
        corrects(till, sale, 8, staff_id=owner)
    paid = district.consumer(coins=3_000).pays(asks(till))
    with pytest.raises(ReceiptOfCoin):
        corrects(till, receipt_of(district, paid.transaction_id), 10, 10, staff_id=owner)
    gives_back(till, sale, 1, 0, staff_id=owner)
    with pytest.raises(ReturnWrong):
        corrects(till, sale, 10, 10, staff_id=owner)
    assert merchant.queries.last_serial(district.session, district.district_id, till.id) == 3
