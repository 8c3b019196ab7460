"""Number and PIN on any browser tell what is on a card."""

from __future__ import annotations

import pytest

from base.errors import MeguriError
from tests.town import CARD_PIN
from tests.wallet.cards import WRONG, blocks, looks, slug_of, statements_of
from wallet.errors import (
    CardNotShown,
    CardPageLocked,
)
from wallet.rules import grouped_digits, make_card


def test_number_and_pin_give_the_balance(district):
    """What is left and what was paid, without signing in."""
    yamada, till = district.card_holder(coins=8_000), district.till()
    taken = till.scans_card(yamada, 1_280)
    seen = looks(district, grouped_digits(yamada.card.number), CARD_PIN)
    assert (seen.ending, seen.balance) == (yamada.card.number[-4:], 6_720)
    assert seen.movements[0].transaction_id == taken.transaction_id


def test_the_page_does_not_tell_whether_a_number_exists(district):
    """Wrong PIN, unknown number, blank, blocked: the same refusal, and after five tries the same lock."""
    yamada, lost = district.card_holder(coins=8_000), district.card_holder(coins=1_000)
    blocks(district, lost)
    numbers = [(yamada.card.number, WRONG), (make_card(slug_of(district))[1], WRONG), (lost.card.number, CARD_PIN), ("4", "0")]
    numbers.append((district.blank_card().number, CARD_PIN))
    for number, pin in numbers:
        for _ in range(5):
            with pytest.raises(CardNotShown):
                looks(district, number, pin)
        with pytest.raises(CardPageLocked):
            looks(district, number, CARD_PIN)


def test_a_wrong_pin_costs_the_same_work_whether_the_number_exists_or_not(district):
    """Who measures the answer learns of no card: a card in use, a blocked one and an invented number ask the database the same."""
    yamada, lost = district.card_holder(coins=8_000), district.card_holder(coins=1_000)
    blocks(district, lost)
    district.till().scans_card(yamada, 100)

    def tries(number):
        with pytest.raises(CardNotShown):
            looks(district, number, WRONG)

    tries(yamada.card.number)  # reads what a session reads once
    invented = district.blank_card().number
    work = [statements_of(district, lambda number=number: tries(number)) for number in (yamada.card.number, lost.card.number, invented)]
    assert work[0] > 0 and len(set(work)) == 1, work


def test_the_page_never_locks_the_card_at_the_counter(district):
    """Somebody guesses on the page until it is locked: the holder pays with the PIN as ever."""
    yamada = district.card_holder(coins=8_000)
    for _ in range(6):
        with pytest.raises((CardNotShown, CardPageLocked)):
            looks(district, yamada.card.number, WRONG)
    district.till().scans_card(yamada, 4_000, pin=CARD_PIN)


def test_the_right_pin_forgives_the_slips(district):
    """Four slips, then right, as often as one likes."""
    yamada = district.card_holder(coins=8_000)
    for _ in range(3):
        for _ in range(4):
            with pytest.raises(CardNotShown):
                looks(district, yamada.card.number, WRONG)
        assert looks(district, yamada.card.number, CARD_PIN).balance == 8_000


def test_many_numbers_from_one_place_are_stopped(district, monkeypatch):
    """So many tries an hour from one address, whatever numbers they are; another address goes on."""
    slug, most = slug_of(district), 6
    monkeypatch.setattr("wallet.commands.card_page.OF_PLACE", most)
    for _ in range(most):
        with pytest.raises(CardNotShown):
            looks(district, make_card(slug)[1], WRONG, address="192.0.2.1")
    yamada = district.card_holder(coins=8_000)
    with pytest.raises(MeguriError) as refusal:
        looks(district, yamada.card.number, CARD_PIN, address="192.0.2.1")
    assert refusal.value.code == "too_many"
    assert looks(district, yamada.card.number, CARD_PIN).balance == 8_000
