"""A coupon is handed out, piece by piece, to whom its conditions say."""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
from association.errors import (
    CouponEnded,
    CouponLimit,
    CouponNeedsLink,
    CouponNeedsPayment,
    CouponNeedsVisit,
    CouponNotForYou,
    CouponNotYet,
    CouponOver,
    CouponSoldOut,
    CouponUnknown,
)
from association.queries.coupons import CouponTerms, coupon_terms, own_payment, with_trade
from association.queries.segments import coupon_is_for
from base.clock import tokyo_day
from ledger.commands import Draft, Posted


def must_be_left(session: Session, district_id: int, coupon_id: int) -> None:
    """Raises CouponSoldOut where nothing is left of a coupon. For the crowd that comes too late: one look, no lock."""
    was_stocked, is_left = read.stock(session, district_id, coupon_id)
    if was_stocked and not is_left:
        raise CouponSoldOut


@dataclass(frozen=True, slots=True)
class Ticket:
    """By what somebody claims a coupon that does not stand in every wallet: a poster's link, or a payment of theirs."""

    code: str | None = None
    payment: int | None = None


def hand_out(
    session: Session,
    district_id: int,
    person_id: int,
    coupon_id: int,
    *,
    key: UUID,
    content: bytes,
    ticket: Ticket = Ticket(),
    now: datetime,
) -> Posted:
    """Give one piece to a person, inside the caller's transaction and under the wallet's lock.

    Raises CouponUnknown, CouponEnded, CouponNotYet, CouponOver, CouponNeedsLink, CouponNeedsPayment, CouponLimit, CouponNotForYou,
    CouponNeedsVisit, CouponSoldOut.
    """
    found = coupon_terms(session, district_id, [coupon_id])
    if not found or not is_approved(session, district_id, coupon_id):
        raise CouponUnknown
    [coupon] = found
    if coupon.ended_at is not None:
        raise CouponEnded
    if tokyo_day(now) < coupon.first_day:
        raise CouponNotYet(day=coupon.first_day)
    if tokyo_day(now) > coupon.last_day:
        raise CouponOver
    _must_have_ticket(session, district_id, person_id, coupon, ticket, now)
    claimed = read.entries_of_kind(session, district_id, "consumer", person_id, "coupon_claim", series_id=coupon_id)
    if claimed.get(coupon_id, 0) >= coupon.per_person:
        raise CouponLimit(limit=coupon.per_person)
    _must_be_for(session, district_id, person_id, coupon, now)
    shard = book.take_piece(session, district_id, coupon_id)
    if shard is None:
        raise CouponSoldOut
    mine = book.open_account(session, district_id, "consumer", person_id, coupon_id)
    return book.post(session, district_id, Draft("coupon_claim", key, content, book.transfer(shard, mine, 1), {"coupon": coupon_id}))


def _must_have_ticket(session: Session, district_id: int, person_id: int, coupon: CouponTerms, ticket: Ticket, now: datetime) -> None:
    """Raises CouponNeedsLink, CouponNeedsPayment."""
    if coupon.way == "poster" and not hmac.compare_digest((ticket.code or "").encode(), coupon.link_code.encode()):
        raise CouponNeedsLink
    if coupon.way == "receipt":
        shop = None if ticket.payment is None else own_payment(session, district_id, person_id, ticket.payment, now=now)
        if shop is None or not coupon.follows(shop):
            raise CouponNeedsPayment


def _must_be_for(session: Session, district_id: int, person_id: int, coupon: CouponTerms, now: datetime) -> None:
    """Raises CouponNotForYou, CouponNeedsVisit. The book is asked only where a condition is about it."""
    if not coupon.conditions.asks_the_book:
        return
    conditions = with_trade(session, district_id, coupon.conditions)
    visits = read.last_visits(session, district_id, person_id)
    if not coupon_is_for(session, district_id, conditions, person_id, visits, tokyo_day(now)):
        raise CouponNotForYou
    if not conditions.has_come(visits, tokyo_day(now)):
        raise CouponNeedsVisit(days=conditions.within_days)


def is_approved(session: Session, district_id: int, coupon_id: int) -> bool:
    """Whether a second person has approved the coupon: its stock has been filled."""
    was_stocked, _is_left = read.stock(session, district_id, coupon_id)
    return was_stocked
