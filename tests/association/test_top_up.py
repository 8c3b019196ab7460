"""At the counter: cash comes in, coin goes out."""

from __future__ import annotations

import pytest

import association.commands
import ledger.queries
from association.errors import CashBudgetWrong, CashTooLittle, OwnWallet
from base.errors import Forbidden, MeguriError
from identity.queries import nobody
from ledger.errors import CashBudgetUsedUp, CeilingPassed, DrawerFull, KeyReused, SameHands, SeriesUnknown
from tests.town import ANY_KEY, Clerk, Consumer, Town


def test_cash_becomes_coin(district: Town) -> None:
    """花子 hands over 5,000円 for a top-up of 3,000円: she has 3,000 coins and gets 2,000円 back."""
    hanako, clerk = district.consumer(), district.clerk()
    receipt = clerk.tops_up(hanako, 3_000, received=5_000)
    assert (hanako.coins(), clerk.cash(), receipt.change) == (3_000, 3_000, 2_000)
    assert len(receipt.word) == 2
    assert district.difference() == 0


def test_the_entry_has_both_sides(district: Town) -> None:
    """The books say: cash in the clerk's drawer, debit; the consumer's balance, credit."""
    hanako, clerk = district.consumer(), district.clerk()
    booked = ledger.queries.transaction(district.session, district.district_id, clerk.tops_up(hanako, 3_000).transaction_id)
    assert [(line.role, line.owner_id, line.amount) for line in sorted(booked.lines, key=lambda line: -line.amount)] == [
        ("drawer", clerk.person_id, 3_000),
        ("consumer", hanako.person_id, -3_000),
    ]
    assert booked.facts == {"way": "counter", "staff": clerk.person_id, "received": 3_000, "notice": 1}


def test_the_phone_is_told_at_once(district: Town) -> None:
    """Her phone shows the new balance without being touched."""
    hanako = district.consumer()
    district.clerk().tops_up(hanako, 1_000)
    assert f"d{district.district_id}:p{hanako.person_id}" in district.woken


def test_a_nervous_clerk_tops_up_once(district: Town) -> None:
    """Pressing twice, reloading, two tabs: the same receipt, and the cash is booked once."""
    hanako, clerk = district.consumer(), district.clerk()
    first, again = clerk.tops_up(hanako, 1_000, key=ANY_KEY), clerk.tops_up(hanako, 1_000, key=ANY_KEY)
    assert (first.transaction_id, first.word) == (again.transaction_id, again.word)
    assert (again.replayed, hanako.coins(), clerk.cash()) == (True, 1_000, 1_000)


def test_five_times_at_once_is_once(district: Town) -> None:
    """The same request sent five times at the same moment books once."""
    hanako, clerk = district.consumer(), district.clerk()
    answers = district.at_once([lambda: clerk.tops_up(hanako, 1_000, key=ANY_KEY)] * 5)
    assert len({getattr(answer, "transaction_id", answer) for answer in answers}) == 1
    assert (hanako.coins(), clerk.cash()) == (1_000, 1_000)


@pytest.mark.parametrize(("amount", "received"), [(2_000, 2_000), (1_000, 5_000)])
def test_one_key_means_one_intention(district: Town, amount: int, received: int) -> None:
    """The same key with another amount or other cash is refused, and nothing is booked."""
    hanako, clerk = district.consumer(), district.clerk()
    clerk.tops_up(hanako, 1_000, key=ANY_KEY)
    with pytest.raises(KeyReused):
        clerk.tops_up(hanako, amount, received=received, key=ANY_KEY)
    assert hanako.coins() == 1_000


def test_too_little_cash(district: Town) -> None:
    """1,000円 handed over for 3,000円: 2,000円 are missing, and nothing is booked."""
    hanako = district.consumer()
    with pytest.raises(CashTooLittle) as refused:
        district.clerk().tops_up(hanako, 3_000, received=1_000)
    assert refused.value.facts == {"missing": 2_000}
    assert (hanako.coins(), district.clerk().cash()) == (0, 0)


