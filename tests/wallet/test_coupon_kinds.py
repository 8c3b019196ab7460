"""Coupons beyond an amount off: percent, hours, first visit, come-back, pairs, two on one bill, posters and receipts."""

from __future__ import annotations

import contextlib
import re
from dataclasses import replace
from datetime import timedelta
from uuid import uuid4

import pytest

import association.commands
import association.queries
import wallet.commands
import wallet.queries
from association.commands import Share
from association.errors import (
    CouponLimit,
    CouponNeedsLink,
    CouponNeedsPayment,
    CouponNeedsVisit,
    CouponNotForYou,
    CouponUnknown,
    CouponWrong,
    SegmentSmall,
)
from base.clock import TOKYO, tokyo_day
from base.errors import TooMany
from identity.queries import wrong_tries
from wallet.commands import ClaimByPoster, ClaimExtra
from wallet.errors import CouponNotNow, CouponNoVisit, CouponsApart, CouponUnusable, CouponVisited
from wallet.queries import ConsentView


def test_ten_percent_up_to_three_hundred(district):
    """Of 1,299 ten percent are 129; of 9,000 the cap is 300. Town and shop share the yen, and what is worst is pieces × cap."""
    hanako, bakery = district.consumer(coins=10_000), district.shop()
    coupon = district.coupon(300, percent=10, min_spend=100, per_person=3, shares=(Share("funder", 70, "灯ノ沢町"), Share("shop", 30)))
    hanako.claims(coupon)
    hanako.claims(coupon)
    small = hanako.pays(bakery, 1_299, coupon=coupon)
    assert (small.amount, small.discount, bakery.taken()) == (1_170, 129, 1_299 - 38)
    till = district.till()
    asked = till.scans(hanako.shows_code().text, 7_000)
    assert isinstance(asked, ConsentView)
    assert (asked.discount, hanako.consents().discount) == (300, 300)
    assert [part.cost for part in district.coupon_row(coupon).costs] == [91 + 210, 38 + 90]
    bakery.refunds(small.transaction_id, 585)
    assert [part.cost for part in district.coupon_row(coupon).costs] == [45 + 210, 19 + 90]
    assert district.difference() == 0


def test_weekday_and_hour_are_the_postings(district):
    """On another weekday or outside its hours it is refused with its own words, and the plan says why."""
    hanako, bakery = district.consumer(coins=5_000), district.shop()
    local = district.now.astimezone(TOKYO)
    minute = local.hour * 60 + local.minute
    today = 1 << local.weekday()
    other = district.coupon(weekdays=127 - today)
    later = district.coupon(**({"from_minute": minute + 1} if minute < 720 else {"until_minute": minute}))
    good = district.coupon(100, weekdays=today, from_minute=max(minute - 5, 0), until_minute=min(minute + 5, 1440))
    for coupon in (other, later, good):
        hanako.claims(coupon)
    plan = hanako.plans(bakery, 1_000)
    assert (plan.coupon.id, {one.terms.id: one.obstacle for one in plan.coupons if one.obstacle}) == (
        good,
        {other: "hours", later: "hours"},
    )
    with pytest.raises(CouponNotNow):
        hanako.pays(bakery, 1_000, coupon=other)
    assert hanako.pays(bakery, 1_000, coupon=good).discount == 100


def test_a_first_visit_a_come_back_and_a_pair(district):
    """What was paid before decides, under the wallet's lock; what was given back whole was no visit."""
    hanako = district.consumer(coins=20_000)
    bath, diner = district.shop("湯屋"), district.shop("食堂")
    first = district.coupon(visit="first", per_person=2)
    again = district.coupon(visit="again", within_days=7, per_person=5)
    pair = district.coupon(visit="pair", within_days=3, sources=(bath.id,), shops=(diner.id,), per_person=5)
    hanako.claims(first)
    for coupon in (again, pair):
        with pytest.raises(CouponNeedsVisit):
            hanako.claims(coupon)
    paid = hanako.pays(bath, 1_000, coupon=first)
    hanako.claims(first)
    hanako.claims(again)
    hanako.claims(pair)
    with pytest.raises(CouponVisited):
        hanako.pays(bath, 1_000, coupon=first)
    bath.refunds(paid.transaction_id, 800)
    with pytest.raises(CouponNoVisit):
        hanako.pays(diner, 1_000, coupon=pair)
    hanako.pays(bath, 1_000)
    with pytest.raises(CouponUnusable):
        hanako.pays(bath, 1_000, coupon=pair)
    assert hanako.pays(diner, 1_000, coupon=pair).discount == 200
    assert hanako.pays(bath, 1_000, coupon=again).discount == 200
    hanako.claims(pair)
    district.clock.advance(days=4)
    with pytest.raises(CouponNoVisit):
        hanako.pays(diner, 1_000, coupon=pair)
    with pytest.raises(CouponNeedsVisit):
        hanako.claims(pair)


