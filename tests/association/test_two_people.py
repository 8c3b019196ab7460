"""Two people, where one is away, slow, or about to move very much: the end of a proposal, a deputy's role, and limits of an approval."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, IntegrityError

import identity.commands
import ledger.commands
from association import titles
from association.commands import NewRole, propose_account, propose_role, set_approval_limits, withdraw
from association.errors import ApprovalTooLarge, BoundlessPasskeyNeeded, NobodyDecidesRole, OwnAppointment, PasskeyNeeded, RoleHeld
from association.queries import Limits, listed_proposal, waiting_proposals
from base.clock import day_bounds, tokyo_day
from base.db import atomic
from base.errors import Forbidden
from identity.errors import DeputyOver, NoPasskey, OwnRole
from ledger.errors import AlreadyDecided, ProposalExpired, ProposalUnknown, SameHands
from ledger.rules import PROPOSAL_LIFE
from tests.association.test_bank_details import MARUYA
from tests.town import Town, behind_the_doors

AGE = "UPDATE ledger.proposal SET proposed_at = clock_timestamp() - CAST(:age AS interval) WHERE id = :id"
YOUNG = "UPDATE ledger.proposal SET proposed_at = clock_timestamp() WHERE id = :id"


def test_nobody_approves_what_is_two_weeks_old(district: Town, superuser: Engine) -> None:
    """The book itself refuses it at once; the worker then declines it in nobody's name, and it waits for nobody any more."""
    hanako, clerk, approver = district.consumer(), district.clerk(), district.approver()
    old, fresh = (clerk.asks_for_large(hanako, 30_000) for _ in range(2))
    almost = PROPOSAL_LIFE - timedelta(minutes=5)
    with (
        behind_the_doors(superuser, AGE, YOUNG, id=old, age=PROPOSAL_LIFE),
        behind_the_doors(superuser, AGE, YOUNG, id=fresh, age=almost),
    ):
        with pytest.raises(ProposalExpired):
            approver.approves(old)
        assert hanako.coins() == 0
        with atomic(district.session):
            ledger.commands.expire_proposals(district.session)
    seen = listed_proposal(district.session, approver.who, old)
    assert (seen.proposal.is_expired, seen.checker_name, seen.proposal.is_waiting) == (True, None, False)
    assert waiting_proposals(district.session, approver.who) == 1
    with pytest.raises(AlreadyDecided):
        approver.declines(old)
    approver.approves(fresh)
    assert hanako.coins() == 30_000


def test_whoever_asked_takes_it_back_while_it_waits_and_never_after(district: Town) -> None:
    """What it held is free again, nobody else can, and a decision stays."""
    hanako, clerk, approver = district.consumer(), district.clerk(), district.approver()
    number, decided = (clerk.asks_for_large(hanako, 30_000) for _ in range(2))
    with pytest.raises(ProposalUnknown):
        withdraw(district.session, approver.who, number)
    withdraw(district.session, clerk.who, number)
    seen = listed_proposal(district.session, approver.who, number).proposal
    assert (seen.is_withdrawn, seen.is_expired, seen.is_waiting) == (True, False, False)
    approver.approves(decided)
    for late in (number, decided):
        with pytest.raises(AlreadyDecided):
            withdraw(district.session, clerk.who, late)
    with pytest.raises(AlreadyDecided):
        approver.approves(number)
    assert (hanako.coins(), waiting_proposals(district.session, approver.who)) == (30_000, 0)


def test_what_was_taken_back_or_forgotten_is_not_called_sent_back(district: Town, superuser: Engine) -> None:
    """取り下げ, 承認の期限切れ and 差し戻し are three things, also on what the proposal was to begin."""
    clerk, approver = district.clerk(), district.approver()
    back, late, no = (district.proposed_coupon() for _ in range(3))
    withdraw(district.session, clerk.who, district.proposal_of(back))
    approver.declines(district.proposal_of(no))
    with behind_the_doors(superuser, AGE, YOUNG, id=district.proposal_of(late), age=PROPOSAL_LIFE), atomic(district.session):
        ledger.commands.expire_proposals(district.session)
    seen = [district.coupon_row(coupon).state for coupon in (back, late, no)]
    assert [titles.COUPON_STATES[state][1] for state in seen] == ["取り下げ", "承認の期限切れ", "差し戻し"]


