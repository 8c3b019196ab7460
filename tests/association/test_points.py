"""ポイント: earned behind the payments, pending, spent, taken back, expired; through the product's own doors."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from functools import partial
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, update
from sqlalchemy.orm import Session

import association.commands
import association.queries
import ledger.commands as book
import ledger.queries
from association.commands import Share
from association.commands.points.lots import make_lot
from association.errors import (
    AnswerMissing,
    ApprovalTooLarge,
    CampaignWrong,
    EventFull,
    EventNotNow,
    EventUnknown,
    EventWrong,
    NotSkipped,
    PointsOver,
    PointsOverlap,
    PointsWrong,
)
from association.models import PointCursor
from association.queries.base_dates import figures_on
from association.rules import Rate, Rounding, lot_last_day, spread, to_take_back
from association.rules.deposit import base_date_from, never
from base.clock import day_bounds, tokyo_day
from base.db import atomic, make_engine
from base.errors import Forbidden
from embedded import Server
from ledger.errors import KeyReused, SameHands
from ledger.verify import verify
from tests.town import ANY_KEY


@pytest.fixture
def demo_engine(server: Server, database: str) -> Iterator[Engine]:
    """The role that may say when something was posted."""
    engine = make_engine(server.url("meguri_demo", database), pool_size=1)
    yield engine
    engine.dispose()


@pytest.mark.parametrize(
    ("paid", "rounding", "points"),
    [(1_250, "down", 12), (1_250, "nearest", 13), (1_249, "nearest", 12), (1_201, "up", 13), (99, "down", 0), (0, "up", 0)],
)
def test_a_rate_rounds_as_it_says(paid, rounding, points):
    """One point for each 100 yen, once a payment."""
    assert Rate(100, 1, Rounding(rounding)).earned(paid) == points


@pytest.mark.parametrize(
    ("month", "months", "last"),
    [(date(2026, 11, 1), 6, date(2027, 5, 31)), (date(2026, 12, 15), 2, date(2027, 2, 28)), (date(2027, 12, 1), 1, date(2028, 1, 31))],
)
def test_a_months_points_end_with_a_month(month, months, last):
    """The end of the Nth month after, whatever the day on which they were earned."""
    assert lot_last_day(month, months) == last


@given(borne=st.lists(st.integers(0, 1_000), min_size=1, max_size=6), part=st.fractions(0, 1))
def test_what_goes_back_goes_back_whole(borne, part):
    """Whoever bore points gets back no more than they bore, and together exactly what was taken."""
    amount = int(sum(borne) * part)
    parts = spread(amount, borne)
    assert sum(parts) == amount
    assert all(0 <= one <= most for one, most in zip(parts, borne, strict=True))


@given(base=st.integers(1, 100_000), cuts=st.lists(st.integers(1, 100_000), max_size=8), rounding=st.sampled_from(list(Rounding)))
def test_refunds_in_any_pieces_take_back_what_one_would(base, cuts, rounding):
    """However a payment is given back, what is left of its points is what its rest would have earned."""
    rate, left, taken = Rate(100, 1, rounding), base, 0
    for cut in [*cuts, base]:
        left -= min(cut, left)
        taken += to_take_back(rate.earned(base), taken, rate.earned(left))
        assert rate.earned(base) - taken == rate.earned(left)


def test_points_are_earned_once_and_can_be_spent_after_a_week(district):
    """12 points for 1,250 yen: in the books at once, pending in the wallet, spendable seven days later; the next payment uses them."""
    programme = district.points()
    hanako, shop = district.consumer(5_000), district.shop()
    paid = hanako.pays(shop, 1_250)
    district.gives_points()
    district.gives_points()
    assert (hanako.points(), hanako.pending_points()) == (0, 12)

    district.is_days_after(paid.posted_at, 6)
    assert hanako.points() == 0
    district.is_days_after(paid.posted_at, 7)
    assert (hanako.points(), hanako.pending_points()) == (12, 0)

    hanako.pays(shop, 112)  # 12 in points, 100 in coin: only the coin earns
    district.gives_points()
    assert (hanako.points(), hanako.pending_points(), shop.taken()) == (0, 1, 1_362)
    seen = district.programme(programme)
    assert (seen.total("given"), seen.total("spent"), seen.total("outstanding")) == (13, 12, 1)
    assert sum(each.owed for each in seen.payers) == 13
    _is_whole(district, seen)


def test_a_programme_lives_once_a_second_person_has_approved_it(district):
    """Proposed twice under one key, it is one; what was paid before its approval earns nothing; its maker cannot approve it."""
    hanako, shop = district.consumer(5_000), district.shop()
    both = district.another_clerk("issuer", "approver")
    new = district.point_terms()
    programme = association.commands.propose_points(district.session, both.who, new, key=ANY_KEY, now=district.now)
    assert association.commands.propose_points(district.session, both.who, new, key=ANY_KEY, now=district.now) == programme
    with pytest.raises(KeyReused):
        district.proposed_points(key=ANY_KEY, rate_points=2)
    with pytest.raises(PointsOverlap):
        district.proposed_points()
    hanako.pays(shop, 500)
    terms = association.queries.one_programme(district.session, district.district_id, programme)
    with pytest.raises(SameHands):
        both.approves(terms.proposal_id)
    district.gives_points()
    district.clock.now = max(district.now, datetime.now(UTC))
    district.approver().approves(terms.proposal_id)
    paid = hanako.pays(shop, 700)
    district.gives_points()
    assert hanako.pending_points() == 7

    association.commands.end_points(district.session, district.approver().who, programme, now=paid.posted_at + timedelta(microseconds=1))
    hanako.pays(shop, 800)
    district.gives_points()
    assert hanako.pending_points() == 7
    with pytest.raises(PointsOver):
        association.commands.end_points(district.session, district.approver().who, programme, now=district.now)


@pytest.mark.parametrize(
    "changes",
    [
        {"rate_points": 21},
        {"pending_days": 0},
        {"pending_days": 29},
        {"months": 25},
        {"rounding": "sideways"},
        {"first_day": date(2020, 1, 1)},
        {"shares": (Share("association", 99),)},
        {"shares": ()},
    ],
)
def test_terms_that_contradict_each_other_are_refused(district, changes):
    """Nothing is proposed."""
    with pytest.raises(PointsWrong):
        district.proposed_points(**changes)


def test_a_refund_takes_the_points_back_and_the_payers_get_theirs(district):
    """Pending first, then what can be spent; what was spent already is noted and asked of nobody. A shop bears its part."""
    programme = district.points(shares=(Share("association", 30), Share("funder", 50, "灯ノ沢町"), Share("shop", 20)))
    hanako, shop, bakery = district.consumer(30_000), district.shop(), district.shop("湯の花堂")
    paid = hanako.pays(shop, 10_000)
    district.gives_points()
    assert (hanako.pending_points(), shop.taken()) == (100, 9_980)
    shop.refunds(paid.transaction_id, 4_050)
    district.gives_points()
    assert (hanako.pending_points(), shop.taken()) == (59, 10_000 - 4_050 - 12)

    district.is_days_after(paid.posted_at, 7)
    hanako.pays(bakery, 40)  # in points
    shop.refunds(paid.transaction_id, 5_950)
    district.gives_points()
    assert (hanako.points(), hanako.pending_points()) == (0, 0)
    seen = district.programme(programme)
    assert (seen.shortfall, seen.total("given"), seen.total("taken_back"), seen.total("spent")) == (40, 100, 60, 40)
    assert sum(each.owed for each in seen.payers) + seen.shop_bears == 40
    _is_whole(district, seen)


def test_a_budget_is_passed_by_less_than_one_payments_bonus(district):
    """Three times the points: the payment that reaches the budget gets all of its bonus, the next one none, and what a refund takes back
    can be given again."""
    district.points()
    number = district.point_campaign(budget=50)
    hanako, shop = district.consumer(10_000), district.shop()
    first, *_others = [hanako.pays(shop, 1_000) for _nth in range(4)]
    assert hanako.receipt_points(first) == 30
    district.gives_points()
    seen = district.campaign(number)
    assert (hanako.pending_points(), seen.given, seen.over, seen.state) == (40 + 60, 60, 10, "spent")
    assert seen.over <= seen.most
    assert sum(seen.owed.values()) == 60
    asked = ledger.queries.one_proposal(district.session, district.district_id, seen.terms.proposal_id)
    assert asked.at_stake == 50 + seen.most, "whoever approves reads what it can cost with what passes the budget"

    shop.refunds(first.transaction_id, 500)
    district.gives_points()
    assert (hanako.pending_points(), district.campaign(number).given) == (100 - 15, 50)
    shop.refunds(first.transaction_id, 500)
    hanako.pays(shop, 2_000)
    district.gives_points()
    assert (hanako.pending_points(), district.campaign(number).given) == (70 + 60, 80)
    assert district.difference() == 0


def test_campaigns_do_not_add_up_and_keep_to_their_days_and_shops(district):
    """Of several the highest applies alone; elsewhere, on another weekday or once it was ended, none."""
    district.points()
    here, there, hanako = district.shop(), district.shop("湯の花堂"), district.consumer(10_000)
    today = tokyo_day(datetime.now(UTC))
    district.point_campaign(extra=100)
    best = district.point_campaign(extra=400, shops=(here.id,))
    other = sum(1 << day for day in range(7) if abs(day - today.weekday()) > 1)
    district.point_campaign(extra=900, weekdays=other & ~(1 << (today.weekday() + 1) % 7) or 1 << (today.weekday() + 3) % 7)
    hanako.pays(here, 1_000)
    hanako.pays(there, 1_000)
    district.gives_points()
    assert hanako.pending_points() == 50 + 20
    association.commands.end_campaign(district.session, district.approver().signs_in_again().who, best, now=district.now)
    hanako.pays(here, 1_000)
    district.gives_points()
    assert hanako.pending_points() == 50 + 20 + 20
    with pytest.raises(CampaignWrong):
        district.point_campaign(shares=(Share("shop", 100),))


def test_a_campaign_for_small_shops_is_for_those_that_join_later(district):
    """Not at the large one; at a shop that is registered afterwards as well, and so by trade. A trade that nobody has is refused."""
    district.points()
    large, hanako = district.shop("大型店"), district.consumer(10_000)
    association.commands.classify_shop(district.session, district.clerk().signs_in_again().who, large.id, size="large", now=district.now)
    district.point_campaign(extra=100, shop_class="small")
    later = district.shop("あとから来た店")
    hanako.pays(large, 1_000)
    hanako.pays(later, 1_000)
    district.gives_points()
    assert hanako.pending_points() == 10 + 20
    district.point_campaign(extra=400, shop_class="trades", trades=(later.place().trade,))
    hanako.pays(later, 1_000)
    district.gives_points()
    assert hanako.pending_points() == 10 + 20 + 50
    with pytest.raises(CampaignWrong):
        district.point_campaign(shop_class="trades", trades=("ない業種",))


@pytest.mark.parametrize(("makes", "refusal"), [("points", PointsWrong), ("point_campaign", CampaignWrong), ("point_event", EventWrong)])
def test_nothing_of_points_ends_before_it_begins(district, makes, refusal):
    """Whatever page it came from; both days are still to come, so that nothing but their order is wrong."""
    today = tokyo_day(district.now)
    with pytest.raises(refusal):
        getattr(district, makes)(first_day=today + timedelta(days=5), last_day=today + timedelta(days=2))


def test_who_takes_part_gets_points_once_and_nobody_is_one_too_many(district):
    """However often and however many at once press: once each, the first three, spendable at once, paid by the town."""
    programme = district.points()
    event = district.point_event()
    assert len(event.code) * 4 >= 80
    people = [district.consumer(1_000) for _nth in range(5)]
    answers = district.at_once([partial(each.takes_part, event.code) for each in [*people, *people]])
    late = [answer for answer in answers if isinstance(answer, EventFull)]
    assert sorted(each.points() for each in people) == [0, 0, 50, 50, 50]
    assert (len(answers) - len(late), district.event(event.id).terms.taken, district.event(event.id).state) == (6, 3, "full")
    assert sum(district.event(event.id).owed.values()) == sum(district.event(event.id).borne.values()) == 150
    seen = district.programme(programme)
    assert (seen.total("given"), seen.total("usable")) == (150, 150)
    _is_whole(district, seen)
    with pytest.raises(EventUnknown):
        people[0].takes_part("0" * 24)


def test_a_survey_counts_answers_and_knows_nobody(district):
    """Nothing is given without an answer; the desk sees numbers once there are ten, and nothing before or after its days."""
    district.points()
    event = district.point_event(most=20, question="どこから来ましたか", choices=("町内", "県内", "県外"))
    people = [district.consumer() for _nth in range(10)]
    with pytest.raises(AnswerMissing):
        people[0].takes_part(event.code)
    for place, each in enumerate(people):
        assert district.event(event.id).terms.told_answers is None
        each.takes_part(event.code, place % 2)
    assert district.event(event.id).terms.told_answers == (5, 5, 0)
    association.commands.end_event(district.session, district.approver().signs_in_again().who, event.id, now=district.now)
    with pytest.raises(EventNotNow):
        district.consumer().takes_part(event.code, 1)
    assert people[0].takes_part(event.code, 2).replayed
    with pytest.raises(EventWrong):
        district.point_event(question="一つだけ", choices=("はい",))


def test_points_are_told_apart_from_what_was_paid(district):
    """In the figures of a base date points are free and not counted, and what the journal says of them is what is held."""
    district.points()
    hanako, shop = district.consumer(50_000), district.shop()
    paid = hanako.pays(shop, 10_000)
    event = district.point_event()
    hanako.takes_part(event.code)
    district.gives_points()
    district.is_days_after(paid.posted_at, 8)
    shop.refunds(paid.transaction_id, 5_000)
    district.gives_points()
    assert hanako.points() == 100 - 50 + 50
    day = base_date_from(tokyo_day(district.now), never)
    seen = figures_on(district.session, district.district_id, day, now=day_bounds(day)[1])
    rows = {row.is_covered: row for row in seen.series}
    assert [(row.regime, row.held, row.unspent) for row in seen.series if not row.is_covered] == [(None, 100, 100)]
    assert rows[True].held == rows[True].unspent == 45_000


def test_what_the_book_refuses_holds_up_nobody(district):
    """A wallet that is stopped keeps its points pending until it is not; a suspended shop's part is borne by the association."""
    programme = district.points(shares=(Share("shop", 100),))
    hanako, jiro, shop = district.consumer(5_000), district.consumer(5_000, nickname="次郎"), district.shop()
    paid = hanako.pays(shop, 1_000)
    jiro.pays(shop, 2_000)
    shop.is_suspended()
    district.gives_points()
    assert (hanako.pending_points(), jiro.pending_points(), shop.taken()) == (10, 20, 3_000)
    _stopped(district, hanako, "frozen")
    district.is_days_after(paid.posted_at, 8)
    assert (hanako.points(), hanako.pending_points(), jiro.points()) == (0, 10, 20)
    _stopped(district, hanako, "open")
    district.is_days_after(paid.posted_at, 9)
    assert hanako.points() == 10
    assert (district.programme(programme).skipped, district.programme(programme).behind) == ((), 0)


