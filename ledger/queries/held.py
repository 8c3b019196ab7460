"""What is held and can be spent, at any moment of the past: by the journal on one side, by the accounts on the other. Yen only."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from ledger.queries.health import HOLDERS

PIECE = 1_000


@dataclass(slots=True)
class Flows:
    """What each kind has moved for those who hold a series, natural: before a moment, and from it on."""

    before: dict[str, int] = field(default_factory=dict)
    within: dict[str, int] = field(default_factory=dict)


FLOWS = text("""
    SELECT a.series_id, t.kind, COALESCE(sum(a.sign * l.amount) FILTER (WHERE t.posted_at < :start), 0)::bigint AS before,
        COALESCE(sum(a.sign * l.amount) FILTER (WHERE t.posted_at >= :start), 0)::bigint AS within
    FROM ledger.transaction t CROSS JOIN LATERAL unnest(t.accounts, t.amounts) AS l (account_id, amount)
    JOIN ledger.account a ON a.district_id = t.district_id AND a.id = l.account_id AND a.unit = 0 AND a.role = ANY (:roles)
    WHERE t.district_id = :district_id AND t.posted_at < :end AND (:whole OR t.posted_at >= :start) GROUP BY 1, 2
""")


def held_flows(session: Session, district_id: int, *, start: datetime, end: datetime, whole: bool = True) -> dict[int, Flows]:
    """By series what the journal says up to `end`, apart before `start`; not `whole`: only from `start` on, and no more is read."""
    values = {"district_id": district_id, "start": start, "end": end, "whole": whole, "roles": list(HOLDERS)}
    found: dict[int, Flows] = {}
    for row in session.execute(FLOWS, values):
        flows = found.setdefault(row.series_id, Flows())
        flows.before[row.kind], flows.within[row.kind] = row.before, row.within
    return found


HELD = """
    FROM ledger.account a JOIN ledger.entry e ON e.district_id = a.district_id AND e.account_id = a.id AND e.posted_at < :end
    WHERE a.district_id = :district_id AND a.unit = 0 AND a.role = ANY (:roles)
"""
SUMS = text(f"SELECT a.series_id, sum(a.sign * e.amount)::bigint AS amount {HELD} GROUP BY 1")
HOLDINGS = text(
    f"SELECT a.role, a.owner_id, a.series_id, sum(a.sign * e.amount)::bigint AS amount {HELD}"
    " GROUP BY 1, 2, 3 HAVING sum(e.amount) <> 0 ORDER BY 1, 2, 3"
)


def held_before(session: Session, district_id: int, end: datetime) -> dict[int, int]:
    """By series the sum of all balances that people and unused codes had just before `end`, from their accounts' entries."""
    rows = session.execute(SUMS, {"district_id": district_id, "end": end, "roles": list(HOLDERS)})
    return {row.series_id: row.amount for row in rows}


@dataclass(frozen=True, slots=True)
class Holding:
    """What one holder had of one series, in yen. Of role `top_up_code` the owner is a batch of codes."""

    role: str
    owner_id: int
    series_id: int
    amount: int


def holdings_before(session: Session, district_id: int, end: datetime) -> Iterator[Holding]:
    """Every holder who had something just before `end`, by number: people first, then batches of codes."""
    values = {"district_id": district_id, "end": end, "roles": list(HOLDERS)}
    with session.execute(HOLDINGS, values, execution_options={"yield_per": PIECE}) as rows:
        for row in rows:
            yield Holding(*row)


# `+ 0`: by the index of transactions, as in sealed.py.
LAST = text("""
    SELECT t.id, (SELECT l.place FROM ledger.leaf l WHERE l.transaction_id = t.id AND l.district_id + 0 = t.district_id) AS place
    FROM ledger.transaction t WHERE t.district_id = :district_id AND t.posted_at < :end ORDER BY t.id DESC LIMIT 1
""")


def last_before(session: Session, district_id: int, end: datetime) -> tuple[int, int | None] | None:
    """Number of the last transaction posted before `end`, and its place in the sealed log if it is there. None: there was none."""
    row = session.execute(LAST, {"district_id": district_id, "end": end}).one_or_none()
    return None if row is None else (row.id, row.place)


@dataclass(frozen=True, slots=True)
class CashRefunded:
    """What was paid back in cash of one series on one ground, in yen."""

    series_id: int
    ground: str
    amount: int


REFUNDED = text("""
    SELECT (t.facts ->> 'series')::bigint AS series_id, t.facts ->> 'ground' AS ground,
        sum((SELECT sum(l) FROM unnest(t.amounts) AS l WHERE l > 0))::bigint AS amount
    FROM ledger.transaction t
    WHERE t.district_id = :district_id AND t.kind = 'cash_refund' AND t.posted_at >= :since GROUP BY 1, 2
""")


def cash_refunds(session: Session, district_id: int, *, since: datetime) -> list[CashRefunded]:
    """払戻し since a moment, by series and ground."""
    return [CashRefunded(*row) for row in session.execute(REFUNDED, {"district_id": district_id, "since": since})]
