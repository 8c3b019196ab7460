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
    """What a transaction must be. `series_id`, `account_ids`: a line of it is there.

    `least`, `most`: yen of it, of a line or of the whole, lie between the two, both included. Units of
    vouchers and pieces of coupons are no yen.
    `until` and `below` (a number) are the first that no longer belong.
    """

    since: datetime | None = None
    until: datetime | None = None
    kinds: Sequence[str] | None = None
    least: int | None = None
    most: int | None = None
    series_id: int | None = None
    account_ids: Sequence[int] | None = None
    below: int | None = None

    @property
    def is_of_amounts(self) -> bool:
        return self.least is not None or self.most is not None


EVERYTHING = Wanted()
HIGHEST = 2**63 - 1
CONDITIONS = {
    "since": "t.posted_at >= :since",
    "until": "t.posted_at < :until",
    "kinds": "t.kind = ANY (CAST(:kinds AS text[]))",
    "amounts": """(EXISTS (SELECT FROM unnest(t.accounts, t.amounts) AS l (account_id, amount)
        JOIN ledger.account a ON a.district_id = t.district_id AND a.id = l.account_id AND a.unit = 0
        WHERE abs(l.amount) BETWEEN :least AND :most) OR (
        SELECT sum(l.amount) FROM unnest(t.accounts, t.amounts) AS l (account_id, amount)
        JOIN ledger.account a ON a.district_id = t.district_id AND a.id = l.account_id AND a.unit = 0 WHERE l.amount > 0)
        BETWEEN :least AND :most)""",
    "series_id": """EXISTS (SELECT FROM unnest(t.accounts) AS l (account_id)
        JOIN ledger.account a ON a.district_id = t.district_id AND a.id = l.account_id AND a.series_id = :series_id)""",
    "account_ids": "t.accounts && CAST(:account_ids AS bigint[])",
    "below": "t.id < :below",
}
FINAL = text("SELECT final_id FROM ledger.sealer")
FEW = 20_000
"""Entries of accounts, or of the list of amounts, up to which they are read from end to end; what is more is soon met with day by day."""
LOOKED_THROUGH = 20_000
"""Transactions that a search for common amounts looks through day by day; what is not met with by then is looked for in the lists."""
ENTRIES = text(
    "SELECT COALESCE(sum(entry_count), 0) FROM ledger.account"
    " WHERE district_id = :district_id AND id = ANY (CAST(:account_ids AS bigint[]))"
)
LISTED = text("""
    SELECT count(*) FROM (
        SELECT FROM ledger.amount m WHERE m.district_id = :district_id AND m.amount BETWEEN :least AND :most LIMIT :few) listed""")
BETWEEN = "m.amount BETWEEN :least AND :most"
LISTED_IDS = f"""SELECT m.transaction_id FROM ledger.amount m
    WHERE m.district_id = :district_id AND {BETWEEN} AND m.transaction_id BETWEEN :low AND :high"""
STATED_IDS = """SELECT e.transaction_id FROM ledger.entry e
    WHERE e.district_id = :district_id AND e.account_id = ANY (CAST(:account_ids AS bigint[]))"""
# From the highest number down, so that of the journal no more is read than what is shown and what another condition leaves out.
IN_ORDER = """SELECT i.transaction_id FROM (SELECT DISTINCT transaction_id FROM ({of}) i ORDER BY 1 DESC OFFSET 0) i CROSS JOIN LATERAL (
    SELECT FROM ledger.transaction t WHERE t.district_id = :district_id AND t.id = i.transaction_id AND {has} OFFSET 0) t"""
# The highest of each amount, from one amount to the next along the index, and more only of those that may have one of the highest of all.
OF_EACH_AMOUNT = """
    WITH RECURSIVE each AS (
        (SELECT m.amount FROM ledger.amount m WHERE m.district_id = :district_id AND m.amount BETWEEN :least AND :most ORDER BY 1 LIMIT 1)
        UNION ALL
        SELECT (SELECT m.amount FROM ledger.amount m
                WHERE m.district_id = :district_id AND m.amount > each.amount AND m.amount <= :most ORDER BY 1 LIMIT 1)
        FROM each WHERE each.amount IS NOT NULL
    ), highest AS MATERIALIZED (
        SELECT amount, dense_rank() OVER (ORDER BY id DESC) AS place FROM each CROSS JOIN LATERAL (
            SELECT m.transaction_id AS id FROM ledger.amount m
            WHERE m.district_id = :district_id AND m.amount = each.amount AND m.transaction_id BETWEEN :low AND :high
            ORDER BY 1 DESC LIMIT 1) h
    )
    SELECT DISTINCT i.id FROM highest h CROSS JOIN LATERAL (
        SELECT m.transaction_id AS id FROM ledger.amount m
        WHERE m.district_id = :district_id AND m.amount = h.amount AND m.transaction_id BETWEEN :low AND :high
        ORDER BY 1 DESC LIMIT :limit) i WHERE h.place <= :limit"""
