"""返金: who may give back how much, and that it goes back exactly where it came from."""

from __future__ import annotations

from uuid import uuid4

import pytest

import association.commands
import association.queries
import wallet.commands
from association.errors import SuspenseOfNobody
from base.errors import Forbidden, MeguriError
from identity.commands import FreezeOrder
from identity.errors import PinLocked, PinMissing, PinWrong
from ledger.errors import AccountFrozen, KeyReused, RefundTooLarge
from merchant import commands, queries
from merchant.commands import Refund
from merchant.errors import AmountTooSmall, NotRefundable, RefundNeedsOwner, RefundStopped, StaffUnknown
from tests.conftest import TestClock
from tests.town import ANY_KEY, CASHIER_PIN, OWNER_PIN, Shop, Town


def paid(district: Town, shop: Shop, amount: int) -> int:
    """A payment of that much to this shop; its number."""
    hanako = district.consumer(coins=amount)
    hanako.sets_pin("2580")
    return hanako.pays(shop, amount, pin="2580").transaction_id


def test_a_whole_refund_gives_everything_back(district: Town) -> None:
    """A customer brings the goods back: the coins stand on their account again, and the shop owes nobody."""
    shop, hanako = district.shop(), district.consumer(coins=2_000)
    payment = hanako.pays(shop, 1_280)
    till, cashier = shop.till(), shop.hires()
    returned = till.refunds(payment.transaction_id, 1_280, staff_id=cashier, pin=CASHIER_PIN)
    assert (returned.amount, returned.left) == (1_280, 0)
    assert (hanako.coins(), shop.taken(), district.difference()) == (2_000, 0, 0)


def test_a_refund_goes_back_to_the_series_that_it_came_from(district: Town, clock: TestClock) -> None:
    """A payment out of two coins is given back in parts, and each coin gets back what it gave and no more."""
    second = district.series("hotaru", "ほたるコイン", "Hotaru coin")
    shop, hanako = district.shop(), district.consumer(coins=300)
    district.clerk().tops_up(hanako, 700, series_id=second)
    payment = hanako.pays(shop, 900)
    spent = {series: held - hanako.coins(series) for series, held in ((district.series_id, 300), (second, 700))}
    assert sum(spent.values()) == 900
    for amount in (250, 400, 250):
        shop.refunds(payment.transaction_id, amount)
    assert (hanako.coins(district.series_id), hanako.coins(second), shop.taken()) == (300, 700, 0)
    assert [sale.amount for sale in queries.sales(district.session, district.district_id, shop.id)] == [-250, -400, -250, 900]


def test_five_times_the_same_refund_is_one(district: Town) -> None:
    """A nervous cashier and a bad network: the money goes back once, and each answer is the same."""
    shop = district.shop()
    payment, till, cashier = paid(district, shop, 1_000), shop.till(), shop.hires()
    answers = district.at_once([lambda: till.refunds(payment, 400, staff_id=cashier, pin=CASHIER_PIN, key=ANY_KEY)] * 5)
    assert not [answer for answer in answers if isinstance(answer, MeguriError)]
    assert len({answer.transaction_id for answer in answers if not isinstance(answer, MeguriError)}) == 1
    assert shop.taken() == 600


def test_five_refunds_at_once_never_exceed_the_payment(district: Town) -> None:
    """Five tablets that give the same payment back at once: one succeeds, the others hear what is left."""
    shop = district.shop()
    payment = paid(district, shop, 1_000)
    answers = district.at_once([lambda: shop.refunds(payment, 1_000)] * 5)
    refused = [answer for answer in answers if isinstance(answer, MeguriError)]
    assert [type(refusal) for refusal in refused] == [RefundTooLarge] * 4
    assert (shop.taken(), district.difference()) == (0, 0)


def test_the_same_key_for_another_amount_is_refused(district: Town) -> None:
    """A key is one intention."""
    shop = district.shop()
    payment = paid(district, shop, 1_000)
    shop.refunds(payment, 400, key=ANY_KEY)
    with pytest.raises(KeyReused):
        shop.refunds(payment, 401, key=ANY_KEY)


