"""The whole of a district's books: trial balance, and totals of any span of time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from ledger.queries.balances import NATURAL
from ledger.queries.finding import KindTotal


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One line of the trial balance: `debit` or `credit` is 0. `unit` 0 is yen, else the series whose pieces are counted."""

    role: str
    account_class: str
    series_id: int
    unit: int
    accounts: int
    debit: int
    credit: int


def trial_balance(session: Session, district_id: int, *, at: datetime | None = None) -> list[TrialRow]:
    """残高試算表, now or after everything posted at or before `at`. In each unit the debits equal the credits."""
    past = """a.sign * COALESCE((SELECT sum(e.amount) FROM ledger.entry e WHERE e.district_id = a.district_id
        AND e.account_id = a.id AND e.posted_at <= :at), 0)"""
    sql = f"""
        SELECT a.role, r.class AS account_class, a.series_id, a.unit, count(*) AS accounts,
               sum({NATURAL if at is None else past} * a.sign)::bigint AS total
        FROM ledger.account a JOIN ledger.role r ON r.name = a.role WHERE a.district_id = :district_id GROUP BY 1, 2, 3, 4
        ORDER BY array_position(ARRAY['asset', 'liability', 'equity', 'income', 'expense'], r.class), 1, 3"""
    rows = session.execute(text(sql), {"district_id": district_id, "at": at})
    return [
        TrialRow(
            row.role,
            row.account_class,
            row.series_id,
            row.unit,
            row.accounts,
            max(row.total, 0),
            max(-row.total, 0),
        )
        for row in rows
    ]


TOTALS = """
    FROM ledger.transaction t WHERE t.district_id = :district_id AND t.posted_at >= :start AND t.posted_at < :end AND t.kind <> 'key_closed'
"""
# Only transactions of coupons have lines that count pieces; nothing else pays for looking at its accounts.
DEBITS = """COALESCE(sum(CASE WHEN t.kind LIKE 'coupon\\_%' THEN (
        SELECT sum(l.amount) FROM unnest(t.accounts, t.amounts) AS l (account_id, amount)
        JOIN ledger.account a ON a.district_id = t.district_id AND a.id = l.account_id
        WHERE l.amount > 0 AND a.unit = 0)
    ELSE (SELECT sum(a) FROM unnest(t.amounts) AS a WHERE a > 0) END), 0)::bigint"""


def kind_totals(session: Session, district_id: int, start: datetime, end: datetime) -> dict[str, KindTotal]:
    """Totals by kind of what was posted in [start, end)."""
    rows = session.execute(
        text(f"SELECT t.kind, count(*), {DEBITS} {TOTALS} GROUP BY 1"),
        {"district_id": district_id, "start": start, "end": end},
    )
    return {row[0]: KindTotal(row[1], row[2]) for row in rows}
