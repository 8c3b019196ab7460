"""Bills that several phones pay: what each has paid, and what is still asked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from merchant.errors import SharedBillUnknown
from merchant.models import SharedBill, SharedPart
from merchant.queries.sales import Sale, sale


@dataclass(frozen=True, slots=True)
class PartRow:
    """What one phone has paid. Yen; `paid`: its means as the receipt names them; `sale`: the payment as the book has it now."""

    transaction_id: int
    amount: int
    cash: int
    own: int
    own_coupon: list[str] | None
    paid: list[dict[str, Any]]
    sale: Sale

    @property
    def stands(self) -> bool:
        """What was given back whole is as if nobody had paid it."""
        return self.sale.left > 0 or not self.sale.paid


@dataclass(frozen=True, slots=True)
class SharedRow:
    """まとめて1枚の割り勘, in yen. `parts`: the first that was paid first; `serial`: of the receipt of `till_id`, once it is there."""

    id: UUID
    merchant_id: int
    till_id: int
    staff_id: int | None
    total: int
    coins: tuple[int, ...]
    bill: dict[str, Any]
    opened_at: datetime
    closed_at: datetime | None
    serial: int | None
    parts: tuple[PartRow, ...]

    @property
    def standing(self) -> tuple[PartRow, ...]:
        return tuple(part for part in self.parts if part.stands)

    @property
    def due(self) -> tuple[int, ...]:
        """The parts that phones are still to pay, in yen."""
        left = list(self.coins)
        for part in self.standing:
            left.remove(part.amount)
        return tuple(left)

    @property
    def came(self) -> int:
        return sum(part.amount for part in self.standing)


def shared_bill(session: Session, district_id: int, merchant_id: int, shared_id: UUID) -> SharedRow:
    """One shared bill of this shop. Raises SharedBillUnknown, also for another shop's."""
    row = session.get(SharedBill, (district_id, shared_id), populate_existing=True)
    if row is None or row.merchant_id != merchant_id:
        raise SharedBillUnknown
    return _with_parts(session, row)


def open_shared_bills(session: Session, district_id: int, merchant_id: int) -> list[SharedRow]:
    """Bills of which somebody has paid a part and that have no receipt yet, the oldest first."""
    paid = select(SharedPart.shared_id).where(SharedPart.district_id == district_id)
    query = (
        select(SharedBill)
        .where(SharedBill.district_id == district_id, SharedBill.merchant_id == merchant_id)
        .where(SharedBill.closed_at.is_(None), SharedBill.id.in_(paid))
        .order_by(SharedBill.opened_at)
    )
    return [_with_parts(session, row) for row in session.scalars(query)]


def _with_parts(session: Session, row: SharedBill) -> SharedRow:
    query = (
        select(SharedPart)
        .where(SharedPart.district_id == row.district_id, SharedPart.shared_id == row.id)
        .order_by(SharedPart.paid_at, SharedPart.transaction_id)
    )
    parts = tuple(
        PartRow(
            part.transaction_id,
            part.amount,
            part.cash,
            part.own,
            part.own_coupon,
            part.paid,
            sale(session, row.district_id, row.merchant_id, part.transaction_id).sale,
        )
        for part in session.scalars(query)
    )
    facts = {name: getattr(row, name) for name in SharedRow.__slots__ if name not in ("coins", "parts")}
    return SharedRow(**facts, coins=tuple(row.coins), parts=parts)