def test_nobody_holds_more_than_the_cap(district: Town) -> None:
    """With 95,000円 there is room for 5,000円 and no more."""
    hanako = district.consumer(coins=95_000)
    with pytest.raises(CeilingPassed) as refused:
        district.clerk().tops_up(hanako, 5_001)
    assert refused.value.facts["room"] == 5_000
    district.clerk().tops_up(hanako, 5_000)
    assert hanako.coins() == 100_000


def test_the_cap_holds_under_a_rush(district: Town) -> None:
    """Two counters at the same moment cannot lift her above the cap together."""
    hanako, other = district.consumer(coins=40_000), district.another_clerk("issuer", nickname="岡")
    answers = district.at_once([lambda: district.clerk().tops_up(hanako, 50_000), lambda: other.tops_up(hanako, 50_000)])
    assert sorted(type(answer).__name__ for answer in answers) == ["CeilingPassed", "TopUpReceipt"]
    assert hanako.coins() == 90_000


def test_a_full_drawer_waits_for_a_second_person(district: Town) -> None:
    """At 500,000円 the clerk takes no more cash until somebody else has counted."""
    clerk = district.clerk()
    for _ in range(5):
        clerk.tops_up(district.consumer(), 100_000)
    hanako = district.consumer()
    with pytest.raises(DrawerFull) as refused:
        clerk.tops_up(hanako, 1)
    assert refused.value.facts["room"] == 0
    district.approver().counts(clerk, 500_000)
    clerk.tops_up(hanako, 1_000)
    assert (clerk.cash(), hanako.coins()) == (1_000, 1_000)


def test_nobody_tops_up_themselves(district: Town) -> None:
    """A clerk who is a consumer as well asks a colleague."""
    clerk = district.another_clerk("issuer", "consumer")
    with pytest.raises(OwnWallet):
        clerk.tops_up(Consumer(district, clerk.person_id, clerk.who), 1_000)


@pytest.mark.parametrize("role", ["approver", "auditor", "consumer"])
def test_only_the_issuer_takes_cash(district: Town, role: str) -> None:
    """承認者, 監査担当 and consumers cannot top anybody up."""
    hanako, other = district.consumer(), district.another_clerk(role)
    with pytest.raises(Forbidden):
        other.tops_up(hanako, 1_000)
    assert hanako.coins() == 0


def test_a_stranger_takes_no_cash(district: Town) -> None:
    """Whoever is not signed in is asked to sign in."""
    with pytest.raises(MeguriError) as refused:
        Clerk(district, 0, nobody(district.district_id)).tops_up(district.consumer(), 1_000)
    assert refused.value.code == "not_signed_in"


def test_a_series_of_another_district_is_unknown(district: Town, other_district: Town) -> None:
    """The neighbours' coin cannot be sold here."""
    with pytest.raises(SeriesUnknown):
        district.clerk().tops_up(district.consumer(), 1_000, series_id=other_district.series_id)


def test_two_people_limit_what_is_topped_up_against_cash_in_a_day(district: Town) -> None:
    """Proposed by one, approved by another; from then on the book refuses more, at every counter; nobody takes it away alone."""
    both = district.another_clerk("issuer", "approver", nickname="一人")
    number = association.commands.propose_cash_budget(district.session, both.who, 3_000, now=district.now)
    assert association.commands.propose_cash_budget(district.session, both.who, 9_000, now=district.now) == number
    with pytest.raises(SameHands):
        both.approves(number)
    hanako = district.consumer(coins=5_000)
    district.approver().approves(number)
    with pytest.raises(CashBudgetUsedUp) as said:
        district.another_clerk("issuer", nickname="二つ目の窓口").tops_up(hanako, 3_001)
    assert (said.value.facts, hanako.coins()) == ({"left": 3_000, "limit": 3_000}, 5_000)
    district.clerk().tops_up(hanako, 3_000)
    with pytest.raises(CashBudgetWrong):
        association.commands.propose_cash_budget(district.session, both.who, 3_000, now=district.now)
