"""人に送る: what people pass on to each other, by coin and by receiver, for whoever watches over it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session


@dataclass(frozen=True, slots=True)
class PassedOn:
    """One coin: transactions and yen that reached a receiver in a span, and gifts that nobody has taken yet."""

    series_id: int
    transfers: int
    amount: int
    gifts: int
    waiting: int


@dataclass(frozen=True, slots=True)
class Received:
    """Somebody who got much: by number, from how many people, how often, in yen."""

    person_id: int
    senders: int
    transfers: int
    amount: int


MOVED = text("""
    SELECT a.series_id, count(*) AS transfers, sum(abs(t.amounts[1]))::bigint AS amount
    FROM ledger.transaction t JOIN ledger.account a ON a.district_id = t.district_id AND a.id = t.accounts[1]
    WHERE t.district_id = :district_id AND t.kind = 'transfer' AND t.posted_at >= :since GROUP BY 1
""")
WAITING = text("""
    SELECT a.series_id, count(*) AS gifts, sum(h.amount)::bigint AS waiting
    FROM ledger.hold h JOIN ledger.account a ON a.district_id = h.district_id AND a.id = h.account_id
    WHERE h.district_id = :district_id AND h.passes_on AND h.expires_at > clock_timestamp()
      AND NOT EXISTS (SELECT FROM ledger.hold_end x WHERE x.district_id = h.district_id AND x.hold_id = h.id) GROUP BY 1
""")
RECEIVED = text("""
    SELECT (t.facts ->> 'receiver')::bigint AS person_id, count(DISTINCT t.facts ->> 'sender') AS senders, count(*) AS transfers,
        sum(abs(t.amounts[1]))::bigint AS amount
    FROM ledger.transaction t WHERE t.district_id = :district_id AND t.kind = 'transfer' AND t.posted_at >= :since
    GROUP BY 1 ORDER BY 2 DESC, 4 DESC, 1 LIMIT :limit
""")


def passed_between(session: Session, district_id: int, *, since: datetime) -> dict[int, PassedOn]:
    """By series what was passed on since a moment, and what waits now. A look at the journal of that span."""
    moved = {row.series_id: row for row in session.execute(MOVED, {"district_id": district_id, "since": since})}
    waits = {row.series_id: row for row in session.execute(WAITING, {"district_id": district_id})}
    return {
        each: PassedOn(
            each,
            moved[each].transfers if each in moved else 0,
            moved[each].amount if each in moved else 0,
            waits[each].gifts if each in waits else 0,
            waits[each].waiting if each in waits else 0,
        )
        for each in {*moved, *waits}
    }


def most_received(session: Session, district_id: int, *, since: datetime, limit: int) -> list[Received]:
    """Who got coin from the most different people since a moment."""
    rows = session.execute(RECEIVED, {"district_id": district_id, "since": since, "limit": limit})
    return [Received(*row) for row in rows]