def _more_a_month(district, programme, monthly):
    """Two people raise the budget; its maker alone cannot, and the one that waits is the one that is decided."""
    both = district.another_clerk("issuer", "approver", nickname="一人")
    number = association.commands.propose_point_budget(district.session, both.who, programme, monthly, now=district.now)
    assert association.commands.propose_point_budget(district.session, both.who, programme, monthly, now=district.now) == number
    with pytest.raises(SameHands):
        both.approves(number)
    district.approver().signs_in_again().approves(number)


def test_what_a_budget_refuses_waits_and_is_given_once_it_is_raised(district):
    """20 points a month: the second payment's wait, shown at the desk; refunded meanwhile, they are what its rest deserves."""
    programme = district.points(monthly=20)
    hanako, shop = district.consumer(5_000), district.shop()
    hanako.pays(shop, 1_500)
    late = hanako.pays(shop, 1_000)
    district.gives_points()
    seen = district.programme(programme)
    assert (hanako.pending_points(), seen.budget.most, seen.budget.used, seen.budget.left) == (15, 20, 15, 5)
    assert [(each.transaction_id, each.code, each.tries) for each in seen.skipped] == [(late.transaction_id, "budget_used_up", 0)]

    shop.refunds(late.transaction_id, 400)
    district.clock.now += timedelta(minutes=11)
    district.gives_points()
    assert [each.tries for each in district.programme(programme).skipped] == [1]
    _more_a_month(district, programme, 40)
    district.gives_points()
    assert hanako.pending_points() == 15  # its time has not come again
    district.clock.now += timedelta(minutes=21)
    district.gives_points()
    district.gives_points()
    seen = district.programme(programme)
    assert (hanako.pending_points(), seen.skipped, seen.budget.most, seen.budget.used) == (21, (), 40, 21)
    _is_whole(district, seen)


