"""The statement of an account, and what arrived since one last looked."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text
from sqlalchemy.orm import Session

from base.db import rows
from ledger.rules import Fact, matching_word, payment_number


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of an account's statement. `amount` natural: + raises what its owner has. `refunded`: natural yen of the
    whole transaction given back so far; `to_funders`: what of it went to whoever had funded a discount. `counter_*`: the account on the
    other side. `owner_id`: whose statement it is."""

    transaction_id: int
    position: int
    kind: str
    posted_at: datetime
    key: UUID
    amount: int
    balance_after: int | None
    series_id: int
    account_id: int
    refers_to: int | None
    facts: dict[str, Fact]
    counter_role: str | None
    counter_owner_id: int | None
    refunded: int
    to_funders: int
    owner_id: int

    @property
    def matching_word(self) -> str:
        return matching_word(self.transaction_id, self.key)

    @property
    def payment_number(self) -> str:
        return payment_number(self.transaction_id)


BACK = """
    SELECT COALESCE(sum(l.amount) FILTER (WHERE l.amount > 0), 0)::bigint AS refunded,
        COALESCE(-sum(l.amount) FILTER (WHERE l.amount < 0 AND y.role IN ('promotion', 'funder')), 0)::bigint AS to_funders
    FROM ledger.transaction r CROSS JOIN LATERAL unnest(r.accounts, r.amounts) AS l (account_id, amount)
    JOIN ledger.account y ON y.district_id = r.district_id AND y.id = l.account_id AND y.unit = 0
    WHERE r.district_id = t.district_id AND r.refers_to = t.id AND NOT EXISTS (
        SELECT FROM ledger.transaction u WHERE u.district_id = r.district_id AND u.refers_to = r.id AND u.kind = 'reversal')
"""
"""What was given back of a transaction `t`."""
# Filters and limit work inside, account by account along its index. A transaction has one line on an account, so the newest
# `limit` transactions of all these accounts are among the newest `limit` lines of each. `place` orders lines of several accounts:
# appended ones share a transaction's position, locked ones are numbered each for itself, in the order of transaction ids.
ENTRIES = f"""
    SELECT t.transaction_id, t.position, t.kind, t.posted_at, t.key, t.amount, t.balance_after, t.series_id, t.account_id, t.refers_to,
           t.facts, c.role AS counter_role, c.owner_id AS counter_owner_id, b.refunded, b.to_funders, t.owner_id
    FROM (
        SELECT l.*, l.transaction_id AS id, dense_rank() OVER (ORDER BY l.place DESC, l.transaction_id DESC) AS nth
        FROM (
            SELECT a.district_id, a.id AS account_id, a.role, a.owner_id, a.series_id, l.*,
                   CASE WHEN a.locked THEN l.transaction_id ELSE l.position END AS place,
                   sum(l.amount) OVER (PARTITION BY l.transaction_id) AS total
            FROM ledger.account a CROSS JOIN LATERAL (
                SELECT e.transaction_id, e.position, e.posted_at, a.sign * e.amount AS amount, a.sign * e.balance_after AS balance_after,
                       t.kind, t.key, t.refers_to, t.facts, t.accounts
                FROM ledger.entry e JOIN ledger.transaction t ON t.district_id = e.district_id AND t.id = e.transaction_id
                WHERE e.district_id = a.district_id AND e.account_id = a.id {{filters}}
                ORDER BY e.position DESC, e.transaction_id DESC LIMIT {{limit}}) l
            WHERE a.district_id = :district_id AND {{whose}}) l
        WHERE true {{totals}}) t
    LEFT JOIN LATERAL (
        SELECT x.role, x.owner_id FROM unnest(t.accounts) AS l (id)
        JOIN ledger.account x ON x.district_id = t.district_id AND x.id = l.id
        WHERE x.id <> t.account_id AND x.role <> t.role ORDER BY x.role NOT IN ('consumer', 'payable', 'suspense'), x.id LIMIT 1) c ON true
    CROSS JOIN LATERAL ({BACK}) b
    WHERE CAST(:limit AS bigint) IS NULL OR t.nth <= :limit
    ORDER BY {{order}}
"""
NEWEST_FIRST = "t.place DESC, t.transaction_id DESC, t.account_id"
BEFORE = """
    AND e.position <= CASE WHEN a.locked THEN 9223372036854775807 ELSE :position_before END
    AND (CASE WHEN a.locked THEN 0 ELSE e.position END, e.transaction_id)
        < (CASE WHEN a.locked THEN 0 ELSE :position_before END, :transaction_id_before)
"""


def _entry(row: Row[Any]) -> Entry:
    return Entry(**row._asdict())


CONDITIONS = {
    "since": "e.posted_at >= :since",
    "until": "e.posted_at < :until",
    "kinds": "t.kind = ANY (CAST(:kinds AS text[]))",
    "counter_owner_ids": (
        "EXISTS (SELECT FROM ledger.account x WHERE x.district_id = t.district_id AND x.id = ANY (t.accounts) AND x.role <> a.role"
        " AND x.owner_id = ANY (CAST(:counter_owner_ids AS bigint[])))"
    ),
    "transaction_id": "t.id = :transaction_id",
}
BILL = "COALESCE((l.facts->>'bill')::bigint, abs(l.total))"  # what was owed before coupons, where a payment says so
TOTALS = {"amount_min": f"{BILL} >= :amount_min", "amount_max": f"{BILL} <= :amount_max"}


