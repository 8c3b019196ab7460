"""Accounts and what is on them, now and at any past moment. Balances are natural."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from ledger.errors import AccountUnknown
from ledger.queries.series import COLUMNS, Series


@dataclass(frozen=True, slots=True)
class Balance:
    """What an owner has in one series. `available` is less live holds. `entry_count`: of a locked account, its last position."""

    account_id: int
    series: Series
    balance: int
    available: int
    state: str
    entry_count: int


NATURAL = """
    a.sign * (a.balance + CASE WHEN a.locked THEN 0 ELSE COALESCE((
        SELECT sum(e.amount) FROM ledger.entry e
        WHERE e.district_id = a.district_id AND e.account_id = a.id AND e.position >= a.folded_below), 0) END)::bigint
"""
HELD = """
    CASE WHEN a.hold_until <= clock_timestamp() THEN 0 ELSE COALESCE((
        SELECT sum(h.amount) FROM ledger.hold h
        WHERE h.district_id = a.district_id AND h.account_id = a.id AND h.expires_at > clock_timestamp()
          AND NOT EXISTS (SELECT FROM ledger.hold_end x WHERE x.district_id = h.district_id AND x.hold_id = h.id)), 0) END::bigint
"""


ACCOUNT_ID = text(
    "SELECT id FROM ledger.account WHERE district_id = :district_id AND role = :role AND owner_id = :owner_id AND series_id = :series_id"
)
BALANCES = text(
    f"SELECT a.id AS account_id, {NATURAL} AS natural, {HELD} AS held, a.state, a.entry_count, {COLUMNS} FROM ledger.account a"
    " JOIN ledger.series s ON s.district_id = a.district_id AND s.id = a.series_id"
    " WHERE a.district_id = :district_id AND a.role = :role AND a.owner_id = :owner_id ORDER BY a.id"
)
ENTRY_COUNTS = text(
    "SELECT id, entry_count FROM ledger.account WHERE district_id = :district_id AND role = :role AND owner_id = :owner_id ORDER BY id"
)


def account_id(session: Session, district_id: int, role: str, owner_id: int, series_id: int) -> int | None:
    """The account with this role, owner and series (0 for plain yen), or None where none is open yet."""
    values = {"district_id": district_id, "role": role, "owner_id": owner_id, "series_id": series_id}
    return session.execute(ACCOUNT_ID, values).scalar_one_or_none()


def account_ids(session: Session, district_id: int, role: str, owner_id: int) -> list[int]:
    """All accounts of an owner in a role, oldest first."""
    return list(entry_counts(session, district_id, role, owner_id))


def entry_counts(session: Session, district_id: int, role: str, owner_id: int) -> dict[int, int]:
    """Account id → number of entries, oldest account first; of locked accounts that is the position of the last one."""
    rows = session.execute(ENTRY_COUNTS, {"district_id": district_id, "role": role, "owner_id": owner_id})
    return {row.id: row.entry_count for row in rows}


def balances(session: Session, district_id: int, role: str, owner_id: int) -> list[Balance]:
    """What an owner has in every series, oldest account first; for roles that hold units of a series."""
    rows = session.execute(BALANCES, {"district_id": district_id, "role": role, "owner_id": owner_id})
    return [
        Balance(account, Series(*series), natural, natural - held, state, entry_count)
        for account, natural, held, state, entry_count, *series in rows
    ]


def balance(session: Session, district_id: int, account_id: int, *, at: datetime | None = None) -> int:
    """The natural balance now, or after everything posted at or before `at`. Raises AccountUnknown."""
    past = """
        a.sign * COALESCE((SELECT sum(e.amount) FROM ledger.entry e
            WHERE e.district_id = a.district_id AND e.account_id = a.id AND e.posted_at <= :at), 0)::bigint"""
    found = session.execute(
        text(f"SELECT {NATURAL if at is None else past} FROM ledger.account a WHERE a.district_id = :district_id AND a.id = :id"),
        {"district_id": district_id, "id": account_id, "at": at},
    ).scalar_one_or_none()
    if found is None:
        raise AccountUnknown(account=account_id)
    return int(found)


def available(session: Session, district_id: int, account_id: int) -> int:
    """The natural balance less live holds. Raises AccountUnknown."""
    found = session.execute(
        text(f"SELECT {NATURAL} - {HELD} FROM ledger.account a WHERE a.district_id = :district_id AND a.id = :id"),
        {"district_id": district_id, "id": account_id},
    ).scalar_one_or_none()
    if found is None:
        raise AccountUnknown(account=account_id)
    return int(found)