def test_two_that_say_so_go_together(district):
    """Each from the whole bill, one piece of each; one that stands alone does not. A whole refund gives both back."""
    hanako, bakery = district.consumer(coins=10_000), district.shop()
    town = district.coupon(150, together=True, shares=(Share("funder", 100, "灯ノ沢町"),))
    tenth = district.coupon(500, percent=10, min_spend=500, together=True, shares=(Share("association", 50), Share("shop", 50)))
    alone = district.coupon(200)
    for coupon in (town, tenth, alone):
        hanako.claims(coupon)
    plan = hanako.plans(bakery, 1_005)
    assert (plan.chosen, plan.discount, plan.pays) == (f"{town},{tenth}", 250, 755)
    with pytest.raises(CouponsApart):
        hanako.pays(bakery, 1_005, coupon=(town, alone))
    with pytest.raises(CouponsApart):
        hanako.pays(bakery, 1_005, coupon=(town, town))
    paid = hanako.pays(bakery, 1_005, coupon=(town, tenth), shown=plan.shown)
    assert (paid.discount, [one.id for one in paid.coupons], bakery.taken()) == (250, sorted([town, tenth]), 955)
    costs = {coupon: [part.cost for part in district.coupon_row(coupon).costs] for coupon in (town, tenth)}
    assert costs == {town: [150], tenth: [50, 50]}
    bakery.refunds(paid.transaction_id, 100)
    bakery.refunds(paid.transaction_id, 655)
    assert (bakery.taken(), hanako.coins(), [hanako.pieces(one) for one in (town, tenth)]) == (0, 10_000, [1, 1])
    assert [district.coupon_row(one).cost for one in (town, tenth)] == [0, 0]
    till = district.till()
    asked = till.scans(hanako.shows_code().text, 4_000)
    assert (asked.discount, hanako.consents().discount, hanako.pieces(town), hanako.pieces(tenth)) == (550, 550, 0, 0)


def test_a_poster_and_a_receipt(district):
    """Without the link or the payment nobody gets one; a payment brings one piece, however often it is pressed."""
    hanako = district.consumer(coins=5_000)
    bath, diner = district.shop("湯屋"), district.shop("食堂")
    poster = district.coupon(way="poster")
    extra = district.coupon(way="receipt", visit="pair", within_days=3, sources=(bath.id,), shops=(diner.id,), per_person=9)
    assert hanako.coupons().claimable == ()
    with pytest.raises(CouponNeedsLink):
        hanako.claims(poster)
    code = district.coupon_row(poster).terms.link_code
    assert wallet.queries.coupon_of_poster(district.session, hanako.who, code, now=district.now).state == "open"
    wallet.commands.claim_by_poster(district.session, hanako.who, ClaimByPoster(code, uuid4()), now=district.now)

    def takes(payment: int, who=hanako):
        return wallet.commands.claim_extra(district.session, who.who, ClaimExtra(extra, payment), now=district.now)

    elsewhere, here = (hanako.pays(shop, 1_000).transaction_id for shop in (diner, bath))
    assert [one.terms.id for one in wallet.queries.extras_of(district.session, hanako.who, here, now=district.now)] == [extra]
    assert wallet.queries.extras_of(district.session, hanako.who, elsewhere, now=district.now) == []
    for payment, who in ((elsewhere, hanako), (here, district.consumer())):
        with pytest.raises(CouponNeedsPayment):
            takes(payment, who)
    assert takes(here).transaction_id == takes(here).transaction_id
    assert (hanako.pieces(extra), hanako.pieces(poster)) == (1, 1)
    hanako.pays(diner, 1_000, coupon=extra)
    left = hanako.coupons()
    assert left.claimable == () and [(one.terms.id, one.reason) for one in left.others] == [(extra, "receipt")], "no press here gives one"


