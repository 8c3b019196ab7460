"""クーポンをもらう: one press, one piece."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid5

from sqlalchemy.orm import Session

import association.commands
import association.queries
import identity.commands
import ledger.commands
import ledger.queries
from association.commands import Ticket
from association.errors import CouponUnknown
from base.db import atomic
from identity.queries import Principal
from ledger.commands import Posted
from wallet.commands.lock import lock_wallet

EXTRAS = UUID("5d0c6a52-6d0b-4f0c-9a55-3a1f6b3f5b0e")
"""Under which the keys of what comes with a payment are made."""


@dataclass(frozen=True, slots=True)
class Claim:
    """One piece of this coupon. `key`: one for each intention, so that a second tap claims one."""

    coupon_id: int
    key: UUID


@dataclass(frozen=True, slots=True)
class ClaimByPoster:
    """One piece of the coupon that the code of a poster's link stands for. `key`: one for each intention."""

    code: str
    key: UUID


@dataclass(frozen=True, slots=True)
class ClaimExtra:
    """What a payment brings beside it: one piece of a coupon for each payment, whoever presses how often."""

    coupon_id: int
    payment: int


def claim_coupon(session: Session, who: Principal, order: Claim, *, now: datetime) -> Posted:
    """Take one piece out of the stock, or give back what this key took before.

    Raises KeyReused, CouponUnknown, CouponEnded, CouponNotYet, CouponOver, CouponNeedsLink, CouponNeedsPayment, CouponLimit,
    CouponNotForYou, CouponNeedsVisit, CouponSoldOut.
    """
    return _claim(session, who, order.coupon_id, order.key, Ticket(), now)


def claim_by_poster(session: Session, who: Principal, order: ClaimByPoster, *, now: datetime) -> tuple[int, Posted]:
    """The same by a poster's code, with the coupon's number. Ten tries a minute, right or wrong. Raises TooMany besides."""
    identity.commands.authorise(session, who, "wallet.claim_coupon")
    association.commands.limit_poster(session, who)
    try:
        coupon_id = association.queries.coupon_by_code(session, who.district_id, order.code).id
    except CouponUnknown:
        association.commands.note_wrong_poster(session, who, now=now)
        raise
    return coupon_id, _claim(session, who, coupon_id, order.key, Ticket(code=order.code), now)


def claim_extra(session: Session, who: Principal, order: ClaimExtra, *, now: datetime) -> Posted:
    """The same by a payment: its key is made of the payment and the coupon, so that a payment never brings two."""
    key = uuid5(EXTRAS, f"{who.district_id} {order.payment} {order.coupon_id}")
    return _claim(session, who, order.coupon_id, key, Ticket(payment=order.payment), now)


def _claim(session: Session, who: Principal, coupon_id: int, key: UUID, ticket: Ticket, now: datetime) -> Posted:
    identity.commands.authorise(session, who, "wallet.claim_coupon")
    assert who.person_id is not None
    content = ledger.commands.hash_command("wallet.claim_coupon", who.person_id, coupon_id)
    before = ledger.queries.find_key(session, who.district_id, key, content)
    if before is not None:
        return before
    association.commands.must_be_left(session, who.district_id, coupon_id)  # outside `atomic`: a crowd rolls nothing back
    with atomic(session):
        lock_wallet(session, who.district_id, who.person_id)
        before = ledger.queries.find_key(session, who.district_id, key, content)  # sent twice at once: the other one is through
        if before is not None:
            return before
        return association.commands.hand_out(
            session, who.district_id, who.person_id, coupon_id, key=key, content=content, ticket=ticket, now=now
        )
