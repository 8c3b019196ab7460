"""申し立て as they are read: by the desk whole, by the two sides as far as it is told to them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

import ledger.queries as book
import merchant.queries
from association.errors import DisputeUnknown
from association.models import Dispute, DisputeNote
from base.clock import tokyo_day
from identity.commands import authorise
from identity.queries import Principal, nicknames
from ledger.queries import Transaction
from merchant.queries import Shop

PAYMENTS = ("payment", "coupon_payment", "payment_again")
DAYS = 14
"""How long a case takes unless somebody says otherwise."""
SHOWN = 200


@dataclass(frozen=True, slots=True)
class Said:
    """What somebody said. `said_by`: consumer, shop or association; `is_told`: both sides read it."""

    said_by: str
    words: str
    is_told: bool
    made_by_name: str | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class DisputeRow:
    """One case in a list. `state`: open, waiting (for a second person), closed. Yen: `amount` of the payment, `held` now."""

    id: int
    transaction_id: int
    number: str
    shop: Shop
    raised_by: str
    amount: int
    held: int
    due_on: date
    opened_at: datetime
    state: str
    outcome: str | None
    refunded: int

    def is_overdue(self, today: date) -> bool:
        return self.state != "closed" and self.due_on < today


@dataclass(frozen=True, slots=True)
class DisputePage:
    """A case whole. Yen: `left` can still go back to the customer, `with_shop` is what the shop still has of the payment and is not held.

    `waiting`: the proposal that waits for a second person; `hold_declined`: nobody holds it, since it was sent back.
    """

    row: DisputeRow
    payment: Transaction
    person_id: int
    reason: str
    complaint_id: int | None
    opened_by_name: str | None
    closed_by_name: str | None
    closed_at: datetime | None
    left: int
    with_shop: int
    waiting: int | None
    notes: tuple[Said, ...]


@dataclass(frozen=True, slots=True)
class SideView:
    """What consumer and shop may know of a case about their payment. `said`: what is told to both, the oldest first."""

    id: int
    transaction_id: int
    number: str
    opened_at: datetime
    due_on: date
    held: int
    outcome: str | None
    refunded: int
    closed_at: datetime | None
    said: tuple[Said, ...]


def held_of(session: Session, district_id: int, dispute_id: int) -> list[book.Balance]:
    """What of the shop's share is held for a case, by series."""
    return [one for one in book.balances(session, district_id, "dispute", dispute_id) if one.balance]


HELD_SINCE = text("""
    SELECT DISTINCT d.merchant_id FROM dispute d
    JOIN ledger.decision x ON x.district_id = d.district_id AND x.proposal_id = d.hold_proposal_id AND x.approved AND x.decided_at >= :since
    WHERE d.district_id = :district_id AND d.closed_at IS NULL
""")


def held_since(session: Session, district_id: int, since: datetime) -> set[int]:
    """Shops of whose share something was held from a moment on and still is."""
    return set(session.scalars(HELD_SINCE, {"district_id": district_id, "since": since}))


def kept_by_shop(payment: Transaction, refunds: Sequence[Transaction]) -> dict[int, tuple[int, int]]:
    """Payable account → (series, yen that the shop still has of this payment), where that is something."""
    had: dict[int, tuple[int, int]] = {}
    for each in (payment, *refunds):
        for line in each.lines:
            if line.role == "payable":
                had[line.account_id] = (line.series_id, had.get(line.account_id, (0, 0))[1] - line.amount)
    return {account_id: kept for account_id, kept in had.items() if kept[1] > 0}


def disputes(session: Session, who: Principal) -> list[DisputeRow]:
    """Open ones first, by their deadlines; then those that are closed, the newest first."""
    authorise(session, who, "association.read_books", subject="disputes")
    rows = session.scalars(select(Dispute).where(Dispute.district_id == who.district_id).order_by(Dispute.id.desc()).limit(SHOWN)).all()
    found = [_row(session, row) for row in rows]
    return sorted(found, key=lambda each: (each.state == "closed", each.due_on if each.state != "closed" else date.min))


def open_disputes(session: Session, district_id: int) -> list[DisputeRow]:
    """Those without an outcome, the most urgent first. Names nobody but the shop; for the desk's first page and the controls."""
    rows = session.scalars(
        select(Dispute).where(Dispute.district_id == district_id, Dispute.closed_at.is_(None)).order_by(Dispute.due_on, Dispute.id)
    ).all()
    return [_row(session, row) for row in rows]


def count_open(session: Session, district_id: int) -> int:
    """How many have no outcome. For doors that have asked already."""
    still = (Dispute.district_id == district_id, Dispute.closed_at.is_(None))
    return session.scalar(select(func.count()).select_from(Dispute).where(*still)) or 0


def overdue_since(session: Session, district_id: int, today: date) -> tuple[date | None, int]:
    """(the oldest deadline that is over, how many are); (None, 0): none is."""
    over = select(Dispute.due_on).where(Dispute.district_id == district_id, Dispute.closed_at.is_(None), Dispute.due_on < today)
    days = session.scalars(over.order_by(Dispute.due_on)).all()
    return (days[0] if days else None), len(days)