def test_days_count_from_the_receipt(district):
    """Three days from the day on which 花子 took it, that day included, and never beyond the coupon's own last day; the page says her day.
    A refund after it gives no coupon back."""
    today = tokyo_day(district.now)
    coupon = district.coupon(valid_days=3, per_person=1, last_day=today + timedelta(days=4))
    hanako, taro, bakery = district.consumer(coins=5_000), district.consumer(nickname="太郎", coins=5_000), district.shop()
    jiro = district.consumer(nickname="次郎", coins=5_000)
    for one in (hanako, taro):
        one.claims(coupon)
    [mine] = hanako.coupons().usable
    assert (mine.terms.last_day, mine.claimable) == (today + timedelta(days=2), 0)
    assert jiro.coupons().claimable[0].terms.last_day == today + timedelta(days=4)
    district.clock.advance(days=2)
    paid = hanako.pays(bakery, 1_000, coupon=coupon)
    assert paid.discount == 200
    district.clock.advance(days=1)
    assert taro.coupons().usable == () and taro.coupons().others[0].reason == "over"
    with pytest.raises(CouponUnusable):
        taro.pays(bakery, 1_000, coupon=coupon)
    assert jiro.coupons().claimable != ()
    bakery.refunds(paid.transaction_id, paid.amount)
    assert (hanako.pieces(coupon), hanako.coins()) == (0, 5_000)
    with pytest.raises(CouponWrong):
        district.proposed_coupon(valid_days=3, per_person=2)


def test_a_coupon_for_small_shops_is_for_those_that_join_later(district):
    """Small shops, or a trade: a large one cannot take it, a shop that is registered afterwards can; its trade decides, too."""
    hanako = district.consumer(coins=10_000)
    large, small = district.shop("大型店"), district.shop("豆腐店")
    association.commands.classify_shop(district.session, district.clerk().who, large.id, size="large", now=district.now)
    for_small = district.coupon(shop_class="small", per_person=3)
    by_trade = district.coupon(100, shop_class="trades", trades=(small.place().trade,), per_person=3)
    hanako.claims(for_small)
    hanako.claims(by_trade)
    later = district.shop("あとから来た店")
    assert hanako.pays(later, 1_000, coupon=for_small).discount == 200
    hanako.claims(for_small)
    with pytest.raises(CouponUnusable):
        hanako.pays(large, 1_000, coupon=for_small)
    assert hanako.pays(later, 1_000, coupon=by_trade).discount == 100
    with pytest.raises(CouponWrong):
        district.proposed_coupon(shop_class="trades", trades=("ない業種",))
    with pytest.raises(CouponWrong):
        district.proposed_coupon(shop_class="small", shops=(small.id,))


def test_nobody_finds_a_poster_by_trying(district):
    """The code of a poster has 96 random bits; ten presses a minute, and each wrong one is there for the desk to see."""
    hanako = district.consumer()
    codes = [district.coupon_row(district.coupon(way="poster")).terms.link_code for _ in range(2)]
    assert all(re.fullmatch("[0-9a-f]{24}", code) for code in codes) and codes[0] != codes[1]

    def tries(code: str) -> None:
        wallet.commands.claim_by_poster(district.session, hanako.who, ClaimByPoster(code, uuid4()), now=district.now)

    for number in range(10):
        with pytest.raises(CouponUnknown):
            tries(f"{number:024x}")
    with pytest.raises(TooMany):
        tries(codes[0])
    with pytest.raises(TooMany):
        association.commands.take_part(district.session, hanako.who, codes[0], now=district.now)
    seen = wrong_tries(district.session, district.district_id, district.now - timedelta(hours=1), least=10)
    assert [(one.name, one.subject, one.count) for one in seen] == [("code", f"person:{hanako.person_id}", 10)]


def test_a_segment_is_a_condition_and_never_of_nine(district):
    """Nine have paid: nobody may make a coupon for them. With the tenth it is made, and only they can claim it."""
    bakery = district.shop()
    folk = [district.consumer(nickname=f"客{number}", coins=1_000) for number in range(10)]
    only = {"segment": "regular", "segment_days": 30, "segment_trade": "食堂"}
    for one in folk[:9]:
        one.pays(bakery, 100)
    with pytest.raises(SegmentSmall):
        district.proposed_coupon(**only)
    folk[9].pays(bakery, 100)
    coupon, stranger = district.coupon(**only), district.consumer()
    folk[0].claims(coupon)
    with pytest.raises(CouponNotForYou):
        stranger.claims(coupon)
    assert (stranger.coupons().claimable, len(folk[1].coupons().claimable)) == ((), 1)


