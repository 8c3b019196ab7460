"""Accounts and what is on them, now and at any past moment. Balances are natural."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from base.db import as_array, rows
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
PAST = """
    a.sign * CASE WHEN a.locked THEN COALESCE((
        SELECT sum(e.amount) FROM ledger.entry e
        WHERE e.district_id = a.district_id AND e.account_id = a.id AND e.posted_at <= :at), 0)
    ELSE COALESCE((  -- the days before, the entries of that day, and what is not folded yet
        SELECT sum(d.amount) FROM ledger.account_day d
        WHERE d.district_id = a.district_id AND d.account_id = a.id AND d.day < (:at AT TIME ZONE 'Asia/Tokyo')::date), 0)
    + COALESCE((
        SELECT sum(e.amount) FROM ledger.account_day d JOIN ledger.entry e
          ON e.district_id = d.district_id AND e.account_id = d.account_id AND e.position BETWEEN d.first_position AND d.last_position
        WHERE d.district_id = a.district_id AND d.account_id = a.id AND d.day = (:at AT TIME ZONE 'Asia/Tokyo')::date
          AND e.posted_at <= :at AND (e.posted_at AT TIME ZONE 'Asia/Tokyo')::date = d.day AND e.position < a.folded_below), 0)
    + COALESCE((
        SELECT sum(e.amount) FROM ledger.entry e WHERE e.district_id = a.district_id AND e.account_id = a.id
          AND e.position >= a.folded_below AND e.posted_at <= :at), 0) END::bigint
"""
HELD = """
    CASE WHEN a.hold_until <= clock_timestamp() THEN 0 ELSE COALESCE((
        SELECT sum(h.amount) FROM ledger.hold h
        WHERE h.district_id = a.district_id AND h.account_id = a.id AND h.expires_at > clock_timestamp()
          AND NOT EXISTS (SELECT FROM ledger.hold_end x WHERE x.district_id = h.district_id AND x.hold_id = h.id)), 0) END::bigint
"""


def passed_on(session: Session, district_id: int, owner_id: int) -> int:
    """Yen that a consumer has passed on to others in this calendar month in Tokyo: sent, or given, taken or not."""
    month = text("SELECT ledger.passed_on(:district_id, :owner_id, clock_timestamp())")
    return int(session.execute(month, {"district_id": district_id, "owner_id": owner_id}).scalar_one())


ACCOUNT_ID = text(
    "SELECT id FROM ledger.account WHERE district_id = :district_id AND role = :role AND owner_id = :owner_id AND series_id = :series_id"
)
BALANCES = text(
    f"SELECT a.id AS account_id, {NATURAL} AS natural, {HELD} AS held, a.state, a.entry_count, {COLUMNS} FROM ledger.account a"
    " JOIN ledger.series s ON s.district_id = a.district_id AND s.id = a.series_id"
    " WHERE a.district_id = :district_id AND a.role = :role AND a.owner_id = :owner_id ORDER BY a.id"
)
ENTRY_COUNTS = text(
    "SELECT id, entry_count FROM ledger.account"
    " WHERE district_id = :district_id AND role = :role AND owner_id = :owner_id AND unit = 0 ORDER BY id"
)


def account_id(session: Session, district_id: int, role: str, owner_id: int, series_id: int) -> int | None:
    """The account with this role, owner and series (0 for plain yen), or None where none is open yet."""
    values = {"district_id": district_id, "role": role, "owner_id": owner_id, "series_id": series_id}
    return session.execute(ACCOUNT_ID, values).scalar_one_or_none()


HELD_BY = text(
    f"SELECT a.owner_id, a.id, {NATURAL} AS natural FROM unnest(CAST(:owners AS bigint[])) AS o (owner_id)"
    " CROSS JOIN LATERAL (SELECT * FROM ledger.account x WHERE x.district_id = :district_id AND x.role = :role"
    " AND x.owner_id = o.owner_id AND x.series_id = :series_id OFFSET 0) a"
)


def held_by(session: Session, district_id: int, role: str, series_id: int, owner_ids: Sequence[int]) -> dict[int, tuple[int, int]]:
    """Owner → account and natural balance in one series, of many owners at once; who has no account there is not in it."""
    values = {"district_id": district_id, "role": role, "series_id": series_id, "owners": as_array(owner_ids)}
    return {row.owner_id: (row.id, row.natural) for row in session.execute(HELD_BY, values)}


def account_ids(session: Session, district_id: int, role: str, owner_id: int) -> list[int]:
    """All accounts of an owner in a role that count yen, oldest first."""
    return list(entry_counts(session, district_id, role, owner_id))


def entry_counts(session: Session, district_id: int, role: str, owner_id: int) -> dict[int, int]:
    """Account id → number of entries, oldest first, of accounts that count yen; of locked ones that is the last one's position."""
    rows = session.execute(ENTRY_COUNTS, {"district_id": district_id, "role": role, "owner_id": owner_id})
    return {row.id: row.entry_count for row in rows}


