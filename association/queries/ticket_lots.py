"""Booklets of paper vouchers: lots, what was sold of them, and what is printed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from association.errors import (
    TicketLotUnknown,
    TicketUnknown,
)
from association.models import Booklet, TicketLot
from association.queries.tickets import booklets_for, used_tickets
from association.rules.tickets import TicketName
from identity.commands import authorise
from identity.queries import Principal, nicknames


@dataclass(frozen=True, slots=True)
class ListedLot:
    """束 as the desk sees it, in booklets. `sold`: of which a sale stands; `stopped`: none of whose tickets is taken any more;
    `replaced`: whose buyer has a later print than the first."""

    id: int
    voucher_id: int
    booklets: int
    face: int
    local_tickets: int
    common_tickets: int
    made_at: datetime
    made_by_name: str | None
    sold: int
    stopped: int
    replaced: int

    @property
    def tickets(self) -> int:
        """How many make a booklet."""
        return self.local_tickets + self.common_tickets


@dataclass(frozen=True, slots=True)
class PrintedBooklet:
    """A booklet by the number that is printed on it, and one of its tickets if that was named. `used_at`: of that ticket.

    `state`: unsold, sold or stopped.
    """

    voucher_id: int
    state: str
    used_at: datetime | None


def printed_booklet(session: Session, who: Principal, name: TicketName) -> PrintedBooklet:
    """What stands behind a number that is read out: no secret, so it proves nothing. Raises TicketLotUnknown, TicketUnknown."""
    lot = ticket_lot(session, who, name.lot)
    if not (1 <= name.booklet <= lot.booklets and name.ticket <= lot.tickets):
        raise TicketUnknown
    row = booklets_for(session, who.district_id, [name], lock=False).get((name.lot, name.booklet))
    state = "unsold" if row is None else "stopped" if row.stopped_at else "sold" if row.sale_id else "unsold"
    return PrintedBooklet(lot.voucher_id, state, used_tickets(session, who.district_id, [name]).get(name))


def booklets_of(session: Session, district_id: int, voucher_id: int, person_id: int) -> int:
    """How many booklets of a campaign this person has bought and not given back. For doors that have asked already."""
    lots = select(TicketLot.id).where(TicketLot.district_id == district_id, TicketLot.voucher_id == voucher_id)
    query = select(func.count()).select_from(Booklet)
    mine = (Booklet.district_id == district_id, Booklet.person_id == person_id, Booklet.lot_id.in_(lots))
    return int(session.execute(query.where(*mine)).scalar_one())


def ticket_lots(session: Session, who: Principal, voucher_id: int) -> list[ListedLot]:
    """The lots of one campaign, the newest first."""
    authorise(session, who, "association.read")
    rows = session.scalars(
        select(TicketLot).where(TicketLot.district_id == who.district_id, TicketLot.voucher_id == voucher_id).order_by(TicketLot.id.desc())
    ).all()
    return [_listed(session, who.district_id, row) for row in rows]


def ticket_lot(session: Session, who: Principal, lot_id: int) -> ListedLot:
    """Raises TicketLotUnknown."""
    authorise(session, who, "association.read")
    row = session.get(TicketLot, (who.district_id, lot_id))
    if row is None:
        raise TicketLotUnknown
    return _listed(session, who.district_id, row)


def unsold_of(session: Session, who: Principal, lot_id: int, numbers: Sequence[int]) -> list[int]:
    """Those of these booklets that are neither sold nor stopped: only they are printed, for a second print of the others could be spent."""
    authorise(session, who, "association.read")
    touched = (Booklet.sale_id.is_not(None)) | (Booklet.stopped_at.is_not(None))
    query = select(Booklet.number).where(Booklet.district_id == who.district_id, Booklet.lot_id == lot_id, touched)
    away = set(session.scalars(query))
    return [number for number in numbers if number not in away]


def _listed(session: Session, district_id: int, row: TicketLot) -> ListedLot:
    counts = session.execute(
        select(func.count(Booklet.sale_id), func.count(Booklet.stopped_at), func.count().filter(Booklet.handed_edition > 0)).where(
            Booklet.district_id == district_id, Booklet.lot_id == row.id
        )
    ).one()
    names = nicknames(session, district_id, {row.made_by})
    same = ("id", "voucher_id", "booklets", "face", "local_tickets", "common_tickets", "made_at")
    plain = {name: getattr(row, name) for name in same}
    return ListedLot(**plain, made_by_name=names.get(row.made_by), sold=counts[0], stopped=counts[1], replaced=counts[2])