# The days that folding has put down; and, one by one, those of what it leaves alone or has not come to yet.
DAYS_OF_ACCOUNTS = """c.day IN (
    SELECT d.day FROM ledger.account_day d
    WHERE d.district_id = :district_id AND d.account_id = ANY (CAST(:account_ids AS bigint[]))
    UNION SELECT (e.posted_at AT TIME ZONE 'Asia/Tokyo')::date FROM ledger.account a
    JOIN ledger.entry e ON e.district_id = a.district_id AND e.account_id = a.id
        AND e.position >= CASE WHEN a.locked THEN 0 ELSE a.folded_below END
    WHERE a.district_id = :district_id AND a.id = ANY (CAST(:account_ids AS bigint[])))"""


def find(session: Session, district_id: int, wanted: Wanted, *, limit: int) -> list[int]:
    """Numbers of the transactions that are as wanted, the highest first."""
    asked = {name: getattr(wanted, name) for name in ("since", "until", "kinds", "series_id", "account_ids", "below")}
    given = {name: value for name, value in asked.items() if value is not None}
    given |= {name: list(given[name]) for name in ("kinds", "account_ids") if name in given}  # a tuple would be sent as a record
    values: dict[str, Any] = given | {"district_id": district_id, "final_id": session.execute(FINAL).scalar_one()}
    conditions = [CONDITIONS[name] for name in given]
    if wanted.is_of_amounts:
        values |= {"least": wanted.least or 0, "most": HIGHEST if wanted.most is None else wanted.most}
        conditions.append(CONDITIONS["amounts"])
    has = " AND ".join(["t.kind <> 'key_closed'", *conditions])
    newest = f"SELECT t.id FROM ledger.transaction t WHERE t.district_id = :district_id AND t.id > :final_id AND {has}"
    found = _numbers(session, newest, values, limit)
    left = limit - len(found)
    if not left:
        return found
    if wanted.is_of_amounts and (
        (wanted.least == wanted.most and wanted.account_ids is None)  # its list is in the order of the numbers
        or session.execute(LISTED, values | {"few": FEW + 1}).scalar_one() <= FEW
    ):
        return found + _by_amount(session, wanted, has, values, left)
    if wanted.account_ids is not None and session.execute(ENTRIES, values).scalar_one() <= FEW:
        return found + _by_account(session, wanted, has, values, left)
    if wanted.is_of_amounts:
        return found + _by_common_amount(session, wanted, has, values, left)
    return found + _by_day(session, wanted, has, values, left)


def _numbers(session: Session, sql: str, values: dict[str, Any], limit: int) -> list[int]:
    return list(session.execute(text(f"{sql} ORDER BY 1 DESC LIMIT :limit"), values | {"limit": limit}).scalars())


def _bounds(session: Session, wanted: Wanted, values: dict[str, Any]) -> dict[str, int | None]:
    """Between which numbers the days in question lie; what is wanted below a number is not above it."""
    bounds = f"""SELECT min(c.first_id) AS low, LEAST(max(c.last_id), :final_id{", :below - 1" if wanted.below is not None else ""}) AS high
        FROM ledger.contents c WHERE {_contents(wanted)}"""
    low, high = session.execute(text(bounds), values | _days(wanted)).one()
    return {"low": low, "high": high}


def _by_amount(session: Session, wanted: Wanted, has: str, values: dict[str, Any], limit: int) -> list[int]:
    """Along the list of amounts, where it is short or of a single one."""
    listed = LISTED_IDS.replace(BETWEEN, "m.amount = :least") if wanted.least == wanted.most else LISTED_IDS
    sql = IN_ORDER.format(of=listed, has=has)  # the list has the units of vouchers and coupons as well
    return _numbers(session, sql, values | _bounds(session, wanted, values), limit)


def _by_common_amount(session: Session, wanted: Wanted, has: str, values: dict[str, Any], limit: int) -> list[int]:
    """What many have: nearly always among the newest, else the lists are asked and hardly anything of the journal is read."""
    if wanted.account_ids is None and (wanted.kinds is not None or wanted.series_id is not None):
        return _by_day(session, wanted, has, values, limit)  # no list knows more than the contents
    found, lowest = _by_newest_days(session, wanted, has, values, limit)
    if lowest is None or len(found) == limit:
        return found
    values = values | _bounds(session, wanted, values)
    values["high"] = min(values["high"], lowest - 1)
    if wanted.account_ids is not None:
        sql = IN_ORDER.format(of=LISTED_IDS + " AND m.transaction_id IN (" + STATED_IDS + ")", has=has)
        return found + _numbers(session, sql, values, limit - len(found))
    size = limit
    while len(found) < limit:
        listed = _numbers(session, OF_EACH_AMOUNT, values, size)
        sql = (
            f"SELECT t.id FROM ledger.transaction t WHERE t.district_id = :district_id AND t.id = ANY (CAST(:listed AS bigint[])) AND {has}"
        )
        found += _numbers(session, sql, values | {"listed": listed}, limit - len(found))
        if len(listed) < size:
            break
        values["high"], size = listed[-1] - 1, 2 * size  # only at a day's edge is something listed that is not wanted
    return found


