"""コード表示: the shop reads the consumer's one-time code."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from sqlalchemy import text

import wallet.queries
from base.errors import Forbidden, MeguriError
from identity.errors import PinWrong
from ledger.errors import FloorPassed, KeyReused
from merchant.errors import AmountTooSmall, NoTill, ShopSuspended
from tests.faults.machine import until
from tests.town import ANY_KEY
from wallet.commands import SetLimits, Taken, consent_to, decline, set_limits, take_code, withdraw_consent
from wallet.errors import (
    CodeOfConsumerExpired,
    CodeOfConsumerUnknown,
    CodeOfConsumerUnreadable,
    CodeOfConsumerUsed,
    ConfirmationNeeded,
    ConsentDeclined,
    ConsentOver,
    ConsentUnknown,
    ConsentWithdrawn,
    LimitTooHigh,
    NewDeviceLimit,
    NumberEntryLocked,
    RaiseNotConfirmed,
)
from wallet.queries import ConsentView

PIN = "4826"


def agrees(district, consumer, asked, pin=None):
    return consumer.receipt(consent_to(district.session, consumer.who, asked.id, pin=pin, now=district.now))


def waits(district, consumer):
    return wallet.queries.waiting_consent(district.session, consumer.who, now=district.now)


def available(district, consumer):
    return wallet.queries.home(district.session, consumer.who, now=district.now).total


@pytest.mark.parametrize("way", ["text", "digits"])
def test_a_small_amount_is_taken_at_once(district, way):
    """Up to 3,000 yen the shop takes at once what it reads, by camera or by the twelve digits."""
    hanako, till = district.consumer(coins=8_420), district.till()
    code = hanako.shows_code()
    taken = till.scans(getattr(code, way), 1_280)
    assert isinstance(taken, Taken) and (taken.amount, taken.person_id, taken.replayed) == (1_280, hanako.person_id, False)
    assert (hanako.coins(), till.shop.taken()) == (7_140, 1_280)
    receipt = wallet.queries.payment(district.session, hanako.who, taken.transaction_id, now=district.now)
    assert (receipt.word, receipt.number, receipt.way, receipt.till_name) == (taken.word, taken.number, "cpm", "レジ1")
    assert f"d{district.district_id}:p{hanako.person_id}" in district.woken


def test_a_code_is_used_once(district):
    """A second scan within the code's life is refused, and a picture of it is worth nothing, also after a newer code was shown."""
    hanako, till = district.consumer(coins=8_420), district.till()
    code = hanako.shows_code()
    till.scans(code.text, 100)
    for _ in range(2):
        for read in (code.text, code.digits):
            with pytest.raises(CodeOfConsumerUsed):
                till.scans(read, 100)
        hanako.shows_code()
    assert hanako.coins() == 8_320


def test_a_new_code_ends_the_old_one(district):
    """One live code a wallet: the newest."""
    hanako, till = district.consumer(coins=8_420), district.till()
    old, new = hanako.shows_code(), hanako.shows_code()
    with pytest.raises(CodeOfConsumerExpired):
        till.scans(old.text, 100)
    assert isinstance(till.scans(new.text, 100), Taken)


def test_a_code_lives_a_minute_and_a_half_at_most(district):
    """Shown for 60 seconds, taken until 90 for slow clocks, then over."""
    hanako, till = district.consumer(coins=8_420), district.till()
    code = hanako.shows_code()
    assert ((code.ends_at - code.issued_at).total_seconds(), (code.renew_at - code.issued_at).total_seconds()) == (60, 50)
    district.clock.advance(seconds=89)
    assert isinstance(till.scans(code.text, 100), Taken)
    code = hanako.shows_code()
    district.clock.advance(seconds=90)
    with pytest.raises(CodeOfConsumerExpired):
        till.scans(code.text, 100)