def test_what_waits_is_booked_by_hand_or_left_with_a_reason(district):
    """Pressed at once instead of waiting; and what nobody will give is gone from the page, with why in the records."""
    programme = district.points(monthly=1)
    hanako, shop = district.consumer(5_000), district.shop()
    first, second = hanako.pays(shop, 200), hanako.pays(shop, 300)
    district.gives_points()
    clerk = district.clerk().signs_in_again().who
    assert association.commands.book_skipped(district.session, clerk, now=district.now) == 0
    association.commands.leave_skipped(district.session, clerk, first.transaction_id, note="試しの支払い", now=district.now)
    with pytest.raises(NotSkipped):
        association.commands.leave_skipped(district.session, clerk, first.transaction_id, note="試しの支払い", now=district.now)
    with pytest.raises(Forbidden):
        association.commands.book_skipped(district.session, district.approver().signs_in_again().who, now=district.now)
    _more_a_month(district, programme, 10)
    assert association.commands.book_skipped(district.session, district.clerk().signs_in_again().who, now=district.now) == 1
    assert (hanako.pending_points(), district.programme(programme).skipped) == (3, ())
    assert second.transaction_id > first.transaction_id


def test_a_limit_of_approval_looks_at_what_a_programme_may_give_in_all(district):
    """Twelve months of its budget where it has no end: above the limit an administrator decides."""
    limits = association.queries.Limits(approver_max=1_200_000, passkey_above=None)
    administrator = district.another_clerk("administrator", nickname="藤代").who
    association.commands.set_approval_limits(district.session, administrator, limits, now=district.now)
    over = district.proposed_points(monthly=100_001)
    terms = association.queries.one_programme(district.session, district.district_id, over)
    with pytest.raises(ApprovalTooLarge):
        district.approver().signs_in_again().approves(terms.proposal_id)
    district.approver().signs_in_again().declines(terms.proposal_id)
    district.points(monthly=100_000)


