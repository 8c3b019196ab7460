"""What an auditor asks of the book besides its figures: were there two people each time, and is everything in the sealed log."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class TwoHands:
    """Proposals that were approved, and how many of them by whoever had made them: 0, the database refuses it."""

    approved: int
    same: int


TWO_HANDS = text("""
    SELECT count(*), count(*) FILTER (WHERE p.maker = d.checker)
    FROM ledger.decision d JOIN ledger.proposal p ON p.district_id = d.district_id AND p.id = d.proposal_id
    WHERE d.district_id = :district_id AND d.approved
""")


def two_hands(session: Session, district_id: int) -> TwoHands:
    """Counted over every approval there ever was."""
    return TwoHands(*session.execute(TWO_HANDS, {"district_id": district_id}).one())


# `+ 0`: by the index of transactions, as in sealed.py.
UNSEALED = text("""
    SELECT count(*) FROM ledger.transaction t
    WHERE t.district_id = :district_id AND t.posted_at >= :since AND t.posted_at < :until
      AND NOT EXISTS (SELECT FROM ledger.leaf l WHERE l.transaction_id = t.id AND l.district_id + 0 = t.district_id)
""")


def unsealed(session: Session, district_id: int, *, since: datetime, until: datetime) -> int:
    """How many transactions of [since, until) stand in no leaf of the sealed log."""
    return int(session.execute(UNSEALED, {"district_id": district_id, "since": since, "until": until}).scalar_one())
