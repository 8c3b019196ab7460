"""残高が足りないとき: the customer offers what they have, the shop takes the rest in cash, or says no."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest

import ledger.queries
import merchant.commands
import merchant.queries
import wallet.commands
import wallet.queries
from base.clock import tokyo_day
from base.errors import Forbidden, MeguriError
from ledger.errors import FloorPassed, RefundTooLarge
from merchant.commands import Refund, Split
from merchant.errors import (
    CashBackTooLarge,
    OfferDeclined,
    OfferGone,
    OfferOfAnother,
    RefundNeedsOwner,
    RequestCancelled,
    RequestExpired,
    RequestPaid,
    RequestUnknown,
)
from merchant.queries import Asked
from tests.conftest import TestClock
from tests.town import ANY_KEY, CASHIER_PIN, Consumer, Shop, Till, Town
from wallet.commands import PayByCode, Taken
from wallet.errors import AmountDiffers, NothingToOffer, PlanChanged
from wallet.queries import ConsentView


def offers(consumer: Consumer, asked: Asked, coin: int) -> Asked:
    """お店に伝える."""
    return wallet.commands.offer_split(consumer.town.session, consumer.who, asked.id, coin, now=consumer.town.now)


def takes(till: Till, asked: Asked, coin: int) -> Asked:
    """The cashier presses はい."""
    return merchant.commands.split_request(till.town.session, till.who, Split(asked.id, coin), now=till.town.now)


def declines(till: Till, asked: Asked) -> Asked:
    """The cashier presses いいえ."""
    return merchant.commands.decline_split(till.town.session, till.who, asked.id, now=till.town.now)


def now(asked: Asked, town: Town) -> Asked:
    return merchant.queries.request(town.session, town.district_id, asked.id, now=town.now)


def facts(town: Town, transaction_id: int) -> dict[str, object]:
    return dict(ledger.queries.transaction(town.session, town.district_id, transaction_id).facts)


@pytest.fixture
def shop(district: Town) -> Shop:
    return district.shop()


@pytest.fixture
def hanako(district: Town) -> Consumer:
    """Has 340, where the bill is 1,000."""
    return district.consumer(coins=340)


def test_coin_and_cash_on_one_bill(district: Town, shop: Shop, hanako: Consumer) -> None:
    """A bill of 1,000 and 340 in the purse: both agree, 340 are paid in coin, and 660 are noted as cash in no account."""
    asked = shop.asks(1_000)
    assert offers(hanako, asked, 340).offered == 340
    assert hanako.coins() == 340
    split = takes(shop.till(), asked, 340)
    assert (split.amount, split.cash, split.bill, split.state) == (340, 660, 1_000, "open")
    receipt = hanako.pays(split)
    assert (receipt.amount, receipt.cash, receipt.total) == (340, 660, 1_000)
    assert (hanako.coins(), shop.taken(), district.difference()) == (0, 340, 0)
    assert {name: facts(district, receipt.transaction_id)[name] for name in ("bill", "cash")} == {"bill": 1_000, "cash": 660}
    (sale,) = merchant.queries.sales(district.session, district.district_id, shop.id)
    assert (sale.amount, sale.cash, sale.total) == (340, 660, 1_000)
    day = merchant.queries.takings(district.session, district.district_id, shop.id, tokyo_day(district.now))
    assert (day.taken, day.cash) == (340, 660)


def test_a_plain_payment_has_no_cash(district: Town, shop: Shop) -> None:
    """Whoever has enough pays in coin alone, and the book keeps not a word about cash."""
    receipt = district.consumer(coins=2_000).pays(shop.asks(1_000))
    assert (receipt.cash, receipt.total) == (0, 1_000)
    assert not {"bill", "cash"} & facts(district, receipt.transaction_id).keys()


def test_the_consumer_alone_decides_nothing(district: Town, shop: Shop, hanako: Consumer) -> None:
    """Before the shop has said yes, the request asks for the whole: no phone can pay a part of it."""
    asked = shop.asks(1_000)
    offers(hanako, asked, 340)
    with pytest.raises(AmountDiffers):
        hanako.pays(asked, 340)
    with pytest.raises(FloorPassed) as refusal:
        hanako.pays(asked)
    assert refusal.value.facts == {"shortage": 660, "available": 340}
    with pytest.raises(Forbidden):
        merchant.commands.split_request(district.session, hanako.who, Split(asked.id, 340), now=district.now)
    assert (hanako.coins(), shop.taken(), now(asked, district).amount) == (340, 0, 1_000)


def test_the_shop_alone_decides_nothing(district: Town, shop: Shop) -> None:
    """Without an offer there is nothing to say yes to, and another figure than the offered one is not taken."""
    asked, hanako = shop.asks(1_000), district.consumer(coins=340)
    with pytest.raises(OfferGone):
        takes(shop.till(), asked, 340)
    offers(hanako, asked, 340)
    with pytest.raises(OfferGone):
        takes(shop.till(), asked, 300)
    assert declines(shop.till(), asked).amount == 1_000


def test_the_shop_says_no(district: Town, shop: Shop, hanako: Consumer) -> None:
    """The request asks for the whole as before, the same customer asks no second time, and another one may pay it."""
    asked = shop.asks(1_000)
    offers(hanako, asked, 340)
    assert declines(shop.till(), asked).offer_state == "declined"
    with pytest.raises(OfferDeclined):
        offers(hanako, asked, 340)
    assert district.consumer(coins=2_000).pays(asked).amount == 1_000


def test_only_all_that_is_there_is_offered(district: Town, shop: Shop, hanako: Consumer) -> None:
    """A figure that is not what can be paid now is made anew first; with enough, or with nothing, nothing is offered."""
    asked = shop.asks(1_000)
    with pytest.raises(PlanChanged):
        offers(hanako, asked, 300)
    for purse in (0, 1_000):
        with pytest.raises(NothingToOffer):
            offers(district.consumer(coins=purse), asked, max(purse, 1))
    assert now(asked, district).offer is None


def test_every_step_may_be_pressed_twice(district: Town, shop: Shop, hanako: Consumer) -> None:
    """Offer, yes and payment, each sent twice: one payment."""
    asked = shop.asks(1_000, key=ANY_KEY)
    assert offers(hanako, asked, 340) == offers(hanako, asked, 340)
    split = takes(shop.till(), asked, 340)
    assert takes(shop.till(), asked, 340) == split
    assert shop.asks(1_000, key=ANY_KEY) == split
    key = uuid4()
    assert hanako.pays(split, key=key).transaction_id == hanako.pays(split, key=key).transaction_id
    assert takes(shop.till(), asked, 340).state == "paid"
    assert shop.taken() == 340


def test_the_first_offer_stands(district: Town, shop: Shop, hanako: Consumer) -> None:
    """Two phones at one QR: the second is told; once the shop has agreed with the first, nobody else sees or pays it."""
    asked, taro = shop.asks(1_000), district.consumer(coins=500, nickname="太郎")
    offers(hanako, asked, 340)
    with pytest.raises(OfferOfAnother):
        offers(taro, asked, 500)
    split = takes(shop.till(), asked, 340)
    with pytest.raises(OfferOfAnother):
        taro.pays(split)
    with pytest.raises(OfferOfAnother):
        wallet.queries.target_of_request(district.session, taro.who, asked.id, now=district.now)
    seen = [
        wallet.queries.before_amount(
            district.session, who, merchant.queries.merchant(district.session, district.district_id, shop.id), now=district.now
        ).waiting
        for who in (taro.who, hanako.who)
    ]
    assert [len(each) for each in seen] == [0, 1]


def test_the_customer_takes_the_offer_back(district: Town, shop: Shop, hanako: Consumer) -> None:
    """やめる on the phone: the till's question is gone, and a yes that comes too late says so."""
    asked = shop.asks(1_000)
    offers(hanako, asked, 340)
    assert wallet.commands.withdraw_offer(district.session, hanako.who, asked.id, now=district.now).offer_state is None
    with pytest.raises(OfferGone):
        takes(shop.till(), asked, 340)
    offers(hanako, asked, 340)
    takes(shop.till(), asked, 340)
    assert wallet.commands.withdraw_offer(district.session, hanako.who, asked.id, now=district.now).cash == 660


