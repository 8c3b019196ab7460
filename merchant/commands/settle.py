"""確認しています: what became of money that a till asked for when the answer was lost."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

import identity.commands
import ledger.commands
from base.db import atomic
from identity.queries import Principal
from merchant.errors import NoTill
from merchant.queries.sales import Sale, sale


def settle_at_till(session: Session, who: Principal, key: UUID) -> Sale | None:
    """The payment that this key made, or None once it is sure that it never will: the key is then closed for good.

    A payment under way is waited for; a late original, or a customer who agrees later, is refused by the book.
    Raises NotRefundable if the key moved money that is not this shop's.
    """
    with atomic(session):
        identity.commands.authorise(session, who, "merchant.cancel_ask")
        if who.merchant_id is None:
            raise NoTill
        found = ledger.commands.close_key(session, who.district_id, key)
        return None if found is None else sale(session, who.district_id, who.merchant_id, found.transaction_id).sale
