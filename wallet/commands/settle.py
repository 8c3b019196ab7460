"""確認しています: what became of a payment whose answer was lost."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy.orm import Session

import identity.commands
import ledger.commands
import ledger.queries
from base.db import atomic
from base.errors import NotFound
from identity.queries import Principal
from ledger.commands import Posted
from wallet.commands.lock import lock_wallet


def settle_unknown(session: Session, who: Principal, key: UUID) -> Posted | None:
    """What this key paid; None once it is sure that it never will: the key is then closed for good.

    A payment under way is waited for; one that arrives later is refused (KeyClosed). Asking again gives the same answer.
    Raises NotFound if the key moved somebody else's money.
    """
    identity.commands.authorise(session, who, "wallet.settle_unknown")
    assert who.person_id is not None
    with atomic(session):
        lock_wallet(session, who.district_id, who.person_id)
        found = ledger.commands.close_key(session, who.district_id, key)
        if found is None:
            return None
        paid = ledger.queries.transaction(session, who.district_id, found.transaction_id)
        if not any(line.role == "consumer" and line.owner_id == who.person_id for line in paid.lines):
            raise NotFound
        return found
