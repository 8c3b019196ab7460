"""A till asks, a phone pays: the life of a request."""

from __future__ import annotations

from uuid import uuid4

import pytest

from base.errors import MeguriError
from ledger.errors import KeyReused, PaymentTooLarge
from merchant import commands, queries
from merchant.commands import Ask
from merchant.errors import AmountTooSmall, NoTill, RequestCancelled, RequestExpired, RequestPaid, RequestUnknown, ShopSuspended
from tests.conftest import TestClock
from tests.town import ANY_KEY, Town


def test_a_request_is_open_for_five_minutes(district: Town, clock: TestClock) -> None:
    """A QR on the counter can be paid for five minutes and not a second longer."""
    asked = district.till().asks(1_280)
    assert (asked.state, (asked.expires_at - asked.made_at).total_seconds()) == ("open", 300)
    clock.advance(minutes=5)
    assert queries.request(district.session, district.district_id, asked.id, now=district.now).state == "expired"
    with pytest.raises(RequestExpired):
        district.consumer(coins=2_000).pays(asked)


def test_a_nervous_cashier_asks_once(district: Town) -> None:
    """A cashier who presses QRを見せる twice shows one QR."""
    till = district.till()
    assert till.asks(500, key=ANY_KEY) == till.asks(500, key=ANY_KEY)
    with pytest.raises(KeyReused):
        till.asks(501, key=ANY_KEY)


def test_five_presses_at_once_ask_once(district: Town) -> None:
    """However the network repeats a press, the till waits for one payment."""
    shop = district.shop()
    till = shop.till()
    answers = district.at_once([lambda: till.asks(500, key=ANY_KEY)] * 5)
    assert len({asked.id for asked in answers if not isinstance(asked, MeguriError)}) == 1
    assert len(queries.waiting_requests(district.session, district.district_id, shop.id, now=district.now)) == 1


def test_a_till_asks_for_one_thing_at_a_time(district: Town, clock: TestClock) -> None:
    """A new amount at the till ends the QR before it; another tablet's goes on."""
    shop = district.shop()
    first, other = shop.asks(300), shop.another_till().asks(700)
    clock.advance(seconds=1)
    second = shop.asks(400)
    waiting = queries.waiting_requests(district.session, district.district_id, shop.id, now=district.now)
    assert [asked.id for asked in waiting] == [second.id, other.id]
    with pytest.raises(RequestCancelled):
        district.consumer(coins=1_000).pays(first)


def test_a_cancelled_request_takes_no_money(district: Town) -> None:
    """やめる means that the customer can no longer pay this QR."""
    till, hanako = district.till(), district.consumer(coins=1_000)
    asked = till.asks(500)
    assert till.cancels(asked).state == "cancelled"
    with pytest.raises(RequestCancelled):
        hanako.pays(asked)
    assert hanako.coins() == 1_000


def test_cancelling_a_paid_request_says_that_it_is_paid(district: Town) -> None:
    """When the customer is faster than the cashier's やめる, the till says so and nothing is undone."""
    till = district.till()
    asked = till.asks(500)
    receipt = district.consumer(coins=1_000).pays(asked)
    again = till.cancels(asked)
    assert (again.state, again.transaction_id) == ("paid", receipt.transaction_id)


def test_a_request_is_paid_once(district: Town) -> None:
    """Two customers who photograph the same QR: one pays, the other is told so and keeps the money."""
    shop, hanako, taro = (district.shop(), district.consumer(coins=1_000), district.consumer(coins=1_000, nickname="太郎"))
    asked = shop.asks(500)
    answers = district.at_once([lambda: hanako.pays(asked), lambda: taro.pays(asked)])
    refused = [answer for answer in answers if isinstance(answer, MeguriError)]
    assert [type(refusal) for refusal in refused] == [RequestPaid]
    assert (hanako.coins() + taro.coins(), shop.taken()) == (1_500, 500)
    assert district.difference() == 0


@pytest.mark.parametrize(
    ("amount", "refusal"), [(0, AmountTooSmall), (-1, AmountTooSmall), (100_001, PaymentTooLarge), (2**60, PaymentTooLarge)]
)
def test_an_amount_that_nobody_could_pay_is_not_asked_for(district: Town, amount: int, refusal: type[MeguriError]) -> None:
    """The till asks for nothing below one yen and nothing above the limit of one payment."""
    with pytest.raises(refusal):
        district.till().asks(amount)


def test_a_suspended_shop_neither_asks_nor_takes(district: Town) -> None:
    """The association stops a shop: its QR on show takes no money, and it cannot make another."""
    shop, hanako = district.shop(), district.consumer(coins=1_000)
    asked = shop.asks(500)
    shop.is_suspended()
    with pytest.raises(ShopSuspended):
        hanako.pays(asked)
    with pytest.raises(ShopSuspended):
        shop.asks(500)
    assert (hanako.coins(), shop.taken()) == (1_000, 0)
    shop.is_resumed()
    hanako.pays(asked)
    assert shop.taken() == 500


def test_the_book_stops_a_payment_that_was_under_way(district: Town) -> None:
    """A shop that is suspended between the payer's look and the posting gets nothing: its account is frozen."""
    shop = district.shop()
    district.consumer(coins=1_000).pays(shop.asks(500))
    shop.is_suspended()
    held = district.engine.connect()
    with held:
        states = held.exec_driver_sql(
            "SELECT state FROM ledger.account WHERE district_id = %s AND role = 'payable' AND owner_id = %s",
            (district.district_id, shop.id),
        ).scalars()
        assert set(states) == {"frozen"}


def test_another_shop_sees_nothing_of_a_request(district: Town) -> None:
    """One shop's till can neither see nor withdraw another's request."""
    asked = district.till().asks(500)
    with pytest.raises(RequestUnknown):
        district.shop("ゆのや").till().cancels(asked)


def test_another_district_sees_nothing_of_a_request(district: Town, other_district: Town) -> None:
    """A request exists in its own district only."""
    asked = district.till().asks(500)
    with pytest.raises(RequestUnknown):
        queries.request(other_district.session, other_district.district_id, asked.id, now=other_district.now)
    with pytest.raises(RequestUnknown):
        other_district.till().cancels(asked)
    with pytest.raises(RequestUnknown):
        other_district.consumer(coins=1_000).pays(asked)


def test_a_revoked_tablet_asks_no_more(district: Town) -> None:
    """The owner revokes a tablet: it may do nothing at once, and its QR ends."""
    shop, hanako = district.shop(), district.consumer(coins=1_000)
    till = shop.till()
    asked, who = till.asks(500), till.who
    commands.revoke_till(district.session, shop.owner, shop.id, till.id, now=district.now)
    with pytest.raises(NoTill):
        commands.ask(district.session, who, Ask(300, uuid4()), now=district.now)
    with pytest.raises(RequestCancelled):
        hanako.pays(asked)
    assert not till.who.is_somebody
