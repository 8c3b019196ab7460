"""承認: what one person lays down, another decides; a top-up beyond the drawer is the first of its kind."""

from __future__ import annotations

import pytest

import ledger.queries
from association.errors import OwnWallet
from association.queries import listed_proposal, listed_proposals, waiting_proposals
from base.errors import Forbidden
from ledger.errors import AlreadyDecided, CeilingPassed, KeyReused, ProposalUnknown, SameHands
from tests.town import ANY_KEY, Consumer, Town


def test_two_people_top_up_what_no_drawer_takes(district: Town) -> None:
    """The cash goes straight into the safe, the coin onto her account, and her phone is told, all at the approval."""
    hanako, clerk, approver = district.consumer(), district.clerk(), district.approver()
    number = clerk.asks_for_large(hanako, 80_000, key=ANY_KEY)
    assert (hanako.coins(), district.holds("safe"), clerk.cash()) == (0, 0, 0)
    district.woken.clear()
    (posted,) = approver.approves(number)
    assert (hanako.coins(), district.holds("safe"), clerk.cash(), posted.key) == (80_000, 80_000, 0, ANY_KEY)
    assert f"d{district.district_id}:p{hanako.person_id}" in district.woken
    booked = ledger.queries.transaction(district.session, district.district_id, posted.transaction_id)
    assert (booked.kind, booked.facts["staff"], booked.facts["notice"]) == ("top_up_large", clerk.person_id, 1)
    assert district.difference() == 0


def test_the_same_press_is_one_proposal(district: Town) -> None:
    """Twice, and five times at once: one proposal; its key serves nothing else."""
    hanako, clerk = district.consumer(), district.clerk()
    answers = district.at_once([lambda: clerk.asks_for_large(hanako, 80_000, key=ANY_KEY)] * 5)
    assert len(set(answers)) == 1 and answers[0] == clerk.asks_for_large(hanako, 80_000, key=ANY_KEY)
    with pytest.raises(KeyReused):
        clerk.asks_for_large(hanako, 80_001, key=ANY_KEY)
    district.approver().approves(int(str(answers[0])))
    with pytest.raises(KeyReused):
        clerk.tops_up(hanako, 80_000, key=ANY_KEY)
    assert hanako.coins() == 80_000


def test_a_key_that_has_topped_up_is_not_proposed(district: Town) -> None:
    """The clerk went back after the ordinary top-up went through."""
    hanako, clerk = district.consumer(), district.clerk()
    clerk.tops_up(hanako, 1_000, key=ANY_KEY)
    with pytest.raises(KeyReused):
        clerk.asks_for_large(hanako, 1_000, key=ANY_KEY)


def test_nobody_decides_their_own(district: Town) -> None:
    """Not even the administrator, who may do both: it waits for somebody else, until it is decided."""
    hanako, admin, approver = district.consumer(), district.another_clerk("administrator"), district.approver()
    number = admin.asks_for_large(hanako, 50_000)
    for decide in (admin.approves, admin.declines):
        with pytest.raises(SameHands):
            decide(number)
    assert waiting_proposals(district.session, admin.who) == 0
    assert waiting_proposals(district.session, approver.who) == 1
    approver.declines(number)
    assert waiting_proposals(district.session, approver.who) == 0
    assert hanako.coins() == 0


def test_a_double_click_and_two_approvers(district: Town) -> None:
    """The same approver again: the same answer. Two approvers at the same moment: one is told that it is decided."""
    hanako, first, second = district.consumer(), district.approver(), district.another_clerk("approver", nickname="藤代")
    number = district.clerk().asks_for_large(hanako, 30_000)
    answers = district.at_once([lambda: first.approves(number), lambda: second.approves(number)])
    assert sorted(type(answer).__name__ for answer in answers) == ["AlreadyDecided", "list"]
    winner = first if isinstance(answers[0], list) else second
    assert [one.replayed for one in winner.approves(number)] == [True]
    assert hanako.coins() == 30_000


def test_five_clicks_at_once(district: Town) -> None:
    """A nervous approver: booked once, and every click is answered by what was booked or by "decided"."""
    hanako, approver = district.consumer(), district.approver()
    number = district.clerk().asks_for_large(hanako, 30_000)
    district.at_once([lambda: approver.approves(number)] * 5)
    assert hanako.coins() == 30_000


def test_a_declined_one_books_nothing(district: Town) -> None:
    """The reason stays with it; afterwards nobody can approve it."""
    hanako, approver = district.consumer(), district.approver()
    number = district.clerk().asks_for_large(hanako, 30_000)
    approver.declines(number, "本人確認ができない")
    for again in (approver.approves, district.another_clerk("administrator").approves, approver.declines):
        with pytest.raises(AlreadyDecided):
            again(number)
    listed = listed_proposal(district.session, district.clerk().who, number)
    assert (listed.proposal.approved, listed.proposal.note, hanako.coins()) == (False, "本人確認ができない", 0)
    assert [each.proposal.id for each in listed_proposals(district.session, approver.who, waiting=False)] == [number]


def test_her_balance_limit_holds_for_two_clerks(district: Town) -> None:
    """At the counter already, and again at the approval if she has filled up meanwhile; it waits then, undecided."""
    hanako, clerk, approver = district.consumer(coins=60_000), district.clerk(), district.approver()
    with pytest.raises(CeilingPassed) as refused:
        clerk.asks_for_large(hanako, 40_001)
    assert refused.value.facts["room"] == 40_000
    number = clerk.asks_for_large(hanako, 40_000)
    clerk.tops_up(hanako, 1)
    with pytest.raises(CeilingPassed):
        approver.approves(number)
    assert listed_proposal(district.session, approver.who, number).proposal.is_waiting
    hanako.pays(district.shop(), 1)
    approver.approves(number)
    assert hanako.coins() == 100_000


@pytest.mark.parametrize("role", ["issuer", "auditor", "consumer"])
def test_only_the_approver_decides(district: Town, role: str) -> None:
    number = district.clerk().asks_for_large(district.consumer(), 30_000)
    stranger = district.another_clerk(role)
    for decide in (stranger.approves, stranger.declines):
        with pytest.raises(Forbidden):
            decide(number)


@pytest.mark.parametrize("role", ["approver", "auditor", "consumer"])
def test_only_the_issuer_asks(district: Town, role: str) -> None:
    with pytest.raises(Forbidden):
        district.another_clerk(role).asks_for_large(district.consumer(), 30_000)


def test_not_for_oneself_and_not_next_door(district: Town, other_district: Town) -> None:
    """A clerk's own wallet is a colleague's business; the neighbours' approver sees no such proposal."""
    clerk = district.another_clerk("issuer", "consumer")
    with pytest.raises(OwnWallet):
        clerk.asks_for_large(Consumer(district, clerk.person_id, clerk.who), 30_000)
    number = district.clerk().asks_for_large(district.consumer(), 30_000)
    with pytest.raises(ProposalUnknown):
        other_district.approver().approves(number)
