"""支払い: by the shop's printed code, and by a request that is waiting."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

import wallet.queries
from base.clock import tokyo_day
from base.errors import Forbidden, NotSignedIn
from identity.errors import PinMissing, PinWrong
from ledger.errors import FloorPassed, KeyReused, PaymentTooLarge, TransactionUnknown
from merchant.errors import RequestCancelled, RequestExpired, RequestPaid, RequestUnknown, ShopSuspended, ShopUnknown
from tests.town import ANY_KEY
from wallet.errors import AlreadyPaid, AmountDiffers, ConfirmationNeeded, NewDeviceLimit, PlanChanged

PIN = "4826"


def test_a_request_is_paid(district):
    """花子 pays what the till asks for, and both sides have the same word and number."""
    hanako, bakery = district.consumer(coins=8_420), district.shop("湯の花まんじゅう みなと屋")
    ask = bakery.asks(1_280)
    receipt = hanako.pays(ask)
    assert (hanako.coins(), bakery.taken()) == (7_140, 1_280)
    assert (receipt.amount, receipt.balance_left, receipt.shop.name) == (1_280, 7_140, "湯の花まんじゅう みなと屋")
    assert (receipt.till_name, receipt.way, len(receipt.word)) == ("レジ1", "dynamic", 2)
    assert [(line.series.name, line.amount, line.balance_after) for line in receipt.lines] == [("あかりコイン", 1_280, 7_140)]
    assert {f"d{district.district_id}:m{bakery.id}", f"d{district.district_id}:p{hanako.person_id}"} <= set(district.woken)


def test_a_printed_code_is_paid(district):
    """At a printed code the consumer types the amount, and nobody at the shop needs to have asked."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    receipt = hanako.pays(bakery, 700)
    assert (hanako.coins(), bakery.taken(), receipt.way, receipt.till_name) == (300, 700, "static", None)


def test_a_nervous_thumb_pays_once(district):
    """A consumer who taps 支払う twice pays once and sees the same receipt."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    ask = bakery.asks(500)
    first, second = hanako.pays(ask, key=ANY_KEY), hanako.pays(ask, key=ANY_KEY)
    assert (first.transaction_id, first.word) == (second.transaction_id, second.word)
    assert (hanako.coins(), bakery.taken()) == (500, 500)


def test_two_tabs_pay_once(district):
    """The same request open in two tabs: the second press says that it is paid, when and how much."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    ask = bakery.asks(500)
    receipt = hanako.pays(ask)
    with pytest.raises(AlreadyPaid) as refusal:
        hanako.pays(ask)
    assert refusal.value.facts == {"at": receipt.posted_at, "amount": 500, "transaction": receipt.transaction_id}
    assert hanako.coins() == 500


def test_a_key_is_for_one_intention(district):
    """The key of one payment does not serve for another amount."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    hanako.pays(bakery, 100, key=ANY_KEY)
    with pytest.raises(KeyReused):
        hanako.pays(bakery, 200, key=ANY_KEY)
    assert hanako.coins() == 900


def test_two_wallets_one_request(district):
    """Two people scan the same QR: one pays, the other reads that it is paid, and keeps the money."""
    hanako, taro, bakery = district.consumer(coins=1_000), district.consumer(coins=1_000), district.shop()
    ask = bakery.asks(500)
    answers = district.at_once([lambda: hanako.pays(ask), lambda: taro.pays(ask)])
    assert [type(one) for one in answers].count(RequestPaid) == 1
    assert (hanako.coins() + taro.coins(), bakery.taken(), district.difference()) == (1_500, 500, 0)


def test_not_enough(district):
    """With 960 yen a bill of 1,280 is refused, says what is missing, and nothing has moved."""
    hanako, bakery = district.consumer(coins=960), district.shop()
    ask = bakery.asks(1_280)
    with pytest.raises(FloorPassed) as refusal:
        hanako.pays(ask)
    assert refusal.value.facts == {"shortage": 320, "available": 960}
    assert (hanako.coins(), bakery.taken()) == (960, 0)
    hanako.pays(bakery.asks(960))  # the refusal has bound nothing


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (lambda district, bakery, ask: district.clock.advance(minutes=5), RequestExpired),
        (lambda district, bakery, ask: bakery.till().cancels(ask), RequestCancelled),
        (lambda district, bakery, ask: bakery.asks(300), RequestCancelled),
        (lambda district, bakery, ask: bakery.is_suspended(), ShopSuspended),
    ],
    ids=["five minutes later", "withdrawn", "the till asked anew", "suspended"],
)
def test_a_request_that_is_over(district, spoil, expected):
    """A request that is over, withdrawn, replaced, or of a shop that was suspended meanwhile is not paid."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    ask = bakery.asks(500)
    spoil(district, bakery, ask)
    with pytest.raises(expected):
        hanako.pays(ask)
    assert (hanako.coins(), bakery.taken()) == (1_000, 0)


