"""The sealed log as PostgreSQL's binary COPY sends it, column by column, for whoever keeps columns of it: no row becomes an object here.

One row comes, of one array for each name in TRANSACTIONS, PARTS or ACCOUNTS. `analytics.snapshot` looks at its bytes as numpy arrays.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import text
from sqlalchemy.orm import Session

from base.db import copied

TRANSACTIONS = ("place", "posted_at", "kind", "lines")
"""Of each transaction, in no order. `posted_at`: microseconds since 2000-01-01 UTC; `kind`: its place among those that were asked for, from
1, 0 for any other; `lines`: how many it has."""
SENT = ("accounts", "amounts")
"""Of each transaction in the same order its whole array, as PostgreSQL sends one, behind each other: a line is never a row of its own.
Debit is positive."""
PARTS = ("of_place", "referred", "beside")
"""Of each that names another transaction, or was paid with a coupon: its place, that of what it names (-1: none), and what of the discount
the shop bears itself, in yen: granted by a payment, fallen away by a refund. That stands on no account."""
ACCOUNTS = ("id", "role", "owner", "series", "unit")

# A refund takes the shop's own part along in proportion, rounded down (decision 23): what stayed before it less what stays after it.
FALLEN_AWAY = """
    COALESCE((
        SELECT part * GREATEST(paid - before, 0) / paid - part * GREATEST(paid - before - now, 0) / paid FROM (
            SELECT (p.facts->>'shop_part')::bigint AS part, (p.facts->>'bill')::bigint - (p.facts->>'discount')::bigint AS paid, b.*
            FROM ledger.transaction p CROSS JOIN LATERAL (
                SELECT COALESCE(-sum(x.amount) FILTER (WHERE r.id < z.id), 0)::bigint AS before,
                       COALESCE(-sum(x.amount) FILTER (WHERE r.id = z.id), 0)::bigint AS now
                FROM ledger.transaction r CROSS JOIN LATERAL unnest(r.accounts, r.amounts) AS x (id, amount)
                JOIN ledger.account a ON a.district_id = r.district_id AND a.id = x.id AND a.role IN ('consumer', 'suspense') AND a.unit = 0
                WHERE r.district_id = p.district_id AND r.refers_to = p.id AND r.id <= z.id) b
            WHERE p.district_id = z.district_id AND p.id = z.refers_to AND p.kind = 'coupon_payment') o
        WHERE paid > 0), 0)
"""
# Sorted by nobody: that is done in a fraction of the time where it is read. The bounds of the numbers let the planner read a piece of the
# journal instead of all of it.
LOG = f"""
    COPY (
        SELECT array_agg(place), array_agg(posted_at), array_agg(kind), array_agg(cardinality(accounts)),
            string_agg(array_send(accounts), ''), string_agg(array_send(amounts), ''),
            array_agg(place) FILTER (WHERE has_part),
            array_agg(CASE WHEN refers_to IS NULL THEN -1 ELSE COALESCE((SELECT r.place FROM ledger.leaf r
                WHERE r.transaction_id = z.refers_to AND r.district_id + 0 = z.district_id), -1) END) FILTER (WHERE has_part),
            array_agg(CASE WHEN refers_to IS NULL THEN COALESCE((facts->>'shop_part')::bigint, 0) ELSE {FALLEN_AWAY} END)
                FILTER (WHERE has_part)
        FROM (
            SELECT l.place, t.district_id, t.id, t.posted_at, t.refers_to, t.facts,
                t.refers_to IS NOT NULL OR t.kind = 'coupon_payment' AS has_part,
                COALESCE(array_position(%(kinds)s::text[], t.kind), 0) AS kind, t.accounts, t.amounts
            FROM ledger.leaf l JOIN ledger.transaction t ON t.district_id = l.district_id AND t.id = l.transaction_id
            WHERE l.district_id = %(district_id)s AND l.place >= %(low)s AND l.place < %(high)s
                AND t.district_id = %(district_id)s AND t.id >= %(first)s AND t.id <= %(last)s
            OFFSET 0) z
    ) TO STDOUT (FORMAT BINARY)
"""
NUMBERS = text("""
    SELECT min(transaction_id) AS first, max(transaction_id) AS last FROM ledger.leaf
    WHERE district_id = :district_id AND place >= :low AND place < :high
""")


def copy_log(session: Session, district_id: int, low: int, high: int, kinds: Sequence[str]) -> bytes:
    """The transactions at the places from `low` to before `high`: TRANSACTIONS, SENT, PARTS."""
    values = {"district_id": district_id, "low": low, "high": high}
    numbers = session.execute(NUMBERS, values).one()
    return copied(session, LOG, {**values, "kinds": list(kinds), "first": numbers.first or 0, "last": numbers.last or 0})


# What is asked for, and with it every account of the same owner in a role of the same sort: whoever knows one of them knows the owner.
ALIKE = """
    COPY (
        SELECT array_agg(s.id), array_agg(COALESCE(array_position(%(roles)s::text[], s.role), 0)), array_agg(s.owner_id),
            array_agg(s.series_id), array_agg(s.unit)
        FROM (
            SELECT DISTINCT u.owner_id, COALESCE(y.role, u.role) AS role FROM ledger.account u
            LEFT JOIN unnest(%(roles)s::text[], %(sorts)s::int[]) AS x (role, sort) ON x.role = u.role
            LEFT JOIN unnest(%(roles)s::text[], %(sorts)s::int[]) AS y (role, sort) ON y.sort = x.sort
            WHERE u.district_id = %(district_id)s AND u.id = ANY (%(ids)s::bigint[])) w
        JOIN ledger.account s ON s.district_id = %(district_id)s AND s.role = w.role AND s.owner_id = w.owner_id
    ) TO STDOUT (FORMAT BINARY)
"""


def copy_accounts(session: Session, district_id: int, ids: Sequence[int], sorts: Mapping[str, int]) -> bytes:
    """ACCOUNTS of these, and of every other of the same owners in roles of the same sort. `role`: its place in `sorts`, from 1."""
    values = {"district_id": district_id, "ids": list(ids), "roles": list(sorts), "sorts": list(sorts.values())}
    return copied(session, ALIKE, values)


OWNERS = text("SELECT id, owner_id FROM ledger.account WHERE district_id = :district_id AND id = ANY (CAST(:ids AS bigint[]))")


def owners_of(session: Session, district_id: int, account_ids: Sequence[int]) -> dict[int, int]:
    """Account → the number of its owner."""
    return {row.id: row.owner_id for row in session.execute(OWNERS, {"district_id": district_id, "ids": list(account_ids)})}
