"""払戻し: somebody gets money for coin. Forbidden but within the law's caps, or where they cannot use it any more (payment-law 25)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
from association.commands.proposals import earlier_proposal, propose
from association.commands.safe import safe_with
from association.errors import DiscontinuanceUnknown, OwnWallet, RefundOverCaps
from association.queries.cash_refunds import CAPPED, PURPOSE, counts, is_regulated_series, room_of
from association.queries.discontinuance import GROUND, state_of
from base.db import atomic
from base.yen import grouped
from identity.commands import authorise
from identity.queries import Principal
from ledger.errors import FloorPassed
from ledger.queries import Proposal

REFUND_LOCK = 6_710
"""First key of the advisory lock under which a district's refunds are measured against the caps: one at a time."""


@dataclass(frozen=True, slots=True)
class CashRefund:
    """So many yen of one series, out of the safe or the bank (`paid_from`). `reason`: also what was seen of it, without names or numbers.

    `ground`: `caps`; `unavoidable` where the holder cannot use it any more (moving away, leaving Japan); `discontinuance`: a claim on a
    coin that is being ended. `key`: one an intention.
    """

    person_id: int
    series_id: int
    amount: int
    paid_from: str
    ground: str
    reason: str
    key: UUID


def propose_refund(session: Session, who: Principal, order: CashRefund, *, now: datetime) -> int:
    """Put a refund before a second person and give the proposal's number. What waits counts against the caps as if it were paid.

    Raises OwnWallet, DiscontinuanceUnknown, FloorPassed, RefundOverCaps, SafeTooLow, SeriesUnknown, KeyReused.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.propose_refund", subject=f"person:{order.person_id}")
        content = book.hash_command(
            "association.propose_refund", who.person_id, order.person_id, order.series_id, order.amount, order.paid_from, order.ground
        )
        found = earlier_proposal(session, who, order.key, content)
        if found is not None:
            return found
        if order.person_id == who.person_id:
            raise OwnWallet
        _alone(session, who.district_id)
        read.one_series(session, who.district_id, order.series_id)
        if order.ground == GROUND and state_of(session, who.district_id, order.series_id, now=now) != "claiming":
            raise DiscontinuanceUnknown
        consumer = read.account_id(session, who.district_id, "consumer", order.person_id, order.series_id)
        there = 0 if consumer is None else read.available(session, who.district_id, consumer)
        if consumer is None or there < order.amount:
            raise FloorPassed(role="consumer", shortage=order.amount - there)
        if order.ground == CAPPED and is_regulated_series(session, who.district_id, order.series_id):
            _must_fit(session, who.district_id, order.amount, None, now)
        draft = book.Draft(
            kind="cash_refund",
            key=order.key,
            command_hash=content,
            lines=book.transfer(consumer, _source(session, who.district_id, order.paid_from, order.amount), order.amount),
            facts={"series": order.series_id, "ground": order.ground, "staff": who.person_id, "note": order.reason},
        )
        return propose(session, who, PURPOSE, [draft], {"note": order.reason, "ground": order.ground})


def refuse_over_caps(session: Session, district_id: int, proposal: Proposal, *, now: datetime) -> None:
    """For whoever approves: the caps and the safe as they are now. Raises RefundOverCaps, SafeTooLow."""
    _alone(session, district_id)
    if counts(session, district_id, proposal):
        _must_fit(session, district_id, proposal.amount, proposal.id, now)
    if any(line.role == "safe" for line in proposal.items[0].lines):
        safe_with(session, district_id, proposal.amount)


def _must_fit(session: Session, district_id: int, amount: int, but: int | None, now: datetime) -> None:
    caps = room_of(session, district_id, now=now, but=but).caps
    if not caps.allows(amount):
        raise RefundOverCaps(left=grouped(caps.largest))


def _source(session: Session, district_id: int, paid_from: str, amount: int) -> int:
    return safe_with(session, district_id, amount) if paid_from == "safe" else book.open_account(session, district_id, "bank", 0, 0)


def _alone(session: Session, district_id: int) -> None:
    session.execute(select(func.pg_advisory_xact_lock(REFUND_LOCK, district_id)))
