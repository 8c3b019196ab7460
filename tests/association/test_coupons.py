"""クーポン: who makes one, who gets one, what it costs whom. From the desk to the book, through the product's own doors."""

from __future__ import annotations

from datetime import date, timedelta
from uuid import uuid4

import pytest

import association.commands
import association.queries
import ledger.queries
from association.commands import FunderPays, Share
from association.errors import (
    CouponEnded,
    CouponLimit,
    CouponNotRunning,
    CouponNotYet,
    CouponOver,
    CouponSoldOut,
    CouponUnknown,
    CouponWrong,
    FunderOverpaid,
)
from base.clock import tokyo_day
from base.errors import Forbidden
from ledger.commands import Posted
from ledger.errors import KeyReused, SameHands
from ledger.verify import verify
from tests.town import ANY_KEY

TOWN_PAYS_HALF = (Share("association", 30), Share("funder", 50, "灯ノ沢町"), Share("shop", 20))


def test_a_coupon_lives_once_a_second_person_has_approved_it(district):
    """Proposed, nobody can claim it; its maker cannot approve it; approved, it is in the wallet."""
    hanako = district.consumer()
    coupon = district.proposed_coupon()
    assert district.coupon_row(coupon).state == "waiting"
    with pytest.raises(CouponUnknown):
        hanako.claims(coupon)
    assert hanako.coupons().claimable == ()
    both = district.another_clerk("issuer", "approver")
    own = association.commands.propose_coupon(district.session, both.who, district.coupon_terms(), key=uuid4(), now=district.now)
    with pytest.raises(SameHands):
        association.commands.approve(district.session, both.who, district.proposal_of(own), now=district.now)
    association.commands.approve(district.session, district.approver().who, district.proposal_of(coupon), now=district.now)
    assert [one.terms.id for one in hanako.coupons().claimable] == [coupon]
    hanako.claims(coupon)
    assert ([one.terms.id for one in hanako.coupons().usable], hanako.pieces(coupon)) == ([coupon], 1)


def test_a_declined_coupon_is_gone(district):
    """Sent back, nobody ever sees it."""
    coupon = district.proposed_coupon()
    association.commands.decline(district.session, district.approver().who, district.proposal_of(coupon), reason="予算", now=district.now)
    assert district.coupon_row(coupon).state == "declined"
    with pytest.raises(CouponUnknown):
        district.consumer().claims(coupon)


def test_proposing_twice_proposes_once(district):
    """A second press of the same form gives the first answer; another coupon under its key is refused."""
    first = district.proposed_coupon(key=ANY_KEY)
    assert district.proposed_coupon(key=ANY_KEY) == first
    with pytest.raises(KeyReused):
        district.proposed_coupon(300, key=ANY_KEY)


@pytest.mark.parametrize(
    "changes",
    [
        {"shares": (Share("association", 99),)},
        {"shares": (Share("association", 50), Share("association", 50))},
        {"shares": (Share("funder", 100),)},
        {"min_spend": 200},
        {"per_person": 101},
        {"shops": ()},
        {"shops": (10**9,)},
        {"lands_in": 10**9},
        {"first_day": date(2999, 1, 1)},
    ],
    ids=[
        "99 %",
        "one payer twice",
        "a funder without a name",
        "nothing is left to pay",
        "more than there is",
        "no shop",
        "strange",
        "coin",
        "days the wrong way round",
    ],
)
def test_a_coupon_makes_sense(district, changes):
    """What contradicts itself is refused at the door, whatever page it came from."""
    with pytest.raises(CouponWrong):
        district.proposed_coupon(**changes)


def test_nobody_gets_more_than_the_limit_even_after_using_them(district):
    """Two a person: used ones count."""
    hanako, bakery, coupon = district.consumer(coins=5_000), district.shop(), district.coupon(per_person=2)
    hanako.claims(coupon)
    hanako.pays(bakery, 1_000, coupon=coupon)
    hanako.claims(coupon)
    with pytest.raises(CouponLimit) as refusal:
        hanako.claims(coupon)
    assert (refusal.value.facts, hanako.pieces(coupon)) == ({"limit": 2}, 1)


def test_a_second_tap_claims_one(district):
    """The same key gives the same piece again."""
    hanako, coupon = district.consumer(), district.coupon(per_person=5)
    assert hanako.claims(coupon, key=ANY_KEY).transaction_id == hanako.claims(coupon, key=ANY_KEY).transaction_id
    assert hanako.pieces(coupon) == 1


def test_days_are_tokyos(district):
    """Before its first day and after its last nobody claims it."""
    today = tokyo_day(district.now)
    later = district.coupon(first_day=today + timedelta(days=1))
    with pytest.raises(CouponNotYet):
        district.consumer().claims(later)
    over, hanako = district.coupon(last_day=today), district.consumer()
    district.clock.advance(days=1)
    with pytest.raises(CouponOver):
        hanako.claims(over)


