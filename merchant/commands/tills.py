"""Tablets come to a shop by a code from the owner's page, and go at once when the owner says so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

import identity.commands
from base.db import atomic, wake
from base.ids import fingerprint, random_code
from identity.queries import Principal
from merchant.commands.owner import authorise_owner
from merchant.commands.till_logs import close_whole_logs
from merchant.errors import PairCodeWrong, ShopSuspended, TillNameTaken, TillUnknown
from merchant.models import PairCode, PaymentRequest, RequestState, ShopState, Till
from merchant.queries.shops import merchant, shop_topic
from merchant.queries.till_logs import SEEN_OFF
from merchant.queries.tills import TillRow, till, tills

LIFE = timedelta(minutes=10)
LENGTH = 8
"""Signs of a pair code: 39 bits that live ten minutes, with ten tries a tablet and minute, and last 300 an address."""


@dataclass(frozen=True, slots=True)
class PairCodeMade:
    """Shown once to the owner; only its fingerprint is kept."""

    code: str
    till_name: str
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Paired:
    """`token`: what the tablet's cookie carries from now on."""

    till: TillRow
    token: str


def make_pair_code(session: Session, who: Principal, merchant_id: int, till_name: str, *, now: datetime) -> PairCodeMade:
    """A code that pairs one tablet, once, within ten minutes. Raises ShopSuspended for a shop that is not open, TillNameTaken."""
    with atomic(session):
        authorise_owner(session, who, "merchant.pair_till", merchant_id)
        if any(row.name == till_name for row in tills(session, who.district_id, merchant_id)):
            raise TillNameTaken
        return invite_till(session, who.district_id, merchant_id, till_name, now=now)


def invite_till(session: Session, district_id: int, merchant_id: int, till_name: str, *, now: datetime) -> PairCodeMade:
    """`make_pair_code` for doors that have asked already who is asking."""
    with atomic(session):
        if not merchant(session, district_id, merchant_id).is_open:
            raise ShopSuspended
        code = random_code(LENGTH)
        session.add(
            PairCode(
                district_id=district_id,
                fingerprint=fingerprint(code),
                merchant_id=merchant_id,
                till_name=till_name,
                made_at=now,
                expires_at=now + LIFE,
            )
        )
        session.flush()
        return PairCodeMade(code, till_name, now + LIFE)


def pair_till(session: Session, who: Principal, code: str, *, now: datetime) -> Paired:
    """Pair this tablet with the shop behind a code, as it was typed: case, spaces and hyphens do not count.

    `who` is nobody yet; guesses are counted by the tablet, and last by its address. Raises PairCodeWrong, TooMany.
    """
    a_minute, here = timedelta(minutes=1), who.district_id
    identity.commands.limit_caller(
        session, "merchant.pair_till", who.address, device=who.device_token, each=10, place=300, per=a_minute, district_id=here
    )
    typed = "".join(sign for sign in code.upper() if sign.isalnum())
    with atomic(session):
        invitation = session.get(PairCode, (who.district_id, fingerprint(typed)), with_for_update=True, populate_existing=True)
        if invitation is None or invitation.used_at is not None or invitation.expires_at <= now:
            raise PairCodeWrong
        if merchant(session, who.district_id, invitation.merchant_id).state == ShopState.closed:
            raise PairCodeWrong
        row = Till(district_id=who.district_id, merchant_id=invitation.merchant_id, name=invitation.till_name, paired_at=now)
        session.add(row)
        session.flush()
        invitation.used_at, invitation.till_id = now, row.id
        token = identity.commands.open_till_session(session, who.district_id, row.merchant_id, row.id, now=now)
        return Paired(till(session, who.district_id, row.id), token)


def revoke_till(session: Session, who: Principal, merchant_id: int, till_id: int, *, now: datetime) -> None:
    """This tablet may do nothing from now on; what it was asking for is withdrawn. Twice is once. A log
    that is whole ends with it; one of a tablet that was silent stays for the owner to look at. Raises TillUnknown."""
    with atomic(session):
        authorise_owner(session, who, "merchant.revoke_till", merchant_id, subject=f"till:{till_id}")
        row = session.get(Till, (who.district_id, till_id), with_for_update=True, populate_existing=True)
        if row is None or row.merchant_id != merchant_id:
            raise TillUnknown
        if row.revoked_at is None:
            row.revoked_at = now
            close_whole_logs(session, who.district_id, till_id, heard_since=now - SEEN_OFF, now=now)
        session.execute(
            update(PaymentRequest)
            .where(
                PaymentRequest.district_id == who.district_id,
                PaymentRequest.till_id == till_id,
                PaymentRequest.state == RequestState.open,
                PaymentRequest.later.is_(None),  # goods were handed over for those: the shop gets its money all the same
            )
            .values(state=RequestState.cancelled, closed_at=now)
            .execution_options(synchronize_session=False)
        )
        identity.commands.end_till_session(session, who.district_id, till_id, now=now)
        wake(session, shop_topic(who.district_id, merchant_id))
