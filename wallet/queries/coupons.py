"""クーポン of one consumer: what they hold, what they can claim, and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Literal

from sqlalchemy.orm import Session

import association.queries
import ledger.queries
from association.errors import CouponUnknown
from association.queries import CouponTerms, Visit
from base.clock import tokyo_day, tokyo_minute
from identity.queries import Principal
from ledger.queries import Balance
from wallet.errors import CouponNotNow, CouponNoVisit, CouponsApart, CouponUnusable, CouponVisited
from wallet.queries.purses import reader
from wallet.rules import Obstacle, Offer, best_offers, go_together, obstacle

SHOWN_AFTER = timedelta(days=7)
"""How long a coupon that is over stays on the page of whoever has claimed it, with the reason."""

CouponChoice = int | tuple[int, ...] | Literal["best"] | None
"""Which coupons a payment uses: those of these numbers, the best that apply, or none."""


@dataclass(frozen=True, slots=True)
class HeldCoupon:
    """A coupon in somebody's wallet, as it stands beside one bill at one shop."""

    terms: CouponTerms
    offer: Offer


def held_coupons(
    session: Session,
    district_id: int,
    person_id: int,
    held: Sequence[Balance],
    merchant_id: int,
    bill: int,
    *,
    choice: CouponChoice = "best",
    now: datetime,
) -> list[HeldCoupon]:
    """The coupons among the balances, as far as the choice may come to them. Without any, nothing is asked of the database: paying
    must not get slower. Where one has a condition about earlier payments, the book is asked once."""
    mine = {one.series.id: one for one in held if one.series.unit == "piece" and one.balance > 0}
    wanted = [one for one in mine if choice == "best" or one in named_coupons(choice)]
    if not wanted:
        return []
    terms = as_received(session, district_id, person_id, association.queries.coupon_terms(session, district_id, wanted))
    asks = any(each.conditions.visit is not None and each.begins <= now < each.ends for each in terms)
    visits = ledger.queries.last_visits(session, district_id, person_id) if asks else {}
    return [HeldCoupon(each, _offer(each, mine[each.id], merchant_id, bill, visits, now)) for each in terms]


def as_received(session: Session, district_id: int, person_id: int, terms: Iterable[CouponTerms]) -> list[CouponTerms]:
    """The same coupons with this person's own last day, where it counts from the day of receipt: the book is asked only then."""
    terms = list(terms)
    days = [each.id for each in terms if each.valid_days is not None]
    at = ledger.queries.latest_of_kind(session, district_id, "consumer", person_id, "coupon_claim", days) if days else {}
    return [each.received(tokyo_day(at[each.id])) if each.id in at else each for each in terms]


def chosen_coupons(held: Iterable[HeldCoupon], choice: CouponChoice, bill: int, *, now: datetime) -> tuple[HeldCoupon, ...]:
    """The coupons that the choice comes to; none where one that was named does not apply, or they do not go together."""
    by_id = {one.offer.coupon_id: one for one in held}
    if choice == "best":
        return tuple(by_id[offer.coupon_id] for offer in best_offers((one.offer for one in by_id.values()), bill, now=now))
    named = [by_id.get(each) for each in named_coupons(choice)]
    found = [one for one in named if one is not None and obstacle(one.offer, bill, now=now) is None]
    return tuple(found) if len(found) == len(named) and go_together([one.offer for one in found], bill) else ()


def named_coupons(choice: CouponChoice) -> tuple[int, ...]:
    """The numbers that a choice names."""
    assert choice != "best", choice
    return () if choice is None else (choice,) if isinstance(choice, int) else choice


def refusal_of(held: Iterable[HeldCoupon], choice: CouponChoice, bill: int, *, now: datetime) -> CouponUnusable:
    """Why coupons that were named cannot be used, in its own words where there are some."""
    by_id = {one.offer.coupon_id: one.offer for one in held}
    named = [by_id[each] for each in named_coupons(choice) if each in by_id]
    for offer in named:
        why = obstacle(offer, bill, now=now)
        if why in REFUSALS:
            return REFUSALS[why]()
        if why is not None:
            return CouponUnusable()
    return CouponUnusable() if len(named) < len(named_coupons(choice)) else CouponsApart()


REFUSALS = {Obstacle.hours: CouponNotNow, Obstacle.visited: CouponVisited, Obstacle.no_visit: CouponNoVisit}


@dataclass(frozen=True, slots=True)
class MyCoupon:
    """A coupon on the page. `held`: pieces in the wallet; `claimable`: how many more this person may claim now;
    `left`: pieces that are left for everybody. `reason`: why it cannot be used or claimed, None where it can."""

    terms: CouponTerms
    held: int
    claimable: int
    left: int
    reason: str | None
    now: bool = True
    """Whether weekday and hour are its own at this moment."""


@dataclass(frozen=True, slots=True)
class MyCoupons:
    """クーポン: what can be used now, what can be claimed, and the rest with its reason."""

    usable: tuple[MyCoupon, ...]
    claimable: tuple[MyCoupon, ...]
    others: tuple[MyCoupon, ...]


