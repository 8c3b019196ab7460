"""紙の券の販売: booklets over the counter, booked as vouchers in a wallet are, onto an account of each booklet."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import update
from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
from association.commands.tickets.lots import locked_booklet
from association.commands.top_up import drawer_account
from association.commands.vouchers.sale import must_be_allowed, must_be_on_sale, post_sale
from association.errors import (
    BookletsMixed,
    BookletSold,
    BookletStopped,
    CashTooLittle,
    NotChosen,
    OwnWallet,
    TicketsNone,
    TicketUnknown,
    VoucherLimit,
)
from association.models import Booklet
from association.queries.calls import call_of
from association.queries.notice import current_version
from association.queries.tickets import lots_of, proven
from association.queries.vouchers import VoucherTerms, one_voucher
from association.rules.tickets import TicketName
from base.db import atomic
from identity.commands import authorise
from identity.queries import Principal, profile
from ledger.commands import Draft, Line


@dataclass(frozen=True, slots=True)
class SellBooklets:
    """Booklets by what their covers (or any of their tickets) say. `person_id`: who buys, where they showed a code; their limit then counts
    with what they bought in their wallet, else the sale alone. `received`: cash in yen. `key`: one for each intention."""

    codes: tuple[str, ...]
    person_id: int | None
    received: int | None
    key: UUID


@dataclass(frozen=True, slots=True)
class BookletsSold:
    """What was booked, in yen for all booklets together."""

    transaction_id: int
    booklets: int
    price: int
    replayed: bool


def sell_booklets(session: Session, who: Principal, order: SellBooklets, *, now: datetime) -> BookletsSold:
    """Book price, premium and the whole face value of each booklet; from then on its tickets are worth something, and never before.

    Raises KeyReused, TicketsNone, TicketUnreadable, TicketUnknown, BookletsMixed, BookletSold, BookletStopped, CashTooLittle, OwnWallet,
    PersonUnknown, VoucherNotYet, VoucherSaleOver, PaymentLate, NotChosen, VoucherLimit, VoucherSoldOut, and the book's own DrawerFull:
    nothing is written then.
    """
    with atomic(session):
        authorise(session, who, "association.sell_voucher", subject=f"person:{order.person_id or '-'} booklets x{len(order.codes)}")
        names = sorted(
            {(name.lot, name.booklet): name for name in (proven(session, who.district_id, code) for code in order.codes)}.values()
        )
        if not names:
            raise TicketsNone
        wanted = [f"{name.lot}-{name.booklet:04d}" for name in names]
        content = book.hash_command("association.sell_booklets", who.person_id, order.person_id, *wanted)
        known = read.find_key(session, who.district_id, order.key, content)
        terms = _campaign(session, who.district_id, names)
        price = terms.price * len(names)
        if known is not None:
            return BookletsSold(known.transaction_id, len(names), price, replayed=True)
        must_be_on_sale(terms, now)
        received = price if order.received is None else order.received
        if received < price:
            raise CashTooLittle(missing=price - received)
        _must_be_within_limit(session, who, terms, order.person_id, len(names), now)
        rows = [_unsold(session, who.district_id, name) for name in names]
        draft = Draft(
            kind="voucher_sale",
            key=order.key,
            command_hash=content,
            lines=_lines(session, who, terms, rows, now),
            facts={
                "way": "paper",
                "staff": who.person_id,
                "received": received,
                "voucher": terms.id,
                "units": len(rows),
                "booklets": "、".join(wanted)[:400],
                "notice": current_version(session, who.district_id),
            },
        )
        posted = post_sale(session, who.district_id, terms, draft)
        for row in rows:
            row.sale_id, row.person_id = posted.transaction_id, order.person_id
        return BookletsSold(posted.transaction_id, len(rows), price, posted.replayed)


def take_back_booklets(session: Session, district_id: int, sale_id: int) -> None:
    """A sale is undone: its booklets are unsold again. For the door that undoes it."""
    mine = (Booklet.district_id == district_id, Booklet.sale_id == sale_id)
    session.execute(update(Booklet).where(*mine).values(sale_id=None, person_id=None))


def _campaign(session: Session, district_id: int, names: list[TicketName]) -> VoucherTerms:
    lots = lots_of(session, district_id, {name.lot for name in names})
    if any(name.lot not in lots or not 1 <= name.booklet <= lots[name.lot].booklets for name in names):
        raise TicketUnknown
    campaigns = {lot.voucher_id for lot in lots.values()}
    if len(campaigns) > 1:
        raise BookletsMixed
    return one_voucher(session, district_id, campaigns.pop())


def _must_be_within_limit(session: Session, who: Principal, terms: VoucherTerms, person_id: int | None, many: int, now: datetime) -> None:
    """Raises OwnWallet, PersonUnknown, PaymentLate, NotChosen, VoucherLimit. Of somebody whom nobody knows only this sale is counted, and
    where people apply it is not sold to them."""
    if person_id is not None:
        if person_id == who.person_id:
            raise OwnWallet
        profile(session, who.district_id, person_id)
        must_be_allowed(session, who.district_id, terms, person_id, many, now)
    elif call_of(session, who.district_id, terms.id) is not None:
        raise NotChosen
    elif many > terms.per_person:
        raise VoucherLimit(limit=terms.per_person, left=terms.per_person)


def _unsold(session: Session, district_id: int, name: TicketName) -> Booklet:
    row = locked_booklet(session, district_id, name.lot, name.booklet)
    serial = f"{name.lot}-{name.booklet:04d}"
    if row.sale_id is not None:
        raise BookletSold(serial=serial)
    if row.stopped_at is not None:
        raise BookletStopped(serial=serial)
    return row


def _lines(session: Session, who: Principal, terms: VoucherTerms, rows: list[Booklet], now: datetime) -> tuple[Line, ...]:
    many, district_id = len(rows), who.district_id
    paper = (
        Line(book.open_account(session, district_id, "voucher_paper", row.id, part), -face)
        for row in rows
        for part, face in terms.faces.items()
    )
    return (
        Line(drawer_account(session, who, now), terms.price * many),
        Line(terms.premium_account_id, terms.premium * many),
        *paper,
        *book.transfer(
            book.open_account(session, district_id, "voucher_stock", 0, terms.units_series_id),
            book.open_account(session, district_id, "voucher_sold", 0, terms.units_series_id),
            many,
        ),
    )
