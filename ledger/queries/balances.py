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
    """What an owner has in one series. `available` is less live holds."""

    account_id: int
    series: Series
    balance: int
    available: int
    state: str


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


def account_id(session: Session, district_id: int, role: str, owner_id: int, series_id: int) -> int | None:
    """The account with this role, owner and series (0 for plain yen), or None where none is open yet."""
    return session.execute(
        text(
            "SELECT id FROM ledger.account WHERE district_id = :district_id AND role = :role"
            " AND owner_id = :owner_id AND series_id = :series_id"
        ),
        {
            "district_id": district_id,
            "role": role,
            "owner_id": owner_id,
            "series_id": series_id,
        },
    ).scalar_one_or_none()


def account_ids(session: Session, district_id: int, role: str, owner_id: int) -> list[int]:
    """All accounts of an owner in a role, oldest first."""
    return list(
        session.execute(
            text("SELECT id FROM ledger.account WHERE district_id = :district_id AND role = :role AND owner_id = :owner_id ORDER BY id"),
            {"district_id": district_id, "role": role, "owner_id": owner_id},
        ).scalars()
    )


def balances(session: Session, district_id: int, role: str, owner_id: int) -> list[Balance]:
    """What an owner has in every series, oldest account first; for roles that hold units of a series."""
    rows = session.execute(
        text(
            f"SELECT a.id AS account_id, {NATURAL} AS natural, {HELD} AS held, a.state, {COLUMNS} FROM ledger.account a"
            " JOIN ledger.series s ON s.district_id = a.district_id AND s.id = a.series_id"
            " WHERE a.district_id = :district_id AND a.role = :role AND a.owner_id = :owner_id ORDER BY a.id"
        ),
        {"district_id": district_id, "role": role, "owner_id": owner_id},
    )
    return [Balance(row[0], Series(*row[4:]), row.natural, row.natural - row.held, row.state) for row in rows]


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