def test_nobody_takes_back_what_another_has_offered(district: Town, shop: Shop, hanako: Consumer) -> None:
    """A stranger's やめる changes nothing."""
    asked = shop.asks(1_000)
    offers(hanako, asked, 340)
    wallet.commands.withdraw_offer(district.session, district.consumer().who, asked.id, now=district.now)
    assert now(asked, district).offered == 340


def test_the_balance_changes_meanwhile(district: Town, shop: Shop, hanako: Consumer) -> None:
    """140 are spent elsewhere after the shop's yes: nothing is half paid, and a new offer is agreed on in the same way."""
    asked = shop.asks(1_000)
    offers(hanako, asked, 340)
    split = takes(shop.till(), asked, 340)
    hanako.pays(district.shop("ゆのや"), 140)
    with pytest.raises(FloorPassed):
        hanako.pays(split)
    assert (hanako.coins(), shop.taken()) == (200, 0)
    offers(hanako, split, 200)
    with pytest.raises(OfferGone):
        takes(shop.till(), asked, 340)
    again = takes(shop.till(), asked, 200)
    assert (again.amount, again.cash) == (200, 800)
    assert hanako.pays(again).cash == 800


def test_one_who_has_enough_may_be_faster(district: Town, shop: Shop, hanako: Consumer) -> None:
    """The offer waits, another phone pays the whole: the shop's yes then finds it paid."""
    asked = shop.asks(1_000)
    offers(hanako, asked, 340)
    district.consumer(coins=1_000, nickname="太郎").pays(asked)
    assert takes(shop.till(), asked, 340).state == "paid"
    with pytest.raises(RequestPaid):
        hanako.pays(asked)
    assert shop.taken() == 1_000


