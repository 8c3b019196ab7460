"""申請: laying something before a second person, once for each intention."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
from identity.queries import Principal
from ledger.commands import Draft, Fact

ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended(:key, 0))")


def earlier_proposal(session: Session, who: Principal, key: UUID, content: bytes) -> int | None:
    """The proposal that this key made before, looked up under its lock: of two presses at once the second finds the first.

    Raises KeyReused, also when the key has posted something that was never proposed.
    """
    session.execute(ONE_AT_A_TIME, {"key": f"association.proposal {key}"})
    found = read.find_proposal(session, who.district_id, key, content)
    if found is None:
        read.find_key(session, who.district_id, key, content)
    return found


def propose(session: Session, who: Principal, purpose: str, drafts: Sequence[Draft], facts: Mapping[str, Fact]) -> int:
    """Lay `drafts` down in the asker's name and give the proposal's number."""
    assert who.person_id is not None, who
    return book.propose(session, who.district_id, who.person_id, purpose, drafts, facts=facts)