def test_the_amount_of_a_request_is_the_shops(district):
    """A phone that says another amount than the till is refused and told the right one."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    ask = bakery.asks(500)
    with pytest.raises(AmountDiffers) as refusal:
        hanako.pays(ask, 1)
    assert refusal.value.facts == {"amount": 500}


def test_nothing_crosses_districts(district, other_district):
    """Neither a request nor a shop's number of another district can be paid."""
    hanako, bakery = district.consumer(coins=1_000), other_district.shop()
    ask = bakery.asks(500)
    with pytest.raises(RequestUnknown):
        hanako.pays(ask)
    with pytest.raises(ShopUnknown):
        hanako.pays(bakery, 500)


def test_the_limit_of_one_payment(district):
    """More than the association allows for one payment is refused, and the limit is named."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    hanako.sets_pin(PIN)
    with pytest.raises(PaymentTooLarge) as refusal:
        hanako.pays(bakery, 100_001, pin=PIN)
    assert refusal.value.facts == {"limit": 100_000}


def test_above_my_limit_i_confirm(district):
    """Above 10,000 yen a payment wants my PIN: none, a wrong one, and the right one."""
    hanako, bakery = district.consumer(coins=30_000), district.shop()
    ask = bakery.asks(10_001)
    with pytest.raises(ConfirmationNeeded) as refusal:
        hanako.pays(ask)
    assert refusal.value.facts == {"limit": 10_000}
    with pytest.raises(PinMissing):
        hanako.pays(ask, pin=PIN)
    hanako.sets_pin(PIN)
    with pytest.raises(PinWrong):
        hanako.pays(ask, pin="4827")
    assert hanako.pays(ask, pin=PIN).amount == 10_001
    assert hanako.pays(bakery.asks(10_000)).amount == 10_000


def test_a_passkey_just_used_confirms(district):
    """Who has just signed in with a passkey needs no PIN; five minutes later it is needed again."""
    hanako, bakery = district.consumer(coins=60_000), district.shop()
    hanako.who = replace(hanako.who, way="passkey")  # the session of this moment, opened by face or finger
    assert hanako.pays(bakery.asks(10_001)).amount == 10_001
    district.clock.advance(minutes=5)
    with pytest.raises(ConfirmationNeeded):
        hanako.pays(bakery.asks(10_002))


def test_a_repeat_needs_no_second_pin(district):
    """The same press again is answered with its receipt, without asking for the PIN again."""
    hanako, bakery = district.consumer(coins=30_000), district.shop()
    hanako.sets_pin(PIN)
    ask = bakery.asks(20_000)
    first = hanako.pays(ask, key=ANY_KEY, pin=PIN)
    assert hanako.pays(ask, key=ANY_KEY).transaction_id == first.transaction_id


def test_a_new_device_pays_less(district):
    """On a device that is new, one payment is limited for a day; afterwards it is like the old one."""
    hanako, bakery = district.consumer(coins=60_000), district.shop()
    hanako.sets_pin(PIN)
    other = hanako.signs_in_again(way="email")
    with pytest.raises(NewDeviceLimit) as refusal:
        other.pays(bakery.asks(10_001), pin=PIN)
    assert refusal.value.facts["limit"] == 10_000
    assert other.pays(bakery.asks(10_000)).amount == 10_000
    district.clock.advance(hours=24)
    assert other.pays(bakery.asks(10_001), pin=PIN).amount == 10_001


def test_the_plan_that_was_shown_is_the_one_that_is_paid(district):
    """The plan changes between the page and the press: it is refused, and the new plan is paid with the same key."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    soon = district.series("winter", "冬の商品券", "Winter voucher", last_day=tokyo_day(district.now) + timedelta(days=30))
    shop = wallet.queries.target_of_number(district.session, hanako.who, bakery.public_number)
    seen = wallet.queries.plan_for(district.session, hanako.who, shop, 700, now=district.now)
    assert [(line.series.name, line.amount, line.left) for line in seen.lines] == [("あかりコイン", 700, 300)]
    district.clerk().tops_up(hanako, 200, series_id=soon)
    with pytest.raises(PlanChanged):
        hanako.pays(bakery, 700, key=ANY_KEY, shown=seen.shown)
    anew = wallet.queries.plan_for(district.session, hanako.who, shop, 700, now=district.now)
    assert [line.amount for line in anew.lines] == [200, 500]
    receipt = hanako.pays(bakery, 700, key=ANY_KEY, shown=anew.shown)
    assert {line.series.name: line.amount for line in receipt.lines} == {"あかりコイン": 500, "冬の商品券": 200}
    assert (hanako.coins(), hanako.coins(soon), bakery.taken()) == (500, 0, 700)


