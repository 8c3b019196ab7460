"""券をまた使えるようにする: a ticket that a till took by mistake, or for goods that came back, is let go before two people.

There is nobody to pay back: the paper has no wallet, and cash for it would be a refund in cash (payment-law 25). So nothing is given back
but the ticket itself, while it could still be used.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
from association.commands.proposals import earlier_proposal, propose
from association.errors import TicketsNotReleasable
from association.models import Ticket
from association.queries.tickets import booklets_for, lots_of, used_by
from association.queries.vouchers import one_voucher
from association.rules.tickets import TicketName
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal
from ledger.commands import Draft, Line
from ledger.errors import SeriesEnded

PURPOSE = "ticket_release"


@dataclass(frozen=True, slots=True)
class ReleaseTickets:
    """Some tickets of one payment. `reason`: for the second person. `key`: one for each intention."""

    transaction_id: int
    names: tuple[TicketName, ...]
    reason: str
    key: UUID


def propose_ticket_release(session: Session, who: Principal, order: ReleaseTickets, *, now: datetime) -> int:
    """Lay before a second person that these tickets may be used again, the shop's claim being lowered by them; gives the proposal's number.

    Until it is decided they stay used. The same key gives the same proposal. Raises TransactionUnknown, TicketsNotReleasable, SeriesEnded,
    KeyReused; whether the shop still has it, the book says at the approval.
    """
    with atomic(session):
        authorise(session, who, "association.release_tickets", subject=f"transaction:{order.transaction_id} tickets x{len(order.names)}")
        content = book.hash_command(
            "association.release_tickets", who.person_id, order.transaction_id, *(name.serial for name in sorted(order.names))
        )
        found = earlier_proposal(session, who, order.key, content)
        if found is not None:
            return found
        payment = read.transaction(session, who.district_id, order.transaction_id)
        booklets = booklets_for(session, who.district_id, order.names, lock=True)
        free = {one.name for one in used_by(session, who.district_id, payment.id) if one.state == "used"}
        if not order.names or not set(order.names) <= free:
            raise TicketsNotReleasable
        amounts: dict[int, int] = {}
        payables = {line.series_id: line.account_id for line in payment.lines if line.role == "payable"}
        lots = lots_of(session, who.district_id, {name.lot for name in order.names})
        for name in order.names:
            lot = lots[name.lot]
            terms = one_voucher(session, who.district_id, lot.voucher_id)
            if now >= terms.ends:
                raise SeriesEnded(until=terms.ends)
            series_id = terms.local_series_id if name.ticket <= lot.local_tickets else terms.id
            assert series_id is not None, lot
            paper = book.open_account(session, who.district_id, "voucher_paper", booklets[name.lot, name.booklet].id, series_id)
            amounts[paper] = amounts.get(paper, 0) - lot.face
            amounts[payables[series_id]] = amounts.get(payables[series_id], 0) + lot.face
        lines = tuple(Line(account, amount) for account, amount in amounts.items())
        facts = {"merchant": payment.facts.get("merchant"), "tickets": len(order.names), "note": order.reason, "staff": None}
        draft = Draft("ticket_release", order.key, content, lines, facts, refers_to=payment.id)
        number = propose(session, who, PURPOSE, [draft], {"note": order.reason, "tickets": len(order.names)})
        for name in order.names:
            row = session.get_one(Ticket, (who.district_id, name.lot, name.booklet, name.ticket))
            row.release_id = number
        return number
