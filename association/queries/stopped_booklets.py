"""冊 that were stopped: what is left on each, and how far its new print is."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

import ledger.queries as book
from association.models import Booklet, TicketLot
from association.queries.tickets import lots_of, used_tickets
from association.rules.tickets import TicketName
from identity.commands import authorise
from identity.queries import Principal, nicknames


@dataclass(frozen=True, slots=True)
class StoppedBooklet:
    """冊 that was lost or spoiled. `left`: yen of it that nobody can spend, unless it is let go or printed anew.

    `state` of its replacement: none, waiting (`proposal_id` lies before a second person), approved, printed (but not handed over).
    """

    lot_id: int
    number: int
    reason: str
    stopped_at: datetime
    stopped_by_name: str | None
    is_sold: bool
    left: int
    state: str
    proposal_id: int | None

    @property
    def serial(self) -> str:
        return f"{self.lot_id}-{self.number:04d}"


def stopped_booklets(session: Session, who: Principal, voucher_id: int) -> list[StoppedBooklet]:
    """Booklets of a campaign that are stopped, the newest first, with what is still on them."""
    authorise(session, who, "association.read")
    query = (
        select(Booklet)
        .join(TicketLot, (TicketLot.district_id == Booklet.district_id) & (TicketLot.id == Booklet.lot_id))
        .where(Booklet.district_id == who.district_id, TicketLot.voucher_id == voucher_id, Booklet.stopped_at.is_not(None))
    )
    rows = session.scalars(query.order_by(Booklet.stopped_at.desc())).all()
    names = nicknames(session, who.district_id, {row.stopped_by for row in rows if row.stopped_by}) if rows else {}
    return [
        StoppedBooklet(
            lot_id=row.lot_id,
            number=row.number,
            reason=row.reason or "",
            stopped_at=row.stopped_at,
            stopped_by_name=names.get(row.stopped_by or 0),
            is_sold=row.sale_id is not None,
            left=left_on(session, row),
            state=replacement(session, row),
            proposal_id=row.replace_id,
        )
        for row in rows
        if row.stopped_at is not None
    ]


def left_on(session: Session, row: Booklet) -> int:
    """Yen of a booklet that nobody has spent. For doors that have asked already."""
    return sum(one.balance for one in book.balances(session, row.district_id, "voucher_paper", row.id))


def replacement(session: Session, row: Booklet) -> str:
    """How far its new print is: none, waiting, approved, printed."""
    if row.replace_id is None:
        return "none"
    outcome = book.outcomes(session, row.district_id, [row.replace_id]).get(row.replace_id)
    if outcome is None:
        return "waiting"
    return "none" if outcome is False else "printed" if row.edition > row.handed_edition else "approved"


def unused_tickets(session: Session, who: Principal, lot_id: int, number: int) -> list[TicketName]:
    """The tickets of a booklet that nobody has used, by the newest edition: what a new print has."""
    authorise(session, who, "association.read")
    lot, row = lots_of(session, who.district_id, {lot_id})[lot_id], session.get_one(Booklet, (who.district_id, lot_id, number))
    every = [TicketName(lot_id, number, ticket, row.edition) for ticket in range(1, lot.local_tickets + lot.common_tickets + 1)]
    used = used_tickets(session, who.district_id, every)
    return [name for name in every if name not in used]
