"""窓口締め: somebody else counts by notes and coins, what is too little or too much is booked, a float stays or is handed out."""

from __future__ import annotations

from dataclasses import replace
from uuid import uuid4, uuid5

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ledger.queries
from association.commands import BankDeposit, CountSafe, count_safe, deposit
from association.errors import (
    CashNothing,
    DifferenceUnexplained,
    DrawerClosedAlready,
    DrawerEmpty,
    DrawerMoved,
    DrawerUnknown,
    FloatTooMuch,
    SafeMoved,
    SafeTooLow,
)
from association.queries import drawers, safe_movements
from association.rules.cash import DENOMINATIONS, broken_down, counted
from base.errors import Forbidden
from ledger.errors import DrawerFull, KeyReused, SameHands
from tests.association.test_pages import Seat, desk
from tests.town import ANY_KEY, Town

__all__ = ["desk"]


def kinds(district: Town) -> list[str]:
    """What was booked, the newest first."""
    return [one.kind for one in ledger.queries.journal(district.session, district.district_id)]


@given(st.integers(0, 10_000_000))
def test_any_sum_is_so_many_notes_and_coins(amount: int) -> None:
    """Broken down and counted again it is the same sum, of money that exists."""
    pieces = broken_down(amount)
    assert counted(pieces) == amount and set(pieces) <= set(DENOMINATIONS)


def test_the_drawer_goes_into_the_safe(district: Town) -> None:
    """宮下 counts 柴田's 3,000円: the drawer is empty, the safe holds them, the books agree."""
    clerk, approver = district.clerk(), district.approver()
    clerk.tops_up(district.consumer(), 3_000)
    closed = approver.counts(clerk, {1_000: 2, 500: 1, 100: 5})
    assert (closed.moved, closed.difference, clerk.cash(), district.holds("safe")) == (3_000, 0, 0, 3_000)
    assert district.difference() == 0


def test_a_float_stays_in_for_tomorrow(district: Town) -> None:
    """Of 13,000円 the float of 3,000円 stays; the page says what must lie in the drawer, and that nothing was taken since."""
    clerk, approver = district.clerk(), district.approver()
    clerk.tops_up(district.consumer(), 13_000)
    approver.counts(clerk, 13_000, stays=3_000)
    (standing,) = drawers(district.session, approver.who)
    assert (standing.cash, standing.stayed, standing.taken, standing.is_closed) == (3_000, 3_000, 0, True)
    clerk.tops_up(district.consumer(), 500)
    (standing,) = drawers(district.session, approver.who)
    assert (standing.cash, standing.taken, standing.is_closed) == (3_500, 500, False)


def test_a_float_comes_from_the_safe_in_the_morning(district: Town) -> None:
    """20,000円 of change for a clerk who has none: handed out by another person, once, and only as much as lies in the safe."""
    clerk, approver, newcomer = district.clerk(), district.approver(), district.another_clerk("issuer", nickname="岡")
    clerk.tops_up(district.consumer(), 30_000)
    approver.counts(clerk, 30_000)
    first = approver.hands_float(newcomer, 20_000, key=ANY_KEY)
    assert approver.hands_float(newcomer, 20_000, key=ANY_KEY).transaction_id == first.transaction_id
    assert (newcomer.cash(), district.holds("safe"), district.difference()) == (20_000, 10_000, 0)
    standing = {each.clerk_id: each for each in drawers(district.session, approver.who)}[newcomer.person_id]
    assert (standing.floated, standing.taken) == (20_000, 0)
    with pytest.raises(SafeTooLow) as refused:
        approver.hands_float(newcomer, 10_001)
    assert refused.value.facts == {"cash": 10_000}
    with pytest.raises(CashNothing):
        approver.hands_float(newcomer, 0)
    with pytest.raises(DrawerUnknown):
        approver.hands_float(district.another_clerk("auditor"), 1_000)
    with pytest.raises(Forbidden):
        newcomer.hands_float(clerk, 1_000)
    admin = district.another_clerk("administrator")
    with pytest.raises(SameHands):
        admin.hands_float(admin, 1_000)


def test_the_safe_is_never_overdrawn_by_two_at_once(district: Town) -> None:
    """10,000円 lie there; two floats of 8,000円 at the same moment: one is refused."""
    clerk, approver = district.clerk(), district.approver()
    clerk.tops_up(district.consumer(), 10_000)
    approver.counts(clerk, 10_000)
    answers = district.at_once([lambda: approver.hands_float(clerk, 8_000)] * 2)
    assert sorted(type(answer).__name__ for answer in answers) == ["Posted", "SafeTooLow"]
    assert (clerk.cash(), district.holds("safe")) == (8_000, 2_000)


