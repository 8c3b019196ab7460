"""A shop by its telephone number: the one on its receipts, which anybody may know, and the one in its application, which is sealed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.orm import Session

import merchant.queries
from association.models import ShopApplication
from association.queries.applications import application_of
from association.rules.telephone import is_called
from identity.commands import authorise
from identity.queries import Principal


@dataclass(frozen=True, slots=True)
class Called:
    """Where a number was found. `telephone`: as it stands on the receipts; None: it stands in the application, and is told by opening it.

    `application_id`: None of a number from the receipts alone; `merchant_id`: None of an application that waits.
    """

    merchant_id: int | None
    application_id: int | None
    telephone: str | None


def shops_called(session: Session, who: Principal, asked: str) -> Sequence[Called]:
    """Shops and applications with this number (rules/telephone.py), each once, those with it on their receipts first.

    Applications are read only for a desk that may open them. Each is unsealed and compared, some hundreds of them in a district: an index
    of so few numbers would give them away to whoever holds it.
    """
    authorise(session, who, "association.read")
    printed = merchant.queries.receipt_telephones(session, who.district_id)
    found = [Called(merchant_id, None, written) for merchant_id, written in printed.items() if is_called(written, asked)]
    if not any(map(who.has, ("issuer", "administrator"))):
        return found
    known = {each.merchant_id for each in found}
    mine = (ShopApplication.district_id == who.district_id, ShopApplication.sealed.is_not(None))
    for row in session.scalars(select(ShopApplication).where(*mine).order_by(ShopApplication.id.desc())):
        wanted = application_of(session, row)
        if wanted is not None and is_called(wanted.contact_phone, asked) and (row.merchant_id is None or row.merchant_id not in known):
            found.append(Called(row.merchant_id, row.id, None))
    return found
