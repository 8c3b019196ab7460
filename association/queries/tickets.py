"""紙の券: lots and what became of their booklets, one ticket as a till sees it, and the tickets of a payment."""

from __future__ import annotations

import hmac
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select, text
from sqlalchemy.orm import Session

import ledger.queries as book
import merchant.queries
from association.errors import (
    BookletSold,
    BookletStopped,
    BookletUnsold,
    TicketOtherShops,
    TicketReplaced,
    TicketUnknown,
    TicketUnreadable,
    TicketUsed,
)
from association.models import Booklet, Ticket, TicketLot
from association.queries.lot_secrets import code_under, opened_secret
from association.queries.vouchers import VoucherTerms, one_voucher, voucher_terms
from association.rules.tickets import TicketName, read_ticket, spelled, ticket_text
from identity.commands import authorise
from identity.queries import Principal
from identity.vault import vault
from ledger.errors import SeriesEnded, TransactionUnknown
from ledger.queries import Transaction
from merchant.queries import Shop

PURPOSE = "association.ticket"
"""Of tickets of lots without a secret of their own, made earlier: spelled under the master key itself."""


SECRET = "association.ticket_lot"


@dataclass(frozen=True, slots=True)
class SeenTicket:
    """One ticket of a booklet, in yen. `series_id`: the part of the campaign that it is; `booklet_id`: who owns it in the book."""

    name: TicketName
    terms: VoucherTerms
    series_id: int
    face: int
    booklet_id: int

    @property
    def is_local(self) -> bool:
        """専用券: for small shops only."""
        return self.series_id == self.terms.local_series_id


@dataclass(frozen=True, slots=True)
class UsedTicket:
    """One ticket of a payment. `state`: used, waiting (laid before a second person), released."""

    name: TicketName
    face: int
    is_local: bool
    state: str


def signs_of(session: Session, district_id: int, name: TicketName) -> str:
    """What only the master key and the lot's secret spell; it is printed, and never stored. Every edition has others.

    Raises TicketUnknown.
    """
    lot = session.get(TicketLot, (district_id, name.lot))
    if lot is None:
        raise TicketUnknown
    ticket = (district_id, name.lot, name.booklet, name.ticket, *((name.edition,) if name.edition else ()))
    if lot.secret is None:
        return spelled(vault(session).keyed_hash(PURPOSE, *ticket))
    return spelled(code_under(opened_secret(session, lot.secret, SECRET, district_id, str(lot.key)), *ticket))


def text_of(session: Session, district_id: int, name: TicketName) -> str:
    """What the QR of a ticket says. Who has seen it could spend the ticket: for the printing page, which asks and logs first."""
    return ticket_text(name, signs_of(session, district_id, name))


def proven(session: Session, district_id: int, code: str) -> TicketName:
    """The ticket that was read, with its signs checked, and of which edition they are. Raises TicketUnreadable, TicketUnknown."""
    read = read_ticket(code)
    if read is None:
        raise TicketUnreadable
    if hmac.compare_digest(read.signs, signs_of(session, district_id, read.name)):
        return read.name
    booklet = session.get(Booklet, (district_id, read.name.lot, read.name.booklet))
    for edition in range(booklet.edition if booklet else 0, 0, -1):
        name = replace(read.name, edition=edition)
        if hmac.compare_digest(read.signs, signs_of(session, district_id, name)):
            return name
    raise TicketUnknown


def see_ticket(session: Session, who: Principal, code: str, *, now: datetime) -> SeenTicket:
    """One ticket as the asking till may take it now. Nothing is written: it is looked at again when it is taken.

    Raises TicketUnreadable, TicketUnknown, BookletUnsold, TicketReplaced, BookletStopped, TicketUsed, TicketOtherShops, SeriesEnded.
    """
    authorise(session, who, "association.take_tickets")
    assert who.merchant_id is not None, who
    shop = merchant.queries.merchant(session, who.district_id, who.merchant_id)
    return takeable(session, who.district_id, shop, [proven(session, who.district_id, code)], now=now)[0]


def see_ticket_for(session: Session, who: Principal, merchant_id: int, code: str, *, now: datetime) -> SeenTicket:
    """The same at the desk, in a shop's name."""
    authorise(session, who, "association.read")
    shop = merchant.queries.merchant(session, who.district_id, merchant_id)
    return takeable(session, who.district_id, shop, [proven(session, who.district_id, code)], now=now)[0]


def takeable(
    session: Session, district_id: int, shop: Shop, names: Sequence[TicketName], *, now: datetime, lock: bool = False
) -> list[SeenTicket]:
    """Each of these tickets, where this shop may take it; with `lock`, their booklets are anybody else's only after this transaction.

    Raises BookletUnsold, TicketReplaced, BookletStopped, TicketUsed, TicketOtherShops, TicketUnknown, SeriesEnded.
    """
    lots = lots_of(session, district_id, {name.lot for name in names})
    terms = {each.id: each for each in voucher_terms(session, district_id, [lot.voucher_id for lot in lots.values()])}
    booklets = booklets_for(session, district_id, names, lock=lock)
    used = used_tickets(session, district_id, names)
    seen = []
    for name in names:
        lot = lots.get(name.lot)
        if lot is None or not 1 <= name.ticket <= lot.local_tickets + lot.common_tickets:
            raise TicketUnknown
        booklet = booklets.get((name.lot, name.booklet))
        if booklet is None or booklet.sale_id is None:
            raise BookletUnsold(serial=name.serial)
        if booklet.edition != name.edition:
            raise TicketReplaced(serial=name.serial)
        if booklet.stopped_at is not None:
            raise BookletStopped(serial=name.serial)
        if name in used:
            raise TicketUsed(serial=name.serial, at=used[name])
        campaign = terms[lot.voucher_id]
        series_id = _series_of(lot, campaign, name)
        if now >= campaign.ends:
            raise SeriesEnded(until=campaign.ends)
        if not campaign.is_for(shop, series_id):
            raise TicketOtherShops(serial=name.serial)
        seen.append(SeenTicket(name, campaign, series_id, lot.face, booklet.id))
    return seen


