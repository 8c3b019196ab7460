"""What a series of vouchers has seen: by role and kind at any moment, its units on sale, and what was posted on one account."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from ledger.queries.balances import NATURAL
from ledger.queries.finding import Wanted, find


@dataclass(frozen=True, slots=True)
class Flow:
    """What one kind has moved on the accounts of one role in a series, natural and in yen. `size`: of the shop where it was spent,
    as it was then; None where no shop is concerned, or nobody wrote it down."""

    series_id: int
    role: str
    kind: str
    owner_id: int | None
    size: str | None
    amount: int


FLOWS = text("""
    SELECT a.series_id, a.role, t.kind, CASE WHEN a.role = 'payable' THEN a.owner_id END, COALESCE(o.facts, t.facts)->>'shop_size',
        sum(a.sign * e.amount)::bigint
    FROM ledger.account a
    JOIN ledger.entry e ON e.district_id = a.district_id AND e.account_id = a.id
        AND (CAST(:until AS timestamptz) IS NULL OR e.posted_at < :until)
    JOIN ledger.transaction t ON t.district_id = e.district_id AND t.id = e.transaction_id
    LEFT JOIN ledger.transaction o ON o.district_id = t.district_id AND o.id = t.refers_to
    WHERE a.district_id = :district_id AND a.series_id = ANY (CAST(:series_ids AS bigint[])) AND a.unit = 0
    GROUP BY 1, 2, 3, 4, 5
""")


def series_flows(session: Session, district_id: int, series_ids: Sequence[int], *, until: datetime | None) -> list[Flow]:
    """Everything that moved in some series before `until` (None: so far): a look at each entry, so for reports and the worker only.

    A refund counts for the size that the payment was made at.
    """
    found = session.execute(FLOWS, {"district_id": district_id, "series_ids": list(series_ids), "until": until})
    return [Flow(*row) for row in found]


@dataclass(frozen=True, slots=True)
class Units:
    """Units of one campaign: `units` = `stock` + `sold`."""

    units: int
    stock: int
    sold: int


NO_UNITS = Units(0, 0, 0)
UNITS = text(
    f"SELECT a.series_id, a.role, sum({NATURAL})::bigint AS pieces FROM ledger.account a WHERE a.district_id = :district_id"
    " AND a.unit <> 0 AND a.role IN ('voucher_units', 'voucher_stock', 'voucher_sold') GROUP BY 1, 2"
)


def units(session: Session, district_id: int) -> dict[int, Units]:
    """The units of every campaign that was approved, by the series that counts them."""
    found: dict[int, dict[str, int]] = {}
    for row in session.execute(UNITS, {"district_id": district_id}):
        found.setdefault(row.series_id, {})[row.role] = row.pieces
    by_series = {
        series: Units(by.get("voucher_units", 0), by.get("voucher_stock", 0), by.get("voucher_sold", 0)) for series, by in found.items()
    }
    return {series: each for series, each in by_series.items() if each.units}


@dataclass(frozen=True, slots=True)
class Postings:
    """What one kind has posted on one account: how often, how much (natural), and when last."""

    times: int
    amount: int
    newest: datetime | None


def postings(session: Session, district_id: int, account_id: int, kind: str) -> Postings:
    """For accounts that a kind moves a few times a day."""
    row = session.execute(
        text(
            "SELECT count(*), COALESCE(sum(a.sign * e.amount), 0)::bigint, max(e.posted_at) FROM ledger.account a"
            " JOIN ledger.entry e ON e.district_id = a.district_id AND e.account_id = a.id"
            " JOIN ledger.transaction t ON t.district_id = e.district_id AND t.id = e.transaction_id AND t.kind = :kind"
            " WHERE a.district_id = :district_id AND a.id = :account_id"
        ),
        {"district_id": district_id, "account_id": account_id, "kind": kind},
    ).one()
    return Postings(row[0], row[1], row[2])


def debits_of_kind(session: Session, district_id: int, account_ids: list[int], kind: str) -> dict[int, int]:
    """What this kind has moved on some accounts so far, debit positive, by account; those without any are left out."""
    found = session.execute(
        text(
            "SELECT e.account_id, sum(e.amount)::bigint FROM ledger.entry e"
            " JOIN ledger.transaction t ON t.district_id = e.district_id AND t.id = e.transaction_id AND t.kind = :kind"
            " WHERE e.district_id = :district_id AND e.account_id = ANY (CAST(:ids AS bigint[])) GROUP BY 1"
        ),
        {"district_id": district_id, "ids": account_ids, "kind": kind},
    )
    return {row[0]: row[1] for row in found}


RARE_MOST = 10_000
SUMS_OF_LINES = text("""
    SELECT l.account_id, sum(a.sign * l.amount)::bigint FROM unnest(CAST(:numbers AS bigint[])) AS n (id)
    JOIN ledger.transaction t ON t.district_id = :district_id AND t.id = n.id
    CROSS JOIN LATERAL unnest(t.accounts, t.amounts) AS l (account_id, amount)
    JOIN ledger.account a ON a.district_id = :district_id AND a.id = l.account_id
    WHERE l.account_id = ANY (CAST(:ids AS bigint[])) GROUP BY 1
""")


def sums_of_rare_kind(session: Session, district_id: int, account_ids: list[int], kind: str, *, since: datetime) -> dict[int, int]:
    """What a kind that moves a few times a month has moved on some accounts since then, natural, by account; those without any are left
    out. The transactions are found by the sealer's lists, so accounts with a million entries of other kinds cost nothing."""
    numbers = find(session, district_id, Wanted(kinds=[kind], since=since), limit=RARE_MOST) if account_ids else []
    if not numbers:
        return {}
    found = session.execute(SUMS_OF_LINES, {"district_id": district_id, "numbers": numbers, "ids": account_ids})
    return {row[0]: row[1] for row in found}