ENTRY_SUMS = text(
    "SELECT owner_id, sum(entry_count) AS entries FROM ledger.account"
    " WHERE district_id = :district_id AND role = :role AND owner_id = ANY (CAST(:owner_ids AS bigint[])) AND unit = 0 GROUP BY owner_id"
)


def entry_sums(session: Session, district_id: int, role: str, owner_ids: Sequence[int]) -> dict[int, int]:
    """Owner → entries on all their locked accounts in yen: a number that only grows, and by which news is known for many at once."""
    rows = session.execute(ENTRY_SUMS, {"district_id": district_id, "role": role, "owner_ids": list(owner_ids)})
    return {row.owner_id: int(row.entries) for row in rows}


def balances(session: Session, district_id: int, role: str, owner_id: int) -> list[Balance]:
    """What an owner has in every series, oldest account first; for roles that hold units of a series."""
    rows = session.execute(BALANCES, {"district_id": district_id, "role": role, "owner_id": owner_id})
    return [
        Balance(account, Series(*series), natural, natural - held, state, entry_count)
        for account, natural, held, state, entry_count, *series in rows
    ]


def balance(session: Session, district_id: int, account_id: int, *, at: datetime | None = None) -> int:
    """The natural balance now, or after everything posted at or before `at`. Raises AccountUnknown."""
    found = session.execute(
        text(f"SELECT {NATURAL if at is None else PAST} FROM ledger.account a WHERE a.district_id = :district_id AND a.id = :id"),
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


def account_state(session: Session, district_id: int, account_id: int) -> str:
    """'open', 'frozen' or 'closed'. Raises AccountUnknown."""
    found = session.execute(
        text("SELECT state FROM ledger.account WHERE district_id = :district_id AND id = :id"),
        {"district_id": district_id, "id": account_id},
    ).scalar_one_or_none()
    if found is None:
        raise AccountUnknown(account=account_id)
    return str(found)


@dataclass(frozen=True, slots=True)
class Pieces:
    """Where the pieces of one coupon are: issued = in stock + held + used."""

    issued: int
    stock: int
    held: int
    used: int

    @property
    def claimed(self) -> int:
        """Given out so far and not in stock again."""
        return self.issued - self.stock


NO_PIECES = Pieces(0, 0, 0, 0)
PIECES = text(
    f"SELECT a.series_id, a.role, sum({NATURAL})::bigint AS pieces FROM ledger.account a"
    " WHERE a.district_id = :district_id AND a.unit <> 0 AND a.role = ANY (CAST(:roles AS text[])) GROUP BY 1, 2"
)


def pieces(session: Session, district_id: int, *, held: bool = True) -> dict[int, Pieces]:
    """Where the pieces of every coupon are, by series. Without `held` no consumer's account is read, and `held` is 0."""
    found: dict[int, dict[str, int]] = {}
    roles = ["coupon_issued", "coupon_stock", "coupon_used", *(["consumer"] if held else [])]
    for row in session.execute(PIECES, {"district_id": district_id, "roles": roles}):
        found.setdefault(row.series_id, {})[row.role] = row.pieces
    return {
        series_id: Pieces(by.get("coupon_issued", 0), by.get("coupon_stock", 0), by.get("consumer", 0), by.get("coupon_used", 0))
        for series_id, by in found.items()
    }


def natural_balances(session: Session, district_id: int, account_ids: Sequence[int]) -> dict[int, int]:
    """The natural balances of some accounts now, by account; unknown ones are left out."""
    sql = text(f"SELECT a.id, {NATURAL} AS natural FROM ledger.account a WHERE a.district_id = :district_id AND a.id = ANY (:ids)")
    return {row.id: row.natural for row in session.execute(sql, {"district_id": district_id, "ids": list(account_ids)})}


def entries_of_kind(
    session: Session, district_id: int, role: str, owner_id: int, kind: str, *, series_id: int | None = None
) -> dict[int, int]:
    """How often a transaction of this kind has touched the owner's accounts that count pieces, by series."""
    sql = text(
        "SELECT a.series_id, count(*) AS times FROM ledger.account a"
        " JOIN ledger.entry e ON e.district_id = a.district_id AND e.account_id = a.id"
        " JOIN ledger.transaction t ON t.district_id = e.district_id AND t.id = e.transaction_id AND t.kind = :kind"
        " WHERE a.district_id = :district_id AND a.role = :role AND a.owner_id = :owner_id AND a.unit <> 0"
        " AND (CAST(:series_id AS bigint) IS NULL OR a.series_id = :series_id) GROUP BY 1"
    )
    values = {"district_id": district_id, "role": role, "owner_id": owner_id, "kind": kind, "series_id": series_id}
    return {row.series_id: row.times for row in session.execute(sql, values)}


def latest_of_kind(
    session: Session, district_id: int, role: str, owner_id: int, kind: str, series_ids: Sequence[int]
) -> dict[int, datetime]:
    """When a transaction of this kind last touched the owner's accounts of these series, by series."""
    sql = text(
        "SELECT a.series_id, max(t.posted_at) AS at FROM ledger.account a"
        " JOIN ledger.entry e ON e.district_id = a.district_id AND e.account_id = a.id"
        " JOIN ledger.transaction t ON t.district_id = e.district_id AND t.id = e.transaction_id AND t.kind = :kind"
        " WHERE a.district_id = :district_id AND a.role = :role AND a.owner_id = :owner_id AND a.series_id = ANY (:series) GROUP BY 1"
    )
    values = {"district_id": district_id, "role": role, "owner_id": owner_id, "kind": kind, "series": list(series_ids)}
    return {row.series_id: row.at for row in session.execute(sql, values)}


def sums_of_kind(
    session: Session, district_id: int, account_ids: Sequence[int], kind: str, *, until: datetime | None = None
) -> dict[int, int]:
    """What transactions of this kind have moved on some accounts (before `until`), natural, by account; those without any are left out."""
    sql = text(
        "SELECT a.id, sum(a.sign * e.amount)::bigint AS natural FROM ledger.account a"
        " JOIN ledger.entry e ON e.district_id = a.district_id AND e.account_id = a.id"
        " JOIN ledger.transaction t ON t.district_id = e.district_id AND t.id = e.transaction_id AND t.kind = :kind"
        " WHERE a.district_id = :district_id AND a.id = ANY (:ids)"
        " AND (CAST(:until AS timestamptz) IS NULL OR e.posted_at < :until) GROUP BY 1"
    )
    values = {"district_id": district_id, "ids": list(account_ids), "kind": kind, "until": until}
    return {row.id: row.natural for row in session.execute(sql, values)}


def moved(session: Session, district_id: int, account_ids: Sequence[int], kinds: Sequence[str], *, since: datetime, until: datetime) -> int:
    """What these kinds moved on some accounts that count yen, natural, `since` ≤ posted_at < `until`, in yen."""
    sql = text(
        "SELECT COALESCE(sum(a.sign * e.amount), 0)::bigint FROM ledger.account a"
        " JOIN ledger.entry e ON e.district_id = a.district_id AND e.account_id = a.id"
        " JOIN ledger.transaction t ON t.district_id = e.district_id AND t.id = e.transaction_id AND t.kind = ANY (:kinds)"
        " WHERE a.district_id = :district_id AND a.id = ANY (:ids) AND a.unit = 0 AND e.posted_at >= :since AND e.posted_at < :until"
    )
    values = {"district_id": district_id, "ids": list(account_ids), "kinds": list(kinds), "since": since, "until": until}
    found: int = session.execute(sql, values).scalar_one()
    return found


STOCK = (
    "SELECT COALESCE(bool_or(a.entry_count > 0), false) AS was_stocked, COALESCE(bool_or(a.sign * a.balance > 0), false) AS is_left"
    " FROM ledger.account a WHERE a.district_id = %(district_id)s AND a.role = 'coupon_stock' AND a.series_id = %(series_id)s"
)


def stock(session: Session, district_id: int, series_id: int) -> tuple[bool, bool]:
    """Whether this coupon was ever stocked, and whether a piece is left. Stock only falls: what was read as empty stays empty."""
    ((was_stocked, is_left),) = rows(session, STOCK, {"district_id": district_id, "series_id": series_id})
    return was_stocked, is_left


def ceiling(session: Session, role: str) -> int | None:
    """The most that an account of this role takes, in yen; None where nothing limits it but its series."""
    found: int | None = session.execute(text("SELECT ceiling FROM ledger.role WHERE name = :role"), {"role": role}).scalar_one()
    return found
