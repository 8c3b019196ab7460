"""紙の券を受け取る: a shop's till reads tickets in a row and takes them all at once; the desk does so in the name of a shop without one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
import merchant.commands as shop_commands
import merchant.queries
from association.errors import TicketsNone, TicketsOverBill
from association.models import Ticket
from association.queries.tickets import SeenTicket, proven, takeable
from base.db import atomic, wake
from identity.commands import authorise
from identity.queries import Principal
from ledger.commands import Draft, Fact, Line
from ledger.errors import PaymentTooLarge
from merchant.errors import NoTill, ShopSuspended
from merchant.queries import Shop


@dataclass(frozen=True, slots=True)
class TakeTickets:
    """Tickets by what their QRs say; the same one twice is one. `bill`: yen that they stand against, None where nobody typed any.
    `agreed`: the customer knows that no change is given. `key`: one for each intention."""

    codes: tuple[str, ...]
    key: UUID
    bill: int | None = None
    agreed: bool = False


@dataclass(frozen=True, slots=True)
class TicketsTaken:
    """What was booked. `amount`: yen of all tickets; `rest`: what is left of the bill, to be paid in another way."""

    transaction_id: int
    tickets: int
    amount: int
    rest: int
    replayed: bool


def take_tickets(session: Session, who: Principal, order: TakeTickets, *, now: datetime) -> TicketsTaken:
    """Take these tickets at the asking till: all of them, or none.

    A ticket counts with its whole face: no change is given, in cash or otherwise (payment-law 25), so what is beyond the bill stays the
    shop's, and is asked about first. Each is used once: its booklet's row is locked while it is looked at, and the book itself holds no
    more on a booklet than was sold. Repeating the key gives the first answer. Raises NoTill, ShopSuspended, TicketsNone, TicketUnreadable,
    TicketUnknown, BookletUnsold, BookletStopped, TicketUsed, TicketOtherShops, PaymentTooLarge, TicketsOverBill, SeriesEnded, KeyReused:
    nothing is written then.
    """
    if who.merchant_id is None:
        raise NoTill
    with atomic(session):
        authorise(session, who, "association.take_tickets", subject=f"merchant:{who.merchant_id}")
        facts: dict[str, Fact] = {"way": "paper", "till": who.till_id, "staff": who.staff_id}
        return _take(session, who, who.merchant_id, order, facts, now, is_one_payment=True)


def take_tickets_for(session: Session, who: Principal, merchant_id: int, order: TakeTickets, *, now: datetime) -> TicketsTaken:
    """The same at the desk, for a shop that has brought a heap of them. Who did it stands in the record.

    The heap is of many payments, so the limit of one does not hold for it. Raises as there, but for PaymentTooLarge.
    """
    with atomic(session):
        authorise(session, who, "association.take_tickets_for", subject=f"merchant:{merchant_id} tickets x{len(order.codes)}")
        facts: dict[str, Fact] = {"way": "paper", "till": None, "staff": None, "clerk": who.person_id}
        return _take(session, who, merchant_id, order, facts, now, is_one_payment=False)


def _take(
    session: Session, who: Principal, merchant_id: int, order: TakeTickets, facts: dict[str, Fact], now: datetime, *, is_one_payment: bool
) -> TicketsTaken:
    shop = merchant.queries.merchant(session, who.district_id, merchant_id)
    names = sorted({proven(session, who.district_id, code) for code in order.codes})
    if not names:
        raise TicketsNone
    content = book.hash_command("association.take_tickets", shop.id, *(name.serial for name in names))
    known = read.find_key(session, who.district_id, order.key, content)
    if known is not None:
        amount = read.transaction(session, who.district_id, known.transaction_id).amount
        return TicketsTaken(known.transaction_id, len(names), amount, max((order.bill or 0) - amount, 0), replayed=True)
    if not shop.is_open:
        raise ShopSuspended
    seen = takeable(session, who.district_id, shop, names, now=now, lock=True)
    amount = sum(one.face for one in seen)
    if is_one_payment:
        _must_be_within_limit(seen)
    if order.bill is not None and amount > order.bill and not order.agreed:
        raise TicketsOverBill(over=amount - order.bill)
    facts |= {"merchant": shop.id, "request": None, "shop_size": shop.size, "tickets": len(seen)}
    if order.bill is not None:
        facts["due"] = order.bill
    lines = _lines(session, who.district_id, shop, seen)
    posted = book.post(session, who.district_id, Draft("ticket_payment", order.key, content, lines, facts))
    _note(session, who.district_id, seen, posted.transaction_id)
    wake(session, shop.sales_topic)
    return TicketsTaken(posted.transaction_id, len(seen), amount, max((order.bill or 0) - amount, 0), posted.replayed)


def _must_be_within_limit(seen: list[SeenTicket]) -> None:
    """Of a campaign, both parts together, no more than one payment may take, on paper as in a wallet. Raises PaymentTooLarge."""
    taken: dict[int, int] = {}
    for one in seen:
        taken[one.terms.id] = taken.get(one.terms.id, 0) + one.face
        limit = one.terms.payment_max
        if limit is not None and taken[one.terms.id] > limit:
            raise PaymentTooLarge(limit=limit)


def _lines(session: Session, district_id: int, shop: Shop, seen: list[SeenTicket]) -> tuple[Line, ...]:
    """One line for each booklet and part, and one for each part that the shop gets."""
    amounts: dict[int, int] = {}
    for one in seen:
        paper = book.open_account(session, district_id, "voucher_paper", one.booklet_id, one.series_id)
        payable = shop_commands.payable_account(session, district_id, shop.id, one.series_id)
        amounts[paper] = amounts.get(paper, 0) + one.face
        amounts[payable] = amounts.get(payable, 0) - one.face
    return tuple(Line(account, amount) for account, amount in amounts.items())


def _note(session: Session, district_id: int, seen: list[SeenTicket], transaction_id: int) -> None:
    """Each ticket is used by this payment now; one that two people let go before is used anew."""
    rows = [
        {
            "district_id": district_id,
            "lot_id": one.name.lot,
            "booklet": one.name.booklet,
            "number": one.name.ticket,
            "transaction_id": transaction_id,
            "release_id": None,
        }
        for one in seen
    ]
    row = insert(Ticket)
    session.execute(
        row.on_conflict_do_update(
            index_elements=["district_id", "lot_id", "booklet", "number"],
            set_={"transaction_id": row.excluded.transaction_id, "release_id": None},
        ),
        rows,
    )
