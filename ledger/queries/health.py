"""What daily controls ask of the book: does it balance, is it sealed and folded, and since when does something stand where it passes."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from ledger.queries.balances import NATURAL


def unit_sums(session: Session, district_id: int) -> dict[int, int]:
    """Debits less credits of all balances by unit (0: yen, else the series whose pieces are counted): 0 each, always."""
    sql = f"SELECT a.unit, sum(a.sign * {NATURAL})::bigint AS total FROM ledger.account a WHERE a.district_id = :district_id GROUP BY 1"
    return {row.unit: row.total for row in session.execute(text(sql), {"district_id": district_id})}


RECOUNTED = text(f"""
    WITH entry AS (SELECT e.account_id, sum(e.amount)::bigint AS total FROM ledger.entry e WHERE e.district_id = :district_id GROUP BY 1),
    account AS (
        SELECT a.unit, a.sign * {NATURAL} AS stands, COALESCE(e.total, 0) AS counted FROM ledger.account a
        LEFT JOIN entry e ON e.account_id = a.id WHERE a.district_id = :district_id)
    SELECT COALESCE((SELECT sum(abs(u.total)) FROM (SELECT sum(counted) AS total FROM account GROUP BY unit) u), 0)::bigint,
        COALESCE((SELECT sum(abs(stands - counted)) FROM account), 0)::bigint
""")


def recounted(session: Session, district_id: int) -> tuple[int, int]:
    """From every entry: by how much units do not sum to zero, and by how much balances differ from their entries. A look at all of them."""
    unbalanced, differing = session.execute(RECOUNTED, {"district_id": district_id}).one()
    return int(unbalanced), int(differing)


# Journal and balances in one statement, so that both are of one moment. The two share no stored figure. Up to the sealer's `final_id` no
# transaction can be committed any more: what was counted up to there need not be counted again.
CIRCULATION = text("""
    WITH cut AS MATERIALIZED (SELECT GREATEST(final_id, :after) AS final FROM ledger.sealer)
    SELECT a.series_id, t.kind, sum(a.sign * l.amount)::bigint AS amount,
        COALESCE(sum(a.sign * l.amount) FILTER (WHERE t.id <= final), 0)::bigint AS settled, NULL::bigint AS final
    FROM cut CROSS JOIN ledger.transaction t CROSS JOIN LATERAL unnest(t.accounts, t.amounts) AS l (account_id, amount)
    JOIN ledger.account a ON a.district_id = t.district_id AND a.id = l.account_id AND a.unit = 0 AND a.role = ANY (:roles)
    WHERE t.district_id = :district_id AND t.id > :after GROUP BY 1, 2
    UNION ALL
    SELECT a.series_id, NULL, sum(a.sign * a.balance)::bigint, NULL, NULL FROM ledger.account a
    WHERE a.district_id = :district_id AND a.unit = 0 AND a.role = ANY (:roles) GROUP BY 1
    UNION ALL
    SELECT NULL, NULL, NULL, NULL, final FROM cut
""")
HOLDERS = ("consumer", "top_up_code", "voucher_paper")
"""Locked roles, so their balance rows are exact: who holds coin that can be spent."""


@dataclass(frozen=True, slots=True)
class Circulation:
    """One yen series, natural: what each kind has moved for those who hold it, by the journal, and what they hold, by the balances."""

    moved: dict[str, int]
    held: int


@dataclass(frozen=True, slots=True)
class Counted:
    """What each kind has moved of each series, by the journal, in all transactions up to number `through`: it can never change."""

    through: int
    moved: Mapping[int, Mapping[str, int]]


def circulation(session: Session, district_id: int, *, since: Counted | None = None) -> tuple[dict[int, Circulation], Counted]:
    """Every series of which something was ever held, and from where to carry on next time. Without `since` a look at the whole journal."""
    moved = {series_id: dict(kinds) for series_id, kinds in since.moved.items()} if since else {}
    settled = {series_id: dict(kinds) for series_id, kinds in since.moved.items()} if since else {}
    held: dict[int, int] = {}
    through = after = since.through if since else 0
    for row in session.execute(CIRCULATION, {"district_id": district_id, "roles": list(HOLDERS), "after": after}):
        if row.final is not None:
            through = row.final
        elif row.kind is None:
            held[row.series_id] = row.amount
        else:
            for sums, amount in ((moved, row.amount), (settled, row.settled)):
                kinds = sums.setdefault(row.series_id, {})
                kinds[row.kind] = kinds.get(row.kind, 0) + amount
    found = {series_id: Circulation(moved.get(series_id, {}), held.get(series_id, 0)) for series_id in sorted({*moved, *held})}
    return found, Counted(through, settled)


@dataclass(frozen=True, slots=True)
class Resting:
    """What stands on an account, natural, in yen. `since`: when the oldest yen of it came, if the oldest leave first."""

    account_id: int
    owner_id: int
    series_id: int
    amount: int
    since: datetime


RESTING = text("""
    WITH line AS (
        SELECT a.id, a.owner_id, a.series_id, e.posted_at, a.sign * e.amount AS amount,
            sum(GREATEST(a.sign * e.amount, 0)) OVER (PARTITION BY a.id ORDER BY e.position, e.transaction_id) AS came,
            sum(GREATEST(-a.sign * e.amount, 0)) OVER (PARTITION BY a.id) AS went
        FROM ledger.account a JOIN ledger.entry e ON e.district_id = a.district_id AND e.account_id = a.id
        WHERE a.district_id = :district_id AND a.role = :role AND a.unit = 0)
    SELECT id, owner_id, series_id, (max(came) - max(went))::bigint, min(posted_at) FILTER (WHERE came > went AND amount > 0)
    FROM line GROUP BY 1, 2, 3 HAVING max(came) > max(went) ORDER BY 5, 1
