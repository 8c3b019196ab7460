"""クーポンで支払う: what is planned is what is paid, whichever way, and a refund gives back what it should."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from sqlalchemy import event

import ledger.queries
import merchant.queries
import wallet.queries
from association.commands import Share
from base.clock import tokyo_day
from ledger.errors import FloorPassed, RefundTooLarge
from tests.town import ANY_KEY, CASHIER_PIN
from wallet.commands import Taken
from wallet.errors import ConfirmationNeeded, CouponUnusable, PlanChanged
from wallet.queries import ConsentView
from wallet.rules import Obstacle

TOWN_AND_SHOP = (Share("funder", 70, "灯ノ沢町"), Share("shop", 30))


@pytest.fixture
def hanako(district):
    """花子 has 5,000 coins and has claimed a coupon: 200 off from 1,000."""
    consumer = district.consumer(coins=5_000)
    consumer.coupon = district.coupon()
    consumer.claims(consumer.coupon)
    return consumer


def test_the_best_coupon_is_planned_and_paid(district, hanako):
    """Of 1,280 花子 pays 1,080; the shop gets all of it, the association bears 200."""
    bakery = district.shop()
    ask = bakery.asks(1_280)
    plan = hanako.plans(ask)
    assert (plan.amount, plan.discount, plan.pays, plan.coupon.id) == (1_280, 200, 1_080, hanako.coupon)
    receipt = hanako.pays(ask, coupon=hanako.coupon, shown=plan.shown)
    assert (receipt.kind, receipt.bill, receipt.discount, receipt.amount, receipt.coupon.id) == (
        "payment", 1_280, 200, 1_080, hanako.coupon,
    )  # fmt: skip
    assert (hanako.coins(), hanako.pieces(hanako.coupon), bakery.taken(), district.difference()) == (3_920, 0, 1_280, 0)
    [moved, *_] = wallet.queries.latest(district.session, hanako.who, count=3)
    assert (moved.kind, moved.amount, moved.discount) == ("payment", -1_080, 200)


def test_a_second_press_pays_once(district, hanako):
    """The same key gives the first receipt, whatever coupon the second press names."""
    bakery = district.shop()
    first = hanako.pays(bakery, 1_000, key=ANY_KEY, coupon=hanako.coupon)
    assert hanako.pays(bakery, 1_000, key=ANY_KEY).transaction_id == first.transaction_id
    assert (hanako.coins(), bakery.taken()) == (4_200, 1_000)


def test_the_consumer_may_leave_it_or_take_another(district, hanako):
    """Switched off, it stays; of two the one that was chosen is used."""
    bakery, small = district.shop(), district.coupon(50, min_spend=500)
    hanako.claims(small)
    assert hanako.plans(bakery, 1_000, coupon=None).pays == 1_000
    plan = hanako.plans(bakery, 1_000, coupon=small)
    assert [one.terms.id for one in plan.coupons] == [hanako.coupon, small]
    hanako.pays(bakery, 1_000, coupon=small, shown=plan.shown)
    assert (hanako.pieces(small), hanako.pieces(hanako.coupon), hanako.coins()) == (0, 1, 4_050)


def test_why_a_coupon_does_not_apply(district, hanako):
    """300 yen too little; another shop's; the plan then goes without."""
    bakery, elsewhere = district.shop(), district.coupon(300, shops=(district.shop("別の店").id,))
    hanako.claims(elsewhere)
    plan = hanako.plans(bakery, 700)
    assert {one.terms.id: (one.obstacle, one.missing) for one in plan.coupons} == {
        hanako.coupon: (Obstacle.too_small, 300),
        elsewhere: (Obstacle.other_shops, 300),
    }
    assert (plan.coupon, plan.pays) == (None, 700)
    with pytest.raises(CouponUnusable):
        hanako.pays(bakery, 700, coupon=hanako.coupon)
    with pytest.raises(CouponUnusable):
        hanako.pays(bakery, 1_000, coupon=elsewhere)


def test_used_in_another_tab_nothing_is_paid(district, hanako):
    """The plan of the second tab is refused with its own sentence; the next plan goes without, and pays."""
    bakery = district.shop()
    plan = hanako.plans(bakery, 1_000)
    hanako.pays(bakery, 1_000, coupon=hanako.coupon, shown=plan.shown)
    with pytest.raises(CouponUnusable):
        hanako.pays(bakery, 1_000, coupon=hanako.coupon, shown=plan.shown)
    anew = hanako.plans(bakery, 1_000, coupon=hanako.coupon)
    assert (anew.coupon, hanako.coins()) == (None, 4_200)
    with pytest.raises(PlanChanged):
        hanako.pays(bakery, 1_000, shown=plan.shown)
    assert hanako.pays(bakery, 1_000, shown=anew.shown).amount == 1_000


