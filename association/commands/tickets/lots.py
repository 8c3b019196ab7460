"""券の束: so many booklets of a campaign on paper, and booklets that are stopped because they were lost or spoiled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, text
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import ledger.queries as read
from association.errors import BookletAsItWas, TicketLotUnknown, TicketLotWrong, VoucherSaleOver, VoucherUnknown
from association.models import Booklet, TicketLot
from association.queries.lot_secrets import new_secret
from association.queries.tickets import SECRET
from association.queries.vouchers import one_voucher
from association.rules.tickets import tickets_of
from base.clock import tokyo_day
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal
from ledger.errors import KeyReused

ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:what, 0))")


@dataclass(frozen=True, slots=True)
class NewTicketLot:
    """So many `booklets` of one unit each, in tickets of `face` yen. `key`: one for each intention."""

    voucher_id: int
    booklets: int
    face: int
    key: UUID


@dataclass(frozen=True, slots=True)
class StopBooklet:
    """Which booklet, by the first two parts of its number, and why."""

    lot_id: int
    number: int
    reason: str


def make_ticket_lot(session: Session, who: Principal, new: NewTicketLot, *, now: datetime) -> int:
    """Prepare a lot for printing and give its number. It is worth nothing, so one person may: a booklet is worth something once it is sold,
    out of the units that two people have approved.

    The same key gives the same lot. Raises VoucherUnknown, VoucherSaleOver, TicketLotWrong, KeyReused.
    """
    with atomic(session):
        authorise(session, who, "association.print_tickets", subject=f"voucher:{new.voucher_id} {new.booklets} x {new.face}")
        terms = one_voucher(session, who.district_id, new.voucher_id)
        session.execute(ONE_AT_A_TIME, {"what": f"association.ticket_lot {who.district_id} {terms.id}"})
        before = session.scalars(select(TicketLot).where(TicketLot.district_id == who.district_id, TicketLot.key == new.key)).one_or_none()
        if before is not None:
            if (before.voucher_id, before.booklets, before.face) != (terms.id, new.booklets, new.face):
                raise KeyReused
            return before.id
        if terms.units_series_id not in read.units(session, who.district_id):
            raise VoucherUnknown
        if tokyo_day(now) > terms.sale_last_day:
            raise VoucherSaleOver(day=terms.sale_last_day)
        parts = tickets_of(terms.local_face, terms.faces[terms.id], new.face)
        lots = (TicketLot.district_id == who.district_id, TicketLot.voucher_id == terms.id)
        printed = session.scalar(select(func.coalesce(func.sum(TicketLot.booklets), 0)).where(*lots)) or 0
        is_usable = terms.payment_max is None or new.face <= terms.payment_max  # else no till could ever take one
        if parts is None or not is_usable or not 1 <= new.booklets <= min(terms.units - printed, 9_999):
            raise TicketLotWrong
        row = TicketLot(
            district_id=who.district_id,
            voucher_id=terms.id,
            booklets=new.booklets,
            face=new.face,
            local_tickets=parts[0],
            common_tickets=parts[1],
            secret=new_secret(session, SECRET, who.district_id, str(new.key)),
            key=new.key,
            made_by=who.person_id,
            made_at=now,
        )
        session.add(row)
        session.flush()
        return row.id


def may_print_tickets(session: Session, who: Principal, lot_id: int, part: int) -> None:
    """Whoever prints a lot has seen what spends its tickets once they are sold: that stands in the record."""
    with atomic(session):
        authorise(session, who, "association.print_tickets", subject=f"lot:{lot_id} part {part}")


def stop_booklet(session: Session, who: Principal, order: StopBooklet, *, now: datetime) -> None:
    """None of its tickets is taken any more, and unsold it cannot be sold. What it is worth stays where it is, and ends with its series.

    Raises TicketLotUnknown, BookletAsItWas.
    """
    with atomic(session):
        authorise(session, who, "association.stop_booklet", subject=f"booklet:{order.lot_id}-{order.number:04d} stop {order.reason}")
        row = locked_booklet(session, who.district_id, order.lot_id, order.number)
        if row.stopped_at is not None:
            raise BookletAsItWas
        row.stopped_by, row.stopped_at, row.reason = who.person_id, now, order.reason[:80]


def let_booklet_go(session: Session, who: Principal, lot_id: int, number: int) -> None:
    """It was found again: its tickets are taken as before, and a proposal to replace it comes to nothing.

    Raises TicketLotUnknown, BookletAsItWas, also where it was printed anew already: the one that was found is worth nothing then.
    """
    with atomic(session):
        authorise(session, who, "association.stop_booklet", subject=f"booklet:{lot_id}-{number:04d} let go")
        row = locked_booklet(session, who.district_id, lot_id, number)
        if row.stopped_at is None or row.edition > row.handed_edition:
            raise BookletAsItWas
        row.stopped_by, row.stopped_at, row.reason, row.replace_id = None, None, None, None


def locked_booklet(session: Session, district_id: int, lot_id: int, number: int) -> Booklet:
    """The row of a booklet, made now if nobody has touched it yet, and locked. Raises TicketLotUnknown."""
    lot = session.get(TicketLot, (district_id, lot_id))
    if lot is None or not 1 <= number <= lot.booklets:
        raise TicketLotUnknown
    values = {"district_id": district_id, "lot_id": lot_id, "number": number}
    session.execute(insert(Booklet).values(values).on_conflict_do_nothing())
    return session.get_one(Booklet, (district_id, lot_id, number), with_for_update=True, populate_existing=True)
