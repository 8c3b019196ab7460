"""Goods of a bill that phones, coupons and cash have paid come back in any order: each slip says what the goods were worth, to the yen."""

from __future__ import annotations

from random import Random
from uuid import uuid4

import pytest

import merchant.commands
from association.commands import Share
from merchant.commands import ReturnGoods, Sell
from merchant.queries import ReceiptRow
from merchant.rules.bill import Bill
from merchant.rules.invoice import Line
from tests.merchant.test_shared_bills import receipts, shop
from tests.town import OWNER_PIN, Consumer, Till, Town

__all__ = ["shop"]

DISHES = (("そば", 3, 1_100, 10), ("みやげ", 7, 143, 8), ("飴", 5, 1, 8))
"""4,306 yen in pieces of 1,100, 143 and 1."""
PARTS = (1_501, 1_403)


def dinner(district: Town, till: Till) -> tuple[ReceiptRow, list[Consumer], int]:
    """Two guests pay their parts by phone, each with a coupon of 333 that two others bear, and 1,402 in cash."""
    coupon = district.coupon(333, shares=(Share("association", 50), Share("funder", 50, "灯ノ沢町")))
    guests = [district.consumer(coins=2_000) for _ in PARTS]
    bill = Bill(tuple(Line(*dish) for dish in DISHES), (None,) * len(DISHES), (), False, "inclusive", "floor")
    order = Sell(bill, 4_306, 4_306 - sum(PARTS), 0, uuid4(), coin=sum(PARTS))
    shared = merchant.commands.open_shared_bill(district.session, till.who, order, PARTS, now=district.now)
    for guest in guests:
        guest.claims(coupon)
        asked = merchant.commands.ask_for_part(district.session, till.who, shared.id, key=uuid4(), now=district.now)
        guest.pays(asked, coupon=coupon)
    [sale] = receipts(till)
    assert sorted((each["kind"], each["amount"]) for each in sale.content["paid"]) == [
        ("cash", 1_402),
        ("coin", 1_070),
        ("coin", 1_168),
        ("funded_coupon", 166),
        ("funded_coupon", 166),
        ("funded_coupon", 167),
        ("funded_coupon", 167),
    ]
    return sale, guests, coupon


@pytest.mark.parametrize("seed", range(4))
def test_goods_in_any_order_give_back_their_price_and_in_the_end_every_yen(district: Town, till: Till, seed: int) -> None:
    """Some pieces at a time, drawn by lot: no slip is a yen more or less than its goods, a sweet of one yen too, and with the last of
    them each guest, the coupon's funders and the drawer have just what they gave."""
    owner, dice = till.shop.hires("店主", role="owner", pin=OWNER_PIN), Random(seed)
    sale, guests, coupon = dinner(district, till)
    pieces = [index for index, (_name, qty, _price, _rate) in enumerate(DISHES) for _ in range(qty)]
    dice.shuffle(pieces)
    slips = []
    while pieces:
        some = [pieces.pop() for _ in range(min(len(pieces), dice.choice((1, 1, 2, 4))))]
        quantities = tuple(some.count(index) for index in range(len(DISHES)))
        order = ReturnGoods(quantities, "返品", uuid4(), owner, OWNER_PIN)
        slips.append(merchant.commands.return_goods(district.session, till.who, sale.till_id, sale.serial, order, now=district.now))
        assert slips[-1].total == sum(DISHES[index][2] for index in some), quantities
        for number, guest in zip(merchant.queries.payments_of(district.session, district.district_id, sale), guests, strict=True):
            told = merchant.queries.sale(district.session, district.district_id, till.shop.id, number).sale
            assert (told.left, told.given_back) == (told.paid - told.given_back, guest.coins() - (2_000 - told.paid))
    assert [(guest.coins(), guest.pieces(coupon)) for guest in guests] == [(2_000, 1)] * 2
    assert (sum(slip.cash for slip in slips), sum(slip.total for slip in slips)) == (1_402, 4_306)
    assert (till.shop.taken(), district.difference()) == (0, 0)