def test_the_same_press_at_the_till_takes_once(district):
    """A till that sends its press again, even five times at once, takes once and gets the same answer."""
    hanako, till = district.consumer(coins=8_420), district.till()
    code = hanako.shows_code()
    answers = district.at_once([lambda: till.scans(code.text, 1_280, key=ANY_KEY)] * 5)
    assert {one.transaction_id for one in answers} == {till.scans(code.text, 1_280, key=ANY_KEY).transaction_id}
    assert (hanako.coins(), till.shop.taken()) == (7_140, 1_280)
    with pytest.raises(KeyReused):
        till.scans(code.text, 1_281, key=ANY_KEY)


def test_two_tills_one_code(district):
    """Two tills read the same code at once: one takes, the other reads that it is used."""
    hanako, shop = district.consumer(coins=8_420), district.shop()
    tills, code = [shop.till(), shop.another_till()], hanako.shows_code()
    answers = district.at_once([lambda till=till: till.scans(code.text, 1_000) for till in tills])
    assert sorted(type(one).__name__ for one in answers) == ["CodeOfConsumerUsed", "Taken"]
    assert hanako.coins() == 7_420


@pytest.mark.parametrize("code", ["", "M1", "https://meguri.test/q/AQEA", "12345", "にせもの", "M1" + "8" * 26])
def test_something_else_is_read(district, code):
    """Garbage, a shop's own QR, half a number: not a consumer's code, and nothing is taken."""
    with pytest.raises(CodeOfConsumerUnreadable):
        district.till().scans(code, 100)


def test_a_code_of_another_district(district, other_district):
    """A code of another district's wallet is nobody's here."""
    code = other_district.consumer(coins=1_000).shows_code()
    with pytest.raises(CodeOfConsumerUnknown):
        district.till().scans(code.text, 100)


def test_guessing_digits_is_stopped(district):
    """Five wrong numbers lock the number entry of that terminal for a minute; its camera and other terminals go on."""
    hanako, shop = district.consumer(coins=8_420), district.shop()
    till, other = shop.till(), shop.another_till()
    wrong = [f"{number:012d}" for number in range(5)]
    for digits in wrong:
        with pytest.raises(CodeOfConsumerUnknown):
            till.scans(digits, 100)
    code = hanako.shows_code()
    with pytest.raises(NumberEntryLocked) as refusal:
        till.scans(code.digits, 100)
    assert 0 < refusal.value.facts["seconds"] <= 61
    assert isinstance(till.scans(code.text, 100), Taken)
    assert isinstance(other.scans(hanako.shows_code().digits, 100), Taken)
    district.clock.advance(seconds=60)
    assert isinstance(till.scans(hanako.shows_code().digits, 100), Taken)


def test_guesses_at_once_are_counted_one_by_one(district):
    """Twenty guesses sent at the same moment count as twenty: five are answered, the others find the entry locked."""
    till = district.till()
    answers = district.at_once([lambda number=number: till.scans(f"{number:012d}", 100) for number in range(20)])
    assert sum(isinstance(one, CodeOfConsumerUnknown) for one in answers) == 5
    assert sum(isinstance(one, NumberEntryLocked) for one in answers) == 15


def test_slow_mistakes_are_forgiven(district):
    """Four wrong numbers a minute, minute after minute, lock nothing."""
    till = district.till()
    for minute in range(3):
        for number in range(4):
            with pytest.raises(CodeOfConsumerUnknown):
                till.scans(f"{minute}{number}".zfill(12), 100)
        district.clock.advance(seconds=60)


@pytest.mark.parametrize("amount", [0, -5])
def test_nothing_is_no_amount(district, amount):
    """0 and −5 yen are not taken."""
    code = district.consumer(coins=100).shows_code()
    with pytest.raises(AmountTooSmall):
        district.till().scans(code.text, amount)


def test_a_refusal_does_not_use_the_code(district):
    """A code that could not pay 1,280 yen can still pay 900 a moment later."""
    hanako, till = district.consumer(coins=960), district.till()
    code = hanako.shows_code()
    with pytest.raises(FloorPassed):
        till.scans(code.text, 1_280)
    assert isinstance(till.scans(code.text, 900), Taken)


