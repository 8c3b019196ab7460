"""Who has paid where: what conditions of coupons are judged by, and what a rehearsal replays."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import cast

from sqlalchemy import text
from sqlalchemy.orm import Session

from base.db import rows
from ledger.queries.statements import BACK

# What somebody got back whole was no visit. What was refunded counts all that left the shop, a coupon's discount with it.
NOT_GIVEN_BACK = f"""
    (NOT EXISTS (SELECT FROM ledger.transaction g WHERE g.district_id = t.district_id AND g.refers_to = t.id)
     OR (SELECT b.refunded FROM ({BACK}) b) < (SELECT -sum(l.amount) FROM unnest(t.accounts, t.amounts) AS l (id, amount)
        JOIN ledger.account y ON y.district_id = t.district_id AND y.id = l.id WHERE y.role = 'payable'))
"""
# The same plan whoever asks: from the accounts of one person along their entries.
LAST_VISITS = text(f"""
    SELECT x.owner_id AS shop, max((t.posted_at AT TIME ZONE 'Asia/Tokyo')::date) AS day
    FROM ledger.account a
    JOIN ledger.entry e ON e.district_id = a.district_id AND e.account_id = a.id
    JOIN ledger.transaction t ON t.district_id = e.district_id AND t.id = e.transaction_id AND t.kind IN ('payment', 'coupon_payment')
    CROSS JOIN LATERAL unnest(t.accounts) AS l (id)
    JOIN ledger.account x ON x.district_id = t.district_id AND x.id = l.id AND x.role = 'payable'
    WHERE a.district_id = :district_id AND a.role = 'consumer' AND a.owner_id = :person_id AND a.unit = 0 AND {NOT_GIVEN_BACK}
    GROUP BY x.owner_id
""")
# One reading of the whole book, set by set: no look-up for each payment. The order is that of `posted_at`: what was brought into the book
# later may be older than what stands there.
MADE = """
    FROM (
        SELECT t.id, t.posted_at AT TIME ZONE 'Asia/Tokyo' AS at,
            max(a.owner_id) FILTER (WHERE a.role = 'consumer') AS person, max(a.owner_id) FILTER (WHERE a.role = 'payable') AS shop,
            COALESCE((t.facts->>'bill')::bigint, sum(l.amount) FILTER (WHERE a.role = 'consumer' AND a.unit = 0)::bigint) AS bill,
            -sum(l.amount) FILTER (WHERE a.role = 'payable') AS reached
        FROM ledger.transaction t
        CROSS JOIN LATERAL unnest(t.accounts, t.amounts) AS l (id, amount)
        JOIN ledger.account a ON a.district_id = t.district_id AND a.id = l.id
        WHERE t.district_id = %(district_id)s AND t.kind IN ('payment', 'coupon_payment')
            AND t.posted_at >= %(since)s AND t.posted_at < %(until)s
        GROUP BY t.district_id, t.id) p
    LEFT JOIN (
        SELECT r.refers_to, sum(l.amount) AS left_shop FROM ledger.transaction r
        CROSS JOIN LATERAL unnest(r.accounts, r.amounts) AS l (id, amount)
        JOIN ledger.account a ON a.district_id = r.district_id AND a.id = l.id AND a.role = 'payable'
        WHERE r.district_id = %(district_id)s AND r.refers_to IS NOT NULL GROUP BY 1) g ON g.refers_to = p.id
    WHERE COALESCE(g.left_shop, 0) < p.reached
"""
PAYMENTS_MADE = f"""
    SELECT p.at::date, EXTRACT(hour FROM p.at)::int * 60 + EXTRACT(minute FROM p.at)::int, p.person, p.shop, p.bill {MADE}
    ORDER BY p.at, p.id
"""
ALL_VISITS = f"SELECT p.person, p.shop, max(p.at)::date {MADE} GROUP BY 1, 2"
# What stays of a discount with its shop shrinks with what is refunded, rounded down, as the funders' parts do.
OWN_PARTS = text("""
    SELECT a.series_id AS coupon, sum(p.part * GREATEST(p.paid - p.back, 0) / p.paid)::bigint AS own
    FROM ledger.account a
    JOIN ledger.entry e ON e.district_id = a.district_id AND e.account_id = a.id
    JOIN ledger.transaction t ON t.district_id = e.district_id AND t.id = e.transaction_id AND t.kind = 'coupon_payment'
    CROSS JOIN LATERAL (
        SELECT CASE WHEN t.facts->>'second' = a.series_id::text THEN (t.facts->>'second_shop')::bigint
                ELSE (t.facts->>'shop_part')::bigint - COALESCE((t.facts->>'second_shop')::bigint, 0) END AS part,
            (t.facts->>'bill')::bigint - (t.facts->>'discount')::bigint AS paid,
            COALESCE((SELECT -sum(l.amount) FROM ledger.transaction r CROSS JOIN LATERAL unnest(r.accounts, r.amounts) AS l (id, amount)
                JOIN ledger.account x ON x.district_id = r.district_id AND x.id = l.id AND x.role IN ('consumer', 'suspense') AND x.unit = 0
                WHERE r.district_id = t.district_id AND r.refers_to = t.id), 0) AS back) p
    WHERE a.district_id = :district_id AND a.role = 'coupon_used' AND a.series_id = ANY (CAST(:ids AS bigint[]))
    GROUP BY 1
