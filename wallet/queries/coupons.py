"""クーポン of one consumer: what they hold, what they can claim, and what stands in the way."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy.orm import Session

import association.queries
import ledger.queries
from association.queries import CouponTerms
from base.clock import tokyo_day
from identity.queries import Principal
from ledger.queries import Balance
from wallet.queries.purses import reader
from wallet.rules import Obstacle, Offer, best_offer, obstacle

SHOWN_AFTER = timedelta(days=7)
"""How long a coupon that is over stays on the page of whoever has claimed it, with the reason."""

CouponChoice = int | Literal["best"] | None
"""Which coupon a payment uses: one by its number, the best that applies, or none."""


@dataclass(frozen=True, slots=True)
class HeldCoupon:
    """A coupon in somebody's wallet, as it stands at one shop."""

    terms: CouponTerms
    offer: Offer


def held_coupons(session: Session, district_id: int, held: Sequence[Balance], merchant_id: int) -> list[HeldCoupon]:
    """The coupons among the balances. Without any, nothing is asked of the database: paying must not get slower."""
    mine = {one.series.id: one for one in held if one.series.unit == "piece" and one.balance > 0}
    if not mine:
        return []
    terms = association.queries.coupon_terms(session, district_id, list(mine))
    return [HeldCoupon(each, _offer(each, mine[each.id], each.is_for(merchant_id))) for each in terms]


def chosen_coupon(held: Iterable[HeldCoupon], choice: CouponChoice, bill: int, *, now: datetime) -> HeldCoupon | None:
    """The coupon that the choice comes to; None also where the one that was named does not apply."""
    by_id = {one.offer.coupon_id: one for one in held}
    if choice == "best":
        best = best_offer((one.offer for one in by_id.values()), bill, now=now)
        return None if best is None else by_id[best.coupon_id]
    named = None if choice is None else by_id.get(choice)
    return named if named is not None and obstacle(named.offer, bill, now=now) is None else None


@dataclass(frozen=True, slots=True)
class MyCoupon:
    """A coupon on the page. `held`: pieces in the wallet; `claimable`: how many more this person may claim now;
    `left`: pieces that are left for everybody. `reason`: why it cannot be used or claimed, None where it can."""

    terms: CouponTerms
    held: int
    claimable: int
    left: int
    reason: str | None


@dataclass(frozen=True, slots=True)
class MyCoupons:
    """クーポン: what can be used now, what can be claimed, and the rest with its reason."""

    usable: tuple[MyCoupon, ...]
    claimable: tuple[MyCoupon, ...]
    others: tuple[MyCoupon, ...]


def my_coupons(session: Session, who: Principal, *, now: datetime) -> MyCoupons:
    """Everything for the page; what ends first stands first."""
    person_id = reader(session, who)
    offered = association.queries.offered_coupons(session, who.district_id, since=tokyo_day(now - SHOWN_AFTER))
    if not offered:
        return MyCoupons((), (), ())
    held = {one.series.id: one.available for one in ledger.queries.balances(session, who.district_id, "consumer", person_id)}
    claims = ledger.queries.entries_of_kind(session, who.district_id, "consumer", person_id, "coupon_claim")
    mine = [_mine(each.terms, each.left, held.get(each.terms.id, 0), claims.get(each.terms.id, 0), now) for each in offered]
    return MyCoupons(
        usable=tuple(one for one in mine if one.held and one.reason is None),
        claimable=tuple(one for one in mine if not one.held and one.reason is None),
        others=tuple(one for one in mine if one.reason is not None and _is_worth_telling(one, claims, now)),
    )


def _mine(terms: CouponTerms, left: int, held: int, claims: int, now: datetime) -> MyCoupon:
    running = terms.ended_at is None and terms.begins <= now < terms.ends
    claimable = min(terms.per_person - claims, left) if running else 0
    return MyCoupon(terms, held, claimable, left, _reason(terms, left, held, claims, now))


def _reason(terms: CouponTerms, left: int, held: int, claims: int, now: datetime) -> str | None:
    reasons = (
        ("stopped", terms.ended_at is not None),
        ("over", now >= terms.ends),
        ("not_yet", now < terms.begins),
        ("used_up", not held and claims >= terms.per_person),
        ("sold_out", not held and not left),
    )
    return next((reason for reason, holds in reasons if holds), None)


def _is_worth_telling(one: MyCoupon, claims: dict[int, int], now: datetime) -> bool:
    """What is over or was ended matters only to whoever has claimed it."""
    return one.reason not in ("over", "stopped") or one.terms.id in claims


def _offer(terms: CouponTerms, balance: Balance, is_for_shop: bool) -> Offer:
    return Offer(
        coupon_id=terms.id,
        account_id=balance.account_id,
        amount_off=terms.amount_off,
        min_spend=terms.min_spend,
        begins=terms.begins,
        ends=terms.ends,
        pieces=balance.available if balance.state == "open" else 0,
        is_for_shop=is_for_shop,
        is_stopped=terms.ended_at is not None,
    )


__all__ = ["CouponChoice", "HeldCoupon", "MyCoupon", "MyCoupons", "Obstacle", "chosen_coupon", "held_coupons", "my_coupons"]