def dispute_numbered(session: Session, district_id: int, dispute_id: int) -> DisputeRow | None:
    """One case as a list shows it: it names nobody but the shop. For doors that have asked already."""
    row = session.get(Dispute, (district_id, dispute_id), populate_existing=True)
    return None if row is None else _row(session, row)


def dispute_page(session: Session, who: Principal, dispute_id: int) -> DisputePage:
    """Raises DisputeUnknown."""
    authorise(session, who, "association.read_books", subject=f"dispute:{dispute_id}")
    row = session.get(Dispute, (who.district_id, dispute_id), populate_existing=True)
    if row is None:
        raise DisputeUnknown
    payment = book.transaction(session, who.district_id, row.transaction_id)
    refunds = [book.transaction(session, who.district_id, number) for number in payment.refunds]
    short = _row(session, row)
    paid = sum(line.amount for line in payment.lines if line.role == "consumer" and line.unit == 0)
    names = nicknames(session, who.district_id, {each for each in (row.opened_by, row.closed_by) if each is not None})
    return DisputePage(
        row=short,
        payment=payment,
        person_id=row.person_id,
        reason=row.reason,
        complaint_id=row.complaint_id,
        opened_by_name=names.get(row.opened_by),
        closed_by_name=None if row.closed_by is None else names.get(row.closed_by),
        closed_at=row.closed_at,
        left=paid - book.reached_customer(paid, payment.facts, payment.refunded, payment.to_funders),
        with_shop=max(sum(kept for _series, kept in kept_by_shop(payment, refunds).values()) - short.held, 0),
        waiting=waiting_of(session, row),
        notes=_said(session, row, told_only=False),
    )


def dispute_of_payment(session: Session, district_id: int, transaction_id: int) -> SideView | None:
    """The newest case about a payment, for the page of one of its two sides; None: there was none. No role check: for those pages."""
    of_payment = (Dispute.district_id == district_id, Dispute.transaction_id == transaction_id)
    row = session.scalars(select(Dispute).where(*of_payment).order_by(Dispute.id.desc()).limit(1)).one_or_none()
    return None if row is None else _side(session, row)


def disputes_of_shop(session: Session, district_id: int, merchant_id: int) -> list[SideView]:
    """Open cases about payments to a shop, the most urgent first. No role check: for the shop's own pages."""
    of_shop = (Dispute.district_id == district_id, Dispute.merchant_id == merchant_id, Dispute.closed_at.is_(None))
    return [_side(session, row) for row in session.scalars(select(Dispute).where(*of_shop).order_by(Dispute.due_on, Dispute.id))]


def waiting_of(session: Session, row: Dispute) -> int | None:
    """The proposal of a case that waits for a second person."""
    laid = [number for number in (row.hold_proposal_id, row.outcome_proposal_id) if number is not None]
    outcomes = book.outcomes(session, row.district_id, laid)
    return next((number for number in laid if outcomes.get(number) is None), None)


def _row(session: Session, row: Dispute) -> DisputeRow:
    payment = book.transaction(session, row.district_id, row.transaction_id)
    state = "closed" if row.closed_at is not None else "waiting" if waiting_of(session, row) is not None else "open"
    return DisputeRow(
        id=row.id,
        transaction_id=row.transaction_id,
        number=payment.payment_number,
        shop=merchant.queries.merchant(session, row.district_id, row.merchant_id),
        raised_by=row.raised_by,
        amount=payment.amount,
        held=sum(one.balance for one in held_of(session, row.district_id, row.id)),
        due_on=row.due_on,
        opened_at=row.opened_at,
        state=state,
        outcome=row.outcome,
        refunded=row.refunded,
    )


def _side(session: Session, row: Dispute) -> SideView:
    return SideView(
        id=row.id,
        transaction_id=row.transaction_id,
        number=book.payment_number(row.transaction_id),
        opened_at=row.opened_at,
        due_on=row.due_on,
        held=sum(one.balance for one in held_of(session, row.district_id, row.id)),
        outcome=row.outcome,
        refunded=row.refunded,
        closed_at=row.closed_at,
        said=_said(session, row, told_only=True),
    )


def _said(session: Session, row: Dispute, *, told_only: bool) -> tuple[Said, ...]:
    """Who wrote it down is the desk's own business."""
    of_case = (DisputeNote.district_id == row.district_id, DisputeNote.dispute_id == row.id)
    query = select(DisputeNote).where(*of_case).order_by(DisputeNote.id)
    notes = session.scalars(query.where(DisputeNote.is_told) if told_only else query).all()
    names = {} if told_only else nicknames(session, row.district_id, {note.made_by for note in notes}) if notes else {}
    return tuple(Said(note.said_by, note.words, note.is_told, names.get(note.made_by), note.made_at) for note in notes)


def first_due(now: datetime) -> date:
    """The deadline that a new case is offered."""
    return date.fromordinal(tokyo_day(now).toordinal() + DAYS)