""")


def resting(session: Session, district_id: int, role: str) -> list[Resting]:
    """Every account of a role on which something stands, the oldest first. For roles with few entries."""
    return [Resting(*row) for row in session.execute(RESTING, {"district_id": district_id, "role": role})]


FIRST_MOVED = text("""
    SELECT min(posted_at) FILTER (WHERE kind <> ALL (:others) AND posted_at > GREATEST(COALESCE(CAST(:since AS timestamptz), '-infinity'),
        COALESCE(ended, '-infinity')))
    FROM (SELECT e.posted_at, t.kind, max(e.posted_at) FILTER (WHERE t.kind = :ending) OVER () AS ended FROM ledger.entry e
          JOIN ledger.transaction t ON t.district_id = e.district_id AND t.id = e.transaction_id
          WHERE e.district_id = :district_id AND e.account_id = :account_id) m
""")


def first_moved(
    session: Session, district_id: int, account_id: int, *, since: datetime | None, ending: str, others: Collection[str]
) -> datetime | None:
    """When an account was first moved after `since` and after the last of kind `ending`, by another kind than `others`; None: never."""
    values = {"district_id": district_id, "account_id": account_id, "since": since, "ending": ending, "others": list(others)}
    found: datetime | None = session.execute(FIRST_MOVED, values).scalar_one()
    return found


@dataclass(frozen=True, slots=True)
class Sealing:
    """How far the sealer is. `waits_since`: when the oldest transaction that is not sealed was posted; None: all are.

    `unsigned_since`: the same of the oldest that is sealed and under no signature. `signed_at`, `signed`: of the newest checkpoint.
    """

    waits_since: datetime | None
    unsigned_since: datetime | None
    signed_at: datetime | None
    signed: int


# The transactions above the sealer's mark that are no leaf yet, each looked up by itself (10_sealed_log.sql says why).
SEALING = text("""
    SELECT (SELECT t.posted_at FROM ledger.transaction t
            WHERE t.district_id = :district_id AND t.id > (SELECT final_id FROM ledger.sealer)
              AND NOT EXISTS (SELECT FROM ledger.leaf l WHERE l.transaction_id = t.id AND l.district_id + 0 = t.district_id OFFSET 0)
            ORDER BY t.id LIMIT 1),
        (SELECT t.posted_at FROM ledger.leaf l JOIN ledger.transaction t ON t.district_id = l.district_id AND t.id = l.transaction_id
         WHERE l.district_id = :district_id AND l.place = COALESCE(c.size, 0)),
        c.signed_at, COALESCE(c.size, 0)
    FROM (SELECT) AS one
    LEFT JOIN LATERAL (SELECT size, signed_at FROM ledger.checkpoint WHERE district_id = :district_id ORDER BY size DESC LIMIT 1) c ON true
""")


def sealing(session: Session, district_id: int) -> Sealing:
    """What waits to be sealed, and what was signed last."""
    return Sealing(*session.execute(SEALING, {"district_id": district_id}).one())


def unfolded(session: Session, district_id: int, *, most: int) -> int:
    """Entries that no balance row has in it yet, counted up to `most`."""
    sql = """
        SELECT count(*) FROM (
            SELECT FROM ledger.account a JOIN ledger.entry e
              ON e.district_id = a.district_id AND e.account_id = a.id AND e.position >= a.folded_below
            WHERE a.district_id = :district_id AND NOT a.locked LIMIT :most) w
    """
    return int(session.execute(text(sql), {"district_id": district_id, "most": most}).scalar_one())


def oldest_waiting(session: Session, district_id: int) -> datetime | None:
    """When the oldest proposal that nobody has decided was laid down; None: none waits."""
    sql = """
        SELECT min(p.proposed_at) FROM ledger.proposal p WHERE p.district_id = :district_id
          AND NOT EXISTS (SELECT FROM ledger.decision d WHERE d.district_id = p.district_id AND d.proposal_id = p.id)
    """
    found: datetime | None = session.execute(text(sql), {"district_id": district_id}).scalar_one()
    return found


def owed_before(session: Session, district_id: int, moment: datetime, shops: Sequence[int]) -> int:
    """What stood on these shops' accounts just before `moment` and has not left them since, in yen, never below zero for a shop."""
    sql = f"""
        SELECT COALESCE(sum(GREATEST(LEAST(stands, stood), 0)), 0)::bigint FROM (
            SELECT sum({NATURAL}) AS stands, sum({NATURAL} - a.sign * COALESCE((
                SELECT sum(e.amount) FROM ledger.entry e
                WHERE e.district_id = a.district_id AND e.account_id = a.id AND e.posted_at >= :moment), 0)) AS stood
            FROM ledger.account a WHERE a.district_id = :district_id AND a.role = 'payable' AND a.unit = 0
                AND a.owner_id = ANY (CAST(:shops AS bigint[])) GROUP BY a.owner_id) o
    """
    return int(session.execute(text(sql), {"district_id": district_id, "moment": moment, "shops": list(shops)}).scalar_one())