def entries(
    session: Session,
    district_id: int,
    account_ids: Sequence[int],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    kinds: Sequence[str] | None = None,
    counter_owner_ids: Sequence[int] | None = None,
    amount_min: int | None = None,
    amount_max: int | None = None,
    transaction_id: int | None = None,
    before: tuple[int, int] | None = None,
    limit: int | None = 50,
) -> list[Entry]:
    """The statement of one owner's accounts in one role, newest first; lines of one transaction stand together.

    `since` ≤ posted_at < `until`. Amounts: what the transaction moved on these accounts together, absolute, both ends
    included; of a payment with a coupon the whole bill (its fact `bill`). `before`: (position, transaction_id) of the last
    one seen. `limit` counts transactions; None: all of them.
    """
    values: dict[str, Any] = {
        "since": since,
        "until": until,
        "kinds": kinds,
        "counter_owner_ids": counter_owner_ids,
        "amount_min": amount_min,
        "amount_max": amount_max,
        "transaction_id": transaction_id,
    }
    given = {name: list(value) if isinstance(value, Sequence) else value for name, value in values.items() if value is not None}
    filters = "".join(f" AND {CONDITIONS[name]}" for name in given if name in CONDITIONS)
    totals = "".join(f" AND {TOTALS[name]}" for name in given if name in TOTALS)
    if before is not None:
        filters += BEFORE
        given |= {"position_before": before[0], "transaction_id_before": before[1]}
    given |= {"district_id": district_id, "account_ids": list(account_ids), "limit": limit}
    sql = ENTRIES.format(
        whose="a.id = ANY (CAST(:account_ids AS bigint[]))",
        filters=filters,
        totals=totals,
        limit="NULL" if totals else ":limit",  # a total is known only once all its lines are
        order=NEWEST_FIRST,
    )
    return [_entry(row) for row in session.execute(text(sql), given)]


@dataclass(frozen=True, slots=True)
class Arrivals:
    """What came to an owner's appended accounts. Ask again with `cursor`; deduplicate by transaction_id."""

    entries: list[Entry]
    cursor: int


# One statement, so that the horizon and the rows are of one moment: what is not seen now lies at or above the cursor.
# The cursor also stays behind the last entry that is there. After a crash PostgreSQL gives those transaction ids again that had left
# nothing on the disk; what is committed had, so whatever comes afterwards stands above it. (The horizon alone may be above such ids.)
# A cursor above the horizon comes from before a restore, which gave transaction ids anew: everything is told then.
ARRIVALS = """
    WITH h AS MATERIALIZED (SELECT ledger.horizon() AS fresh), last AS MATERIALIZED (
        SELECT COALESCE(max(l.position) + 1, 0) AS position FROM ledger.account a CROSS JOIN LATERAL (
            SELECT e.position FROM ledger.entry e WHERE e.district_id = a.district_id AND e.account_id = a.id
            ORDER BY e.position DESC, e.transaction_id DESC LIMIT 1) l
        WHERE a.district_id = :district_id AND {whose}
    ), e AS ({entries})
    SELECT LEAST(h.fresh, last.position) AS cursor, e.* FROM h CROSS JOIN last LEFT JOIN e ON true ORDER BY e.posted_at, e.transaction_id
"""


def _arrivals_of(whose: str) -> str:
    entries = ENTRIES.format(
        whose=whose,
        filters="AND e.position >= (SELECT CASE WHEN CAST(:cursor AS bigint) > h.fresh THEN 0 ELSE :cursor END FROM h)",
        totals="",
        limit=":limit",
        order="t.posted_at, t.transaction_id",
    )
    return re.sub(r"(?<!:):([a-z_]+)", r"%(\1)s", ARRIVALS.format(entries=entries, whose=whose))


ARRIVALS_OF_ONE = _arrivals_of("a.role = :role AND a.owner_id = :owner_id")
ARRIVALS_OF_ALL = _arrivals_of("a.role = :role AND NOT a.locked")


def arrivals(session: Session, district_id: int, role: str, owner_id: int | None, *, cursor: int | None) -> Arrivals:
    """Every entry that was committed since `cursor` was given, oldest first; some may come twice, none is missed.

    For accounts that are appended to (`payable`): their positions are PostgreSQL transaction ids, and the cursor is the
    oldest id that was still running when it was read, so that a late commit is found by the next call; but never beyond what has
    come, so that it holds after a crash. `owner_id` None: of everybody in the role. `cursor` None: begin now.
    """
    values = {"district_id": district_id, "role": role, "owner_id": owner_id, "cursor": cursor, "limit": None}
    found = rows(session, ARRIVALS_OF_ALL if owner_id is None else ARRIVALS_OF_ONE, values)
    return Arrivals([Entry(*entry) for _, *entry in found if entry[0] is not None], int(found[0][0]))