def test_only_a_live_shop_may_redeem(district):
    """A shop that was suspended takes nothing; neither does a consumer, nor an owner of nothing."""
    hanako, shop = district.consumer(coins=8_420), district.shop()
    till, code = shop.till(), hanako.shows_code()
    shop.is_suspended()
    with pytest.raises(ShopSuspended):
        till.scans(code.text, 100)
    with pytest.raises((Forbidden, NoTill)):
        wallet.commands.pay_by_code(district.session, hanako.who, wallet.commands.PayByCode(code.text, 100, uuid4()), now=district.now)


def test_above_my_limit_i_am_asked(district):
    """Above 3,000 yen the shop's reading asks me; the amount is held, and paid when I agree, also when I press twice."""
    hanako, till = district.consumer(coins=8_420), district.till()
    asked = till.scans(hanako.shows_code().text, 3_001, key=ANY_KEY)
    assert isinstance(asked, ConsentView) and (asked.state, asked.amount) == ("waiting", 3_001)
    assert (hanako.coins(), available(district, hanako), till.shop.taken()) == (8_420, 5_419, 0)
    assert waits(district, hanako).id == asked.id
    receipt = agrees(district, hanako, asked)
    assert agrees(district, hanako, asked).transaction_id == receipt.transaction_id
    assert (hanako.coins(), available(district, hanako), till.shop.taken()) == (5_419, 5_419, 3_001)
    assert waits(district, hanako) is None
    seen = wallet.queries.consent_at_till(district.session, till.who, asked.id, now=district.now)
    assert (seen.state, seen.transaction_id) == ("paid", receipt.transaction_id)


def test_the_till_asks_after_its_question(district):
    """The till's press sent again gives the same question, and once I have agreed, the payment."""
    hanako, till = district.consumer(coins=8_420), district.till()
    code = hanako.shows_code()
    asked = till.scans(code.text, 5_000, key=ANY_KEY)
    assert till.scans(code.text, 5_000, key=ANY_KEY).id == asked.id
    receipt = agrees(district, hanako, asked)
    taken = till.scans(code.text, 5_000, key=ANY_KEY)
    assert isinstance(taken, Taken) and (taken.transaction_id, taken.word) == (receipt.transaction_id, receipt.word)


def test_saying_no(district):
    """やめる: nothing is paid, what was held is free, the till learns it, and I cannot agree any more."""
    hanako, till = district.consumer(coins=8_420), district.till()
    code = hanako.shows_code()
    asked = till.scans(code.text, 5_000, key=ANY_KEY)
    assert decline(district.session, hanako.who, asked.id, now=district.now).state == "declined"
    assert (hanako.coins(), available(district, hanako)) == (8_420, 8_420)
    with pytest.raises(ConsentDeclined):
        till.scans(code.text, 5_000, key=ANY_KEY)
    with pytest.raises(ConsentDeclined):
        agrees(district, hanako, asked)


def test_the_shop_takes_its_question_back(district):
    """The till withdraws: the hold ends, and my late yes is refused with a sentence that says so."""
    hanako, till = district.consumer(coins=8_420), district.till()
    asked = till.scans(hanako.shows_code().text, 5_000)
    assert withdraw_consent(district.session, till.who, asked.id, now=district.now).state == "withdrawn"
    assert available(district, hanako) == 8_420
    with pytest.raises(ConsentWithdrawn):
        agrees(district, hanako, asked)


def test_nobody_answers_in_time(district):
    """After a minute the question is over; a late yes pays nothing."""
    hanako, till = district.consumer(coins=8_420), district.till()
    asked = till.scans(hanako.shows_code().text, 5_000)
    district.clock.advance(seconds=60)
    assert waits(district, hanako) is None
    assert wallet.queries.consent_at_till(district.session, till.who, asked.id, now=district.now).state == "expired"
    with pytest.raises(ConsentOver):
        agrees(district, hanako, asked)
    assert (hanako.coins(), till.shop.taken()) == (8_420, 0)