def _by_newest_days(session: Session, wanted: Wanted, has: str, values: dict[str, Any], limit: int) -> tuple[list[int], int | None]:
    """What the newest days have, and the number down to which they were looked through; None: to the end."""
    found: list[int] = []
    looked_through = 0
    for promised, ranges in _ranges(session, wanted, values, SURPLUS * limit):
        found += _in_ranges(session, ranges, has, values, limit - len(found))
        looked_through += promised
        if len(found) == limit or looked_through >= LOOKED_THROUGH:
            return found, ranges[-1][0]
    return found, None


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
    for _promised, ranges in _ranges(session, wanted, values, SURPLUS * limit):
        found += _in_ranges(session, ranges, has, values, limit - len(found))
        if len(found) == limit:
            break
    return found


def _in_ranges(session: Session, ranges: Sequence[tuple[int, int]], has: str, values: dict[str, Any], limit: int) -> list[int]:
    lows, highs = zip(*ranges, strict=True)
    sql = f"""SELECT t.id FROM unnest(CAST(:lows AS bigint[]), CAST(:highs AS bigint[])) AS r (low, high) CROSS JOIN LATERAL (
            SELECT t.id FROM ledger.transaction t WHERE t.district_id = :district_id AND t.id BETWEEN r.low AND r.high AND {has}
            ORDER BY t.id DESC LIMIT :limit) t"""
    return _numbers(session, sql, values | {"lows": list(lows), "highs": list(highs)}, limit)


def _ranges(session: Session, wanted: Wanted, values: dict[str, Any], enough: int) -> Iterator[tuple[int, list[tuple[int, int]]]]:
    """Ranges of numbers that have something, disjoint and from the highest down, in portions that promise `enough` each, and how much."""
    days = f"""SELECT min(c.first_id) AS low, LEAST(max(c.last_id), :final_id) AS high, sum(c.transactions) AS promised
        FROM ledger.contents c WHERE {_contents(wanted)} AND c.first_id <= :final_id GROUP BY c.day ORDER BY max(c.last_id) DESC"""
    portion: list[tuple[int, int]] = []
    promised, low_before = 0, HIGHEST
    for low, high, count in session.execute(text(days), values | _days(wanted)):
        if low < low_before:  # what stands in a range that was read already was found there
            portion.append((low, min(high, low_before - 1)))
            promised, low_before = promised + count, low
        if promised >= enough:
            yield promised, portion
            portion, promised = [], 0
    if portion:
        yield promised, portion


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


COUNTS = text("""
    SELECT day, sum(transactions)::bigint FROM (
        SELECT c.day, c.kind, c.transactions FROM ledger.contents c
        WHERE c.district_id = :district_id AND c.series_id = :listed_under AND c.day BETWEEN :first AND :last
        UNION ALL
        SELECT t.day, t.kind, 1
        FROM (SELECT (t.posted_at AT TIME ZONE 'Asia/Tokyo')::date AS day, t.* FROM ledger.transaction t
              WHERE t.district_id = :district_id AND t.id > (SELECT final_id FROM ledger.sealer) AND NOT EXISTS (
                SELECT FROM ledger.leaf l WHERE l.transaction_id = t.id AND l.district_id + 0 = t.district_id OFFSET 0)) t
        WHERE t.day BETWEEN :first AND :last AND (:listed_under = 0 OR EXISTS (
            SELECT FROM ledger.account a WHERE a.district_id = :district_id AND a.id = ANY (t.accounts) AND a.series_id = :listed_under))
    ) AS of_both WHERE kind <> 'key_closed' AND (CAST(:kind AS text) IS NULL OR kind = :kind) GROUP BY 1 ORDER BY 1
""")


def day_counts(
    session: Session, district_id: int, first: date, last: date, *, kind: str | None = None, series_id: int = 0
) -> dict[date, int]:
    """How many transactions each day in Tokyo has, oldest first, of one kind or of all; as `day_totals`, and a row a day."""
    values = {"district_id": district_id, "first": first, "last": last, "listed_under": series_id, "kind": kind}
    return {row.day: row[1] for row in session.execute(COUNTS, values)}
