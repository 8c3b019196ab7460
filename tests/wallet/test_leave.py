"""退会: the coin that is left, the data that goes, the book that stays."""

from __future__ import annotations

import pytest

import association.commands
import identity.commands
import identity.queries
import ledger.queries
import wallet.commands
from association.errors import CoinLeft
from base.errors import Forbidden
from identity.commands import FreezeOrder
from identity.errors import PersonUnknown, PinWrong, RolesRemain
from ledger.errors import AccountFrozen
from tests.town import Consumer, Town
from wallet.commands import Leave
from wallet.errors import LeaveNotConfirmed

PIN = "4173"


def leaves(consumer: Consumer, *, gives_up: bool = False, pin: str | None = PIN) -> None:
    wallet.commands.leave(consumer.town.session, consumer.who, Leave(gives_up, pin), now=consumer.town.now)


@pytest.fixture
def hanako(district: Town) -> Consumer:
    """She has a PIN and an address."""
    hanako = district.consumer(email="hanako@example.jp")
    hanako.sets_pin(PIN)
    return hanako


def test_an_empty_wallet_is_closed_and_its_holder_forgotten(district: Town, hanako: Consumer) -> None:
    """Name and address cannot be read any more, no session lives, and signing in by the address begins anew."""
    bakery = district.shop()
    district.clerk().tops_up(hanako, 1_000)
    paid = hanako.pays(bakery, 1_000)
    leaves(hanako)
    assert identity.queries.nickname(district.session, district.district_id, hanako.person_id) is None
    assert identity.queries.person_by_email(district.session, district.district_id, "hanako@example.jp") is None
    told = identity.queries.standing(district.session, district.district_id, hanako.person_id, district.now)
    assert (told.erased_at, told.sessions) == (district.now, 0)
    assert identity.queries.people_called(district.session, district.district_id, "花子", limit=5) == []
    kept = ledger.queries.transaction(district.session, district.district_id, paid.transaction_id)
    assert {line.owner_id for line in kept.lines if line.role == "consumer"} == {hanako.person_id}
    assert district.difference() == 0


def test_coin_that_is_left_must_be_given_up_in_words(district: Town, hanako: Consumer) -> None:
    """Refused first, and nothing has changed; given up, it stays in the book as it was: nothing is booked."""
    district.clerk().tops_up(hanako, 700)
    with pytest.raises(CoinLeft) as refused:
        leaves(hanako)
    assert refused.value.facts == {"amount": 700}
    assert hanako.pays(district.shop(), 100).amount == 100
    before = ledger.queries.trial_balance(district.session, district.district_id)
    leaves(hanako, gives_up=True)
    assert ledger.queries.trial_balance(district.session, district.district_id) == before
    assert hanako.coins() == 600
    with pytest.raises(PersonUnknown):
        district.clerk().tops_up(hanako, 1_000)


def test_nobody_leaves_by_a_slip_of_the_thumb(hanako: Consumer) -> None:
    """Without PIN or passkey, or with a wrong one, nothing happens."""
    with pytest.raises(LeaveNotConfirmed):
        leaves(hanako, pin=None)
    with pytest.raises(PinWrong):
        leaves(hanako, pin="9999")
    assert identity.queries.nickname(hanako.town.session, hanako.town.district_id, hanako.person_id) == "花子"


def test_a_wallet_that_is_stopped_is_not_closed_by_whoever_holds_the_phone(district: Town, hanako: Consumer) -> None:
    """The phone was lost and the desk has stopped the balance. Signed in again, PIN and all, nobody gives up what is on it."""
    district.clerk().tops_up(hanako, 700)
    order = FreezeOrder("self", "スマホをなくした")
    association.commands.freeze_person(district.session, district.clerk().who, hanako.person_id, order, now=district.now)
    with pytest.raises(AccountFrozen):
        leaves(hanako.signs_in_again(), gives_up=True)
    association.commands.unfreeze_person(district.session, district.approver().who, hanako.person_id, reason="見つかった", now=district.now)
    assert hanako.signs_in_again().pays(district.shop(), 300).amount == 300


def test_a_question_that_waits_is_answered_with_no(district: Town, hanako: Consumer) -> None:
    """What a shop had put aside is free before the wallet closes, so that no hold outlives its owner."""
    bakery = district.shop()
    district.clerk().tops_up(hanako, 8_000)
    bakery.till().scans(hanako.shows_code().text, 5_000)
    leaves(hanako, gives_up=True)
    held = ledger.queries.balances(district.session, district.district_id, "consumer", hanako.person_id)
    assert [(one.balance, one.available, one.state) for one in held] == [(8_000, 8_000, "closed")]


def test_who_works_here_cannot_leave(district: Town) -> None:
    """An owner stays until somebody has taken the shop from them."""
    shop = district.shop()
    owner = Consumer(district, shop.owner.person_id or 0, shop.owner)
    owner.sets_pin(PIN)
    with pytest.raises(RolesRemain):
        leaves(owner)


def test_an_administrator_does_it_for_somebody(district: Town, other_district: Town, hanako: Consumer) -> None:
    """On request, with the same rules; nobody else at the desk may, and not in another district."""
    district.clerk().tops_up(hanako, 700)
    administrator = district.another_clerk("administrator").who

    def closes(town: Town, who: identity.queries.Principal, *, gives_up: bool) -> None:
        association.commands.close_person(town.session, who, hanako.person_id, gives_up=gives_up, now=town.now)

    with pytest.raises(Forbidden):
        closes(district, district.approver().who, gives_up=True)
    with pytest.raises(PersonUnknown):
        closes(other_district, other_district.another_clerk("administrator").who, gives_up=True)
    with pytest.raises(CoinLeft):
        closes(district, administrator, gives_up=False)
    closes(district, administrator, gives_up=True)
    assert identity.queries.nickname(district.session, district.district_id, hanako.person_id) is None
    with pytest.raises(PersonUnknown):
        closes(district, administrator, gives_up=True)