def lots_of(session: Session, district_id: int, ids: set[int]) -> dict[int, TicketLot]:
    """Lots by number; unknown ones are left out. For doors that have asked already."""
    rows = session.scalars(select(TicketLot).where(TicketLot.district_id == district_id, TicketLot.id.in_(ids)))
    return {row.id: row for row in rows}


def booklets_for(session: Session, district_id: int, names: Sequence[TicketName], *, lock: bool) -> dict[tuple[int, int], Booklet]:
    """Rows of the booklets of these tickets, by lot and number, locked in this order; those that nobody touched have none."""
    found = {}
    for lot, number in sorted({(name.lot, name.booklet) for name in names}):
        row = session.get(Booklet, (district_id, lot, number), with_for_update=True if lock else None, populate_existing=True)
        if row is not None:
            found[lot, number] = row
    return found


def is_on_paper(session: Session, district_id: int) -> bool:
    """Whether any booklet of this district was ever sold: else no till needs to know of tickets."""
    return session.scalar(select(Booklet.id).where(Booklet.district_id == district_id).limit(1)) is not None


@dataclass(frozen=True, slots=True)
class TicketPayment:
    """One payment by tickets: the booked transaction, the shop, and its tickets."""

    booked: Transaction
    shop: Shop
    tickets: tuple[UsedTicket, ...]


def ticket_payment(session: Session, who: Principal, transaction_id: int) -> TicketPayment:
    """Raises TransactionUnknown."""
    authorise(session, who, "association.read")
    booked = book.transaction(session, who.district_id, transaction_id)
    if booked.kind != "ticket_payment":
        raise TransactionUnknown(transaction=transaction_id)
    owner_id = next(line.owner_id for line in booked.lines if line.role == "payable")
    shop = merchant.queries.merchant(session, who.district_id, owner_id)
    return TicketPayment(booked, shop, tuple(used_by(session, who.district_id, transaction_id)))


def see_booklet(session: Session, who: Principal, code: str) -> tuple[TicketName, VoucherTerms]:
    """One booklet, by its cover or any of its tickets, as the counter may sell it now; it is looked at again when it is sold.

    Raises TicketUnreadable, TicketUnknown, BookletSold, BookletStopped.
    """
    authorise(session, who, "association.read")
    name = proven(session, who.district_id, code)
    lot = lots_of(session, who.district_id, {name.lot}).get(name.lot)
    if lot is None or not 1 <= name.booklet <= lot.booklets:
        raise TicketUnknown
    row = booklets_for(session, who.district_id, [name], lock=False).get((name.lot, name.booklet))
    serial = f"{name.lot}-{name.booklet:04d}"
    if row is not None and row.sale_id is not None:
        raise BookletSold(serial=serial)
    if row is not None and row.stopped_at is not None:
        raise BookletStopped(serial=serial)
    return name, one_voucher(session, who.district_id, lot.voucher_id)


def used_by(session: Session, district_id: int, transaction_id: int) -> list[UsedTicket]:
    """The same for doors that have asked already."""
    rows = session.scalars(
        select(Ticket)
        .where(Ticket.district_id == district_id, Ticket.transaction_id == transaction_id)
        .order_by(Ticket.lot_id, Ticket.booklet, Ticket.number)
        .execution_options(populate_existing=True)
    ).all()
    lots = lots_of(session, district_id, {row.lot_id for row in rows})
    outcomes = book.outcomes(session, district_id, [row.release_id for row in rows if row.release_id is not None])
    states = {True: "released", False: "used", None: "waiting"}
    return [
        UsedTicket(
            TicketName(row.lot_id, row.booklet, row.number),
            lots[row.lot_id].face,
            row.number <= lots[row.lot_id].local_tickets,
            "used" if row.release_id is None else states[outcomes.get(row.release_id)],
        )
        for row in rows
    ]


def _series_of(lot: TicketLot, terms: VoucherTerms, name: TicketName) -> int:
    if name.ticket <= lot.local_tickets:
        assert terms.local_series_id is not None, lot
        return terms.local_series_id
    return terms.id


USED = text("""
    SELECT u.lot_id, u.booklet, u.number, t.posted_at, u.release_id FROM ticket u
    JOIN unnest(CAST(:lots AS bigint[]), CAST(:booklets AS bigint[]), CAST(:numbers AS bigint[])) AS n (lot_id, booklet, number)
      USING (lot_id, booklet, number)
    JOIN ledger.transaction t ON t.district_id = u.district_id AND t.id = u.transaction_id
    WHERE u.district_id = :district_id
""")


def used_tickets(session: Session, district_id: int, names: Sequence[TicketName]) -> dict[TicketName, datetime]:
    """Those of these tickets that have been used and not let go again, and when. For doors that have asked already."""
    values = {
        "district_id": district_id,
        "lots": [name.lot for name in names],
        "booklets": [name.booklet for name in names],
        "numbers": [name.ticket for name in names],
    }
    rows = session.execute(USED, values).all()
    asked = [row.release_id for row in rows if row.release_id is not None]
    outcomes = book.outcomes(session, district_id, asked) if asked else {}
    return {TicketName(row.lot_id, row.booklet, row.number): row.posted_at for row in rows if outcomes.get(row.release_id or 0) is not True}