def test_yes_and_no_at_once(district):
    """Agree and decline pressed at the same moment: one of them holds, and the books say which."""
    hanako, till = district.consumer(coins=8_420), district.till()
    asked = till.scans(hanako.shows_code().text, 5_000)
    answers = district.at_once(
        [lambda: agrees(district, hanako, asked), lambda: decline(district.session, hanako.who, asked.id, now=district.now)]
    )
    paid = till.shop.taken() == 5_000
    assert paid or hanako.coins() == 8_420
    assert isinstance(answers[0], MeguriError) != paid
    assert (answers[1].state == "paid") == paid


def test_what_is_held_cannot_be_spent_twice(district):
    """While a shop waits for my answer, another payment cannot take the same coins."""
    hanako, shop = district.consumer(coins=5_000), district.shop()
    asked = shop.till().scans(hanako.shows_code().text, 4_000)
    with pytest.raises(FloorPassed) as refusal:
        hanako.pays(shop, 1_500)
    assert refusal.value.facts == {"shortage": 500, "available": 1_000}
    agrees(district, hanako, asked)
    assert hanako.coins() == 1_000


def test_a_question_out_of_two_balances(district):
    """A payment out of two series is held in both, paid out of both, and freed in both."""
    hanako, till = district.consumer(coins=4_000), district.till()
    winter = district.series("winter", "冬の商品券", "Winter voucher")
    district.clerk().tops_up(hanako, 1_000, series_id=winter)
    decline(district.session, hanako.who, till.scans(hanako.shows_code().text, 4_500).id, now=district.now)
    assert available(district, hanako) == 5_000
    asked = till.scans(hanako.shows_code().text, 4_500)
    assert available(district, hanako) == 500
    receipt = agrees(district, hanako, asked)
    assert (sum(line.amount for line in receipt.lines), len(receipt.lines)) == (4_500, 2)
    assert (available(district, hanako), district.difference()) == (500, 0)


@pytest.mark.parametrize("balances", [1, 2])
def test_an_answer_that_waited_too_long_for_a_lock(district, owner_engine, balances):
    """The yes came in time, but something else held the wallet until the question was over: the book's clock says no, whatever
    number of balances is held; nothing is paid, and everything is free again."""
    hanako, till = district.consumer(coins=4_000), district.till()
    if balances == 2:
        district.clerk().tops_up(hanako, 1_000, series_id=district.series("winter", "冬の商品券", "Winter voucher"))
    code = hanako.shows_code()
    district.clock.now = datetime.now(UTC) - timedelta(seconds=62)  # the hold ends three seconds from the book's now
    asked = till.scans(code.text, 3_500 if balances == 1 else 4_500)
    lines = {"district": district.district_id, "person": hanako.person_id}
    with ThreadPoolExecutor(1) as thumb, owner_engine.connect() as other:  # in this order: the lock goes before the pool waits
        other.execute(text("SELECT FROM consumer_settings WHERE district_id = :district AND person_id = :person FOR UPDATE"), lines)
        answer = thumb.submit(district.at_once, [lambda: agrees(district, hanako, asked)])
        over = text("SELECT min(expires_at) < clock_timestamp() FROM ledger.hold WHERE district_id = :district")
        until(lambda: other.execute(over, lines).scalar_one(), "the hold does not end")
        assert not answer.done()
    assert isinstance(answer.result()[0], ConsentOver)
    total = 4_000 if balances == 1 else 5_000
    assert (available(district, hanako), till.shop.taken(), district.difference()) == (total, 0, 0)


