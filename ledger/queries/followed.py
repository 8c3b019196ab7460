"""What somebody who follows the sealed log needs: each transaction once, in an order that never changes, however late it was committed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from sqlalchemy import text
from sqlalchemy.orm import Session

from ledger.queries.journal import TransactionLine
from ledger.rules import Fact


@dataclass(frozen=True, slots=True)
class Followed:
    """One transaction of the log, at its `place`. `lines` are there for the kinds that were asked for; their `balance_after` is None."""

    place: int
    id: int
    kind: str
    posted_at: datetime
    refers_to: int | None
    facts: dict[str, Fact]
    lines: tuple[TransactionLine, ...]


FOLLOWED = text("""
    SELECT l.place, t.id, t.kind, t.posted_at, t.refers_to, t.facts,
        CASE WHEN t.kind = ANY (CAST(:kinds AS text[])) THEN (
            SELECT jsonb_agg(jsonb_build_array(x.account_id, a.role, a.owner_id, a.series_id, a.unit, x.amount, NULL) ORDER BY x.nth)
            FROM unnest(t.accounts, t.amounts) WITH ORDINALITY AS x (account_id, amount, nth)
            JOIN ledger.account a ON a.district_id = t.district_id AND a.id = x.account_id) END AS lines
    FROM ledger.leaf l JOIN ledger.transaction t ON t.district_id = l.district_id AND t.id = l.transaction_id
    WHERE l.district_id = :district_id AND l.place >= :place ORDER BY l.place LIMIT :limit
""")


def follow(session: Session, district_id: int, place: int, kinds: Sequence[str], *, limit: int) -> list[Followed]:
    """The log from `place` on, whatever the kind, so that whoever follows it knows how far they are."""
    values = {"district_id": district_id, "place": place, "kinds": list(kinds), "limit": limit}
    return [
        Followed(row.place, row.id, row.kind, row.posted_at, row.refers_to, row.facts, _lines(row.lines))
        for row in session.execute(FOLLOWED, values)
    ]


TOLD = text("""
    SELECT t.id, t.kind, t.posted_at, t.refers_to, t.facts, (
        SELECT jsonb_agg(jsonb_build_array(x.account_id, a.role, a.owner_id, a.series_id, a.unit, x.amount, NULL) ORDER BY x.nth)
        FROM unnest(t.accounts, t.amounts) WITH ORDINALITY AS x (account_id, amount, nth)
        JOIN ledger.account a ON a.district_id = t.district_id AND a.id = x.account_id) AS lines
    FROM ledger.transaction t WHERE t.district_id = :district_id AND t.id = ANY (:ids) ORDER BY t.id
""")


def followed(session: Session, district_id: int, ids: Sequence[int]) -> list[Followed]:
    """These transactions as the log gives them, by number, for whoever comes back to some of them; their place is not looked up (-1)."""
    rows = session.execute(TOLD, {"district_id": district_id, "ids": list(ids)})
    return [Followed(-1, row.id, row.kind, row.posted_at, row.refers_to, row.facts, _lines(row.lines)) for row in rows]


def log_end(session: Session, district_id: int) -> int:
    """The place that the next sealed transaction will have."""
    sql = text("SELECT COALESCE((SELECT place + 1 FROM ledger.leaf WHERE district_id = :district_id ORDER BY place DESC LIMIT 1), 0)")
    return int(session.execute(sql, {"district_id": district_id}).scalar_one())


@dataclass(frozen=True, slots=True)
class Keyed:
    """What one key has posted."""

    id: int
    kind: str
    posted_at: datetime
    facts: dict[str, Fact]
    lines: tuple[TransactionLine, ...]


KEYED = text("""
    SELECT t.key, t.id, t.kind, t.posted_at, t.facts, (
        SELECT jsonb_agg(jsonb_build_array(x.account_id, a.role, a.owner_id, a.series_id, a.unit, x.amount, NULL) ORDER BY x.nth)
        FROM unnest(t.accounts, t.amounts) WITH ORDINALITY AS x (account_id, amount, nth)
        JOIN ledger.account a ON a.district_id = t.district_id AND a.id = x.account_id) AS lines
    FROM ledger.transaction t WHERE t.district_id = :district_id AND t.key = ANY (CAST(:keys AS uuid[])) AND t.kind <> 'key_closed'
