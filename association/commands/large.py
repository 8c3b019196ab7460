"""高額チャージ: more than a clerk's drawer may take goes into the safe in front of two people."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
from association.commands.proposals import earlier_proposal, propose
from association.commands.top_up import TopUp, must_be_coin
from association.errors import CashTooLittle, OwnWallet
from association.queries.notice import current_version
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal
from ledger.errors import CeilingPassed


@dataclass(frozen=True, slots=True)
class LargeTopUp:
    """A top-up that a second person is asked for, under its own key. `note`: why, for whoever decides."""

    top_up: TopUp
    note: str = ""


def propose_large_top_up(session: Session, who: Principal, order: LargeTopUp, *, now: datetime) -> int:
    """Lay the top-up before another person and give the proposal's number; the cash goes straight into the safe.

    Nothing is booked before the approval. The same key gives the same proposal. The person's balance limit holds as
    for any top-up: it is asked here already, and again by the book when it is approved.
    Raises NotACoin, CashTooLittle, OwnWallet, NoticeMissing, CeilingPassed, SeriesUnknown, KeyReused.
    """
    wanted = order.top_up
    with atomic(session):
        authorise(session, who, "association.propose_top_up", subject=f"person:{wanted.person_id}")
        content = book.hash_command(
            "association.propose_large_top_up", who.person_id, wanted.person_id, wanted.series_id, wanted.amount, wanted.received
        )
        found = earlier_proposal(session, who, wanted.key, content)
        if found is not None:
            return found
        must_be_coin(session, who.district_id, wanted.series_id)
        if wanted.received < wanted.amount:
            raise CashTooLittle(missing=wanted.amount - wanted.received)
        if wanted.person_id == who.person_id:
            raise OwnWallet
        series = read.one_series(session, who.district_id, wanted.series_id)
        consumer = book.open_account(session, who.district_id, "consumer", wanted.person_id, series.id)
        room = series.balance_max - read.balance(session, who.district_id, consumer)
        if wanted.amount > room:
            raise CeilingPassed(role="consumer", room=max(room, 0))
        safe = book.open_account(session, who.district_id, "safe", 0, 0)
        facts = {
            "way": "counter",
            "staff": who.person_id,
            "received": wanted.received,
            "notice": current_version(session, who.district_id),
        }
        draft = book.Draft("top_up_large", wanted.key, content, book.transfer(safe, consumer, wanted.amount), facts)
        return propose(session, who, "top_up_large", [draft], {"note": order.note} if order.note else {})
