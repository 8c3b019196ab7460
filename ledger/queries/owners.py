"""Whose accounts are meant: owners by what they hold, and by when they last moved anything."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

HOLDERS = text("""
    SELECT owner_id FROM ledger.account
    WHERE district_id = :district_id AND role = 'consumer' AND series_id = :series_id AND balance <> 0 AND state = 'open'
    ORDER BY owner_id
""")
# The newest entry of each account is one step along its index, however many it has.
STILL = text("""
    SELECT a.owner_id FROM ledger.account a
    CROSS JOIN LATERAL (
        SELECT posted_at FROM ledger.entry e WHERE e.district_id = a.district_id AND e.account_id = a.id ORDER BY position DESC LIMIT 1) l
    WHERE a.district_id = :district_id AND a.role = 'consumer' AND a.unit = 0 AND a.state = 'open'
    GROUP BY a.owner_id HAVING max(l.posted_at) < :since
    ORDER BY a.owner_id
""")

IDLE = text("""
    SELECT o.owner_id FROM unnest(CAST(:owners AS bigint[])) AS o (owner_id)
    WHERE NOT EXISTS (
        SELECT FROM ledger.account a WHERE a.district_id = :district_id AND a.role = ANY (:roles) AND a.owner_id = o.owner_id
          AND (a.balance <> 0 OR EXISTS (
            SELECT FROM ledger.entry e WHERE e.district_id = a.district_id AND e.account_id = a.id AND e.posted_at >= :since)))
    ORDER BY o.owner_id
""")
OF_PEOPLE = ("consumer", "point_pending", "suspense")
"""Roles whose accounts belong to a person."""


def holders(session: Session, district_id: int, series_id: int) -> list[int]:
    """Consumers who hold something of a series and can spend it."""
    return list(session.scalars(HOLDERS, {"district_id": district_id, "series_id": series_id}))


def still_since(session: Session, district_id: int, since: datetime) -> list[int]:
    """Consumers whose money has moved at some time, and not since then."""
    return list(session.scalars(STILL, {"district_id": district_id, "since": since}))


def idle_since(session: Session, district_id: int, people: Sequence[int], since: datetime) -> list[int]:
    """Those of these people who hold nothing of whatever unit, spendable or not, and for whom nothing was booked since then."""
    values = {"district_id": district_id, "owners": list(people), "roles": list(OF_PEOPLE), "since": since}
    return list(session.scalars(IDLE, values))