def test_yes_and_a_whole_payment_at_once(district: Town, shop: Shop, hanako: Consumer) -> None:
    """The cashier's yes and another customer's payment of the whole meet: one of them happens, and never a mixture."""
    taro, till = district.consumer(coins=9_000, nickname="太郎"), shop.till()
    for _ in range(6):
        asked = shop.asks(1_000)
        offers(hanako, asked, 340)
        district.at_once([lambda: takes(till, asked, 340), lambda: taro.pays(asked)])  # noqa: B023  run at once, here
        found = now(asked, district)
        assert (found.state, found.amount, found.cash) in {("paid", 1_000, 0), ("open", 340, 660)}
        if found.transaction_id is not None:
            paid = ledger.queries.transaction(district.session, district.district_id, found.transaction_id)
            assert (paid.amount, ledger.queries.cash_of(paid.facts)) == (1_000, 0)
    assert shop.taken() % 1_000 == 0


def test_cancelled_and_expired_ends_it(district: Town, clock: TestClock, shop: Shop, hanako: Consumer) -> None:
    """やめる at the till, or the time is over: the phone that still shows 340円を支払う pays nothing."""
    asked = shop.asks(1_000)
    offers(hanako, asked, 340)
    split = takes(shop.till(), asked, 340)
    shop.till().cancels(split)
    with pytest.raises(RequestCancelled):
        hanako.pays(split)
    asked = shop.asks(1_000)
    offers(hanako, asked, 340)
    clock.advance(minutes=4, seconds=59)
    split = takes(shop.till(), asked, 340)
    assert (split.expires_at - district.now).total_seconds() == 180
    clock.advance(minutes=3)
    with pytest.raises(RequestExpired):
        hanako.pays(split)
    with pytest.raises(RequestExpired):
        offers(hanako, split, 340)
    assert takes(shop.till(), asked, 340).state == "expired"
    assert (hanako.coins(), shop.taken()) == (340, 0)


def test_another_shop_answers_nothing(district: Town, shop: Shop, hanako: Consumer) -> None:
    """Neither yes nor no to the offer at the shop next door."""
    asked, stranger = shop.asks(1_000), district.shop("ゆのや").till()
    offers(hanako, asked, 340)
    for answer in (lambda: takes(stranger, asked, 340), lambda: declines(stranger, asked)):
        with pytest.raises(RequestUnknown):
            answer()
    assert now(asked, district).offered == 340


def test_the_code_on_the_phone(district: Town, shop: Shop, hanako: Consumer) -> None:
    """The till read the customer's code and the balance is short: it learns what can be paid, and takes just that."""
    till, code = shop.till(), hanako.shows_code()
    with pytest.raises(FloorPassed) as refusal:
        till.scans(code.text, 1_000)
    assert refusal.value.facts["available"] == 340
    order = PayByCode(code.text, 340, uuid4(), cash=660)
    taken = [wallet.commands.pay_by_code(district.session, till.who, order, now=district.now) for _ in range(2)]
    assert all(isinstance(each, Taken) for each in taken)
    (sale,) = merchant.queries.sales(district.session, district.district_id, shop.id)
    assert (sale.amount, sale.cash, hanako.coins(), shop.taken()) == (340, 660, 0, 340)