def test_what_is_left_at_the_end_goes_back_to_the_payers(district, demo_engine):
    """Of a lot that has ended: usable and pending points expire, and the payers get back what they bore of them."""
    programme = district.points(shares=(Share("association", 50), Share("funder", 50, "灯ノ沢町")), months=1)
    terms = association.queries.one_programme(district.session, district.district_id, programme)
    hanako, month = district.consumer(), lot_last_day(tokyo_day(district.now), 0).replace(day=1) - timedelta(days=100)
    with atomic(district.session):
        make_lot(district.session, district.district_id, terms, month.replace(day=1), now=district.now)
    lot = association.queries.lots(district.session, district.district_id)[0]
    at = day_bounds(lot.month)[0]
    payers = [part.account_id for part in terms.parts]
    with Session(demo_engine) as session, atomic(session):
        pending, purse = (
            book.open_account(session, district.district_id, role, hanako.person_id, lot.series_id)
            for role in ("point_pending", "consumer")
        )
        lines = (book.Line(payers[0], 20), book.Line(payers[1], 21), book.Line(pending, -41))
        facts = {"paid_on": lot.month.isoformat()}
        book.post(session, district.district_id, book.Draft("point_earn", uuid4(), bytes(32), lines, facts, posted_at=at))
        book.post(
            session, district.district_id, book.Draft("point_release", uuid4(), bytes(32), book.transfer(pending, purse, 30), posted_at=at)
        )
    district.gives_points()
    association.commands.expire(district.session, now=district.now)
    district.gives_points()
    district.gives_points()
    seen = district.programme(programme)
    assert (seen.total("expired"), seen.total("outstanding"), [each.owed for each in seen.payers]) == (41, 0, [0, 0])
    _is_whole(district, seen)


