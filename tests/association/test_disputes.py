"""申し立て: a case names a payment, holds the shop's share, has a deadline, and ends with an outcome that books."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID, uuid4

import pytest
from sqlalchemy import text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

import association.commands
import association.queries
import ledger.queries
import merchant.commands
import merchant.queries
import wallet.queries
from association.commands import OpenDispute, Outcome, settlement
from association.errors import (
    ComplaintUnknown,
    DisputeClosed,
    DisputeMoved,
    DisputeOpen,
    DisputeWaits,
    DueOver,
    NotDisputable,
    NothingToHold,
    PartWrong,
)
from association.queries.controls import CONTROLS
from base.clock import tokyo_day
from base.db import atomic
from base.errors import Forbidden
from ledger.errors import KeyReused, PayableFrozen, SameHands
from ledger.queries import payment_number
from merchant.queries import RegisterChoice
from tests.association.test_pages import Seat, desk
from tests.town import ANY_KEY, Consumer, Shop, Town

__all__ = ["desk"]


def opened(town: Town, payment: int, *, days: int = 14, key: UUID | None = None, complaint_id: int | None = None) -> int:
    due = tokyo_day(town.now) + timedelta(days=days)
    order = OpenDispute(payment, "consumer", "身に覚えがない", due, complaint_id, key or uuid4())
    return association.commands.open_dispute(town.session, town.clerk().who, order, now=town.now)


def held(town: Town, dispute_id: int) -> None:
    """Two people set the shop's share apart."""
    number = association.commands.propose_dispute_hold(town.session, town.clerk().who, dispute_id, uuid4())
    town.approver().approves(number)


def decided(town: Town, dispute_id: int, kind: str, amount: int = 0) -> int | None:
    """The clerk proposes an outcome, the approver agrees where something is to be booked."""
    order = Outcome(dispute_id, kind, amount, "防犯カメラで確かめました", uuid4())
    number = association.commands.propose_dispute_outcome(town.session, town.clerk().who, order, now=town.now)
    if number is not None:
        town.approver().approves(number)
    return number


def late(town: Town) -> tuple[int | None, str]:
    """How many days the control sees, and what it says to that."""
    control = next(each for each in CONTROLS if each.name == "disputes")
    figure = control.measure(town.session, town.district_id, town.now).figure
    return figure, control.judge(figure)


def case(town: Town, dispute_id: int) -> association.queries.DisputePage:
    return association.queries.dispute_page(town.session, town.clerk().who, dispute_id)


def paid(town: Town, amount: int = 3_000) -> tuple[Consumer, Shop, int]:
    hanako, bakery = town.consumer(coins=10_000), town.shop()
    return hanako, bakery, hanako.pays(bakery, amount).transaction_id


def test_the_shops_share_is_out_of_its_reach_until_the_customer_gets_it_back(district: Town) -> None:
    """Held by two people, it is neither in the shop's balance nor in a settlement; the outcome gives it back as a refund."""
    hanako, bakery, payment = paid(district)
    hanako.pays(bakery, 500)
    number = opened(district, payment)
    before = district.session.execute(text("SELECT clock_timestamp()")).scalar_one()
    held(district, number)
    [owed] = ledger.queries.standings(district.session, district.district_id, "payable", since=None, until=before)
    assert (owed.closing, owed.taken) == (500, 3_500)  # a closing day that was over before the hold pays it out no more
    assert (bakery.taken(), case(district, number).row.held, district.holds("dispute", number, district.series_id)) == (500, 3_000, 3_000)
    with pytest.raises(NothingToHold):
        association.commands.propose_dispute_hold(district.session, district.clerk().who, number, uuid4())
    decided(district, number, "consumer")
    page = case(district, number)
    assert (page.row.outcome, page.row.refunded, page.row.held, page.left) == ("consumer", 3_000, 0, 0)
    assert (hanako.coins(), bakery.taken(), district.holds("dispute", number, district.series_id), district.difference()) == (
        9_500,
        500,
        0,
        0,
    )
    with pytest.raises(DisputeClosed):
        association.commands.propose_dispute_hold(district.session, district.clerk().who, number, uuid4())