def test_a_closing_day_whose_run_was_taken_back_is_settled_by_the_next(district: Town) -> None:
    district.settles_by()
    district.consumer(coins=5_000).pays(district.shop(), 5_000)
    clerk, closes_on = district.clerk(), district.month_passes()
    first = clerk.submits(closes_on)
    withdraw(district.session, clerk.who, first.id)
    second = clerk.submits(closes_on)
    assert second.id != first.id
    district.approver().approves(second.id)
    payout = clerk.says_paid(second.id, district.today)
    withdraw(district.session, clerk.who, payout)
    assert clerk.sees_run(second.id).state == "settled"
    district.approver().approves(clerk.says_paid(second.id, district.today))
    assert clerk.sees_run(second.id).state == "paid" and district.difference() == 0


def test_the_book_and_the_page_agree_how_long_a_proposal_lives(superuser: Engine) -> None:
    with superuser.connect() as connection:
        assert connection.execute(text("SELECT ledger.proposal_life()")).scalar_one() == PROPOSAL_LIFE


def test_a_deputy_approves_until_the_last_day_is_over(district: Town) -> None:
    """The approver is ill: a clerk stands in for a week. What they themselves asked for still needs somebody else."""
    admin, deputy, hanako = district.another_clerk("administrator"), district.another_clerk("auditor"), district.consumer()
    last_day = tokyo_day(district.now) + timedelta(days=6)
    new = NewRole(deputy.person_id, "approver", last_day)
    district.approver().approves(propose_role(district.session, admin.who, new, now=district.now))
    number, another = (district.clerk().asks_for_large(hanako, 30_000) for _ in range(2))
    deputy.signs_in_again().approves(number)
    district.clock.advance(days=7)  # type: ignore[attr-defined]
    late = deputy.signs_in_again()
    assert not late.who.has("approver") and late.who.has("auditor")
    with pytest.raises(Forbidden):
        late.approves(another)
    assert hanako.coins() == 30_000


def test_a_deputy_who_comes_again_is_appointed_again(district: Town) -> None:
    """The old appointment is over and written down as such; a longer word replaces a shorter one."""
    admin, deputy = district.another_clerk("administrator"), district.another_clerk("auditor")
    first = tokyo_day(district.now)

    def appointed(days: int | None) -> bool:
        last_day = None if days is None else first + timedelta(days=days)
        new = NewRole(deputy.person_id, "approver", last_day)
        district.approver().signs_in_again().approves(propose_role(district.session, admin.who, new, now=district.now))
        return deputy.signs_in_again().who.has("approver")

    assert appointed(0)
    district.clock.advance(days=2)  # type: ignore[attr-defined]
    assert not deputy.signs_in_again().who.has("approver")
    assert appointed(3) and appointed(10)
    district.clock.advance(days=5)  # type: ignore[attr-defined]
    assert deputy.signs_in_again().who.has("approver")
    with pytest.raises(DeputyOver):
        appointed(0)
    with pytest.raises(OwnRole):
        propose_role(district.session, admin.who, NewRole(admin.person_id, "approver"), now=district.now)


def test_above_the_limit_an_administrator_decides(district: Town) -> None:
    """Exactly at the limit the approver still may; declining is free to both."""
    hanako, clerk = district.consumer(), district.clerk()
    approver, admin = district.approver(), district.another_clerk("administrator")
    set_approval_limits(district.session, admin.who, Limits(approver_max=30_000), now=district.now)
    at_limit, above, other = (
        clerk.asks_for_large(hanako, 30_000),
        clerk.asks_for_large(hanako, 30_001),
        clerk.asks_for_large(hanako, 40_000),
    )
    approver.approves(at_limit)
    with pytest.raises(ApprovalTooLarge):
        approver.approves(above)
    with pytest.raises(ApprovalTooLarge):  # it moves nothing now, and may cost 50 times 601
        district.point_event(most=601)
    assert hanako.coins() == 30_000
    admin.approves(above)
    approver.declines(other)
    assert hanako.coins() == 60_001
    with pytest.raises(Forbidden):
        set_approval_limits(district.session, approver.who, Limits(), now=district.now)


def test_above_the_other_limit_a_passkey_must_confirm(district: Town) -> None:
    """Without one nothing is booked, and whoever has none is told where to make one."""
    hanako, clerk, admin = district.consumer(), district.clerk(), district.another_clerk("administrator")
    set_approval_limits(district.session, admin.who, Limits(passkey_above=20_000), now=district.now)
    small, large = clerk.asks_for_large(hanako, 20_000), clerk.asks_for_large(hanako, 20_001)
    account = propose_account(district.session, clerk.who, district.shop().id, MARUYA, now=district.now)
    admin.approves(small)
    with pytest.raises(PasskeyNeeded):
        admin.approves(large)
    with pytest.raises(BoundlessPasskeyNeeded):  # it moves nothing now, and all that the shop takes goes to it
        admin.approves(account)
    assert hanako.coins() == 20_000
    with pytest.raises(NoPasskey):
        identity.commands.approve_options(
            district.session, admin.who, identity.commands.Site("http://localhost", "町"), "proposal:1", now=district.now
        )