def test_two_tabs_at_once_use_it_once(district, hanako):
    """Both press at the same moment: one pays with it, the other is refused."""
    bakery = district.shop()
    answers = district.at_once([lambda: hanako.pays(bakery, 1_000, coupon=hanako.coupon) for _ in range(2)])
    assert sum(isinstance(one, CouponUnusable) for one in answers) == 1
    assert (hanako.coins(), hanako.pieces(hanako.coupon)) == (4_200, 0)


def test_ended_between_plan_and_press(district, hanako):
    """The association ends it while the page is open: nothing is paid, and the next plan goes without."""
    bakery = district.shop()
    plan = hanako.plans(bakery, 1_000)
    district.ends_coupon(hanako.coupon)
    with pytest.raises(CouponUnusable):
        hanako.pays(bakery, 1_000, coupon=hanako.coupon, shown=plan.shown)
    assert (hanako.coins(), hanako.plans(bakery, 1_000).pays) == (5_000, 1_000)


def test_after_its_last_day(district):
    """A coupon that is over is not planned any more."""
    hanako, bakery = district.consumer(coins=2_000), district.shop()
    coupon = district.coupon(last_day=tokyo_day(district.now))
    hanako.claims(coupon)
    district.clock.advance(days=1)
    [option] = hanako.plans(bakery, 1_000).coupons
    assert option.obstacle is Obstacle.over


def test_limits_count_what_the_person_pays(district, hanako):
    """10,150 with 200 off needs no PIN above 10,000; without the coupon it does. With too little coin the coupon closes the gap."""
    rich, bakery = district.consumer(coins=20_000), district.shop()
    rich.claims(hanako.coupon)
    assert not rich.plans(bakery, 10_150).confirm
    with pytest.raises(ConfirmationNeeded):
        rich.pays(bakery, 10_150)
    assert rich.pays(bakery, 10_150, coupon=hanako.coupon).amount == 9_950
    assert hanako.pays(bakery, 5_100, coupon=hanako.coupon).amount == 4_900
    with pytest.raises(FloorPassed):
        hanako.pays(bakery, 101)


def test_the_shops_own_part_lowers_what_it_gets(district):
    """Of 200 the shop bears 60: it gets 940 of 1,000, and the town owes 140."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    coupon = district.coupon(shares=TOWN_AND_SHOP)
    hanako.claims(coupon)
    receipt = hanako.pays(bakery, 1_000, coupon=coupon)
    assert (receipt.amount, bakery.taken(), [one.cost for one in district.coupon_row(coupon).costs]) == (800, 940, [140, 60])


def test_a_coupon_that_the_shop_pays_alone(district):
    """Nobody else is in the book: the shop simply gets less."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    coupon = district.coupon(shares=(Share("shop", 100),))
    hanako.claims(coupon)
    paid = hanako.pays(bakery, 1_000, coupon=coupon)
    assert bakery.taken() == 800
    bakery.refunds(paid.transaction_id, 800)
    assert (bakery.taken(), hanako.coins(), hanako.pieces(coupon), district.difference()) == (0, 1_000, 1, 0)


def test_the_discount_lands_in_its_own_coin(district, hanako):
    """Paid out of a coin that ends first, the discount still lands in the series that the coupon names."""
    bakery = district.shop()
    festival = district.series("matsuri", "祭りコイン", "Festival coin", last_day=tokyo_day(district.now) + timedelta(days=5))
    district.clerk().tops_up(hanako, 600, series_id=festival)
    paid = hanako.pays(bakery, 1_000, coupon=hanako.coupon)
    held = {one.series.id: one.balance for one in ledger.queries.balances(district.session, district.district_id, "payable", bakery.id)}
    assert held == {festival: 600, district.series_id: 400}
    bakery.refunds(paid.transaction_id, 800)
    assert (bakery.taken(), hanako.coins(), hanako.coins(festival), district.difference()) == (0, 5_000, 600, 0)


def test_a_shown_code_uses_the_best_coupon(district, hanako):
    """The shop reads the code: the coupon is used by itself, and the till hears bill and discount, also when it asks again."""
    till, key = district.till(), uuid4()
    code = hanako.shows_code().text
    for _ in range(2):
        taken = till.scans(code, 1_280, key=key)
        assert isinstance(taken, Taken)
        assert (taken.amount, taken.discount) == (1_280, 200)
    assert (hanako.coins(), till.shop.taken()) == (3_920, 1_280)