def test_sixty_hands_for_twenty_pieces(district):
    """At once, twenty get one, the others are told that none is left, and that is true."""
    coupon = district.coupon(pieces=20, per_person=1)
    crowd = [district.consumer(nickname=f"客{number}") for number in range(60)]
    answers = district.at_once([lambda one=one: one.claims(coupon) for one in crowd])
    given = [one for one in answers if isinstance(one, Posted)]
    assert (len(given), {type(one) for one in answers} - {Posted}) == (20, {CouponSoldOut})
    where = ledger.queries.pieces(district.session, district.district_id)[coupon]
    assert (where.stock, where.held, where.claimed) == (0, 20, 20)


def test_nobody_is_told_sold_out_while_a_piece_is_left(district):
    """As many hands as pieces: everybody gets one, from whatever shard."""
    coupon = district.coupon(pieces=40, per_person=1)
    crowd = [district.consumer(nickname=f"客{number}") for number in range(40)]
    assert all(isinstance(one, Posted) for one in district.at_once([lambda one=one: one.claims(coupon) for one in crowd]))


def test_one_person_at_once_gets_no_more_than_the_limit(district):
    """Six tabs of one person, two a person."""
    hanako, coupon = district.consumer(), district.coupon(per_person=2)
    answers = district.at_once([lambda: hanako.claims(coupon) for _ in range(6)])
    assert (sum(isinstance(one, Posted) for one in answers), hanako.pieces(coupon)) == (2, 2)


def test_coupons_do_not_cross_districts(district, other_district):
    """A coupon of the next town is unknown here."""
    coupon = other_district.coupon()
    with pytest.raises(CouponUnknown):
        district.consumer().claims(coupon)


def test_ended_early_it_is_over_for_everybody(district):
    """Nobody claims it, whoever holds one cannot use it, and the desk says so. It is for good."""
    hanako, bakery, coupon = district.consumer(coins=5_000), district.shop(), district.coupon()
    hanako.claims(coupon)
    with pytest.raises(Forbidden):
        association.commands.end_coupon(district.session, district.clerk().who, coupon, reason="予算", now=district.now)
    district.ends_coupon(coupon)
    district.ends_coupon(coupon)  # again is harmless
    with pytest.raises(CouponEnded):
        district.consumer().claims(coupon)
    assert (hanako.plans(bakery, 1_000).coupon, district.coupon_row(coupon).state) == (None, "ended")
    assert [(one.reason, one.held) for one in hanako.coupons().others] == [("stopped", 1)]
    with pytest.raises(CouponNotRunning):
        district.ends_coupon(district.proposed_coupon())


def test_what_it_cost_whom_stands_in_the_book(district):
    """Of 155 yen the shop bears 31 (rounded down), the town and the association the rest by 50 and 30, the odd yen to the first named."""
    hanako, bakery = district.consumer(coins=5_000), district.shop()
    coupon = district.coupon(155, shares=TOWN_PAYS_HALF, per_person=2)
    for _ in range(2):
        hanako.claims(coupon)
        hanako.pays(bakery, 1_000, coupon=coupon)
    row = district.coupon_row(coupon)
    assert [(each.part.payer, each.part.funder, each.cost) for each in row.costs] == [
        ("association", None, 94),
        ("funder", "灯ノ沢町", 154),
        ("shop", None, 62),
    ]
    assert (row.cost, row.pieces.used, row.pieces.held, row.pieces.stock) == (310, 2, 0, 98)
    assert (hanako.coins(), bakery.taken(), district.difference()) == (5_000 - 2 * 845, 2 * (1_000 - 31), 0)
    assert not list(verify(district.session, lambda _: None, district_id=district.district_id))


def test_the_towns_money_arrives(district):
    """What the funder owes is paid into the bank, never more than that, and once a key."""
    hanako, bakery = district.consumer(coins=5_000), district.shop()
    coupon = district.coupon(155, shares=TOWN_PAYS_HALF)
    hanako.claims(coupon)
    hanako.pays(bakery, 1_000, coupon=coupon)
    place = next(each.part.place for each in district.coupon_row(coupon).costs if each.part.payer == "funder")

    def arrives(amount, key):
        order = FunderPays(coupon, place, amount, "bank", key)
        return association.commands.funder_pays(district.session, district.clerk().who, order, now=district.now)

    assert arrives(50, ANY_KEY).transaction_id == arrives(50, ANY_KEY).transaction_id
    town = district.coupon_row(coupon).costs[place - 1]
    assert (town.cost, town.paid, town.owed) == (77, 50, 27)
    with pytest.raises(FunderOverpaid) as refusal:
        arrives(28, uuid4())
    assert refusal.value.facts == {"owed": 27}
