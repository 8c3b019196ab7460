"""Which 登録番号 holds on a day, and whether a till's slip for coin is a receipt for money."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from merchant.models import SettlementScheme, ShopRegistration
from merchant.queries.shops import Shop


@dataclass(frozen=True, slots=True)
class Registration:
    """A number and its days, both included; None: from the first, to no last. `place`: the newest is the highest."""

    place: int
    number: str
    first_day: date | None
    last_day: date | None

    def holds_on(self, day: date) -> bool:
        """Whether a sale of this day names it."""
        return (self.first_day is None or self.first_day <= day) and (self.last_day is None or day <= self.last_day)


@dataclass(frozen=True, slots=True)
class Scheme:
    """How the shops are paid by contract (invoice 32): agency, advance, assignment, assumption, or unclear.

    `counts_as_money_receipt`: whether the till's slip for coin and vouchers is a receipt for money, which on paper is stamped from 50,000
    yen; it is until a tax adviser, `cleared_by`, has said otherwise."""

    scheme: str = "unclear"
    counts_as_money_receipt: bool = True
    cleared_by: str = ""


def registrations(session: Session, shop: Shop) -> list[Registration]:
    """All numbers of a shop, the newest first; none where it has none now."""
    if shop.registration_number is None:
        return []
    mine = (ShopRegistration.district_id == shop.district_id, ShopRegistration.merchant_id == shop.id)
    rows = session.scalars(select(ShopRegistration).where(*mine).order_by(ShopRegistration.place.desc()))
    return [Registration(row.place, row.number, row.first_day, row.last_day) for row in rows]


def registration_on(session: Session, shop: Shop, day: date) -> str | None:
    """The number that a receipt of a sale on this day names (CTA 57-2): the newest that holds then, None where none does."""
    return next((each.number for each in registrations(session, shop) if each.holds_on(day)), None)


def settlement_scheme(session: Session, district_id: int) -> Scheme:
    """The one that holds now."""
    query = select(SettlementScheme).where(SettlementScheme.district_id == district_id).order_by(SettlementScheme.version.desc()).limit(1)
    row = session.scalars(query).one_or_none()
    return Scheme() if row is None else Scheme(row.scheme, row.counts_as_money_receipt, row.cleared_by)
