"""カード: for people without a phone. Given at the counter, read at any till, blocked and moved when it is lost."""

from __future__ import annotations

from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import text

import ledger.commands
import ledger.queries
import wallet.commands
import wallet.queries
from base.db import atomic
from base.errors import Forbidden
from identity.errors import PinWrong
from ledger.errors import AccountFrozen, FloorPassed, KeyReused
from merchant.errors import ShopSuspended
from tests.town import ANY_KEY, CARD_PIN, PaperCard
from tests.wallet.cards import WRONG, blocks, moves, slug_of
from wallet.commands import SetCardLimits, Taken
from wallet.errors import (
    CardBlank,
    CardBlocked,
    CardOfAnotherDistrict,
    CardPinLocked,
    CardPinMissing,
    CardPinNeeded,
    CardReplaced,
    CardUnknown,
    CodeOfConsumerUnreadable,
    LimitTooHigh,
    NumberEntryLocked,
)
from wallet.rules import ReadCard, card_marks, grouped_digits, make_card, read_code


@given(st.text(min_size=1, max_size=20))
def test_a_card_is_read_as_it_was_printed(slug):
    """QR in either case and number in groups and full width come back as a card of the district that printed it."""
    code, number = make_card(slug)
    sign, digits = card_marks(slug)
    assert read_code(code) == read_code(f" {code.lower()} ")
    scanned, typed = read_code(code), read_code(grouped_digits(number).translate(str.maketrans("0123456789", "０１２３４５６７８９")))
    assert isinstance(scanned, ReadCard) and isinstance(typed, ReadCard)
    assert (scanned.mark, typed.mark, typed.number) == (sign, digits, number)


@given(st.integers(0, 15), st.integers(1, 9))
def test_one_wrong_digit_is_noticed(place, step):
    """A number with one digit misread is no card's: nobody else's card is found by it."""
    _, number = make_card("hinosawa")
    wrong = number[:place] + str((int(number[place]) + step) % 10) + number[place + 1 :]
    assert read_code(wrong) is None


def test_a_small_payment_goes_without_the_pin(district):
    """Up to 3,000 yen the shop takes at once; list, history and slip know it as a payment like any other, by card."""
    yamada, till = district.card_holder(coins=8_420), district.till()
    taken = till.scans_card(yamada, 1_280)
    assert (yamada.coins(), till.shop.taken()) == (7_140, 1_280)
    receipt = wallet.queries.payment(district.session, yamada.who, taken.transaction_id, now=district.now)
    assert (receipt.way, receipt.word, receipt.shop.id) == ("card", taken.word, till.shop.id)
    till.shop.refunds(taken.transaction_id, 280)
    assert (yamada.coins(), till.shop.taken()) == (7_420, 1_000)
    assert district.difference() == 0


def test_above_it_the_holder_types_the_pin(district):
    """3,001 yen want the PIN; with it they are paid under the same key, and sent again they are the same payment."""
    yamada, till = district.card_holder(coins=8_420), district.till()
    with pytest.raises(CardPinNeeded) as refusal:
        till.scans_card(yamada, 3_001, key=ANY_KEY)
    assert refusal.value.facts == {"limit": 3_000, "left": 5_000}
    with pytest.raises(PinWrong):
        till.scans_card(yamada, 3_001, key=ANY_KEY, pin=WRONG)
    assert yamada.coins() == 8_420
    first = till.scans_card(yamada, 3_001, key=ANY_KEY, pin=CARD_PIN)
    again = till.scans_card(yamada, 3_001, key=ANY_KEY)
    assert (first.transaction_id, yamada.coins()) == (again.transaction_id, 5_419)
    with pytest.raises(KeyReused):
        till.scans_card(yamada, 3_002, key=ANY_KEY, pin=CARD_PIN)


def test_a_typed_number_wants_the_pin_at_any_amount(district):
    """The number is no secret: whoever only knows it pays nothing."""
    yamada, till = district.card_holder(coins=8_420), district.till()
    with pytest.raises(CardPinNeeded):
        till.scans_card(yamada, 100, typed=True)
    assert isinstance(till.scans_card(yamada, 100, typed=True, pin=CARD_PIN), Taken)