ACTIONS = st.lists(
    st.one_of(
        st.tuples(st.just("pays"), st.integers(0, 1), st.integers(1, 3_000)),
        st.tuples(st.just("refunds"), st.integers(0, 9), st.integers(1, 3_000)),
        st.tuples(st.just("days"), st.integers(1, 9), st.just(0)),
        st.tuples(st.just("works"), st.just(0), st.just(0)),
        st.tuples(st.just("forgets"), st.just(0), st.just(0)),
    ),
    min_size=3,
    max_size=12,
)


@settings(
    max_examples=5,
    deadline=None,
    phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(actions=ACTIONS)
def test_no_order_of_events_makes_points_out_of_nothing(district, actions):
    """Payments, refunds, days that pass and a worker that forgets how far it was, in any order: in the end each payment has earned what
    is left of it deserves, but for what was spent before it was taken back."""
    programme = _living(district)
    people, shop = [district.consumer(20_000), district.consumer(20_000)], district.shop()
    before = district.programme(programme)
    payments, began, days = [], datetime.now(UTC), 0
    for action, which, amount in [*actions, ("works", 0, 0)]:
        if action == "pays":
            paid = people[which].pays(shop, amount)
            payments.append([paid.transaction_id, amount])
        elif action == "refunds" and payments:
            one = payments[which % len(payments)]
            back = min(amount, one[1])
            if back:
                shop.refunds(one[0], back)
                one[1] -= back
        elif action == "days":
            days += which
            district.is_days_after(began, days)
        elif action == "forgets":
            with atomic(district.session) as session:
                session.execute(update(PointCursor).where(PointCursor.district_id == district.district_id).values(place=0))
        elif action == "works":
            district.gives_points()
    district.gives_points()
    after = district.programme(programme)
    deserved = sum(Rate(100, 1, Rounding.down).earned(_coin_left(district, number)) for number, _left in payments)
    net = after.total("given") - after.total("taken_back") - before.total("given") + before.total("taken_back")
    assert net == deserved + after.shortfall - before.shortfall
    assert all(one.points() >= 0 and one.pending_points() >= 0 for one in people)
    assert not any(each.difference for each in after.months)
    assert district.difference() == 0


def _living(district):
    running = [each for each in association.queries.begun_programmes(district.session, district.district_id) if each.ended_at is None]
    return running[0].id if running else district.points()


def _coin_left(district, transaction_id):
    """What of a payment was not paid in points and has not gone back, in yen."""
    paid = ledger.queries.transaction(district.session, district.district_id, transaction_id)
    every = [paid, *(ledger.queries.transaction(district.session, district.district_id, number) for number in paid.refunds)]
    known = {one.id: one for one in ledger.queries.series(district.session, district.district_id)}
    lines = [line for each in every for line in each.lines if line.role in ("consumer", "suspense")]
    return sum(line.amount for line in lines if not known[line.series_id].is_points)


def _stopped(district, consumer, state):
    with atomic(district.session):
        book.set_owner_state(district.session, district.district_id, "consumer", consumer.person_id, state)


def _is_whole(district, seen):
    assert not any(each.difference for each in seen.months)
    assert district.difference() == 0
    assert list(verify(district.session, lambda _: None, district_id=district.district_id)) == []