def test_a_plan_shows_what_is_missing(district):
    """Before the press the page says what is missing, and what needs a confirmation."""
    hanako, bakery = district.consumer(coins=960), district.shop()
    shop = wallet.queries.target_of_number(district.session, hanako.who, bakery.public_number)
    short = wallet.queries.plan_for(district.session, hanako.who, shop, 1_280, now=district.now)
    assert (short.shortage, short.available, short.confirm, short.too_large) == (320, 960, False, None)
    assert wallet.queries.plan_for(district.session, hanako.who, shop, 10_001, now=district.now).confirm
    assert wallet.queries.plan_for(district.session, hanako.who, shop, 100_001, now=district.now).too_large == 100_000


def test_the_same_again_is_pointed_out(district):
    """The same amount to the same shop within minutes is pointed out before the press; a refunded one is not."""
    hanako, bakery = district.consumer(coins=2_000), district.shop()
    shop = wallet.queries.target_of_number(district.session, hanako.who, bakery.public_number)
    first = hanako.pays(bakery, 700)
    again = wallet.queries.plan_for(district.session, hanako.who, shop, 700, now=district.now)
    assert again.just_paid == (first.transaction_id, first.posted_at)
    assert wallet.queries.plan_for(district.session, hanako.who, shop, 701, now=district.now).just_paid is None
    bakery.refunds(first.transaction_id, 700)
    assert wallet.queries.plan_for(district.session, hanako.who, shop, 700, now=district.now).just_paid is None


def test_somebody_elses_payment_is_not_mine_to_see(district):
    """A receipt is shown to its payer only."""
    hanako, taro, bakery = district.consumer(coins=1_000), district.consumer(), district.shop()
    receipt = hanako.pays(bakery, 700)
    assert wallet.queries.payment(district.session, hanako.who, receipt.transaction_id, now=district.now).amount == 700
    with pytest.raises(TransactionUnknown):
        wallet.queries.payment(district.session, taro.who, receipt.transaction_id, now=district.now)


def test_a_payment_by_nobody(district):
    """Without signing in nothing is paid, and a till cannot pay in a consumer's name."""
    bakery = district.shop()
    stranger = district.consumer().who
    for who in (bakery.till().who, type(stranger)(district.district_id, None, None, frozenset())):
        with pytest.raises((NotSignedIn, Forbidden)):
            wallet.commands.pay(
                district.session,
                who,
                wallet.commands.Pay(wallet.commands.ToShop(bakery.public_number), 100, uuid4()),
                now=district.now,
            )