def test_what_an_outcome_gives_back_has_its_return_slip(district: Town) -> None:
    """The payment has a receipt of the shop's till: so has what two people gave back of it, once, with its tax."""
    hanako, bakery = district.consumer(coins=10_000), district.shop()
    choice = RegisterChoice(keypad_rate=10, code_till=bakery.till().who.till_id)
    merchant.commands.set_register(district.session, bakery.owner, bakery.id, choice, issues=True, now=district.now)
    payment = hanako.pays(bakery, 3_300).transaction_id
    sale = merchant.queries.receipt_of_payment(district.session, district.district_id, payment)
    assert sale is not None
    decided(district, opened(district, payment), "partly", 1_100)
    [slip] = merchant.queries.returns_of(district.session, district.district_id, sale.till_id, sale.serial)
    assert (slip.kind, slip.total, slip.content["by_rate"]) == ("return", 1_100, [[10, 1_100, 100, 1_000]])


@pytest.mark.parametrize("is_held", [True, False])
def test_a_suspended_shops_customer_gets_back_what_two_people_decide(district: Town, is_held: bool) -> None:
    """Held or not, before the suspension or after it: the customer is paid, the shop stays suspended, and it can be let in again."""
    hanako, bakery, payment = paid(district)
    hanako.pays(bakery, 500)
    number = opened(district, payment)
    if is_held:
        held(district, number)
    bakery.is_suspended()
    decided(district, number, "consumer")
    assert (hanako.coins(), bakery.taken(), district.holds("dispute", number, district.series_id)) == (9_500, 500, 0)
    with pytest.raises(PayableFrozen):
        hanako.pays(bakery, 100)
    bakery.is_resumed()
    hanako.pays(bakery, 100)
    assert (bakery.taken(), district.difference()) == (600, 0)


def test_a_settlement_pays_what_is_not_held_and_the_rest_when_the_shop_was_right(district: Town) -> None:
    """What is held after the closing day is left out of that day's run as well; released, it is in the next one."""
    district.settles_by()
    hanako, bakery, payment = paid(district)
    hanako.pays(bakery, 2_000)
    closing = district.month_passes()
    number = opened(district, payment)
    held(district, number)
    draft = association.queries.run_draft(district.session, district.clerk().who, closing, now=district.now)
    assert [line.split.payable for line in draft.lines] == [2_000]
    proof = association.queries.proof(district.session, district.clerk().who, tokyo_day(district.now))
    assert (proof.disputed, proof.payable, proof.difference) == (3_000, 2_000, 0)
    decided(district, number, "shop")
    draft = association.queries.run_draft(district.session, district.clerk().who, closing, now=district.now)
    assert ([line.split.payable for line in draft.lines], bakery.taken()) == ([5_000], 5_000)


def test_what_the_till_gives_back_meanwhile_is_never_given_back_twice(district: Town) -> None:
    """A part by the till, then all by the case: the proposal of the old whole is refused, a new one gives what is left."""
    hanako, bakery, payment = paid(district)
    number = opened(district, payment)
    held(district, number)
    order = Outcome(number, "consumer", 0, "お店のまちがい", uuid4())
    waiting = association.commands.propose_dispute_outcome(district.session, district.clerk().who, order, now=district.now)
    assert association.commands.propose_dispute_outcome(district.session, district.clerk().who, order, now=district.now) == waiting
    assert waiting is not None
    assert ledger.queries.one_proposal(district.session, district.district_id, waiting).amount == 3_000  # let go and given back: moved once
    with pytest.raises(DisputeWaits):
        decided(district, number, "shop")
    bakery.refunds(payment, 1_000)
    with pytest.raises(DisputeMoved):
        district.approver().approves(waiting)
    assert case(district, number).row.outcome is None
    association.commands.decline(district.session, district.approver().who, waiting, reason="お店が一部を返した", now=district.now)
    with pytest.raises(PartWrong):
        decided(district, number, "partly", 2_000)
    decided(district, number, "partly", 500)
    page = case(district, number)
    assert (page.row.refunded, page.left, hanako.coins(), bakery.taken(), district.difference()) == (500, 1_500, 8_500, 1_500, 0)