def my_coupons(session: Session, who: Principal, *, now: datetime) -> MyCoupons:
    """Everything for the page; what ends first stands first. What comes by poster or receipt is shown to whoever has claimed it."""
    person_id = reader(session, who)
    offered = association.queries.offered_coupons(session, who.district_id, since=tokyo_day(now - SHOWN_AFTER))
    if not offered:
        return MyCoupons((), (), ())
    held = {one.series.id: one.available for one in ledger.queries.balances(session, who.district_id, "consumer", person_id)}
    claims = ledger.queries.entries_of_kind(session, who.district_id, "consumer", person_id, "coupon_claim")
    asks = any(each.terms.conditions.asks_the_book for each in offered)
    visits = ledger.queries.last_visits(session, who.district_id, person_id) if asks else {}
    mine = []
    received = as_received(session, who.district_id, person_id, [each.terms for each in offered])
    for each, terms in zip(offered, received, strict=True):
        has = held.get(terms.id, 0)
        if terms.way != "open" and terms.id not in claims:
            continue
        conditions = association.queries.with_trade(session, who.district_id, terms.conditions)
        if not has and not association.queries.coupon_is_for(session, who.district_id, conditions, person_id, visits, tokyo_day(now)):
            continue
        mine.append(_mine(terms, each.left, has, claims.get(terms.id, 0), conditions.has_come(visits, tokyo_day(now)), now))
    return MyCoupons(
        usable=tuple(one for one in mine if one.held and one.reason is None),
        claimable=tuple(one for one in mine if not one.held and one.reason is None),
        others=tuple(one for one in mine if one.reason is not None and _is_worth_telling(one, claims, now)),
    )


@dataclass(frozen=True, slots=True)
class Offered:
    """A coupon that a poster or a payment leads to. `state`: open, held (as many as one may), over, gone, or not_yet."""

    terms: CouponTerms
    state: str
    left: int


def coupon_of_poster(session: Session, who: Principal, code: str, *, now: datetime) -> Offered:
    """What the poster's link shows. Raises CouponUnknown."""
    person_id = reader(session, who)
    terms = association.queries.coupon_by_code(session, who.district_id, code)
    return _offered(session, who.district_id, person_id, terms, now)


def extras_of(session: Session, who: Principal, transaction_id: int, *, now: datetime) -> list[Offered]:
    """What a payment of the asking consumer brings beside it: read behind the payment, taken by a press of its own."""
    person_id = reader(session, who)
    shop = association.queries.own_payment(session, who.district_id, person_id, transaction_id, now=now)
    if shop is None:
        return []
    found = association.queries.extras(session, who.district_id, shop, now=now)
    return [_offered(session, who.district_id, person_id, each.terms, now) for each in found]


def _offered(session: Session, district_id: int, person_id: int, terms: CouponTerms, now: datetime) -> Offered:
    was_stocked, is_left = ledger.queries.stock(session, district_id, terms.id)
    if not was_stocked:
        raise CouponUnknown
    claims = ledger.queries.entries_of_kind(session, district_id, "consumer", person_id, "coupon_claim", series_id=terms.id)
    states = (
        ("over", terms.ended_at is not None or now >= terms.ends),
        ("not_yet", now < terms.begins),
        ("held", claims.get(terms.id, 0) >= terms.per_person),
        ("gone", not is_left),
    )
    return Offered(terms, next((state for state, holds in states if holds), "open"), int(is_left))


def _mine(terms: CouponTerms, left: int, held: int, claims: int, has_come: bool, now: datetime) -> MyCoupon:
    running = terms.ended_at is None and terms.begins <= now < terms.ends and has_come and terms.way == "open"
    claimable = max(min(terms.per_person - claims, left), 0) if running else 0
    reason = _reason(terms, left, held, claims, has_come, now)
    return MyCoupon(terms, held, claimable, left, reason, terms.conditions.is_open(tokyo_day(now), tokyo_minute(now)))


def _reason(terms: CouponTerms, left: int, held: int, claims: int, has_come: bool, now: datetime) -> str | None:
    reasons = (
        ("stopped", terms.ended_at is not None),
        ("over", now >= terms.ends),
        ("not_yet", now < terms.begins),
        ("used_up", not held and claims >= terms.per_person),
        ("sold_out", not held and not left),
        (terms.way, not held and terms.way != "open"),  # another piece comes by the poster or a payment, not by a press here
        ("no_visit", not held and not has_come),
    )
    return next((reason for reason, holds in reasons if holds), None)


def _is_worth_telling(one: MyCoupon, claims: dict[int, int], now: datetime) -> bool:
    """What is over or was ended matters only to whoever has claimed it."""
    return one.reason not in ("over", "stopped") or one.terms.id in claims


def _offer(terms: CouponTerms, balance: Balance, merchant_id: int, bill: int, visits: Mapping[int, date], now: datetime) -> Offer:
    conditions, day = terms.conditions, tokyo_day(now)
    return Offer(
        coupon_id=terms.id,
        account_id=balance.account_id,
        amount_off=conditions.discount(bill),
        min_spend=terms.min_spend,
        begins=terms.begins,
        ends=terms.ends,
        pieces=balance.available if balance.state == "open" else 0,
        is_for_shop=conditions.is_for(merchant_id),
        is_stopped=terms.ended_at is not None,
        is_in_hours=conditions.is_open(day, tokyo_minute(now)),
        is_visited=conditions.is_visited(merchant_id, visits, day),
        for_first=conditions.visit == Visit.first,
        together=terms.together,
    )


__all__ = [
    "CouponChoice",
    "HeldCoupon",
    "MyCoupon",
    "MyCoupons",
    "Obstacle",
    "Offered",
    "as_received",
    "chosen_coupons",
    "coupon_of_poster",
    "extras_of",
    "held_coupons",
    "my_coupons",
    "named_coupons",
    "refusal_of",
]
