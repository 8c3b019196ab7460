"""取消: a top-up that was a mistake is taken back, coin and cash."""

from __future__ import annotations

from uuid import uuid4

import pytest

from association.commands import UndoTopUp, undo_top_up
from association.errors import UndoOfAnother, UndoTooLate
from base.errors import Forbidden
from ledger.errors import AlreadyReversed, FloorPassed, TransactionUnknown
from tests.conftest import TestClock
from tests.town import ANY_KEY, Town


def undoes(district, who, transaction_id, key=None):
    return undo_top_up(district.session, who, UndoTopUp(transaction_id, "金額の打ち間違い", key or uuid4()), now=district.now)


def test_a_wrong_amount_is_taken_back(district: Town) -> None:
    """Coin and cash are as before, the phone hears of it, pressed twice it is one undoing, and a second one is refused."""
    clerk, hanako = district.clerk(), district.consumer(coins=500)
    cash = clerk.cash()
    wrong = clerk.tops_up(hanako, 30_000).transaction_id
    first = undoes(district, clerk.who, wrong, ANY_KEY)
    assert undoes(district, clerk.who, wrong, ANY_KEY).transaction_id == first.transaction_id
    assert (hanako.coins(), clerk.cash(), district.difference()) == (500, cash, 0)
    assert f"d{district.district_id}:p{hanako.person_id}" in district.woken
    with pytest.raises(AlreadyReversed):
        undoes(district, clerk.who, wrong)


def test_what_was_spent_is_not_taken_back(district: Town) -> None:
    """Part of it is spent: nothing is undone, and nothing is half undone."""
    clerk, hanako = district.clerk(), district.consumer()
    wrong = clerk.tops_up(hanako, 3_000).transaction_id
    hanako.pays(district.shop(), 1)
    with pytest.raises(FloorPassed):
        undoes(district, clerk.who, wrong)
    assert (hanako.coins(), clerk.cash()) == (2_999, 3_000)


def test_only_that_clerk_and_only_that_day(district: Town, other_district: Town, clock: TestClock) -> None:
    """The cash lies in one drawer; tomorrow it would be a refund in cash. A payment is no top-up; elsewhere there is none."""
    clerk, hanako = district.clerk(), district.consumer(coins=1_000)
    made = clerk.tops_up(hanako, 3_000).transaction_id
    with pytest.raises(UndoOfAnother):
        undoes(district, district.another_clerk("administrator").who, made)
    for stranger in (district.approver().who, hanako.who):
        with pytest.raises(Forbidden):
            undoes(district, stranger, made)
    with pytest.raises(TransactionUnknown):
        undoes(district, clerk.who, hanako.pays(district.shop(), 100).transaction_id)
    with pytest.raises(TransactionUnknown):
        undoes(other_district, other_district.clerk().who, made)
    clock.advance(days=1)
    with pytest.raises(UndoTooLate):
        undoes(district, clerk.who, made)
    assert hanako.coins() == 3_900