""")


def keyed(session: Session, district_id: int, keys: Iterable[UUID]) -> dict[UUID, Keyed]:
    """What these keys have posted, by key; those that posted nothing are left out."""
    found = session.execute(KEYED, {"district_id": district_id, "keys": list(keys)})
    return {row.key: Keyed(row.id, row.kind, row.posted_at, row.facts, _lines(row.lines)) for row in found}


@dataclass(frozen=True, slots=True)
class Due:
    """What of a pending account has waited long enough, in yen."""

    account_id: int
    owner_id: int
    amount: int


DUE = text("""
    SELECT * FROM (
        SELECT a.id, a.owner_id, -a.balance - GREATEST(0, COALESCE((
            SELECT -sum(e.amount) FROM ledger.entry e
            JOIN ledger.transaction t ON t.district_id = e.district_id AND t.id = e.transaction_id
            WHERE e.district_id = a.district_id AND e.account_id = a.id AND t.facts->>'paid_on' > CAST(:through AS text)
            ), 0))::bigint AS amount
        FROM ledger.account a
        WHERE a.district_id = :district_id AND a.role = 'point_pending' AND a.series_id = :series_id AND a.balance <> 0 AND a.id > :after) d
    WHERE amount > 0 ORDER BY id LIMIT :limit
""")


def pending_due(session: Session, district_id: int, series_id: int, through: date | None, *, after: int = 0, limit: int) -> list[Due]:
    """Pending accounts of a lot with what was earned by payments of `through` (a day in Tokyo; None: any day) and before and is
    still there, by account from the one behind `after` on."""
    values = {
        "district_id": district_id,
        "series_id": series_id,
        "through": through and through.isoformat(),
        "after": after,
        "limit": limit,
    }
    return [Due(row.id, row.owner_id, row.amount) for row in session.execute(DUE if through else ALL, values)]


ALL = text("""
    SELECT a.id, a.owner_id, -a.balance AS amount FROM ledger.account a
    WHERE a.district_id = :district_id AND a.role = 'point_pending' AND a.series_id = :series_id AND a.balance <> 0 AND a.id > :after
      AND CAST(:through AS text) IS NULL ORDER BY a.id LIMIT :limit
""")


PENDING = text("""
    SELECT a.series_id, t.facts->>'paid_on' AS paid_on, -sum(e.amount)::bigint AS amount FROM ledger.account a
    JOIN ledger.entry e ON e.district_id = a.district_id AND e.account_id = a.id
    JOIN ledger.transaction t ON t.district_id = e.district_id AND t.id = e.transaction_id AND t.facts->>'paid_on' > CAST(:since AS text)
    WHERE a.district_id = :district_id AND a.role = 'point_pending' AND a.owner_id = :owner_id AND a.balance <> 0
    GROUP BY 1, 2 HAVING sum(e.amount) < 0 ORDER BY 2, 1
""")


def pending_by_day(session: Session, district_id: int, owner_id: int, *, since: date) -> list[tuple[int, date, int]]:
    """What somebody's payments after the day `since` have earned and is pending: series, day of the payment, amount."""
    found = session.execute(PENDING, {"district_id": district_id, "owner_id": owner_id, "since": since.isoformat()})
    return [(row.series_id, date.fromisoformat(row.paid_on), row.amount) for row in found]


BORNE = text("""
    SELECT x.account_id, sum(x.amount)::bigint AS amount
    FROM (SELECT DISTINCT e.transaction_id FROM ledger.account a
          JOIN ledger.entry e ON e.district_id = a.district_id AND e.account_id = a.id
          WHERE a.district_id = :district_id AND a.series_id = :series_id AND a.role IN ('point_pending', 'consumer')) u
    JOIN ledger.transaction t ON t.district_id = :district_id AND t.id = u.transaction_id AND t.kind = ANY (CAST(:kinds AS text[]))
    CROSS JOIN LATERAL unnest(t.accounts, t.amounts) AS x (account_id, amount)
    JOIN ledger.account b ON b.district_id = :district_id AND b.id = x.account_id AND b.role = ANY (CAST(:roles AS text[]))
    GROUP BY 1 ORDER BY 1
""")


def borne(session: Session, district_id: int, series_id: int, kinds: Sequence[str], roles: Sequence[str]) -> dict[int, int]:
    """What each account of these roles has borne, net and debit positive, in transactions of these kinds that touch a series: a look
    at each of its entries, so for closing it only."""
    values = {"district_id": district_id, "series_id": series_id, "kinds": list(kinds), "roles": list(roles)}
    return {row.account_id: row.amount for row in session.execute(BORNE, values)}


def _lines(found: list[list[object]] | None) -> tuple[TransactionLine, ...]:
    return tuple(TransactionLine(*line) for line in found or ())  # type: ignore[arg-type]
