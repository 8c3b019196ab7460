"""手元現金: what each clerk has taken and not yet handed over."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

import ledger.queries as book
from association.models import Drawer
from identity.commands import authorise
from identity.queries import Principal, nicknames


@dataclass(frozen=True, slots=True)
class DrawerStanding:
    """A clerk's cash in yen. `is_mine`: whoever asks answers for it, so somebody else counts."""

    clerk_id: int
    clerk_name: str | None
    cash: int
    opened_at: datetime
    is_mine: bool


def drawers(session: Session, who: Principal) -> list[DrawerStanding]:
    """Every clerk's drawer, fullest first."""
    authorise(session, who, "association.read")
    rows = session.scalars(select(Drawer).where(Drawer.district_id == who.district_id)).all()
    names = nicknames(session, who.district_id, {row.clerk_id for row in rows}) if rows else {}
    standing = [
        DrawerStanding(
            clerk_id=row.clerk_id,
            clerk_name=names.get(row.clerk_id),
            cash=book.balance(session, who.district_id, row.account_id),
            opened_at=row.opened_at,
            is_mine=row.clerk_id == who.person_id,
        )
        for row in rows
    ]
    return sorted(standing, key=lambda drawer: (-drawer.cash, drawer.clerk_id))


def own_cash(session: Session, who: Principal) -> int:
    """What the asking clerk has in hand, in yen; 0 before the first top-up."""
    if who.person_id is None:
        return 0
    row = session.get(Drawer, (who.district_id, who.person_id))
    return 0 if row is None else book.balance(session, who.district_id, row.account_id)