def test_the_phone_is_asked_for_the_coin_part(district: Town, shop: Shop) -> None:
    """Above the no-ask limit the phone's question says both figures, and its yes pays the coin part with the cash noted."""
    taro = district.consumer(coins=4_000)
    order = PayByCode(taro.shows_code().text, 4_000, uuid4(), cash=2_000)
    asked = wallet.commands.pay_by_code(district.session, shop.till().who, order, now=district.now)
    assert isinstance(asked, ConsentView) and (asked.amount, asked.cash) == (4_000, 2_000)
    receipt = taro.consents()
    assert (receipt.amount, receipt.cash, shop.taken()) == (4_000, 2_000, 4_000)


@pytest.fixture
def mixed(district: Town, shop: Shop, hanako: Consumer) -> int:
    """A bill of 1,000, paid with 340 in coin and 660 in cash."""
    asked = shop.asks(1_000)
    offers(hanako, asked, 340)
    return hanako.pays(takes(shop.till(), asked, 340)).transaction_id


def gives_back(shop: Shop, payment: int, coin: int, cash: int, *, key: UUID | None = None) -> merchant.commands.Refunded:
    order = Refund(payment, coin, "返品", key or uuid4(), cash=cash)
    return merchant.commands.refund(shop.town.session, shop.owner, order, now=shop.town.now)


def test_a_refund_returns_each_to_its_kind(district: Town, shop: Shop, hanako: Consumer, mixed: int) -> None:
    """200 of the coin and 300 of the cash go back: the coin in the book, the cash as a note; never one as the other."""
    key = uuid4()
    first, again = (gives_back(shop, mixed, 200, 300, key=key) for _ in range(2))
    assert (first.amount, first.cash, first.left, again.replayed) == (200, 300, 140, True)
    assert (hanako.coins(), shop.taken(), district.difference()) == (200, 140, 0)
    detail = merchant.queries.sale(district.session, district.district_id, shop.id, mixed)
    assert (detail.sale.left, detail.cash_left, detail.refunds[0].cash) == (140, 360, 300)
    with pytest.raises(RefundTooLarge):
        gives_back(shop, mixed, 341, 0)
    with pytest.raises(CashBackTooLarge) as refusal:
        gives_back(shop, mixed, 140, 361)
    assert refusal.value.facts == {"left": 360}
    gives_back(shop, mixed, 140, 360)
    day = merchant.queries.takings(district.session, district.district_id, shop.id, tokyo_day(district.now))
    assert (hanako.coins(), shop.taken(), day.cash) == (340, 0, 0)


def test_cash_back_of_a_plain_payment_is_none(district: Town, shop: Shop) -> None:
    """Coin never goes back as cash: a payment without a cash part has none to give back."""
    receipt = district.consumer(coins=2_000).pays(shop, 1_000)
    with pytest.raises(CashBackTooLarge):
        gives_back(shop, receipt.transaction_id, 500, 1)
    assert shop.taken() == 1_000


def test_a_cashiers_limit_counts_both(district: Town, shop: Shop) -> None:
    """10,000 is the cashier's limit: 9,000 coin and 2,000 cash together are the owner's."""
    taro, sato = district.consumer(coins=9_000), shop.hires("佐藤")
    order = PayByCode(taro.shows_code().text, 9_000, uuid4(), cash=2_000)
    wallet.commands.pay_by_code(district.session, shop.till().who, order, now=district.now)
    payment = taro.consents().transaction_id
    refund = Refund(payment, 9_000, "返品", uuid4(), staff_id=sato, pin=CASHIER_PIN, cash=2_000)
    with pytest.raises(RefundNeedsOwner):
        merchant.commands.refund(district.session, shop.till().who, refund, now=district.now)
    assert gives_back(shop, payment, 9_000, 2_000).cash == 2_000


def test_many_offers_at_once(district: Town, shop: Shop) -> None:
    """Five phones offer at the same moment: one offer waits, four are told."""
    asked = shop.asks(1_000)
    purses = [district.consumer(coins=100 + each) for each in range(5)]
    answers = district.at_once([lambda one=one: offers(one, asked, one.coins()) for one in purses])
    assert sum(isinstance(answer, Asked) for answer in answers) == 1
    assert sum(isinstance(answer, MeguriError) for answer in answers) == 4
