"""手元現金: what each clerk has taken and not yet handed over."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

import ledger.queries as book
from association.models import Drawer
from identity.commands import authorise
from identity.queries import Principal, grants, nicknames

CLERK_ROLES = ("issuer", "administrator")
"""Who may take cash at the counter."""


@dataclass(frozen=True, slots=True)
class DrawerStanding:
    """A clerk's cash in yen. `is_mine`: whoever asks answers for it, so somebody else counts."""

    clerk_id: int
    clerk_name: str | None
    cash: int
    is_mine: bool


def drawers(session: Session, who: Principal) -> list[DrawerStanding]:
    """Every clerk's drawer, fullest first: of those who have taken cash, and of those who may."""
    authorise(session, who, "association.read")
    rows = session.scalars(select(Drawer).where(Drawer.district_id == who.district_id)).all()
    accounts = {row.clerk_id: row.account_id for row in rows}
    for grant in grants(session, who.district_id):
        if grant.role in CLERK_ROLES and grant.person_id not in accounts:
            found = book.account_id(session, who.district_id, "drawer", grant.person_id, 0)
            if found is not None:
                accounts[grant.person_id] = found
    names = nicknames(session, who.district_id, accounts) if accounts else {}
    standing = [
        DrawerStanding(
            clerk_id=clerk_id,
            clerk_name=names.get(clerk_id),
            cash=book.balance(session, who.district_id, account_id),
            is_mine=clerk_id == who.person_id,
        )
        for clerk_id, account_id in accounts.items()
    ]
    return sorted(standing, key=lambda drawer: (-drawer.cash, drawer.clerk_id))


def own_cash(session: Session, who: Principal) -> int:
    """What the asking clerk has in hand, in yen; 0 before the first top-up."""
    account = None if who.person_id is None else book.account_id(session, who.district_id, "drawer", who.person_id, 0)
    return 0 if account is None else book.balance(session, who.district_id, account)
