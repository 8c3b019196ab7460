"""What moved in a stretch of time as rules look at it: who, where, how much, by number. For the worker, never on the paying path."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

KINDS = (
    "payment",
    "coupon_payment",
    "refund",
    "coupon_refund",
    "refund_late",
    "top_up",
    "top_up_large",
    "agent_top_up",
    "code_redeem",
    "voucher_sale",
    "benefit",
)
TOP_UPS = ("top_up", "top_up_large", "agent_top_up", "code_redeem")
MOST = 200_000


@dataclass(frozen=True, slots=True)
class Traffic:
    """One transaction, in yen. `person`: whose balance moved; `shop`: who took, gave back or sold. `restricted`: the part in vouchers."""

    id: int
    kind: str
    at: datetime
    person: int | None
    shop: int | None
    amount: int
    restricted: int
    staff: int | None
    refers_to: int | None


MOVED = text("""
    SELECT t.id, t.kind, t.posted_at, l.person, l.shop, COALESCE(l.amount, 0)::bigint, COALESCE(l.restricted, 0)::bigint,
        CASE WHEN t.facts->>'staff' ~ '^[0-9]{1,18}$' THEN (t.facts->>'staff')::bigint END, t.refers_to
    FROM ledger.transaction t
    CROSS JOIN LATERAL (
        SELECT min(a.owner_id) FILTER (WHERE a.role = 'consumer') AS person,
            min(a.owner_id) FILTER (WHERE a.role IN ('payable', 'agent')) AS shop,
            abs(sum(u.amount) FILTER (WHERE a.role = 'consumer' AND a.unit = 0)) AS amount,
            abs(sum(u.amount) FILTER (WHERE a.role = 'consumer' AND a.unit = 0 AND s.code LIKE 'voucher\\_%')) AS restricted
        FROM unnest(t.accounts, t.amounts) AS u (account_id, amount)
        JOIN ledger.account a ON a.district_id = t.district_id AND a.id = u.account_id
        LEFT JOIN ledger.series s ON s.district_id = a.district_id AND s.id = a.series_id) l
    WHERE t.district_id = :district_id AND t.posted_at >= :since AND t.posted_at < :until AND t.kind = ANY (:kinds)
    ORDER BY t.id LIMIT :most
""")
USUAL = text("""
    SELECT a.owner_id, sum(a.sign * e.amount)::bigint
    FROM ledger.account a
    JOIN ledger.entry e ON e.district_id = a.district_id AND e.account_id = a.id AND e.posted_at >= :since AND e.posted_at < :until
    JOIN ledger.transaction t ON t.district_id = e.district_id AND t.id = e.transaction_id AND t.kind = ANY (:kinds)
    WHERE a.district_id = :district_id AND a.role = 'consumer' AND a.unit = 0 AND a.owner_id = ANY (:people)
    GROUP BY a.owner_id
""")


def traffic(session: Session, district_id: int, since: datetime, until: datetime) -> list[Traffic]:
    """What people and shops moved in that time, in order; at most 200,000. Reads only that time's part of the book."""
    values = {"district_id": district_id, "since": since, "until": until, "kinds": list(KINDS), "most": MOST}
    return [Traffic(*row) for row in session.execute(MOVED, values)]


def topped_up(session: Session, district_id: int, people: Sequence[int], since: datetime, until: datetime) -> dict[int, int]:
    """How much each of these people topped up in that time, in yen; whoever did not is missing."""
    values = {"district_id": district_id, "people": list(people), "since": since, "until": until, "kinds": list(TOP_UPS)}
    return {row.owner_id: row[1] for row in session.execute(USUAL, values)}