@pytest.mark.parametrize(("amount", "refusal"), [(0, AmountTooSmall), (-5, AmountTooSmall), (1_001, RefundTooLarge)])
def test_nothing_but_what_was_paid_is_given_back(district: Town, amount: int, refusal: type[MeguriError]) -> None:
    """Neither nothing, nor less than nothing, nor more than was paid."""
    shop = district.shop()
    payment = paid(district, shop, 1_000)
    with pytest.raises(refusal):
        shop.refunds(payment, amount)
    assert shop.taken() == 1_000


def test_a_cashier_has_a_limit_that_cannot_be_sliced(district: Town) -> None:
    """A cashier gives back up to the limit of one payment in all; beyond it the owner's PIN is needed."""
    shop = district.shop()
    payment, till = paid(district, shop, 30_000), shop.till()
    cashier, owner = shop.hires(), shop.hires("店主", role="owner", pin=OWNER_PIN)
    limit = queries.refund_limit(district.session, district.district_id, now=district.now)
    till.refunds(payment, limit, staff_id=cashier, pin=CASHIER_PIN)
    with pytest.raises(RefundNeedsOwner) as refused:
        till.refunds(payment, 1, staff_id=cashier, pin=CASHIER_PIN)
    assert refused.value.facts == {"limit": limit}
    till.refunds(payment, 1, staff_id=owner, pin=OWNER_PIN)
    assert shop.taken() == 30_000 - limit - 1


def test_slices_at_once_do_not_pass_the_cashiers_limit(district: Town) -> None:
    """Two slices at the same moment are counted as if one came after the other."""
    shop = district.shop()
    payment, till, cashier = paid(district, shop, 30_000), shop.till(), shop.hires()
    limit = queries.refund_limit(district.session, district.district_id, now=district.now)
    answers = district.at_once([lambda: till.refunds(payment, limit - 1, staff_id=cashier, pin=CASHIER_PIN)] * 3)
    assert sorted(type(answer).__name__ for answer in answers) == ["RefundNeedsOwner", "RefundNeedsOwner", "Refunded"]


def test_a_refund_at_the_till_needs_a_pin(district: Town, clock: TestClock) -> None:
    """Whoever gives money back proves who they are; wrong tries are counted though nothing else happens."""
    shop = district.shop()
    payment, till, cashier = paid(district, shop, 1_000), shop.till(), shop.hires()
    with pytest.raises(PinMissing):
        commands.refund(district.session, till.who, Refund(payment, 100, "", uuid4()), now=district.now)
    for left in (4, 3, 2, 1):
        with pytest.raises(PinWrong) as wrong:
            till.refunds(payment, 100, staff_id=cashier, pin="8642")
        assert wrong.value.facts == {"left": left}
    with pytest.raises(PinLocked):
        till.refunds(payment, 100, staff_id=cashier, pin="8642")
    with pytest.raises(PinLocked):
        shop.another_till().refunds(payment, 100, staff_id=cashier, pin=CASHIER_PIN)
    clock.advance(minutes=16)
    till.refunds(payment, 100, staff_id=cashier, pin=CASHIER_PIN)
    assert shop.taken() == 900


def test_another_shops_people_and_payments_do_not_exist_here(district: Town) -> None:
    """Neither another shop's payment nor another shop's cashier works at this till, and nothing says that they exist."""
    shop, other = district.shop(), district.shop("ゆのや")
    payment, till, cashier, stranger = paid(district, other, 1_000), shop.till(), shop.hires(), other.hires()
    with pytest.raises(NotRefundable):
        till.refunds(payment, 100, staff_id=cashier, pin=CASHIER_PIN)
    with pytest.raises(StaffUnknown):
        till.refunds(payment, 100, staff_id=stranger, pin=CASHIER_PIN)
    with pytest.raises(NotRefundable):
        till.refunds(10**15, 100, staff_id=cashier, pin=CASHIER_PIN)


def test_a_refund_is_no_payment(district: Town) -> None:
    """What was given back cannot be given back again."""
    shop = district.shop()
    returned = shop.refunds(paid(district, shop, 1_000), 300)
    with pytest.raises(NotRefundable):
        shop.refunds(returned.transaction_id, 100)


def test_another_districts_payment_is_nothing(district: Town, other_district: Town) -> None:
    """A payment number of another district says nothing district."""
    payment = paid(district, district.shop(), 1_000)
    with pytest.raises(NotRefundable):
        other_district.shop().refunds(payment, 100)