def test_a_typed_number_tells_nobody_what_its_holder_has(district):
    """A shop that has seen sixteen digits asks for more than there can be: it hears of the PIN, and of no balance before it is right."""
    yamada, till = district.card_holder(coins=8_420), district.till()
    with pytest.raises(CardPinNeeded):
        till.scans_card(yamada, 90_000, typed=True)
    with pytest.raises(PinWrong):
        till.scans_card(yamada, 90_000, typed=True, pin=WRONG)
    with pytest.raises(FloorPassed):
        till.scans_card(yamada, 90_000, typed=True, pin=CARD_PIN)


def test_a_day_has_its_own_limit(district, clock):
    """5,000 yen a day without the PIN; payments with it do not count; on the next day in Tokyo it begins anew."""
    yamada, till = district.card_holder(coins=50_000), district.till()
    till.scans_card(yamada, 3_000)
    till.scans_card(yamada, 2_500, pin=CARD_PIN)
    till.scans_card(yamada, 2_000)
    with pytest.raises(CardPinNeeded) as refusal:
        till.scans_card(yamada, 1)
    assert refusal.value.facts["left"] == 0
    clock.advance(days=1)
    till.scans_card(yamada, 3_000)
    assert yamada.coins() == 50_000 - 10_500


def test_the_district_decides_both_limits(district):
    """An administrator sets them within what is safe; at 0 the PIN is asked for each time."""
    admin, yamada, till = district.another_clerk("administrator"), district.card_holder(coins=9_000), district.till()

    def sets(payment, day, who=admin.who):
        wallet.commands.set_card_limits(district.session, who, SetCardLimits(payment, day), now=district.now)

    sets(1_000, 1_500)
    till.scans_card(yamada, 1_000)
    for amount in (1_001, 501):
        with pytest.raises(CardPinNeeded):
            till.scans_card(yamada, amount)
    till.scans_card(yamada, 500)
    sets(0, 0)
    with pytest.raises(CardPinNeeded):
        till.scans_card(yamada, 1)
    with pytest.raises(LimitTooHigh):
        sets(3_000, 30_001)
    with pytest.raises(Forbidden):
        sets(3_000, 5_000, district.clerk().who)


def test_two_tablets_read_the_same_card_at_once(district):
    """Two payments are two, each with its own key; the floor holds, and of five only as many as there is money for."""
    yamada, shop = district.card_holder(coins=2_500), district.shop()
    tills = [shop.till(), *(shop.another_till(f"レジ{number}") for number in range(2, 6))]
    answers = district.at_once([lambda till=till: till.scans_card(yamada, 1_000) for till in tills])
    assert sorted(type(one).__name__ for one in answers) == ["FloorPassed"] * 3 + ["Taken"] * 2
    assert (yamada.coins(), shop.taken()) == (500, 2_000)


def test_the_day_counts_exactly_under_a_crowd(district):
    """Eight tablets at once, 1,000 yen each, without a PIN: exactly five go through, the others ask for it."""
    yamada, shop = district.card_holder(coins=50_000), district.shop()
    tills = [shop.another_till(f"レジ{number}") for number in range(8)]
    answers = district.at_once([lambda till=till: till.scans_card(yamada, 1_000) for till in tills])
    assert sorted(type(one).__name__ for one in answers) == ["CardPinNeeded"] * 3 + ["Taken"] * 5
    assert yamada.coins() == 45_000


def test_the_same_press_takes_once(district):
    """A till that sends its press five times at once takes once."""
    yamada, till = district.card_holder(coins=8_000), district.till()
    answers = district.at_once([lambda: till.scans_card(yamada, 1_000, key=ANY_KEY)] * 5)
    assert len({one.transaction_id for one in answers}) == 1
    assert yamada.coins() == 7_000


def test_five_tablets_guess_the_pin_at_once(district, clock):
    """Five failures in all lock it, whatever tablet they come from; a quarter of an hour later the holder goes on."""
    yamada, shop = district.card_holder(coins=50_000), district.shop()
    tills = [shop.another_till(f"レジ{number}") for number in range(5)]
    answers = district.at_once([lambda till=till: till.scans_card(yamada, 4_000, pin=WRONG) for till in tills])
    assert sorted(type(one).__name__ for one in answers) == ["CardPinLocked"] + ["PinWrong"] * 4
    with pytest.raises(CardPinLocked) as locked:
        district.till().scans_card(yamada, 4_000, pin=CARD_PIN)
    assert locked.value.facts["minutes"] == 15
    district.till().scans_card(yamada, 500)  # small ones go on: the PIN is locked, not the card
    clock.advance(minutes=15)
    district.till().scans_card(yamada, 4_000, pin=CARD_PIN)
    assert yamada.coins() == 45_500