""")

USES = text("""
    SELECT t.kind, (t.posted_at AT TIME ZONE 'Asia/Tokyo')::date AS day, c.owner_id AS person, p.shop, p.off, p.paid, p.back, p.bill
    FROM ledger.account a
    JOIN ledger.entry e ON e.district_id = a.district_id AND e.account_id = a.id
    JOIN ledger.transaction t ON t.district_id = e.district_id AND t.id = e.transaction_id AND t.kind IN ('coupon_payment', 'coupon_claim')
    CROSS JOIN LATERAL (SELECT x.owner_id FROM unnest(t.accounts) AS l (id)
        JOIN ledger.account x ON x.district_id = t.district_id AND x.id = l.id AND x.role = 'consumer' LIMIT 1) c
    CROSS JOIN LATERAL (
        SELECT (t.facts->>'merchant')::bigint AS shop, (t.facts->>'bill')::bigint AS bill,
            CASE WHEN t.facts->>'second' = a.series_id::text THEN (t.facts->>'second_off')::bigint
                ELSE (t.facts->>'discount')::bigint - COALESCE((t.facts->>'second_off')::bigint, 0) END AS off,
            (t.facts->>'bill')::bigint - (t.facts->>'discount')::bigint AS paid,
            COALESCE((SELECT -sum(l.amount) FROM ledger.transaction r CROSS JOIN LATERAL unnest(r.accounts, r.amounts) AS l (id, amount)
                JOIN ledger.account x ON x.district_id = r.district_id AND x.id = l.id AND x.role IN ('consumer', 'suspense') AND x.unit = 0
                WHERE t.kind = 'coupon_payment' AND r.district_id = t.district_id AND r.refers_to = t.id), 0)::bigint AS back) p
    WHERE a.district_id = :district_id AND a.series_id = :coupon_id AND a.role IN ('coupon_used', 'coupon_stock')
""")


@dataclass(frozen=True, slots=True)
class CouponMove:
    """A piece that was claimed, or used: then at which shop, and what of the discount and of the bill stands after refunds, in yen."""

    is_use: bool
    day: date
    person: int
    shop: int | None
    discount: int
    bill: int


def coupon_moves(session: Session, district_id: int, coupon_id: int) -> list[CouponMove]:
    """Every claim and every use of a coupon that was not given back whole."""
    moves = []
    for row in session.execute(USES, {"district_id": district_id, "coupon_id": coupon_id}):
        if row.kind == "coupon_claim":
            moves.append(CouponMove(False, row.day, row.person, None, 0, 0))
        elif row.back < row.paid:
            still = row.paid - row.back
            moves.append(CouponMove(True, row.day, row.person, row.shop, row.off * still // row.paid, row.bill * still // row.paid))
    return moves


def last_visits(session: Session, district_id: int, person_id: int) -> dict[int, date]:
    """Of each shop at which this person has paid: the last day in Tokyo. What they got back whole does not count."""
    found = session.execute(LAST_VISITS, {"district_id": district_id, "person_id": person_id})
    return {row.shop: row.day for row in found}


def payments_made(session: Session, district_id: int, *, since: datetime, until: datetime) -> list[tuple[date, int, int, int, int]]:
    """Every payment that was not given back whole, oldest first: day and minute in Tokyo, person, shop, bill in yen."""
    values = {"district_id": district_id, "since": since, "until": until}
    return cast(list[tuple[date, int, int, int, int]], rows(session, PAYMENTS_MADE, values))


def all_visits(session: Session, district_id: int, *, since: datetime, until: datetime) -> list[tuple[int, int, date]]:
    """Of every person and each shop at which they have paid in this time: person, shop, the last day in Tokyo."""
    values = {"district_id": district_id, "since": since, "until": until}
    return cast(list[tuple[int, int, date]], rows(session, ALL_VISITS, values))


def shops_own_parts(session: Session, district_id: int, coupon_ids: list[int]) -> dict[int, int]:
    """What the shops themselves have borne of these coupons, in yen, less what refunds took back; those without uses are left out."""
    found = session.execute(OWN_PARTS, {"district_id": district_id, "ids": coupon_ids})
    return {row.coupon: row.own for row in found}