def test_above_the_other_limit_the_question_wants_my_pin(district):
    """Above 10,000 yen agreeing needs the PIN as well."""
    hanako, till = district.consumer(coins=30_000), district.till()
    hanako.sets_pin(PIN)
    asked = till.scans(hanako.shows_code().text, 12_000)
    with pytest.raises(ConfirmationNeeded):
        agrees(district, hanako, asked)
    with pytest.raises(PinWrong):
        agrees(district, hanako, asked, "1357")
    assert agrees(district, hanako, asked, PIN).amount == 12_000


def test_a_new_device_cannot_agree_to_much(district):
    """On a new device the lower limit holds for questions too."""
    hanako, till = district.consumer(coins=30_000), district.till()
    hanako.sets_pin(PIN)
    other = hanako.signs_in_again(way="email")
    asked = till.scans(other.shows_code().text, 12_000)
    with pytest.raises(NewDeviceLimit):
        agrees(district, other, asked, PIN)
    assert agrees(district, hanako, asked, PIN).amount == 12_000  # the old device may


def test_somebody_elses_question(district):
    """A question is answered by the one who is asked, and followed by the till that asked."""
    hanako, taro, till = district.consumer(coins=8_420), district.consumer(coins=8_420), district.till()
    asked = till.scans(hanako.shows_code().text, 5_000)
    for attempt in (
        lambda: agrees(district, taro, asked),
        lambda: decline(district.session, taro.who, asked.id, now=district.now),
        lambda: withdraw_consent(district.session, district.till().who, asked.id, now=district.now),
        lambda: wallet.queries.consent_at_till(district.session, district.till().who, asked.id, now=district.now),
    ):
        with pytest.raises(ConsentUnknown):
            attempt()
    assert agrees(district, hanako, asked).amount == 5_000


def test_i_choose_my_limits(district):
    """Limits go down to 0 freely: then every reading asks me. To raise one I confirm, and never above the association's."""
    hanako, till = district.consumer(coins=8_420), district.till()
    lowest = set_limits(district.session, hanako.who, SetLimits(0, 0), now=district.now)
    assert (lowest.ask_above, lowest.pin_above) == (0, 0)
    assert isinstance(till.scans(hanako.shows_code().text, 1), ConsentView)
    with pytest.raises(RaiseNotConfirmed):
        set_limits(district.session, hanako.who, SetLimits(1_000, 0), now=district.now)
    hanako.sets_pin(PIN)
    raised = set_limits(district.session, hanako.who, SetLimits(1_000, 5_000, pin=PIN), now=district.now)
    assert (raised.ask_above, raised.pin_above) == (1_000, 5_000)
    with pytest.raises(LimitTooHigh):
        set_limits(district.session, hanako.who, SetLimits(3_001, 5_000, pin=PIN), now=district.now)
    with pytest.raises(LimitTooHigh):
        set_limits(district.session, hanako.who, SetLimits(1_000, 10_001, pin=PIN), now=district.now)


def test_a_pin_limit_below_the_other_one_holds(district):
    """Who wants a PIN for everything is asked at the till as well, whatever the other limit says."""
    hanako, till = district.consumer(coins=8_420), district.till()
    set_limits(district.session, hanako.who, SetLimits(3_000, 500), now=district.now)
    assert isinstance(till.scans(hanako.shows_code().text, 501), ConsentView)
    assert isinstance(till.scans(hanako.shows_code().text, 500), Taken)


def test_the_counter_reads_my_code(district):
    """The association's counter finds me by the same code, once, and only its people may."""
    hanako, till = district.consumer(), district.till()
    code = hanako.shows_code()
    assert take_code(district.session, district.clerk().who, code.text, int, now=district.now) == hanako.person_id
    with pytest.raises(CodeOfConsumerUsed):
        take_code(district.session, district.clerk().who, code.text, int, now=district.now)
    with pytest.raises(CodeOfConsumerUsed):
        till.scans(code.text, 100)
    with pytest.raises(Forbidden):
        take_code(district.session, hanako.who, hanako.shows_code().text, int, now=district.now)