@pytest.mark.parametrize(("found", "difference"), [(2_900, -100), (3_100, 100)])
def test_a_difference_is_booked_with_its_reason(district: Town, found: int, difference: int) -> None:
    """Too little or too much: one entry against 現金過不足 and one into the safe, together; the drawer is empty after it."""
    clerk = district.clerk()
    clerk.tops_up(district.consumer(), 3_000)
    closed = district.approver().counts(clerk, found, reason="釣り銭の渡し間違い")
    assert (closed.difference, closed.moved, clerk.cash(), district.holds("safe")) == (difference, found, 0, found)
    assert district.holds("over_short") == -difference
    assert kinds(district)[:2] == ["drawer_close", "drawer_difference"] and district.difference() == 0
    booked = ledger.queries.journal(district.session, district.district_id, ledger.queries.Wanted(kinds=["drawer_difference"]))
    assert [one.facts["note"] for one in booked] == ["釣り銭の渡し間違い"]


def test_a_difference_needs_a_reason(district: Town) -> None:
    """Without one nothing is booked at all: neither the difference nor the close."""
    clerk = district.clerk()
    clerk.tops_up(district.consumer(), 3_000)
    with pytest.raises(DifferenceUnexplained) as refused:
        district.approver().counts(clerk, 2_900)
    assert refused.value.facts == {"difference": -100}
    assert (clerk.cash(), kinds(district)) == (3_000, ["top_up"])


def test_all_is_gone(district: Town) -> None:
    """An empty drawer where 3,000円 should lie is a count as well: 3,000円 short, nothing into the safe."""
    clerk = district.clerk()
    clerk.tops_up(district.consumer(), 3_000)
    closed = district.approver().counts(clerk, 0, reason="盗難。警察に届けた")
    assert (closed.difference, closed.moved, clerk.cash(), district.holds("over_short")) == (-3_000, 0, 0, 3_000)


def test_closing_and_difference_live_or_die_together(district: Town) -> None:
    """When the second entry is refused (its key is taken), the first one is not there either."""
    clerk, approver = district.clerk(), district.approver()
    clerk.tops_up(district.consumer(), 3_000, key=uuid5(ANY_KEY, "drawer_close"))
    with pytest.raises(KeyReused):
        approver.counts(clerk, 2_900, reason="不足", key=ANY_KEY)
    assert (clerk.cash(), district.holds("over_short"), kinds(district)) == (3_000, 0, ["top_up"])


def test_more_cannot_stay_than_was_counted(district: Town) -> None:
    clerk = district.clerk()
    clerk.tops_up(district.consumer(), 3_000)
    with pytest.raises(FloatTooMuch):
        district.approver().counts(clerk, 2_900, stays=2_901, reason="不足")
    assert clerk.cash() == 3_000


def test_pressing_twice_is_once(district: Town) -> None:
    """The same press gives the first answer again, also five times at once; other content under its key is refused."""
    clerk, approver = district.clerk(), district.approver()
    clerk.tops_up(district.consumer(), 3_000)
    closing = approver.finds(clerk, 2_900, reason="不足", key=ANY_KEY)
    answers = district.at_once([lambda: approver.closes(closing)] * 5)
    assert len(set(map(str, answers))) == 1 and approver.closes(closing) == answers[0]
    with pytest.raises(KeyReused):
        approver.closes(replace(closing, pieces=broken_down(2_800)))
    assert kinds(district) == ["drawer_close", "drawer_difference", "top_up"]


def test_two_approvers_close_one_drawer(district: Town) -> None:
    """Both have counted 3,000円 and press: the second is told that it is closed; nothing is counted over."""
    clerk, first, second = district.clerk(), district.approver(), district.another_clerk("approver", nickname="藤代")
    clerk.tops_up(district.consumer(), 3_000)
    counts = [(who, who.finds(clerk, 3_000)) for who in (first, second)]
    answers = district.at_once([lambda who=who, count=count: who.closes(count) for who, count in counts])  # type: ignore[misc]
    assert sorted(type(answer).__name__ for answer in answers) == ["DrawerClosed", "DrawerClosedAlready"]
    assert (district.holds("safe"), district.holds("over_short")) == (3_000, 0)


def test_two_tabs_of_one_approver(district: Town) -> None:
    """The other tab still shows the morning's drawer: it is told that it is closed, also when cash came in since."""
    clerk, approver = district.clerk(), district.approver()
    clerk.tops_up(district.consumer(), 3_000)
    stale = approver.finds(clerk, 3_000)
    approver.counts(clerk, 3_000)
    clerk.tops_up(district.consumer(), 3_000)
    with pytest.raises(DrawerClosedAlready):
        approver.closes(stale)
    assert clerk.cash() == 3_000


def test_cash_that_comes_in_while_it_is_counted(district: Town) -> None:
    """The clerk went on taking cash: the count is of another drawer, and must be made anew."""
    clerk, approver = district.clerk(), district.approver()
    clerk.tops_up(district.consumer(), 3_000)
    closing = approver.finds(clerk, 3_000)
    clerk.tops_up(district.consumer(), 500)
    with pytest.raises(DrawerMoved) as refused:
        approver.closes(closing)
    assert refused.value.facts == {"expected": 3_500}
    assert (clerk.cash(), district.holds("safe")) == (3_500, 0)


