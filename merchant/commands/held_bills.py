"""取り置き: bills that wait, a table's tab."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert
from sqlalchemy.orm import Session

import identity.commands
from base.db import atomic
from identity.queries import Principal
from ledger.errors import KeyReused
from merchant.commands.register import place_of
from merchant.errors import HeldBillGone
from merchant.models import HeldBill


@dataclass(frozen=True, slots=True)
class Hold:
    """A bill that waits under a name. `content`: as the till's script keeps it, to be given back as it is. `key`: its number."""

    name: str
    total: int
    content: dict[str, Any]
    key: UUID


def hold_bill(session: Session, who: Principal, order: Hold, *, now: datetime) -> None:
    """Put a bill aside; any till of the shop may go on with it. Twice is once. Raises NoTill, KeyReused."""
    with atomic(session):
        identity.commands.authorise(session, who, "merchant.sell")
        merchant_id, till_id = place_of(session, who)
        values = {"district_id": who.district_id, "id": order.key, "merchant_id": merchant_id, "till_id": till_id, "held_at": now}
        statement = insert(HeldBill).values(**values, name=order.name, total=order.total, content=order.content)
        session.execute(statement.on_conflict_do_nothing(index_elements=["district_id", "id"]))
        kept = session.get_one(HeldBill, (who.district_id, order.key), populate_existing=True)
        if (kept.merchant_id, kept.name, kept.total, kept.content) != (merchant_id, order.name, order.total, order.content):
            raise KeyReused


def take_bill(session: Session, who: Principal, held_id: UUID, *, key: UUID, now: datetime) -> dict[str, Any]:
    """Go on with a bill that waits: it waits no more. The same key takes it again, whoever comes later is refused. Raises HeldBillGone."""
    with atomic(session):
        identity.commands.authorise(session, who, "merchant.sell")
        merchant_id, _till_id = place_of(session, who)
        mine = (HeldBill.district_id == who.district_id, HeldBill.id == held_id, HeldBill.merchant_id == merchant_id)
        session.execute(
            update(HeldBill)
            .where(*mine, HeldBill.taken_at.is_(None))
            .values(taken_at=now, taken_key=key)
            .execution_options(synchronize_session=False)
        )
        content: dict[str, Any] | None = session.scalar(select(HeldBill.content).where(*mine, HeldBill.taken_key == key))
        if content is None:
            raise HeldBillGone
        return content
