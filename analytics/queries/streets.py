"""The plan of the streets, and which shop stands where on it."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

import merchant.queries
from analytics.models import StreetPlace, StreetPlan
from identity.commands import authorise
from identity.queries import Principal


@dataclass(frozen=True, slots=True)
class Plan:
    """The newest picture. `id` changes with it."""

    id: int
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Place:
    """A shop and where it stands: `street` empty and `at` None while nobody has said. `at`: thousandths from the left and the top."""

    merchant_id: int
    name: str
    street: str
    at: tuple[int, int] | None


def plan(session: Session, who: Principal) -> Plan | None:
    """None: there is none yet. Raises Forbidden."""
    authorise(session, who, "analytics.see_streets")
    found = select(StreetPlan.id, StreetPlan.width, StreetPlan.height).where(StreetPlan.district_id == who.district_id)
    row = session.execute(found.order_by(StreetPlan.id.desc()).limit(1)).first()
    return None if row is None else Plan(*row)


def plan_picture(session: Session, who: Principal, plan_id: int) -> bytes | None:
    """PNG. Raises Forbidden."""
    authorise(session, who, "analytics.see_streets")
    row = session.get(StreetPlan, (who.district_id, plan_id))
    return None if row is None else row.content


def streets_of_shops(session: Session, district_id: int) -> dict[int, str]:
    """By shop, of those whose street somebody has said. For reports, which ask the guard."""
    query = select(StreetPlace.merchant_id, StreetPlace.street).where(StreetPlace.district_id == district_id, StreetPlace.street != "")
    return dict(iter(session.execute(query)))


def places(session: Session, who: Principal) -> list[Place]:
    """Every shop of the district, by its street and name. Raises Forbidden."""
    authorise(session, who, "analytics.see_streets")
    held = {row.merchant_id: row for row in session.scalars(select(StreetPlace).where(StreetPlace.district_id == who.district_id))}
    found = []
    for shop in merchant.queries.shops(session, who.district_id):
        row = held.get(shop.id)
        at = None if row is None or row.x is None or row.y is None else (row.x, row.y)
        found.append(Place(shop.id, shop.name, row.street if row else "", at))
    return sorted(found, key=lambda each: (each.street == "", each.street, each.name))