def test_a_suspended_shop_moves_nothing(district: Town) -> None:
    """While the association looks into it, no money leaves the shop either."""
    shop = district.shop()
    payment = paid(district, shop, 1_000)
    shop.is_suspended()
    with pytest.raises(RefundStopped):
        shop.refunds(payment, 100)


def test_a_refund_reaches_a_wallet_that_is_stopped(district: Town) -> None:
    """Her phone is lost, the goods come back all the same: the coins stand on her account, coupon and all, and nobody can spend
    them before she is let go."""
    shop, hanako, clerk = district.shop(), district.consumer(coins=2_000), district.clerk()
    coupon = district.coupon(200)
    hanako.claims(coupon)
    payment = hanako.pays(shop, 1_000, coupon=coupon)
    association.commands.freeze_person(district.session, clerk.who, hanako.person_id, FreezeOrder("self", "なくした"), now=district.now)
    back = shop.refunds(payment.transaction_id, 800)
    assert (back.late, back.coupon_returned, hanako.coins(), hanako.pieces(coupon), shop.taken()) == (0, True, 2_000, 1, 0)
    assert queries.payer_is_stopped(district.session, district.district_id, payment.transaction_id)
    with pytest.raises(AccountFrozen):
        hanako.pays(shop, 1)
    association.commands.unfreeze_person(district.session, clerk.who, hanako.person_id, reason="見つかった", now=district.now)
    hanako.signs_in_again().pays(shop, 1)
    assert district.difference() == 0


def test_a_refund_to_a_blocked_card_reaches_its_holder(district: Town) -> None:
    """The card is lost, not the wallet: what comes back is there for the new card."""
    yamada, till = district.card_holder(coins=2_000), district.till()
    paid = till.scans_card(yamada, 1_000)
    wallet.commands.block_card(district.session, district.clerk().who, yamada.card.id, wallet.commands.Visit(), now=district.now)
    assert till.shop.refunds(paid.transaction_id, 1_000).late == 0
    assert yamada.coins() == 2_000


def test_a_refund_to_somebody_who_has_left_waits_for_two_people(district: Town) -> None:
    """There is no wallet to which it could go: it waits in suspense, cannot be released to nobody, and becomes income by two
    people. The coupon ends with its holder; its discount goes back to whoever paid for it."""
    shop, hanako, clerk = district.shop(), district.consumer(coins=800), district.clerk()
    coupon = district.coupon(200)
    hanako.claims(coupon)
    payment = hanako.pays(shop, 1_000, coupon=coupon)
    administrator = district.another_clerk("administrator").who
    association.commands.close_person(district.session, administrator, hanako.person_id, gives_up=False, now=district.now)
    back = shop.refunds(payment.transaction_id, 800, key=ANY_KEY)
    assert shop.refunds(payment.transaction_id, 800, key=ANY_KEY).replayed
    assert (back.late, back.coupon_returned, shop.taken(), district.holds("promotion")) == (800, False, 0, 0)
    (waits,) = association.queries.suspended(district.session, clerk.who)
    assert (waits.person_id, waits.person_name, waits.amount) == (hanako.person_id, None, 800)
    with pytest.raises(SuspenseOfNobody):
        clerk.releases(waits.account_id, to_person=True)
    district.approver().approves(clerk.releases(waits.account_id, to_person=False))
    assert (district.holds("breakage"), district.difference()) == (800, 0)


def test_a_consumer_gives_nothing_back(district: Town) -> None:
    """Only the shop's people refund."""
    shop, hanako = district.shop(), district.consumer(coins=1_000)
    payment = hanako.pays(shop, 500)
    with pytest.raises(Forbidden):
        commands.refund(district.session, hanako.who, Refund(payment.transaction_id, 100, "", uuid4()), now=district.now)


def test_both_sides_hear_of_it(district: Town) -> None:
    """The shop's other tablets and the customer's phone are woken after the commit."""
    shop, hanako = district.shop(), district.consumer(coins=1_000)
    payment = hanako.pays(shop, 500)
    district.woken.clear()
    shop.refunds(payment.transaction_id, 500)
    assert {f"d{district.district_id}:m{shop.id}:sales", f"d{district.district_id}:p{hanako.person_id}"} <= set(district.woken)
