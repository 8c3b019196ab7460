"""What finds a transaction among millions: the lists that the sealer keeps (14_finding.sql), and what came after them.

Every transaction up to `ledger.sealer.final_id` is in the lists. Those above it, of the last second or two, are looked at one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from base.clock import tokyo_day

SURPLUS = 3
"""Ranges are read until they promise so many times what is wanted: what a list counts, another condition may leave out."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a transaction must be. `amount`: of a line, or of the whole in yen. `series_id`, `account_ids`: a line of it is there.

    `until` and `below` (a number) are the first that no longer belong.
    """

    since: datetime | None = None
    until: datetime | None = None
    kinds: Sequence[str] | None = None
    amount: int | None = None
    series_id: int | None = None
    account_ids: Sequence[int] | None = None
    below: int | None = None


EVERYTHING = Wanted()
CONDITIONS = {
    "since": "t.posted_at >= :since",
    "until": "t.posted_at < :until",
    "kinds": "t.kind = ANY (CAST(:kinds AS text[]))",
    "amount": """(:amount = ANY (t.amounts) OR -:amount = ANY (t.amounts) OR :amount = (
        SELECT sum(l.amount) FROM unnest(t.accounts, t.amounts) AS l (account_id, amount)
        JOIN ledger.account a ON a.district_id = t.district_id AND a.id = l.account_id AND a.unit = 0 WHERE l.amount > 0))""",
    "series_id": """EXISTS (SELECT FROM unnest(t.accounts) AS l (account_id)
        JOIN ledger.account a ON a.district_id = t.district_id AND a.id = l.account_id AND a.series_id = :series_id)""",
    "account_ids": "t.accounts && CAST(:account_ids AS bigint[])",
    "below": "t.id < :below",
}
FINAL = text("SELECT final_id FROM ledger.sealer")
FEW = 20_000
"""Entries of accounts up to which their statements are read from end to end; who has more is soon met with day by day."""
ENTRIES = text(
    "SELECT COALESCE(sum(entry_count), 0) FROM ledger.account"
    " WHERE district_id = :district_id AND id = ANY (CAST(:account_ids AS bigint[]))"
)
# The days that folding has put down; and, one by one, those of what it leaves alone or has not come to yet.
DAYS_OF_ACCOUNTS = """c.day IN (
    SELECT d.day FROM ledger.account_day d
    WHERE d.district_id = :district_id AND d.account_id = ANY (CAST(:account_ids AS bigint[]))
    UNION SELECT (e.posted_at AT TIME ZONE 'Asia/Tokyo')::date FROM ledger.account a
    JOIN ledger.entry e ON e.district_id = a.district_id AND e.account_id = a.id AND (a.locked OR e.position >= a.folded_below)
    WHERE a.district_id = :district_id AND a.id = ANY (CAST(:account_ids AS bigint[])))"""


def find(session: Session, district_id: int, wanted: Wanted, *, limit: int) -> list[int]:
    """Numbers of the transactions that are as wanted, the highest first."""
    given = {name: getattr(wanted, name) for name in CONDITIONS if getattr(wanted, name) is not None}
    given |= {name: list(given[name]) for name in ("kinds", "account_ids") if name in given}  # a tuple would be sent as a record
    values: dict[str, Any] = given | {"district_id": district_id, "final_id": session.execute(FINAL).scalar_one()}
    has = "t.kind <> 'key_closed'" + "".join(f" AND {CONDITIONS[name]}" for name in given)
    newest = f"SELECT t.id FROM ledger.transaction t WHERE t.district_id = :district_id AND t.id > :final_id AND {has}"
    found = _numbers(session, newest, values, limit)
    if len(found) == limit:
        return found
    if wanted.amount is not None:
        return found + _by_amount(session, wanted, has, values, limit - len(found))
    if wanted.account_ids is not None and session.execute(ENTRIES, values).scalar_one() <= FEW:
        return found + _by_account(session, wanted, has, values, limit - len(found))
    return found + _by_day(session, wanted, has, values, limit - len(found))


def _numbers(session: Session, sql: str, values: dict[str, Any], limit: int) -> list[int]:
    return list(session.execute(text(f"{sql} ORDER BY t.id DESC LIMIT :limit"), values | {"limit": limit}).scalars())


def _by_amount(session: Session, wanted: Wanted, has: str, values: dict[str, Any], limit: int) -> list[int]:
    """Along the list of amounts, between the first and the last number of the days in question."""
    bounds = "SELECT min(c.first_id) AS low, max(c.last_id) AS high FROM ledger.contents c WHERE " + _contents(wanted)
    low, high = session.execute(text(bounds), values | _days(wanted)).one()
    listed = f"""SELECT t.id FROM ledger.amount m JOIN ledger.transaction t ON t.district_id = m.district_id AND t.id = m.transaction_id
        WHERE m.district_id = :district_id AND m.amount = :amount AND m.transaction_id BETWEEN :low AND LEAST(:high, :final_id) AND {has}"""
    # The list already says that the amount is there, and it is in the order of the numbers.
    return _numbers(session, listed.replace(CONDITIONS["amount"], "true"), values | {"low": low, "high": high}, limit)


def _by_account(session: Session, wanted: Wanted, has: str, values: dict[str, Any], limit: int) -> list[int]:
    """Along the statements of the accounts."""
    moments = "".join(f" AND e.{CONDITIONS[name][2:]}" for name in ("since", "until") if getattr(wanted, name) is not None)
    stated = f"""SELECT t.id FROM (SELECT DISTINCT e.transaction_id FROM ledger.entry e
            WHERE e.district_id = :district_id AND e.account_id = ANY (CAST(:account_ids AS bigint[])){moments}) e
        JOIN ledger.transaction t ON t.district_id = :district_id AND t.id = e.transaction_id WHERE t.id <= :final_id AND {has}"""
    return _numbers(session, stated.replace(CONDITIONS["account_ids"], "true"), values, limit)


def _by_day(session: Session, wanted: Wanted, has: str, values: dict[str, Any], limit: int) -> list[int]:
    """Day by day from the newest, only where the table of contents says that there is something."""
    found: list[int] = []
    sql = f"""SELECT t.id FROM unnest(CAST(:lows AS bigint[]), CAST(:highs AS bigint[])) AS r (low, high) CROSS JOIN LATERAL (
            SELECT t.id FROM ledger.transaction t WHERE t.district_id = :district_id AND t.id BETWEEN r.low AND r.high AND {has}
            ORDER BY t.id DESC LIMIT :limit) t"""
    for ranges in _ranges(session, wanted, values, SURPLUS * limit):
        lows, highs = zip(*ranges, strict=True)
        found += _numbers(session, sql, values | {"lows": list(lows), "highs": list(highs)}, limit - len(found))
        if len(found) == limit:
            break
    return found


def _ranges(session: Session, wanted: Wanted, values: dict[str, Any], enough: int) -> Iterator[list[tuple[int, int]]]:
    """Ranges of numbers that have something, disjoint and from the highest down, in portions that promise `enough` each."""
    days = f"""SELECT min(c.first_id) AS low, LEAST(max(c.last_id), :final_id) AS high, sum(c.transactions) AS promised
        FROM ledger.contents c WHERE {_contents(wanted)} AND c.first_id <= :final_id GROUP BY c.day ORDER BY max(c.last_id) DESC"""
    portion: list[tuple[int, int]] = []
    promised, low_before = 0, 2**63 - 1
    for low, high, count in session.execute(text(days), values | _days(wanted)):
        if low < low_before:  # what stands in a range that was read already was found there
            portion.append((low, min(high, low_before - 1)))
            promised, low_before = promised + count, low
        if promised >= enough:
            yield portion
            portion, promised = [], 0
    if portion:
        yield portion


def _contents(wanted: Wanted) -> str:
    conditions = {
        "since": "c.day >= :first_day",
        "until": "c.day <= :last_day",
        "kinds": "c.kind = ANY (CAST(:kinds AS text[]))",
        "below": "c.first_id < :below",
        "account_ids": DAYS_OF_ACCOUNTS,
    }
    given = [sql for name, sql in conditions.items() if getattr(wanted, name) is not None]
    return " AND ".join(["c.district_id = :district_id", "c.series_id = :listed_under", *given])


def _days(wanted: Wanted) -> dict[str, Any]:
    return {
        "listed_under": wanted.series_id or 0,
        "first_day": wanted.since and tokyo_day(wanted.since),
        "last_day": wanted.until and tokyo_day(wanted.until - timedelta(microseconds=1)),
    }


@dataclass(frozen=True, slots=True)
class KindTotal:
    """How many transactions of a kind, and the sum of their debits in yen."""

    count: int
    amount: int


TOTALS = text("""
    SELECT day, kind, sum(transactions)::bigint, sum(amount)::bigint FROM (
        SELECT c.day, c.kind, c.transactions, c.amount FROM ledger.contents c
        WHERE c.district_id = :district_id AND c.series_id = :listed_under AND c.day BETWEEN :first AND :last
        UNION ALL
        SELECT t.day, t.kind, 1, COALESCE((
            SELECT sum(l.amount) FROM unnest(t.accounts, t.amounts) AS l (account_id, amount)
            JOIN ledger.account a ON a.district_id = :district_id AND a.id = l.account_id AND a.unit = 0 WHERE l.amount > 0), 0)
        FROM (SELECT (t.posted_at AT TIME ZONE 'Asia/Tokyo')::date AS day, t.* FROM ledger.transaction t
              WHERE t.district_id = :district_id AND t.id > (SELECT final_id FROM ledger.sealer) AND NOT EXISTS (
                SELECT FROM ledger.leaf l WHERE l.transaction_id = t.id AND l.district_id + 0 = t.district_id OFFSET 0)) t
        WHERE t.day BETWEEN :first AND :last AND (:listed_under = 0 OR EXISTS (
            SELECT FROM ledger.account a WHERE a.district_id = :district_id AND a.id = ANY (t.accounts) AND a.series_id = :listed_under))
    ) AS of_both WHERE kind <> 'key_closed' GROUP BY 1, 2 ORDER BY 1, 2
""")


def day_totals(session: Session, district_id: int, first: date, last: date, *, series_id: int = 0) -> dict[date, dict[str, KindTotal]]:
    """What each kind moved on each day in Tokyo from `first` to `last`, both included; days without anything are left out.

    `series_id` 0: in all series. Costs a row a day and kind, however much was paid.
    """
    values = {"district_id": district_id, "first": first, "last": last, "listed_under": series_id}
    totals: dict[date, dict[str, KindTotal]] = {}
    for day, kind, count, amount in session.execute(TOTALS, values):
        totals.setdefault(day, {})[kind] = KindTotal(count, amount)
    return totals
