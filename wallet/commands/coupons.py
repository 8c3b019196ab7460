"""クーポンをもらう: one press, one piece."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

import association.commands
import identity.commands
import ledger.commands
import ledger.queries
from base.db import atomic
from identity.queries import Principal
from ledger.commands import Posted
from wallet.commands.lock import lock_wallet


@dataclass(frozen=True, slots=True)
class Claim:
    """One piece of this coupon. `key`: one for each intention, so that a second tap claims one."""

    coupon_id: int
    key: UUID


def claim_coupon(session: Session, who: Principal, order: Claim, *, now: datetime) -> Posted:
    """Take one piece out of the stock, or give back what this key took before.

    Raises KeyReused, CouponUnknown, CouponEnded, CouponNotYet, CouponOver, CouponLimit, CouponSoldOut.
    """
    identity.commands.authorise(session, who, "wallet.claim_coupon")
    assert who.person_id is not None
    content = ledger.commands.hash_command("wallet.claim_coupon", who.person_id, order.coupon_id)
    before = ledger.queries.find_key(session, who.district_id, order.key, content)
    if before is not None:
        return before
    association.commands.must_be_left(session, who.district_id, order.coupon_id)  # outside `atomic`: a crowd rolls nothing back
    with atomic(session):
        lock_wallet(session, who.district_id, who.person_id)
        before = ledger.queries.find_key(session, who.district_id, order.key, content)  # sent twice at once: the other one is through
        if before is not None:
            return before
        return association.commands.hand_out(
            session, who.district_id, who.person_id, order.coupon_id, key=order.key, content=content, now=now
        )
