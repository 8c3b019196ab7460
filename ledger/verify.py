"""The proof of the books: recomputes everything from transactions and entries alone and says what does not agree.

Reads in pieces, each one statement under its own snapshot, so that it can run beside payments for as long as it takes.
Derived columns (balance, entry_count) are compared with the entries in one statement an account piece, hence exactly.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

from ledger.rules.notes import PublicKey
from ledger.verify_log import leaves_to_check, verify_log

TRANSACTIONS_A_PIECE = 20_000
ACCOUNTS_A_PIECE = 500


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that does not agree. `what` is one of the names in TRANSACTION_CHECKS, ACCOUNT_CHECKS, DISTRICT_CHECKS or LOG_CHECKS."""

    what: str
    district_id: int
    subject: int


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of about `total` rows of work."""

    done: int
    total: int
    part: str


Report = Callable[[Progress], None]

# Each check selects (district_id, subject) of what is wrong, within :low < id <= :high. `{t}` is a condition on the district of the row
# with that alias: it keeps a check of one district to the rows of that district.
TRANSACTION_CHECKS = {
    "transaction_malformed": """
        SELECT t.district_id, t.id FROM ledger.transaction t
        WHERE {t} AND t.id > :low AND t.id <= :high AND (cardinality(t.accounts) <> cardinality(t.amounts) OR length(t.command_hash) <> 32
            OR 0 = ANY (t.amounts) OR (t.kind = 'key_closed') <> (cardinality(t.accounts) = 0))""",
    "transaction_unbalanced": """
        SELECT t.district_id, t.id FROM ledger.transaction t
        CROSS JOIN LATERAL unnest(t.accounts, t.amounts) AS l (account_id, amount)
        JOIN ledger.account a ON a.district_id = t.district_id AND a.id = l.account_id
        JOIN ledger.kind k ON k.name = t.kind
        WHERE {t} AND t.id > :low AND t.id <= :high
        GROUP BY t.district_id, t.id, a.unit, CASE WHEN k.keeps_series THEN a.series_id END HAVING sum(l.amount) <> 0""",
    "refund_exceeds_payment": """
        SELECT t.district_id, t.refers_to FROM ledger.transaction t
        CROSS JOIN LATERAL unnest(t.accounts, t.amounts) AS l (account_id, amount)
        JOIN ledger.transaction o ON o.district_id = t.district_id AND o.id = t.refers_to
        JOIN ledger.kind k ON k.name = t.kind AND k.refers = 'refund'
        JOIN ledger.account a ON a.district_id = t.district_id AND a.id = l.account_id AND a.role <> 'suspense'
        WHERE {t} AND t.refers_to > :low AND t.refers_to <= :high
          AND NOT EXISTS (
            SELECT FROM ledger.transaction u WHERE u.district_id = t.district_id AND u.refers_to = t.id AND u.kind = 'reversal')
        GROUP BY t.district_id, t.refers_to, l.account_id, o.accounts, o.amounts
        HAVING abs(sum(l.amount)) > abs(COALESCE(o.amounts[array_position(o.accounts, l.account_id)], 0))""",
    "reversal_is_not_exact": """
        SELECT t.district_id, t.id FROM ledger.transaction t
        JOIN ledger.transaction o ON o.district_id = t.district_id AND o.id = t.refers_to
        WHERE {t} AND t.kind = 'reversal' AND t.id > :low AND t.id <= :high AND (t.accounts <> o.accounts OR EXISTS (
            SELECT FROM unnest(t.amounts, o.amounts) AS l (here, there) WHERE here + there <> 0))""",
    "posted_without_approval": """
        SELECT t.district_id, t.id FROM ledger.transaction t JOIN ledger.kind k ON k.name = t.kind AND k.needs_approval
        WHERE {t} AND t.id > :low AND t.id <= :high AND NOT EXISTS (
            SELECT FROM ledger.proposal_item i JOIN ledger.decision d ON d.district_id = i.district_id AND d.proposal_id = i.proposal_id
            WHERE i.district_id = t.district_id AND i.key = t.key AND i.kind = t.kind AND i.accounts = t.accounts AND i.amounts = t.amounts
              AND d.approved)""",  # no moments are compared: the clock may have been set back between decision and posting
}

ACCOUNT_CHECKS = {
    "balance_differs_from_entries": """
        SELECT a.district_id, a.id FROM ledger.account a LEFT JOIN ledger.entry e
          ON e.district_id = a.district_id AND e.account_id = a.id AND (a.locked OR e.position < a.folded_below)
        WHERE {a} AND a.id > :low AND a.id <= :high
        GROUP BY a.district_id, a.id HAVING a.balance <> COALESCE(sum(e.amount), 0) OR a.entry_count <> count(e.amount)""",
    "days_differ_from_balance": """
        SELECT a.district_id, a.id FROM ledger.account a
        LEFT JOIN ledger.account_day d ON d.district_id = a.district_id AND d.account_id = a.id
        WHERE a.id > :low AND a.id <= :high AND NOT a.locked
        GROUP BY a.district_id, a.id HAVING a.balance <> COALESCE(sum(d.amount), 0) OR a.entry_count <> COALESCE(sum(d.entries), 0)""",
    "statement_has_a_gap": """
        SELECT district_id, account_id FROM (
            SELECT e.district_id, e.account_id, e.position, e.balance_after, a.sign, a.floor,
                   row_number() OVER w AS place, sum(e.amount) OVER w AS running
            FROM ledger.entry e JOIN ledger.account a ON a.district_id = e.district_id AND a.id = e.account_id
            WHERE {a} AND a.locked AND a.id > :low AND a.id <= :high
            WINDOW w AS (PARTITION BY e.district_id, e.account_id ORDER BY e.position)) s
        WHERE position <> place OR balance_after <> running OR sign * running < floor GROUP BY 1, 2""",
    "entry_without_its_transaction": """
        SELECT e.district_id, e.account_id FROM ledger.entry e
        LEFT JOIN ledger.transaction t ON t.district_id = e.district_id AND t.id = e.transaction_id
        WHERE {e} AND e.account_id > :low AND e.account_id <= :high
          AND (t.id IS NULL OR e.amount IS DISTINCT FROM t.amounts[array_position(t.accounts, e.account_id)])
        GROUP BY 1, 2""",
    "floor_passed": """
        SELECT a.district_id, a.id FROM ledger.account a
        JOIN ledger.entry e ON e.district_id = a.district_id AND e.account_id = a.id
        WHERE {a} AND a.id > :low AND a.id <= :high AND a.floor IS NOT NULL
        GROUP BY a.district_id, a.id HAVING a.sign * sum(e.amount) < a.floor""",
}

DISTRICT_CHECKS = {
    "lists_differ_from_log": """
        SELECT COALESCE(f.district_id, c.district_id), COALESCE(c.listed, 0) FROM (
            SELECT district_id, count(*) AS leaves FROM ledger.leaf GROUP BY 1) f
        FULL JOIN (SELECT district_id, sum(transactions)::bigint AS listed FROM ledger.contents WHERE series_id = 0 GROUP BY 1) c
          ON c.district_id = f.district_id
        WHERE f.leaves IS DISTINCT FROM c.listed""",
    "role_days_differ_from_log": """
        SELECT COALESCE(j.district_id, d.district_id), to_char(COALESCE(j.day, d.day), 'YYYYMMDD')::bigint FROM (
            SELECT t.district_id, a.role, a.series_id, (t.posted_at AT TIME ZONE 'Asia/Tokyo')::date AS day,
                   COALESCE(sum(l.amount) FILTER (WHERE l.amount > 0), 0) AS debit,
                   COALESCE(-sum(l.amount) FILTER (WHERE l.amount < 0), 0) AS credit
            FROM ledger.leaf f JOIN ledger.transaction t ON t.district_id = f.district_id AND t.id = f.transaction_id
            CROSS JOIN LATERAL unnest(t.accounts, t.amounts) AS l (account_id, amount)
            JOIN ledger.account a ON a.district_id = t.district_id AND a.id = l.account_id WHERE {t} GROUP BY 1, 2, 3, 4) j
        FULL JOIN (SELECT e.* FROM ledger.role_day e WHERE {e} AND e.series_id >= 0) d
          ON d.district_id = j.district_id AND d.role = j.role AND d.series_id = j.series_id AND d.day = j.day
        WHERE j.debit IS DISTINCT FROM d.debit OR j.credit IS DISTINCT FROM d.credit""",
    "account_differs_from_journal": """
        SELECT COALESCE(j.district_id, e.district_id), COALESCE(j.account_id, e.account_id) FROM (
            SELECT t.district_id, l.account_id, count(*) AS lines, sum(l.amount) AS total FROM ledger.transaction t
            CROSS JOIN LATERAL unnest(t.accounts, t.amounts) AS l (account_id, amount) WHERE {t} GROUP BY 1, 2) j
        FULL JOIN (
            SELECT e.district_id, e.account_id, count(DISTINCT e.transaction_id) AS lines, sum(e.amount) AS total FROM ledger.entry e
            WHERE {e} GROUP BY 1, 2) e
          ON e.district_id = j.district_id AND e.account_id = j.account_id
        WHERE j.lines IS DISTINCT FROM e.lines OR j.total IS DISTINCT FROM e.total""",
    "district_unbalanced": """
        SELECT a.district_id, a.unit FROM ledger.entry e
        JOIN ledger.account a ON a.district_id = e.district_id AND a.id = e.account_id
        WHERE {e} GROUP BY 1, 2 HAVING sum(e.amount) <> 0""",
}


def verify(session: Session, report: Report, pins: Sequence[PublicKey] = (), *, district_id: int | None = None) -> Iterator[Finding]:
    """Check every district, or the one that is named, from the first entry on; yields findings as they come up, none when all is well.

    `pins`: keys of sealed logs that are known from elsewhere than this database.
    """
    where = {alias: "true" if district_id is None else f"{alias}.district_id = :district_id" for alias in "tae"}
    values = {} if district_id is None else {"district_id": district_id}
    pieces = [
        (TRANSACTION_CHECKS, *_numbers(session, "ledger.transaction t", where["t"], values), TRANSACTIONS_A_PIECE),
        (ACCOUNT_CHECKS, *_numbers(session, "ledger.account a", where["a"], values), ACCOUNTS_A_PIECE),
    ]
    leaves = leaves_to_check(session, district_id)
    total = sum(len(checks) * (last - first) for checks, first, last, _ in pieces) + leaves
    done = 0
    for checks, first, last, piece in pieces:
        for what, sql in checks.items():
            for low in range(first, last, piece):
                high = min(low + piece, last)
                for row in session.execute(text(sql.format(**where)), {"low": low, "high": high, **values}):
                    yield Finding(what, row[0], row[1])
                session.rollback()  # each piece its own snapshot: a proof of hours must not stop folding
                done += high - low
                report(Progress(done, total, what))
    for what, sql in DISTRICT_CHECKS.items():
        for row in session.execute(text(sql.format(**where)), values):
            yield Finding(what, row[0], row[1])
        session.rollback()
    sealed = 0

    def report_leaves(more: int) -> None:
        nonlocal sealed
        sealed += more
        report(Progress(done + min(sealed, leaves), total, "sealed log"))

    for difference in verify_log(session, report_leaves, pins, district_id=district_id):
        yield Finding(*difference)
    report(Progress(total, total, "sealed log"))


def _numbers(session: Session, table: str, where: str, values: dict[str, int]) -> tuple[int, int]:
    """Between which numbers, the first one not included, all rows to check lie."""
    numbers = f"SELECT GREATEST(COALESCE(min(id), 1) - 1, 0), COALESCE(max(id), 0) FROM {table} WHERE {where}"
    first, last = session.execute(text(numbers), values).one()
    return first, last