def test_nobody_counts_their_own_drawer(district: Town) -> None:
    """Not even the administrator: two persons, always."""
    admin = district.another_clerk("administrator")
    admin.tops_up(district.consumer(), 1_000)
    with pytest.raises(SameHands):
        admin.counts(admin, 1_000)


def test_a_drawer_that_is_not_there(district: Town, other_district: Town) -> None:
    """Somebody who never took cash has no drawer; nor does the neighbours' clerk have one here."""
    other_district.clerk().tops_up(other_district.consumer(), 1_000)
    for clerk in (district.clerk(), other_district.clerk()):
        with pytest.raises(DrawerUnknown):
            district.approver().counts(clerk, 1_000)
    assert other_district.clerk().cash() == 1_000


def test_nothing_to_count(district: Town) -> None:
    """An empty drawer that should be empty needs no close."""
    clerk, approver = district.clerk(), district.approver()
    clerk.tops_up(district.consumer(), 1_000)
    approver.counts(clerk, 1_000)
    with pytest.raises(DrawerEmpty):
        approver.counts(clerk, 0)


@pytest.mark.parametrize("role", ["issuer", "auditor", "consumer"])
def test_only_the_approver_counts(district: Town, role: str) -> None:
    """Another clerk cannot close a drawer: it takes the other role."""
    district.clerk().tops_up(district.consumer(), 1_000)
    with pytest.raises(Forbidden):
        district.another_clerk(role).counts(district.clerk(), 1_000)


def test_a_float_fills_a_drawer_as_cash_does(district: Town) -> None:
    """The ceiling of a drawer holds for floats too."""
    approver = district.approver()
    for clerk in (district.clerk(), district.another_clerk("issuer")):
        for _ in range(4):
            clerk.tops_up(district.consumer(), 100_000)
        approver.counts(clerk, 400_000)
    with pytest.raises(DrawerFull):
        approver.hands_float(district.clerk(), 500_001)


def test_cash_goes_to_the_bank(district: Town) -> None:
    """Counted by notes, once; the safe's list says what came and went; more than lies there, or nothing, is refused."""
    clerk, approver = district.clerk(), district.approver()
    clerk.tops_up(district.consumer(), 50_000)
    approver.counts(clerk, 50_000)

    def brings(pieces: dict[int, int], key: object = None) -> int:
        return deposit(district.session, approver.who, BankDeposit(pieces, key or uuid4()), now=district.now)  # type: ignore[arg-type]

    number = brings({10_000: 3}, ANY_KEY)
    assert brings({10_000: 3}, ANY_KEY) == number
    assert (district.holds("safe"), district.holds("bank"), district.difference()) == (20_000, 30_000, 0)
    movements = safe_movements(district.session, approver.who)
    assert [(one.kind, one.amount) for one in movements] == [("bank_deposit", -30_000), ("drawer_close", 50_000)]
    with pytest.raises(KeyReused):
        brings({10_000: 2}, ANY_KEY)
    with pytest.raises(SafeTooLow):
        brings({10_000: 3})
    with pytest.raises(CashNothing):
        brings({})
    with pytest.raises(Forbidden):
        deposit(district.session, clerk.who, BankDeposit({1_000: 1}, uuid4()), now=district.now)


@pytest.mark.parametrize(("found", "difference"), [(30_000, 0), (29_000, -1_000), (31_000, 1_000)])
def test_the_safe_is_counted_and_the_difference_booked(desk: Seat, district: Town, found: int, difference: int) -> None:
    """By notes, from the page, by an approver: what is too little or too much is one entry; safe and reconciliation say when."""
    clerk, approver = district.clerk(), district.approver()
    clerk.tops_up(district.consumer(), 30_000)
    approver.counts(clerk, 30_000)
    seat = desk(approver)
    asked = {"n1000": found // 1_000, "expected": 30_000, "reason": "封筒の数え違い" if difference else ""}
    if difference:
        assert "違います" in seat.presses("/desk/safe/count", "/desk/safe/count", **asked | {"reason": ""}).text
    assert seat.presses("/desk/safe/count", "/desk/safe/count", **asked).status_code == 303
    assert (district.holds("safe"), district.holds("over_short"), district.difference()) == (found, -difference, 0)
    for page in ("/desk/safe", "/desk/bank"):
        assert f"{found:,}" in seat.sees(page).text and "宮下" in seat.sees(page).text
    assert "金庫の実査" in seat.sees("/desk/safe/counts.csv").data.decode("utf-8-sig")
    order = CountSafe({1_000: 5}, 30_000 + difference, uuid4(), "また")
    with pytest.raises(Forbidden):
        count_safe(district.session, clerk.who, order, now=district.now)
    with pytest.raises(SafeMoved):
        count_safe(district.session, approver.who, replace(order, expected=7), now=district.now)
    number = count_safe(district.session, approver.who, order, now=district.now)
    assert count_safe(district.session, approver.who, order, now=district.now) == number
    assert district.holds("safe") == 5_000