def test_a_part_that_the_till_gave_back_while_it_waited_is_not_given_again(district: Town) -> None:
    """A part would still fit into what is left; and a share that has shrunk is not held whole. Both are proposed anew."""
    hanako, bakery, payment = paid(district)
    number = opened(district, payment)
    clerk = district.clerk().who
    order = Outcome(number, "partly", 1_000, "一部がこわれていた", uuid4())
    waiting = association.commands.propose_dispute_outcome(district.session, clerk, order, now=district.now)
    assert waiting is not None
    bakery.refunds(payment, 1_000)
    with pytest.raises(DisputeMoved):
        district.approver().approves(waiting)
    district.approver().declines(waiting)
    waiting = association.commands.propose_dispute_hold(district.session, clerk, number, uuid4())
    bakery.refunds(payment, 500)
    with pytest.raises(DisputeMoved):
        district.approver().approves(waiting)
    district.approver().declines(waiting)
    held(district, number)
    assert (hanako.coins(), bakery.taken(), case(district, number).row.held) == (8_500, 0, 1_500)


def test_a_run_that_waits_pays_out_no_share_that_was_held_meanwhile(district: Town) -> None:
    """Put forward before the hold, approved after it: this shop is left out, the others are paid, and nothing stands below zero."""
    district.settles_by()
    hanako, bakery, payment = paid(district)
    tofu = district.shop()
    hanako.pays(tofu, 400)
    hanako.pays(bakery, 2_000)
    run = district.clerk().submits(district.month_passes())
    number = opened(district, payment)
    held(district, number)
    district.approver().approves(run.id)
    assert (bakery.taken(), district.holds("in_transit", bakery.id), district.holds("in_transit", tofu.id)) == (2_000, 0, 400)
    decided(district, number, "consumer")
    assert (bakery.taken(), hanako.coins(), district.difference()) == (2_000, 7_600, 0)


def test_a_hold_waits_while_a_run_is_booked(district: Town) -> None:
    """Both would take the same share: whoever comes second looks again, so nothing is paid out that is just being set apart."""
    _hanako, bakery, payment = paid(district)
    hold = association.commands.propose_dispute_hold(district.session, district.clerk().who, opened(district, payment), uuid4())
    approver = district.approver()

    def approves_at_once() -> None:
        with atomic(district.session):
            district.session.execute(text("SET LOCAL lock_timeout = '100ms'"))
            approver.approves(hold)

    with Session(district.engine) as run:
        settlement.alone(run, district.district_id)
        with pytest.raises(OperationalError, match="lock"):
            approves_at_once()
    district.session.rollback()
    assert bakery.taken() == 3_000
    approver.approves(hold)
    assert bakery.taken() == 0


def test_a_case_is_opened_once_about_a_payment_of_which_something_is_left(district: Town) -> None:
    """Not about a top-up, not about what is all given back, not twice; nobody alone, no cashier and no auditor decides it."""
    hanako, bakery, payment = paid(district)
    number = opened(district, payment, key=ANY_KEY)
    assert opened(district, payment, key=ANY_KEY) == number
    with pytest.raises(KeyReused):
        opened(district, hanako.pays(bakery, 100).transaction_id, key=ANY_KEY)
    with pytest.raises(DisputeOpen) as refused:
        opened(district, payment)
    assert refused.value.facts == {"dispute": number}
    for changes, reason in (({"days": 0}, DueOver), ({"complaint_id": 999}, ComplaintUnknown)):
        with pytest.raises(reason):
            opened(district, hanako.pays(bakery, 100).transaction_id, **changes)  # type: ignore[arg-type]
    with pytest.raises(NotDisputable):
        opened(district, district.clerk().tops_up(hanako, 100).transaction_id)
    whole = hanako.pays(bakery, 700).transaction_id
    bakery.refunds(whole, 700)
    with pytest.raises(NotDisputable):
        opened(district, whole)
    with pytest.raises(Forbidden):
        association.commands.propose_dispute_hold(district.session, district.another_clerk("auditor").who, number, uuid4())
    alone = district.another_clerk("issuer", "approver", nickname="一人")
    proposal = association.commands.propose_dispute_hold(district.session, alone.who, number, uuid4())
    with pytest.raises(SameHands):
        alone.approves(proposal)


