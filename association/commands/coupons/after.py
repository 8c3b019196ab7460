"""What happens to a coupon that runs: it is ended before its time, and its funders pay."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text, update
from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
from association.commands.coupons.claims import is_approved
from association.commands.funders import one_arrival_at_a_time
from association.errors import CouponNotRunning, CouponUnknown, FunderOverpaid
from association.models import Coupon, CouponShare
from association.rules import stock_in_shards
from base.clock import day_bounds
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal
from ledger.commands import Draft, Posted, hash_command

ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))")


@dataclass(frozen=True, slots=True)
class FunderPays:
    """A funder's money has arrived. `place`: which share of the coupon; `into`: safe or bank; `amount` in yen."""

    coupon_id: int
    place: int
    amount: int
    into: str
    key: UUID


def end_coupon(session: Session, who: Principal, coupon_id: int, *, reason: str, now: datetime) -> None:
    """End a coupon before its time, for good: nobody claims one any more, and what was claimed cannot be used any more.

    The book refuses it from this commit on. Ending it again changes nothing. Raises CouponUnknown, CouponNotRunning.
    """
    with atomic(session):
        authorise(session, who, "association.end_coupon", subject=f"coupon:{coupon_id} {reason}")
        coupon = session.get(Coupon, (who.district_id, coupon_id), with_for_update=True, populate_existing=True)
        if coupon is None:
            raise CouponUnknown
        if coupon.ended_at is not None:
            return
        if not is_approved(session, who.district_id, coupon_id) or now >= day_bounds(coupon.last_day)[1]:
            raise CouponNotRunning
        changes = update(Coupon).where(Coupon.district_id == who.district_id, Coupon.id == coupon_id)
        session.execute(changes.values(ended_by=who.person_id, ended_at=now, end_reason=reason))
        for account_id in [coupon.used_account_id, *_shards(session, who.district_id, coupon_id)]:
            book.set_account_state(session, who.district_id, account_id, "frozen")


def funder_pays(session: Session, who: Principal, order: FunderPays, *, now: datetime) -> Posted:
    """Book a funder's money against what it owes for one coupon. Raises CouponUnknown, FunderOverpaid, KeyReused."""
    assert order.into in ("safe", "bank"), order
    with atomic(session):
        authorise(session, who, "association.funder_pays", subject=f"coupon:{order.coupon_id}.{order.place} {order.amount}")
        content = hash_command("association.funder_pays", order.coupon_id, order.place, order.amount, order.into)
        session.execute(ONE_AT_A_TIME, {"what": f"association.funder_pays {who.district_id} {order.coupon_id} {order.place}"})
        before = read.find_key(session, who.district_id, order.key, content)
        if before is not None:
            return before
        share = session.get(CouponShare, (who.district_id, order.coupon_id, order.place))
        if share is None or share.payer != "funder" or share.account_id is None:
            raise CouponUnknown
        one_arrival_at_a_time(session, who.district_id)
        owed = read.balance(session, who.district_id, share.account_id)
        if not 1 <= order.amount <= owed:
            raise FunderOverpaid(owed=owed)
        into = book.open_account(session, who.district_id, order.into, 0, 0)
        facts = {"coupon": order.coupon_id, "staff": who.person_id}
        lines = book.transfer(into, share.account_id, order.amount)
        return book.post(session, who.district_id, Draft("funder_pays", order.key, content, lines, facts))


def _shards(session: Session, district_id: int, coupon_id: int) -> list[int]:
    found = (read.account_id(session, district_id, "coupon_stock", place, coupon_id) for place in range(1, len(stock_in_shards(10**6)) + 1))
    return [account_id for account_id in found if account_id is not None]
