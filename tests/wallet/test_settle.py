"""確認しています: what became of a payment whose answer was lost."""

from __future__ import annotations

from uuid import uuid4

import pytest

from base.errors import NotFound
from ledger.errors import KeyClosed
from tests.town import ANY_KEY
from wallet.commands import settle_unknown


def asks_what_became(district, consumer, key=ANY_KEY):
    return settle_unknown(district.session, consumer.who, key)


def test_it_was_paid(district):
    """The answer was lost, the payment was not: asking by the key finds it, each time."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    receipt = hanako.pays(bakery, 700, key=ANY_KEY)
    for _ in range(2):
        found = asks_what_became(district, hanako)
        assert (found.transaction_id, found.matching_word, found.replayed) == (receipt.transaction_id, receipt.word, True)
    assert hanako.coins() == 300


def test_it_was_never_paid_and_never_will_be(district):
    """Nothing arrived: the key is closed for good, and the late original is refused and moves nothing."""
    hanako, bakery = district.consumer(coins=1_000), district.shop()
    ask = bakery.asks(700)
    assert asks_what_became(district, hanako) is None
    with pytest.raises(KeyClosed):
        hanako.pays(ask, key=ANY_KEY)
    assert asks_what_became(district, hanako) is None
    assert (hanako.coins(), bakery.taken()) == (1_000, 0)
    assert hanako.pays(ask, key=uuid4()).amount == 700  # a new intention pays the same request


def test_the_original_and_the_question_meet(district):
    """The original and the question arrive at the same moment, many times over: the two always tell the same story."""
    bakery = district.shop()
    for _ in range(8):
        hanako, key = district.consumer(coins=1_000), uuid4()
        paid, settled = district.at_once(
            [
                lambda hanako=hanako, key=key: hanako.pays(bakery, 700, key=key),
                lambda hanako=hanako, key=key: asks_what_became(district, hanako, key),
            ]
        )
        if settled is None:
            assert isinstance(paid, KeyClosed) and hanako.coins() == 1_000
        else:
            assert paid.transaction_id == settled.transaction_id and hanako.coins() == 300


def test_somebody_elses_key(district):
    """By a key that moved somebody else's money nothing is learned."""
    hanako, taro, bakery = district.consumer(coins=1_000), district.consumer(), district.shop()
    hanako.pays(bakery, 700, key=ANY_KEY)
    with pytest.raises(NotFound):
        asks_what_became(district, taro)


def test_a_key_is_of_one_district(district, other_district):
    """The same key in another district is another key."""
    hanako, taro, bakery = district.consumer(coins=1_000), other_district.consumer(coins=1_000), district.shop()
    hanako.pays(bakery, 700, key=ANY_KEY)
    assert asks_what_became(other_district, taro) is None
    assert asks_what_became(district, hanako) is not None
