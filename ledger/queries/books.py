"""The whole of a district's books: trial balance, and totals of any span of time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import text
from sqlalchemy.orm import Session

from ledger.queries.balances import NATURAL
from ledger.queries.periods import stood


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
    """残高試算表, now from the balances, or after everything posted at or before `at` from the days of the roles.

    In each unit the debits equal the credits.
    """
    if at is None:
        return _trial(session, district_id, f"sum({NATURAL} * a.sign)::bigint")
    [sides] = stood(session, district_id, at + timedelta(microseconds=1))
    rows = _trial(session, district_id, "0::bigint")
    return [_row(row, side.balance if (side := sides.get((row.role, row.series_id))) else 0) for row in rows]


def counted(session: Session, district_id: int) -> list[TrialRow]:
    """残高試算表 now, from every entry and nothing that is derived from them: a look at the whole book."""
    every = """COALESCE((SELECT sum(e.amount) FROM ledger.entry e WHERE e.district_id = a.district_id AND e.account_id = a.id), 0)"""
    return _trial(session, district_id, f"sum({every})::bigint")


def _trial(session: Session, district_id: int, total: str) -> list[TrialRow]:
    sql = f"""
        SELECT a.role, r.class AS account_class, a.series_id, a.unit, count(*) AS accounts, {total} AS total
        FROM ledger.account a JOIN ledger.role r ON r.name = a.role WHERE a.district_id = :district_id GROUP BY 1, 2, 3, 4
        ORDER BY array_position(ARRAY['asset', 'liability', 'equity', 'income', 'expense'], r.class), 1, 3"""
    rows = session.execute(text(sql), {"district_id": district_id})
    return [_row(TrialRow(row.role, row.account_class, row.series_id, row.unit, row.accounts, 0, 0), row.total) for row in rows]


def _row(row: TrialRow, total: int) -> TrialRow:
    return replace(row, debit=max(total, 0), credit=max(-total, 0))