def test_one_administrator_makes_no_second_person_of_themselves(district: Town) -> None:
    """Alone they cannot even ask; asked, neither they nor the second address decides; somebody else's yes gives the role."""
    admin, second = district.another_clerk("administrator"), district.another_clerk("consumer")
    new = NewRole(second.person_id, "approver")
    with pytest.raises(NobodyDecidesRole):
        propose_role(district.session, admin.who, new, now=district.now)
    honest = district.approver()
    number = propose_role(district.session, admin.who, new, now=district.now)
    assert propose_role(district.session, admin.who, new, now=district.now) == number
    with pytest.raises(SameHands):
        admin.approves(number)
    with pytest.raises(Forbidden):
        second.approves(number)
    assert not second.signs_in_again().who.has("approver")
    honest.approves(number)
    assert second.signs_in_again().who.has("approver")
    with pytest.raises(RoleHeld):
        propose_role(district.session, admin.who, new, now=district.now)


def test_the_database_gives_no_deciding_role_that_two_did_not_decide(district: Town) -> None:
    """As the web's own database role, round every door: no proposal, one that waits, another's, another end, and one that was used."""
    admin, second, other = district.another_clerk("administrator"), district.another_clerk("consumer"), district.another_clerk("consumer")
    approver, last = district.approver(), tokyo_day(district.now) + timedelta(days=6)
    number = propose_role(district.session, admin.who, NewRole(second.person_id, "approver", last), now=district.now)

    def gives(proposal: int | None, *, to: int = second.person_id, role: str = "approver", until: str | None = None) -> None:
        values = {"d": district.district_id, "p": to, "r": role, "by": admin.person_id, "n": proposal, "u": until}
        columns = "district_id, person_id, role, granted_by, granted_at, proposal_id, until"
        with atomic(district.session):
            district.session.execute(text(f"INSERT INTO role_grant ({columns}) VALUES (:d, :p, :r, :by, now(), :n, :u)"), values)

    for role in ("issuer", "approver", "administrator"):
        with pytest.raises(IntegrityError, match="role_takes_two"):
            gives(None, role=role)
    until = day_bounds(last)[1].isoformat()
    with pytest.raises(IntegrityError, match="role_takes_two"):
        gives(number, until=until)
    approver.approves(number)
    for wrong in ({"to": other.person_id, "until": until}, {"role": "administrator", "until": until}, {}):
        with pytest.raises(IntegrityError, match="role_takes_two"):
            gives(number, **wrong)  # type: ignore[arg-type]
    identity.commands.end_role(district.session, admin.who, second.person_id, "approver", now=district.now)
    with pytest.raises(IntegrityError, match="once_a_decision"):
        gives(number, until=until)
    mine = "UPDATE role_grant SET ended_at = NULL WHERE district_id = :d AND person_id = :p AND role = 'approver'"
    for statement, why in (
        (mine, "role_is_over"),
        (mine.replace("ended_at = NULL", "until = NULL"), "permission denied"),
        (mine.replace("ended_at = NULL", "person_id = 1"), "permission denied"),
    ):
        with pytest.raises(DBAPIError, match=why), atomic(district.session):
            district.session.execute(text(statement), {"d": district.district_id, "p": second.person_id})


def test_an_approver_does_not_raise_themselves(district: Town) -> None:
    """Who would become administrator does not decide it, nor is it asked where nobody else could; a third person decides."""
    admin, approver = district.another_clerk("administrator"), district.approver()
    new = NewRole(approver.person_id, "administrator")
    with pytest.raises(NobodyDecidesRole):
        propose_role(district.session, admin.who, new, now=district.now)
    third = district.another_clerk("approver")
    number = propose_role(district.session, admin.who, new, now=district.now)
    with pytest.raises(OwnAppointment):
        approver.approves(number)
    assert waiting_proposals(district.session, third.who) == 1
    set_approval_limits(district.session, admin.who, Limits(passkey_above=1_000_000), now=district.now)
    with pytest.raises(BoundlessPasskeyNeeded):
        third.approves(number)
    set_approval_limits(district.session, admin.who, Limits(), now=district.now)
    third.approves(number)
    assert approver.signs_in_again().who.has("administrator")