def test_what_cannot_be_paid_is_told_before_the_pin(district):
    """Too little money, a stopped shop: nobody types a PIN for nothing, and nothing is counted against it."""
    yamada, till = district.card_holder(coins=1_000), district.till()
    with pytest.raises(FloorPassed):
        till.scans_card(yamada, 4_000, pin=WRONG)
    till.shop.is_suspended()
    with pytest.raises(ShopSuspended):
        till.scans_card(yamada, 500)


def test_a_frozen_holder_is_told_so(district):
    """Account frozen: the sentence says it, nothing is half done; open again, the card pays."""
    yamada, till = district.card_holder(coins=5_000), district.till()
    account = ledger.queries.account_id(district.session, district.district_id, "consumer", yamada.person_id, district.series_id)

    def becomes(state):
        with atomic(district.session):
            statement = text("SELECT ledger.set_account_state(:district, :account, :state)")
            district.session.execute(statement, {"district": district.district_id, "account": account, "state": state})

    becomes("frozen")
    for pin in (None, CARD_PIN):
        with pytest.raises(AccountFrozen):
            till.scans_card(yamada, 1_000, pin=pin)
    becomes("open")
    till.scans_card(yamada, 1_000)
    assert yamada.coins() == 4_000


def test_each_card_that_does_not_pay_says_why(district, other_district):
    """Unknown, blank, blocked, replaced, another district's: five codes, and nothing written."""
    till, clerk = district.till(), district.clerk()
    lost, moved = district.card_holder(coins=1_000), district.card_holder(coins=1_000)
    blocks(district, lost)
    new = moves(district, moved, district.blank_card())
    text_unknown, number_unknown = make_card(slug_of(district))
    cards = {
        CardUnknown: PaperCard(0, text_unknown, number_unknown),
        CardBlank: district.blank_card(),
        CardBlocked: lost.card,
        CardReplaced: moved.card,
        CardOfAnotherDistrict: other_district.card_holder(coins=1_000).card,
    }
    for refusal, card in cards.items():
        with pytest.raises(refusal):
            till.scans_card(card, 100)
        with pytest.raises(refusal):
            wallet.commands.take_code(district.session, clerk.who, card.text, lambda _: None, now=district.now)
    assert till.shop.taken() == 0
    till.scans_card(new, 100, pin=CARD_PIN)
    assert (moved.coins(), lost.coins(), district.difference()) == (900, 1_000, 0)


def test_guessed_numbers_lock_the_entry_of_that_till(district):
    """Five numbers of no card lock a terminal's number entry for a minute; its camera goes on reading cards."""
    yamada, till, slug = district.card_holder(coins=1_000), district.till(), slug_of(district)
    for _ in range(5):
        with pytest.raises(CardUnknown):
            till.scans_card(PaperCard(0, *make_card(slug)), 100, typed=True)
    with pytest.raises(NumberEntryLocked):
        till.scans_card(yamada, 100, typed=True, pin=CARD_PIN)
    till.scans_card(yamada, 100)


def test_sixteen_digits_that_are_no_number(district):
    """A slip of the finger is refused before anything is looked up."""
    with pytest.raises(CodeOfConsumerUnreadable):
        district.till().scans("1234 5678 9012 3456", 100)


def test_a_card_without_a_pin_pays_small_amounts_only(district, owner_engine):
    """Should its PIN be missing, it says so and what helps."""
    yamada, till = district.card_holder(coins=8_000), district.till()
    with owner_engine.begin() as connection:
        connection.execute(text("DELETE FROM pin WHERE holder_kind = 'card' AND holder_id = :id"), {"id": yamada.person_id})
    till.scans_card(yamada, 100, key=uuid4())
    with pytest.raises(CardPinMissing):
        till.scans_card(yamada, 4_000, pin=CARD_PIN)