def test_both_sides_are_told_and_the_desk_is_reminded(district: Town) -> None:
    """The inbox, the shop's page, what was written for both and nothing else; overdue cases stand in the controls."""
    hanako, bakery, payment = paid(district)
    number = opened(district, payment, days=2)
    clerk = district.clerk().who
    for words, is_told in (("お店に電話した", False), ("お店の記録を調べています", True)):
        association.commands.add_dispute_note(district.session, clerk, number, "association", words, is_told=is_told, now=district.now)
    assert len(wallet.queries.my_inbox(district.session, hanako.who).told) == 2
    side = association.queries.dispute_of_payment(district.session, district.district_id, payment)
    assert side is not None
    assert [each.words for each in side.said] == ["お店の記録を調べています"]
    assert [each.id for each in association.queries.disputes_of_shop(district.session, district.district_id, bakery.id)] == [number]
    assert late(district) == (0, "ok")
    district.clock.advance(days=4)  # type: ignore[attr-defined]
    assert late(district) == (2, "look")
    assert decided(district, number, "shop") is None  # nothing to book: one person ends it
    assert late(district) == (0, "ok")
    assert (case(district, number).row.outcome, hanako.coins(), bakery.taken()) == ("shop", 7_000, 3_000)


def test_a_coupon_goes_the_way_of_a_refund(district: Town) -> None:
    """All of a payment with a coupon: the funder gets its part back, the customer coin and coupon, the shop keeps nothing."""
    hanako, bakery = district.consumer(coins=5_000), district.shop()
    coupon = district.coupon(200)
    hanako.claims(coupon)
    payment = hanako.pays(bakery, 2_000, coupon=coupon).transaction_id
    number = opened(district, payment)
    held(district, number)
    assert (bakery.taken(), case(district, number).row.held) == (0, 2_000)
    decided(district, number, "consumer")
    assert (hanako.coins(), bakery.taken(), district.holds("promotion"), district.difference()) == (5_000, 0, 0, 0)
    assert hanako.pieces(coupon) == 1


def test_the_desk_from_the_search_box_to_the_outcome(district: Town, desk: Seat) -> None:
    """A clerk finds the payment by its number, opens a case and proposes the outcome; another approves; lists and first page show it."""
    hanako, _bakery, payment = paid(district)
    number, new = payment_number(payment), f"/desk/disputes/new?payment={payment}"
    clerk = desk(district.clerk())
    assert new in clerk.sees(f"/desk/find?q={number}").text
    due = (tokyo_day(district.now) + timedelta(days=9)).isoformat()
    made = clerk.presses(new, "/desk/disputes/new", payment=payment, raised_by="consumer", reason="二度払った", due_on=due, complaint_id="")
    here = made.location
    assert "二度払った" in clerk.sees(here).text and number in clerk.sees(here).text
    wrong = clerk.presses(here, f"{here}/outcome", outcome="partly", amount="3000", words="一部")
    assert wrong.status_code == 422 and "2,999" not in wrong.text and "残り3,000円" in wrong.text
    asked = clerk.presses(here, f"{here}/outcome", outcome="consumer", amount="", words="二重でした")
    assert "利用者が正しい" in clerk.sees(asked.location).text
    assert here in clerk.sees("/desk/").text and number in clerk.sees("/desk/disputes").text
    district.approver().approves(
        association.queries.dispute_page(district.session, district.clerk().who, int(here.rsplit("/")[-1])).waiting
    )
    assert "二重でした" in clerk.sees(here).text and hanako.coins() == 10_000
    assert clerk.sees("/desk/disputes.csv").status_code == 200
