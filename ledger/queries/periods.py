"""Any period of the books: sums of each role, one role's own lines, and the transactions themselves, oldest first. Yen only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from ledger.rules import Fact

PIECE = 1_000


@dataclass(frozen=True, slots=True)
class RoleSum:
    """One role in one series over a period. `before_year` and `opening`: debit positive, `opening` includes `before_year`."""

    role: str
    series_id: int
    before_year: int
    opening: int
    debit: int
    credit: int

    @property
    def closing(self) -> int:
        """Debit positive."""
        return self.opening + self.debit - self.credit


@dataclass(frozen=True, slots=True)
class RoleLine:
    """What one transaction did to a role, or all of a day together. `others`: the roles on the other side.

    Of a day, `transaction_id` and `posted_at` are of its last transaction, and `kind` is empty.
    """

    day: date
    transaction_id: int
    posted_at: datetime
    kind: str
    others: tuple[str, ...]
    count: int
    debit: int
    credit: int


@dataclass(frozen=True, slots=True)
class Movement:
    """A transaction with its yen by role, or all of a day together: `number` and `kind` are then those of nobody (0, "")."""

    day: date
    number: int
    kind: str
    count: int
    lines: tuple[tuple[str, int, int], ...]
    """(role, debit, credit), one of the two is 0."""


def role_sums(session: Session, district_id: int, *, year: datetime, start: datetime, end: datetime) -> list[RoleSum]:
    """Every role that ever moved before `end`; what it did in [start, end), and where it stood at `start` and at `year`."""
    rows = session.execute(
        text(
            "SELECT role, series_id, before_year, opening, debit, credit FROM ledger.sums(:district_id, :year, :start, :end)"
            " WHERE unit = 0 ORDER BY role, series_id"
        ),
        {"district_id": district_id, "year": year, "start": start, "end": end},
    )
    return [RoleSum(*row) for row in rows]


OF_ROLE = """
    WITH mine AS (
        SELECT e.transaction_id AS id, sum(e.amount) FILTER (WHERE e.amount > 0) AS debit,
               -sum(e.amount) FILTER (WHERE e.amount < 0) AS credit
        FROM ledger.account a
        JOIN ledger.entry e ON e.district_id = a.district_id AND e.account_id = a.id AND e.posted_at >= :start AND e.posted_at < :end
        WHERE a.district_id = :district_id AND a.role = :role AND a.unit = 0 AND (a.series_id = :series_id OR :series_id = 0)
        GROUP BY 1)
"""
EACH = """
    SELECT (t.posted_at AT TIME ZONE 'Asia/Tokyo')::date, t.id, t.posted_at, t.kind,
           ARRAY(SELECT DISTINCT o.role FROM unnest(t.accounts, t.amounts) AS l (account_id, amount)
                 JOIN ledger.account o ON o.district_id = t.district_id AND o.id = l.account_id
                 WHERE o.unit = 0 AND (l.amount < 0) = (COALESCE(mine.debit, 0) > 0) AND o.role <> :role ORDER BY 1),
           1, COALESCE(mine.debit, 0)::bigint, COALESCE(mine.credit, 0)::bigint
    FROM mine JOIN ledger.transaction t ON t.district_id = :district_id AND t.id = mine.id ORDER BY t.posted_at, t.id
"""
EACH_DAY = """
    SELECT (t.posted_at AT TIME ZONE 'Asia/Tokyo')::date, max(t.id), max(t.posted_at), '', ARRAY[]::text[],
           count(*), COALESCE(sum(mine.debit), 0)::bigint, COALESCE(sum(mine.credit), 0)::bigint
    FROM mine JOIN ledger.transaction t ON t.district_id = :district_id AND t.id = mine.id GROUP BY 1 ORDER BY 1
