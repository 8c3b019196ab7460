"""加盟の申し込み: who asks to join, and what became of it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from association.errors import ApplicationUnknown
from association.models import ShopApplication
from association.rules.zengin import Account
from identity.commands import authorise
from identity.queries import Principal
from identity.vault import vault
from merchant.commands import NewShop


@dataclass(frozen=True, slots=True)
class Application:
    """What a shop wrote: its registration, where it wants to be paid, and whom to call or, where there is an address, to write to."""

    shop: NewShop
    account: Account
    contact_name: str
    contact_phone: str
    contact_email: str = ""


@dataclass(frozen=True, slots=True)
class ApplicationRow:
    """`application`: None once it was declined and forgotten. `merchant_id`: the shop that was registered from it."""

    id: int
    made_at: datetime
    handled_at: datetime | None
    merchant_id: int | None
    decline_reason: str | None
    application: Application | None


def sealed_application(session: Session, district_id: int, application: Application) -> bytes:
    """As it is stored. For the door that writes."""
    return vault(session).seal(json.dumps(asdict(application)), "shop application", district_id)


def application_of(session: Session, row: ShopApplication) -> Application | None:
    """What is in it. For doors that have asked already."""
    if row.sealed is None:
        return None
    found: dict[str, Any] = json.loads(vault(session).unseal(row.sealed, "shop application", row.district_id))
    return Application(**found | {"shop": NewShop(**found["shop"]), "account": Account(**found["account"])})


def application_of_shop(session: Session, district_id: int, merchant_id: int) -> Application | None:
    """From which a shop was registered. For doors that have asked already."""
    mine = (ShopApplication.district_id == district_id, ShopApplication.merchant_id == merchant_id)
    row = session.scalar(select(ShopApplication).where(*mine))
    return None if row is None else application_of(session, row)


def applications(session: Session, who: Principal, *, limit: int = 200) -> list[ApplicationRow]:
    """Those that wait first, then the newest."""
    authorise(session, who, "association.read")
    mine = select(ShopApplication).where(ShopApplication.district_id == who.district_id)
    rows = session.scalars(mine.order_by(ShopApplication.handled_at.is_not(None), ShopApplication.id.desc()).limit(limit))
    return [_row(session, row) for row in rows]


def waiting_applications(session: Session, district_id: int) -> int:
    """How many nobody has looked at. For doors that have asked already."""
    waiting = (ShopApplication.district_id == district_id, ShopApplication.handled_at.is_(None))
    return session.scalar(select(func.count()).select_from(ShopApplication).where(*waiting)) or 0


@dataclass(frozen=True, slots=True)
class ApplicationStanding:
    """How one stands, and nothing of what was written."""

    made_at: datetime
    handled_at: datetime | None


def application_standing(session: Session, who: Principal, application_id: int) -> ApplicationStanding | None:
    """None where there is none of this number."""
    authorise(session, who, "association.read")
    row = session.get(ShopApplication, (who.district_id, application_id))
    return None if row is None else ApplicationStanding(row.made_at, row.handled_at)


def application(session: Session, who: Principal, application_id: int) -> ApplicationRow:
    """One of them whole, with whom to call: on record each time. Raises ApplicationUnknown."""
    authorise(session, who, "association.register_shop", subject=f"application:{application_id}")
    row = session.get(ShopApplication, (who.district_id, application_id))
    if row is None:
        raise ApplicationUnknown
    return _row(session, row)


def _row(session: Session, row: ShopApplication) -> ApplicationRow:
    return ApplicationRow(row.id, row.made_at, row.handled_at, row.merchant_id, row.decline_reason, application_of(session, row))
