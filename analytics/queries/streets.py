"""The plan of the streets, and which shop stands where on it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

import merchant.queries
from analytics.models import StreetPlace, StreetPlan
from identity.commands import authorise
from identity.queries import Principal


@dataclass(frozen=True, slots=True)
class Plan:
    """A picture. `id` changes with it."""

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


def plan(session: Session, who: Principal, *, on: date) -> Plan | None:
    """The one of that day. None: there is none yet. Raises Forbidden."""
    authorise(session, who, "analytics.see_streets")
    row = plan_of(session, who.district_id, on)
    return None if row is None else Plan(row.id, row.width, row.height)


def plan_of(session: Session, district_id: int, on: date) -> StreetPlan | None:
    """Its row. For doors that have asked already."""
    found = select(StreetPlan).where(StreetPlan.district_id == district_id, StreetPlan.since <= on)
    return session.scalar(found.order_by(StreetPlan.since.desc(), StreetPlan.id.desc()).limit(1))


def places_of(session: Session, district_id: int, on: date) -> dict[int, StreetPlace]:
    """By shop where it stood on that day. For doors that have asked already, and for reports, which ask the guard."""
    found = select(StreetPlace).where(StreetPlace.district_id == district_id, StreetPlace.since <= on)
    return {row.merchant_id: row for row in session.scalars(found.order_by(StreetPlace.since))}


def plan_picture(session: Session, who: Principal, plan_id: int) -> bytes | None:
    """PNG. Raises Forbidden."""
    authorise(session, who, "analytics.see_streets")
    row = session.get(StreetPlan, (who.district_id, plan_id))
    return None if row is None else row.content


def streets_of_shops(session: Session, district_id: int, on: date) -> dict[int, str]:
    """By shop, of those whose street on that day somebody has said."""
    return {shop: row.street for shop, row in places_of(session, district_id, on).items() if row.street}


def places(session: Session, who: Principal, *, on: date) -> list[Place]:
    """Every shop of the district as it stood on that day, by its street and name. Raises Forbidden."""
    authorise(session, who, "analytics.see_streets")
    held, drawn = places_of(session, who.district_id, on), plan_of(session, who.district_id, on)
    found = []
    for shop in merchant.queries.shops(session, who.district_id):
        row = held.get(shop.id)
        is_on_it = row is not None and drawn is not None and row.since >= drawn.since  # else it was pressed on another picture
        at = (row.x, row.y) if row is not None and is_on_it and row.x is not None and row.y is not None else None
        found.append(Place(shop.id, shop.name, row.street if row else "", at))
    return sorted(found, key=lambda each: (each.street == "", each.street, each.name))
