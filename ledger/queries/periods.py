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


# What the sealer has summed up by day, and one by one what it has not: transactions that are not sealed yet.
UNSEALED = """(SELECT t.* FROM ledger.transaction t WHERE t.district_id = :district_id AND t.id > (SELECT final_id FROM ledger.sealer)
    AND NOT EXISTS (SELECT FROM ledger.leaf f WHERE f.transaction_id = t.id AND f.district_id + 0 = t.district_id OFFSET 0))"""
LINES_OF = """CROSS JOIN LATERAL unnest(t.accounts, t.amounts) AS l (account_id, amount)
    JOIN ledger.account a ON a.district_id = :district_id AND a.id = l.account_id"""
# Of each moment: the days before it; of its own day, where it is not the first moment of one, what stands in the day's numbers; the rest.
STOOD = f"""
    SELECT m.nth, s.role, s.series_id, s.unit, sum(s.debit)::bigint, sum(s.credit)::bigint
    FROM unnest(CAST(:moments AS timestamptz[])) WITH ORDINALITY AS m (before, nth)
    CROSS JOIN LATERAL (SELECT (m.before AT TIME ZONE 'Asia/Tokyo')::date AS day) AS of
    CROSS JOIN LATERAL (
        SELECT d.role, d.series_id, d.unit, sum(d.debit) AS debit, sum(d.credit) AS credit FROM ledger.role_day d
        WHERE d.district_id = :district_id AND d.series_id >= 0 AND d.day < of.day GROUP BY 1, 2, 3
        UNION ALL
        SELECT a.role, a.series_id, a.unit, GREATEST(l.amount, 0), GREATEST(-l.amount, 0) FROM (
            SELECT min(c.first_id) AS low, max(c.last_id) AS high FROM ledger.contents c
            WHERE c.district_id = :district_id AND c.series_id = 0 AND c.day = of.day
              AND m.before <> of.day::timestamp AT TIME ZONE 'Asia/Tokyo') b
        CROSS JOIN LATERAL (
            SELECT t.* FROM ledger.transaction t WHERE t.district_id = :district_id AND t.id BETWEEN b.low AND b.high
              AND t.posted_at < m.before AND (t.posted_at AT TIME ZONE 'Asia/Tokyo')::date = of.day OFFSET 0) t {LINES_OF}
        WHERE t.id <= (SELECT final_id FROM ledger.sealer) OR EXISTS (
            SELECT FROM ledger.leaf f WHERE f.transaction_id = t.id AND f.district_id + 0 = t.district_id OFFSET 0)
        UNION ALL
        SELECT a.role, a.series_id, a.unit, GREATEST(l.amount, 0), GREATEST(-l.amount, 0) FROM {UNSEALED} t {LINES_OF}
        WHERE t.posted_at < m.before) AS s
    GROUP BY 1, 2, 3, 4
"""


@dataclass(frozen=True, slots=True)
class Side:
    """All debits and all credits of one role in one series up to a moment. `unit` 0 is yen, else the series whose pieces are counted."""

    role: str
    series_id: int
    unit: int
    debit: int
    credit: int

    @property
    def balance(self) -> int:
        """Debit positive."""
        return self.debit - self.credit


def stood(session: Session, district_id: int, *moments: datetime) -> list[dict[tuple[str, int], Side]]:
    """By role and series what had come together before each moment, all of one state of the book. What never moved is left out.

    Costs a row a role, series and day, and the transactions of a moment's own day where it is not the first moment of one in Tokyo.
    """
    found: list[dict[tuple[str, int], Side]] = [{} for _ in moments]
    for nth, *side in session.execute(text(STOOD), {"district_id": district_id, "moments": list(moments)}):
        found[nth - 1][side[0], side[1]] = Side(*side)
    return found


STANDS = f"""
    SELECT s.role, s.series_id, (r.sign * sum(s.amount))::bigint FROM (
        SELECT d.role, d.series_id, sum(d.debit - d.credit) AS amount FROM ledger.role_day d
        WHERE d.district_id = :district_id AND d.series_id >= 0 GROUP BY 1, 2
        UNION ALL SELECT a.role, a.series_id, l.amount FROM {UNSEALED} t {LINES_OF}) AS s
    JOIN ledger.role r ON r.name = s.role GROUP BY 1, 2, r.sign
"""