"""


def role_lines(
    session: Session, district_id: int, role: str, *, start: datetime, end: datetime, series_id: int = 0, by_day: bool
) -> Iterator[RoleLine]:
    """総勘定元帳 of a role, oldest first: each transaction, or each day in Tokyo. `series_id` 0: of all series together."""
    values = {"district_id": district_id, "role": role, "start": start, "end": end, "series_id": series_id}
    sql = text(OF_ROLE + (EACH_DAY if by_day else EACH))
    with session.execute(sql, values, execution_options={"yield_per": PIECE}) as rows:
        for row in rows:
            yield RoleLine(row[0], row[1], row[2], row[3], tuple(row[4]), row[5], row[6], row[7])


@dataclass(frozen=True, slots=True)
class RoleEntry:
    """What one transaction did to a role. `amount`: debit positive. `accounts`: all that it moved."""

    transaction_id: int
    posted_at: datetime
    kind: str
    facts: dict[str, Fact]
    accounts: tuple[int, ...]
    amount: int


ROLE_ENTRIES = """
    SELECT t.id, t.posted_at, t.kind, t.facts, t.accounts, mine.amount FROM (
        SELECT e.transaction_id AS id, sum(e.amount)::bigint AS amount FROM ledger.account a
        JOIN ledger.entry e ON e.district_id = a.district_id AND e.account_id = a.id
        WHERE a.district_id = :district_id AND a.role = :role AND a.unit = 0 GROUP BY 1 HAVING sum(e.amount) <> 0) mine
    JOIN ledger.transaction t ON t.district_id = :district_id AND t.id = mine.id ORDER BY t.posted_at, t.id
"""


def role_entries(session: Session, district_id: int, role: str) -> list[RoleEntry]:
    """Every transaction that moved a role, oldest first: for roles that move a few times a day, such as the bank."""
    rows = session.execute(text(ROLE_ENTRIES), {"district_id": district_id, "role": role})
    return [RoleEntry(row[0], row[1], row[2], row[3], tuple(row[4]), row[5]) for row in rows]


LINES = """
    FROM ledger.transaction t CROSS JOIN LATERAL unnest(t.accounts, t.amounts) AS l (account_id, amount)
    JOIN ledger.account a ON a.district_id = t.district_id AND a.id = l.account_id AND a.unit = 0
    WHERE t.district_id = :district_id AND t.posted_at >= :start AND t.posted_at < :end
"""
EACH_MOVEMENT = f"""
    SELECT day, id, kind, 1, jsonb_agg(jsonb_build_array(role, debit, credit) ORDER BY debit = 0, role) FROM (
        SELECT (t.posted_at AT TIME ZONE 'Asia/Tokyo')::date AS day, t.posted_at, t.id, t.kind, a.role,
               GREATEST(sum(l.amount), 0)::bigint AS debit, GREATEST(-sum(l.amount), 0)::bigint AS credit
        {LINES} GROUP BY 1, 2, 3, 4, 5, l.amount > 0) AS by_role
    GROUP BY day, posted_at, id, kind ORDER BY posted_at, id
"""
EACH_DAYS_MOVEMENT = f"""
    SELECT day, 0, '', max(how_many), jsonb_agg(jsonb_build_array(role, debit, credit) ORDER BY debit = 0, role) FROM (
        SELECT (t.posted_at AT TIME ZONE 'Asia/Tokyo')::date AS day, a.role, GREATEST(sum(l.amount), 0)::bigint AS debit,
               GREATEST(-sum(l.amount), 0)::bigint AS credit
        {LINES} GROUP BY 1, 2, l.amount > 0) AS by_role
    JOIN (SELECT (t.posted_at AT TIME ZONE 'Asia/Tokyo')::date AS day, count(DISTINCT t.id) AS how_many {LINES} GROUP BY 1) AS counts
        USING (day)
    GROUP BY day ORDER BY day
"""


def movements(session: Session, district_id: int, *, start: datetime, end: datetime, by_day: bool) -> Iterator[Movement]:
    """仕訳 of a period, oldest first, or what each day in Tokyo sums to by role. What moves pieces alone is left out."""
    values: dict[str, Any] = {"district_id": district_id, "start": start, "end": end}
    sql = text(EACH_DAYS_MOVEMENT if by_day else EACH_MOVEMENT)
    with session.execute(sql, values, execution_options={"yield_per": PIECE}) as rows:
        for row in rows:
            yield Movement(row[0], row[1], row[2], row[3], tuple((role, debit, credit) for role, debit, credit in row[4]))
