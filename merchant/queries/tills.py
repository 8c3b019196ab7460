"""Tablets of a shop and who may stand at them."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from base.db import rows
from merchant.errors import StaffUnknown, TillUnknown
from merchant.models import Staff, StaffRole, Till


@dataclass(frozen=True, slots=True)
class TillRow:
    """端末 of a shop. `revoked_at`: from then on it may do nothing."""

    id: int
    merchant_id: int
    name: str
    paired_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class StaffMember:
    """`role`: owner or cashier."""

    id: int
    merchant_id: int
    name: str
    role: str

    @property
    def is_owner(self) -> bool:
        return self.role == StaffRole.owner


def tills(session: Session, district_id: int, merchant_id: int) -> list[TillRow]:
    """Tablets that are paired now, the oldest first."""
    query = (
        select(Till)
        .where(Till.district_id == district_id, Till.merchant_id == merchant_id, Till.revoked_at.is_(None))
        .order_by(Till.id)
        .execution_options(populate_existing=True)
    )
    return [_as_till(row) for row in session.scalars(query)]


def till(session: Session, district_id: int, till_id: int) -> TillRow:
    """One tablet, revoked or not. Raises TillUnknown."""
    row = session.get(Till, (district_id, till_id), populate_existing=True)
    if row is None:
        raise TillUnknown
    return _as_till(row)


@dataclass(frozen=True, slots=True)
class Standing:
    """What a till's live line looks at. `request_state` at the moment of looking; None: it never asked.

    `offered`: what a customer whose balance is short offers in coin and waits with; `cash`: what was agreed on. Yen.
    `is_stopped`: the association has stopped all paying.
    `pseudonym_key`: the shop's own, from which it calls its customers what it calls them.
    """

    is_revoked: bool
    shop_state: str
    request_id: UUID | None
    request_state: str | None
    transaction_id: int | None
    pseudonym_key: bytes = field(repr=False)
    offered: int | None
    cash: int | None
    is_stopped: bool


STANDING = """
    SELECT t.revoked_at IS NOT NULL AS is_revoked, m.state AS shop_state, r.id AS request_id,
        CASE WHEN r.state = 'open' AND r.expires_at <= %(now)s THEN 'expired' ELSE r.state END AS request_state, r.transaction_id,
        m.pseudonym_key,
        CASE WHEN r.state = 'open' AND r.expires_at > %(now)s AND r.offer_state = 'waiting' THEN r.offer END AS offered, r.cash,
        COALESCE((SELECT bool_and('paying' = ANY (s.stopped)) FROM ledger.series s
                  WHERE s.district_id = t.district_id AND s.unit = 'yen'), false)
    FROM till t
    JOIN merchant m ON m.district_id = t.district_id AND m.id = t.merchant_id
    LEFT JOIN LATERAL (
        SELECT * FROM payment_request p WHERE p.district_id = t.district_id AND p.till_id = t.id AND p.later IS NULL
        ORDER BY p.made_at DESC LIMIT 1) r ON true
    WHERE t.district_id = %(district_id)s AND t.id = %(till_id)s
"""
"""One statement: two hundred tablets ask it at each look."""


def standing(session: Session, district_id: int, till_id: int, *, now: datetime) -> Standing:
    """Whether the till may go on, whether its shop may take money, and what became of its last request. Raises TillUnknown."""
    found = rows(session, STANDING, {"district_id": district_id, "till_id": till_id, "now": now})
    if not found:
        raise TillUnknown
    return Standing(*found[0])


def staff(session: Session, district_id: int, merchant_id: int) -> list[StaffMember]:
    """Who works here now: owners first, then in the order in which they came."""
    query = (
        select(Staff)
        .where(Staff.district_id == district_id, Staff.merchant_id == merchant_id, Staff.left_at.is_(None))
        .order_by(Staff.role != StaffRole.owner, Staff.id)
    )
    return [_as_member(row) for row in session.scalars(query)]


def owner_alone(session: Session, district_id: int, merchant_id: int) -> StaffMember | None:
    """The owner, if nobody else works here."""
    people = staff(session, district_id, merchant_id)
    return people[0] if len(people) == 1 and people[0].is_owner else None


def staff_names(session: Session, district_id: int, merchant_id: int) -> dict[int, str]:
    """Everybody who works or has worked here, by number: lists of earlier days name them, too."""
    query = select(Staff.id, Staff.name).where(Staff.district_id == district_id, Staff.merchant_id == merchant_id)
    return {row.id: row.name for row in session.execute(query)}


def till_names(session: Session, district_id: int, merchant_id: int) -> dict[int, str]:
    """Every tablet that this shop has or had, by number."""
    query = select(Till.id, Till.name).where(Till.district_id == district_id, Till.merchant_id == merchant_id)
    return {row.id: row.name for row in session.execute(query)}


def staff_member(session: Session, district_id: int, merchant_id: int, staff_id: int) -> StaffMember:
    """One member of this shop's staff. Raises StaffUnknown, also when they have left."""
    row = session.get(Staff, (district_id, staff_id), populate_existing=True)
    if row is None or row.merchant_id != merchant_id or row.left_at is not None:
        raise StaffUnknown
    return _as_member(row)


def _as_till(row: Till) -> TillRow:
    return TillRow(row.id, row.merchant_id, row.name, row.paired_at, row.revoked_at)


def _as_member(row: Staff) -> StaffMember:
    return StaffMember(row.id, row.merchant_id, row.name, row.role.value)