def stands(session: Session, district_id: int) -> dict[tuple[str, int], int]:
    """What each role holds now in each series, natural, in the series' unit. Costs a row a role, series and day, and no look at any
    account or entry: for pages that must be there at once however long the book is. What never moved is left out."""
    return {(role, series_id): amount for role, series_id, amount in session.execute(text(STANDS), {"district_id": district_id})}


def role_sums(session: Session, district_id: int, *, year: datetime, start: datetime, end: datetime) -> list[RoleSum]:
    """Every role that ever moved before `end`; what it did in [start, end), and where it stood at `start` and at `year`."""
    at_year, at_start, at_end = stood(session, district_id, year, start, end)
    found = []
    for (role, series_id), last in sorted(at_end.items()):
        if last.unit == 0:
            nothing = Side(role, series_id, 0, 0, 0)
            first, of_year = at_start.get((role, series_id), nothing), at_year.get((role, series_id), nothing)
            moved = last.debit - first.debit, last.credit - first.credit
            found.append(RoleSum(role, series_id, of_year.balance, first.balance, *moved))
    return found


EACH = """
    SELECT (t.posted_at AT TIME ZONE 'Asia/Tokyo')::date, t.id, t.posted_at, t.kind,
           ARRAY(SELECT DISTINCT o.role FROM unnest(t.accounts, t.amounts) AS l (account_id, amount)
                 JOIN ledger.account o ON o.district_id = t.district_id AND o.id = l.account_id
                 WHERE o.unit = 0 AND (l.amount < 0) = (COALESCE(mine.debit, 0) > 0) AND o.role <> :role ORDER BY 1),
           1, COALESCE(mine.debit, 0)::bigint, COALESCE(mine.credit, 0)::bigint
    FROM ledger.transaction t CROSS JOIN LATERAL (
        SELECT sum(l.amount) FILTER (WHERE l.amount > 0) AS debit, -sum(l.amount) FILTER (WHERE l.amount < 0) AS credit
        FROM unnest(t.accounts, t.amounts) AS l (account_id, amount)
        JOIN ledger.account a ON a.district_id = t.district_id AND a.id = l.account_id
        WHERE a.role = :role AND a.unit = 0 AND (a.series_id = :series_id OR :series_id = 0) HAVING count(*) > 0) mine
    WHERE t.district_id = :district_id AND t.posted_at >= :start AND t.posted_at < :end ORDER BY t.posted_at, t.id
"""
EACH_DAY = f"""
    SELECT day, max(last_id), max(last_at), '', ARRAY[]::text[], sum(how_many)::bigint, sum(debit)::bigint, sum(credit)::bigint FROM (
        SELECT d.day, d.last_id, d.last_at, d.transactions AS how_many, d.debit, d.credit FROM ledger.role_day d
        WHERE d.district_id = :district_id AND d.role = :role AND d.series_id = COALESCE(NULLIF(:series_id, 0), -1) AND d.unit = 0
          AND d.day BETWEEN (:start AT TIME ZONE 'Asia/Tokyo')::date AND (:end AT TIME ZONE 'Asia/Tokyo')::date - 1
        UNION ALL
        SELECT (t.posted_at AT TIME ZONE 'Asia/Tokyo')::date, max(t.id), max(t.posted_at), count(DISTINCT t.id),
               COALESCE(sum(l.amount) FILTER (WHERE l.amount > 0), 0), COALESCE(-sum(l.amount) FILTER (WHERE l.amount < 0), 0)
        FROM {UNSEALED} t {LINES_OF}
        WHERE t.posted_at >= :start AND t.posted_at < :end AND a.role = :role AND a.unit = 0
          AND (a.series_id = :series_id OR :series_id = 0) GROUP BY 1) AS either
    GROUP BY day ORDER BY day
"""


def role_lines(
    session: Session, district_id: int, role: str, *, start: datetime, end: datetime, series_id: int = 0, by_day: bool
) -> Iterator[RoleLine]:
    """総勘定元帳 of a role, oldest first: each transaction, or each day in Tokyo. `series_id` 0: of all series together.

    `by_day`: `start` and `end` are first moments of days.
    """
    values = {"district_id": district_id, "role": role, "start": start, "end": end, "series_id": series_id}
    with session.execute(text(EACH_DAY if by_day else EACH), values, execution_options={"yield_per": PIECE}) as rows:
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
