"""仮受金の処理: what was refunded to a coin that has ended, or to somebody who has left, goes to the person's running coin, or
becomes income."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
from association.commands.points.lots import lot_expired_account
from association.commands.proposals import earlier_proposal, propose
from association.errors import NoRunningSeries, SuspenseOfNobody, SuspenseProposed, VoucherStaysVoucher
from association.queries.suspense import Suspended, one_suspended
from association.queries.vouchers import one_voucher
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal

ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('association.suspense ' || :account, :district))")
"""An account is proposed about by one person at a time."""


@dataclass(frozen=True, slots=True)
class ReleaseSuspense:
    """All that waits on one account. `to_person`: into the oldest running coin of whoever it belongs to; else it becomes income.

    `reason`: for the second person and for the record. `key`: one for each intention.
    """

    account_id: int
    to_person: bool
    reason: str
    key: UUID


def propose_release(session: Session, who: Principal, order: ReleaseSuspense, *, now: datetime) -> int:
    """Put it before a second person and give the proposal's number; the same key gives the same.

    Raises SuspenseUnknown, SuspenseProposed, NoRunningSeries, SuspenseOfNobody, VoucherStaysVoucher, KeyReused.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.release_suspense", subject=f"account:{order.account_id}")
        content = book.hash_command("association.release_suspense", who.person_id, order.account_id, order.to_person)
        found = earlier_proposal(session, who, order.key, content)
        if found is not None:
            return found
        session.execute(ONE_AT_A_TIME, {"account": str(order.account_id), "district": who.district_id})
        waits = one_suspended(session, who, order.account_id)
        if waits.proposal_id is not None:
            raise SuspenseProposed
        draft = book.Draft(
            kind="suspense_release",
            key=order.key,
            command_hash=content,
            lines=book.transfer(order.account_id, _goes_to(session, who.district_id, waits, order, now), waits.amount),
            facts={"series": waits.series.id, "note": order.reason},
        )
        return propose(session, who, "suspense", [draft], {"note": order.reason})


def _goes_to(session: Session, district_id: int, waits: Suspended, order: ReleaseSuspense, now: datetime) -> int:
    if waits.series.is_voucher:
        if order.to_person:
            raise VoucherStaysVoucher
        return one_voucher(session, district_id, waits.series.id).expired_account_id
    if waits.series.is_points:
        return _goes_as_points(session, district_id, waits, order, now)
    if not order.to_person:
        return book.open_account(session, district_id, "breakage", 0, 0)
    running = read.running_coins(session, district_id, now=now)
    if not running:
        raise NoRunningSeries
    account = book.open_account(session, district_id, "consumer", waits.person_id, running[0].id)
    if read.account_state(session, district_id, account) == "closed":
        raise SuspenseOfNobody
    return account


def _goes_as_points(session: Session, district_id: int, waits: Suspended, order: ReleaseSuspense, now: datetime) -> int:
    """Points stay points: into the person's newest lot that runs, or with what has expired of their own. Raises NoRunningSeries,
    SuspenseOfNobody."""
    if not order.to_person:
        return lot_expired_account(session, district_id, waits.series.id)
    running = [one for one in read.running_series(session, district_id, now=now) if one.is_points]
    if not running:
        raise NoRunningSeries
    account = book.open_account(session, district_id, "consumer", waits.person_id, running[-1].id)
    if read.account_state(session, district_id, account) == "closed":
        raise SuspenseOfNobody
    return account
