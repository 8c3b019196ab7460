"""Months that are closed, what they held then, and what they hold now."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

Figure = tuple[str, int, int, int, int, int]
"""role, series, unit, opening (debit positive), debit, credit."""


@dataclass(frozen=True, slots=True)
class Closing:
    """月次締め of a month (its first day). `proposal_id`: what opened it again, None as long as it is closed."""

    id: int
    month: date
    closed_by: int
    closed_at: datetime
    figures: tuple[Figure, ...]
    proposal_id: int | None
    reopened_at: datetime | None


CLOSINGS = """
    SELECT c.id, c.month, c.closed_by, c.closed_at, c.sums, r.proposal_id, r.reopened_at
    FROM ledger.closing c LEFT JOIN ledger.reopening r ON r.district_id = c.district_id AND r.closing_id = c.id
    WHERE c.district_id = :district_id ORDER BY c.id DESC
"""


def closings(session: Session, district_id: int) -> list[Closing]:
    """Every close that ever was, the newest first; those that were opened again as well."""
    rows = session.execute(text(CLOSINGS), {"district_id": district_id})
    return [Closing(row.id, row.month, row.closed_by, row.closed_at, _figures(row.sums), row.proposal_id, row.reopened_at) for row in rows]


MONTHLY = """
    SELECT date_trunc('month', e.posted_at AT TIME ZONE 'Asia/Tokyo')::date AS month, a.role, a.series_id, a.unit,
           COALESCE(sum(e.amount) FILTER (WHERE e.amount > 0), 0)::bigint AS debit,
           COALESCE(-sum(e.amount) FILTER (WHERE e.amount < 0), 0)::bigint AS credit
    FROM ledger.account a JOIN ledger.entry e ON e.district_id = a.district_id AND e.account_id = a.id
    WHERE a.district_id = :district_id GROUP BY 1, 2, 3, 4 ORDER BY 1
"""


def figures_of(session: Session, district_id: int, months: Collection[date]) -> dict[date, tuple[Figure, ...]]:
    """What a close would write down now for each of these months (their first days), from the entries alone."""
    moved: dict[date, list[tuple[tuple[str, int, int], int, int]]] = defaultdict(list)
    for row in session.execute(text(MONTHLY), {"district_id": district_id}):
        moved[row.month].append(((row.role, row.series_id, row.unit), row.debit, row.credit))
    found, standing = {}, dict[tuple[str, int, int], int]()
    for month in sorted({*moved, *months}):
        of_month = {key: (debit, credit) for key, debit, credit in moved[month]}
        keys = sorted({*standing, *of_month})
        if month in months:
            found[month] = tuple((*key, standing.get(key, 0), *of_month.get(key, (0, 0))) for key in keys)
        standing = {key: standing.get(key, 0) + of_month.get(key, (0, 0))[0] - of_month.get(key, (0, 0))[1] for key in keys}
    return found


FIRST = text("""
    SELECT CASE WHEN listed.start < booked.posted_at THEN listed.start ELSE booked.posted_at END
    FROM (SELECT posted_at FROM ledger.transaction WHERE district_id = :district_id AND kind <> 'key_closed' ORDER BY id LIMIT 1) booked,
        (SELECT min(day)::timestamp AT TIME ZONE 'Asia/Tokyo' AS start FROM ledger.contents
         WHERE district_id = :district_id AND series_id = 0 AND day < (SELECT (posted_at AT TIME ZONE 'Asia/Tokyo')::date
            FROM ledger.transaction WHERE district_id = :district_id AND kind <> 'key_closed' ORDER BY id LIMIT 1)) listed
""")


def first_posting(session: Session, district_id: int) -> datetime | None:
    """When the first of all transactions was booked; where some came into the book later with an earlier day, the start of that day."""
    found: datetime | None = session.execute(FIRST, {"district_id": district_id}).scalar_one_or_none()
    return found


def _figures(sums: list[list[int | str]]) -> tuple[Figure, ...]:
    return tuple(sorted((str(row[0]), int(row[1]), int(row[2]), int(row[3]), int(row[4]), int(row[5])) for row in sums))
