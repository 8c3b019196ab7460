"""加盟店 with the story of their admission."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

import merchant.queries
from association.models import ShopAdmission, ShopStop
from identity.commands import authorise
from identity.queries import Principal, nicknames
from merchant.queries import Shop


@dataclass(frozen=True, slots=True)
class Admission:
    """Who put the shop forward, and who decided. Names are None for people who were erased."""

    registered_by: int
    registered_by_name: str | None
    registered_at: datetime
    decided_by_name: str | None
    decided_at: datetime | None
    admission_check: str | None


@dataclass(frozen=True, slots=True)
class ListedShop:
    """A shop as the desk sees it. `is_mine`: whoever asks put it forward, so somebody else decides."""

    shop: Shop
    admission: Admission | None
    is_mine: bool


def listed_shops(session: Session, who: Principal, *, states: tuple[str, ...] | None = None) -> list[ListedShop]:
    """Shops in the order of their reading, of all or the given states."""
    authorise(session, who, "association.read")
    shops = merchant.queries.shops(session, who.district_id, states=states)
    theirs = ShopAdmission.merchant_id.in_([shop.id for shop in shops])
    rows = session.scalars(select(ShopAdmission).where(ShopAdmission.district_id == who.district_id, theirs)) if shops else ()
    admissions = {row.merchant_id: row for row in rows}
    people = {row.registered_by for row in admissions.values()} | {row.decided_by for row in admissions.values() if row.decided_by}
    names = nicknames(session, who.district_id, people) if people else {}
    return [_listed(who, shop, admissions.get(shop.id), names) for shop in shops]


@dataclass(frozen=True, slots=True)
class Stopped:
    """One word that stopped a shop. `by_name`: None for somebody who was erased."""

    by: int
    by_name: str | None
    at: datetime
    reason: str


def stops_of_shop(session: Session, shop: Shop) -> list[Stopped]:
    """Who stopped a suspended shop and why, the first one first. For doors that have asked already."""
    if shop.state != "suspended":
        return []
    theirs = (ShopStop.district_id == shop.district_id, ShopStop.merchant_id == shop.id, ShopStop.stopped_at >= shop.state_since)
    rows = session.scalars(select(ShopStop).where(*theirs).order_by(ShopStop.id)).all()
    names = nicknames(session, shop.district_id, {row.stopped_by for row in rows}) if rows else {}
    return [Stopped(row.stopped_by, names.get(row.stopped_by), row.stopped_at, row.reason) for row in rows]


def _listed(who: Principal, shop: Shop, row: ShopAdmission | None, names: dict[int, str]) -> ListedShop:
    if row is None:
        return ListedShop(shop, None, is_mine=False)
    admission = Admission(
        registered_by=row.registered_by,
        registered_by_name=names.get(row.registered_by),
        registered_at=row.registered_at,
        decided_by_name=names.get(row.decided_by) if row.decided_by else None,
        decided_at=row.decided_at,
        admission_check=row.admission_check,
    )
    return ListedShop(shop, admission, is_mine=row.registered_by == who.person_id)