def test_a_question_shows_the_coupon_and_keeps_it(district, hanako):
    """Above the limit the phone is asked: coin and coupon are held meanwhile, and paid with the answer."""
    till = district.till()
    asked = till.scans(hanako.shows_code().text, 4_000)
    assert isinstance(asked, ConsentView)
    assert (asked.amount, asked.discount, asked.pays) == (4_000, 200, 3_800)
    assert hanako.plans(till.shop, 1_000).coupons[0].obstacle is Obstacle.none_left
    receipt = hanako.consents()
    assert (receipt.bill, receipt.amount, hanako.coins(), hanako.pieces(hanako.coupon)) == (4_000, 3_800, 1_200, 0)


def test_a_question_declined_gives_the_coupon_back(district, hanako):
    """やめる: coin and coupon are free again."""
    till = district.till()
    asked = till.scans(hanako.shows_code().text, 4_000)
    wallet.commands.decline(district.session, hanako.who, asked.id, now=district.now)
    assert hanako.plans(till.shop, 1_000).pays == 800


def test_part_refunds_shrink_the_discount_and_the_last_yen_brings_the_coupon_back(district, hanako):
    """300 of 800 back: 75 of the discount go with it; all but a yen leaves no discount; the last one gives 花子 her coupon."""
    bakery = district.shop()
    paid = hanako.pays(bakery, 1_000, coupon=hanako.coupon)
    first = bakery.refunds(paid.transaction_id, 300)
    assert (first.left, first.coupon_returned, hanako.coins(), bakery.taken()) == (500, False, 4_500, 625)
    assert district.coupon_row(hanako.coupon).cost == 125
    with pytest.raises(RefundTooLarge) as refusal:
        bakery.refunds(paid.transaction_id, 501)
    assert refusal.value.facts == {"left": 500}
    assert merchant.queries.sale(district.session, district.district_id, bakery.id, paid.transaction_id).sale.left == 500
    bakery.refunds(paid.transaction_id, 499)
    assert (bakery.taken(), district.coupon_row(hanako.coupon).cost, hanako.pieces(hanako.coupon)) == (1, 0, 0)
    last = bakery.refunds(paid.transaction_id, 1, key=ANY_KEY)
    assert bakery.refunds(paid.transaction_id, 1, key=ANY_KEY).transaction_id == last.transaction_id
    assert (last.left, last.coupon_returned, hanako.coins(), bakery.taken()) == (0, True, 5_000, 0)
    assert (hanako.pieces(hanako.coupon), district.coupon_row(hanako.coupon).cost, district.difference()) == (1, 0, 0)
    receipt = hanako.receipt(last)
    assert (receipt.kind, receipt.amount, receipt.coupon.id) == ("refund", 1, hanako.coupon)
    assert hanako.pays(bakery, 1_000, coupon=hanako.coupon).discount == 200


def test_a_whole_refund_after_the_coupon_has_ended(district, hanako):
    """The coin and the funders' money go back; the coupon is not revived."""
    bakery = district.shop()
    paid = hanako.pays(bakery, 1_000, coupon=hanako.coupon)
    district.ends_coupon(hanako.coupon)
    back = bakery.refunds(paid.transaction_id, 800)
    assert (back.coupon_returned, hanako.coins(), hanako.pieces(hanako.coupon), bakery.taken()) == (False, 5_000, 0, 0)
    assert district.coupon_row(hanako.coupon).cost == 0


def test_a_cashiers_limit_counts_coin_and_not_pieces(district, hanako):
    """A cashier gives back a payment that had a coupon."""
    shop = district.shop()
    till, cashier = shop.till(), shop.hires()
    paid = hanako.pays(shop, 1_000, coupon=hanako.coupon)
    assert till.refunds(paid.transaction_id, 800, staff_id=cashier, pin=CASHIER_PIN).coupon_returned


def test_paying_without_a_coupon_asks_the_database_no_more_than_before(district, hanako):
    """The press of whoever holds none, or uses none, takes the same statements, whatever conditions those have; with one, one more."""
    bakery, taro = district.shop(), district.consumer(coins=5_000)

    def statements(payer, coupon=None):
        payer.pays(bakery, 1_000, coupon=coupon)
        seen = []
        listen = lambda *arguments: seen.append(arguments[2])  # noqa: E731
        event.listen(district.engine, "before_cursor_execute", listen)
        order = wallet.commands.Pay(wallet.commands.ToShop(bakery.public_number), 1_000, uuid4(), coupon=coupon)
        wallet.commands.pay(district.session, payer.who, order, now=district.now)
        event.remove(district.engine, "before_cursor_execute", listen)
        return len(seen)

    hanako.claims(hanako.coupon)
    first = district.coupon(visit="first", per_person=2)
    hanako.claims(first)
    without, holding = statements(taro), statements(hanako)
    assert without == holding <= 7
    again = district.coupon(per_person=5)
    hanako.claims(again)
    hanako.claims(again)
    assert statements(hanako, coupon=again) <= without + 2