def test_who_goes_to_the_bath_and_not_to_an_eatery_is_asked_to_one(district):
    """Ten go to the bath alone, one to both: only the ten can claim, the preview counts them, and nine would be too few."""
    new = replace(district.new_shop("外湯"), trade="温泉")
    applied = association.commands.register_shop(district.session, district.clerk().who, new, now=district.now)
    chair = district.approver().signs_in_again().who
    association.commands.approve_shop(district.session, chair, applied.id, admission_check="訪ねた", now=district.now)
    bath, eatery = district.as_shop(applied), district.shop("食事処")
    folk = [district.consumer(nickname=f"客{number}", coins=1_000) for number in range(10)]
    both = district.consumer(nickname="両方", coins=1_000)
    both.pays(eatery, 100)
    only = {"segment": "regular", "segment_days": 30, "segment_trade": "温泉", "segment_without": "食堂"}
    for one in (*folk[:9], both):
        one.pays(bath, 100)
    with pytest.raises(SegmentSmall):
        district.proposed_coupon(**only)
    folk[9].pays(bath, 100)
    coupon = district.coupon(**only)
    terms = district.coupon_row(coupon).terms.conditions
    who = district.approver().signs_in_again().who
    assert association.queries.likely_people(district.session, who, terms, now=district.now) == 10
    folk[0].claims(coupon)
    with pytest.raises(CouponNotForYou):
        both.claims(coupon)
    with pytest.raises(CouponWrong):
        district.proposed_coupon(**(only | {"segment_without": "温泉"}))


@pytest.mark.parametrize(
    "changes",
    [
        {"from_minute": 720, "until_minute": 660},
        {"weekdays": 0},
        {"percent": 100},
        {"percent": 10, "amount_off": 0},
        {"percent": 1, "min_spend": 99},
        {"visit": "pair", "within_days": 3},
        {"visit": "again"},
        {"segment": "regular"},
        {"way": "receipt"},
    ],
    ids=["hours reversed", "no day", "all off", "cap of zero", "nothing off", "pair of nobody", "no days", "no span", "receipt of nothing"],
)
def test_what_contradicts_itself_is_refused(district, changes):
    """Whatever page it came from."""
    with pytest.raises(CouponWrong):
        district.proposed_coupon(**changes)


def test_a_pair_is_of_two_shops(district):
    """A shop does not open a coupon at itself."""
    shop = district.shop()
    with pytest.raises(CouponWrong):
        district.proposed_coupon(visit="pair", within_days=3, sources=(shop.id,), shops=(shop.id,))


def test_the_rehearsal_is_what_the_doors_did(district):
    """Twelve people pay, claiming and using as they may; a week later the same payments rehearsed give the same pieces and yen."""
    day = tokyo_day(district.now)
    bath, diner = district.shop("湯屋"), district.shop("食堂")
    folk = [district.consumer(nickname=f"客{number}", coins=20_000) for number in range(12)]
    terms = {"percent": 10, "min_spend": 500, "per_person": 2, "pieces": 100, "visit": "pair", "within_days": 2, "sources": (bath.id,)}
    coupon = district.coupon(150, **terms, first_day=day, last_day=day)
    cost = pieces = 0
    for turn in range(4):
        for number, one in enumerate(folk):
            shop = bath if (turn + number) % 3 == 0 else diner
            bill = 400 + 130 * ((turn * 7 + number) % 9)
            with contextlib.suppress(CouponNeedsVisit, CouponLimit):
                one.claims(coupon)
            paid = one.pays(shop, bill, coupon=coupon if one.plans(shop, bill).used else None)
            pieces, cost = pieces + bool(paid.discount), cost + paid.discount
    conditions = district.coupon_row(coupon).terms.conditions
    district.clock.advance(days=1)
    later = day + timedelta(days=7)
    tried = association.queries.rehearsal(
        district.session, district.clerk().who, conditions, pieces=100, per_person=2, first=later, last=later, now=district.now
    )
    assert pieces
    assert (tried.pieces, tried.cost, tried.first, tried.people) == (pieces, cost, day, 10)
    live = association.queries.coupon_live(district.session, district.clerk().who, coupon, now=district.now)
    assert [(row.pieces, row.cost) for row in live.shops] == [(pieces, cost)]
