"""冊を替える: a booklet that was sold and then lost or spoiled is printed anew, before two people. The codes of before die.

Nothing is booked: what the booklet is worth stays on its account, and the new print has only the tickets that nobody has used. So neither
what was sold nor what is claimed changes by it. Each print is an edition with signs of its own; a print that failed is printed again, which
makes the one before worthless, until it is handed over.
"""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.orm import Session

import ledger.commands as book
from association.commands.tickets.lots import StopBooklet, locked_booklet
from association.errors import BookletAsItWas, BookletNotReplaceable
from association.models import Booklet, TicketLot
from association.queries.stopped_booklets import left_on, replacement
from association.queries.vouchers import one_voucher
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal
from ledger.errors import SeriesEnded
from ledger.queries import Proposal

REPLACE = "ticket_replace"


def propose_replacement(session: Session, who: Principal, order: StopBooklet, *, now: datetime) -> int:
    """Lay before a second person that a stopped booklet is printed anew; gives the proposal's number, the same while one waits.

    Raises TicketLotUnknown, BookletNotReplaceable, SeriesEnded.
    """
    assert who.person_id is not None, who
    with atomic(session):
        authorise(session, who, "association.replace_booklet", subject=f"booklet:{order.lot_id}-{order.number:04d} propose")
        row = locked_booklet(session, who.district_id, order.lot_id, order.number)
        if replacement(session, row) != "none":
            assert row.replace_id is not None, row
            return row.replace_id
        left = left_on(session, row)
        if row.sale_id is None or row.stopped_at is None or not left:
            raise BookletNotReplaceable
        lot = session.get_one(TicketLot, (who.district_id, order.lot_id))
        terms = one_voucher(session, who.district_id, lot.voucher_id)
        if now >= terms.ends:
            raise SeriesEnded(until=terms.ends)
        facts: dict[str, book.Fact] = {
            "voucher": terms.id,
            "booklet": f"{order.lot_id}-{order.number:04d}",
            "total": left,
            "note": order.reason or row.reason,
        }
        row.replace_id = book.propose(session, who.district_id, who.person_id, REPLACE, [], facts=facts)
        return row.replace_id


def refuse_if_let_go(session: Session, district_id: int, proposal: Proposal) -> None:
    """For the door that approves. Raises BookletNotReplaceable: it was found again meanwhile."""
    lot_id, number = (int(part) for part in str(proposal.facts["booklet"]).split("-"))
    row = session.get_one(Booklet, (district_id, lot_id, number), with_for_update=True, populate_existing=True)
    if row.replace_id != proposal.id or row.stopped_at is None:
        raise BookletNotReplaceable


def print_replacement(session: Session, who: Principal, lot_id: int, number: int) -> None:
    """Begin a new edition, and with it the end of every one before; whoever asks has seen what spends it, which stands in the record.

    Raises TicketLotUnknown, BookletNotReplaceable.
    """
    with atomic(session):
        authorise(session, who, "association.replace_booklet", subject=f"booklet:{lot_id}-{number:04d} print")
        row = locked_booklet(session, who.district_id, lot_id, number)
        if row.stopped_at is None or replacement(session, row) not in ("approved", "printed"):
            raise BookletNotReplaceable
        row.edition += 1


def hand_over_booklet(session: Session, who: Principal, lot_id: int, number: int) -> None:
    """Its buyer has the new print: the tickets of this edition are taken from now on. Raises TicketLotUnknown, BookletAsItWas."""
    with atomic(session):
        authorise(session, who, "association.replace_booklet", subject=f"booklet:{lot_id}-{number:04d} hand over")
        row = locked_booklet(session, who.district_id, lot_id, number)
        if replacement(session, row) != "printed":
            raise BookletAsItWas
        row.handed_edition, row.replace_id = row.edition, None
        row.stopped_by, row.stopped_at, row.reason = None, None, None
