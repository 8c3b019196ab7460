"""What stands on all accounts of a role at the end of a period, and what moved on them within it: for settling and for proofs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from ledger.queries.balances import NATURAL

TAKING = ("payment", "coupon_payment", "payment_again", "ticket_payment")
GIVING_BACK = ("refund", "coupon_refund", "refund_late", "ticket_release")
SETTLING = "settlement"
ASIDE = ("dispute_hold", "dispute_release")
"""What sets a shop's share apart while it is looked into, and lets it go."""


@dataclass(frozen=True, slots=True)
class Standing:
    """One account, all amounts natural and in yen. `closing`: what stood at the end, less what was settled of it since.

    `taken` − `given_back` + `other` + `opening` = `closing`; `now` is the balance as it stands. `takings` and `returns`
    count transactions.
    """

    account_id: int
    owner_id: int
    series_id: int
    state: str
    now: int
    closing: int
    taken: int
    takings: int
    given_back: int
    returns: int
    other: int

    @property
    def opening(self) -> int:
        return self.closing - self.taken + self.given_back - self.other


# One statement, so that balances and movements are of one moment. Settlements are no movement of the period: each clears
# what stood at an earlier closing, however late it is posted. Nor is what is set apart: it is not owed now, whenever it was taken.
STANDINGS = text(f"""
    WITH mine AS MATERIALIZED (
        SELECT a.id, a.owner_id, a.series_id, a.state, a.sign, {NATURAL} AS now FROM ledger.account a
        WHERE a.district_id = :district_id AND a.role = :role AND a.unit = 0),
    moved AS (
        SELECT l.account_id, sum(l.amount)::bigint AS amount, count(*) AS how_many, CASE
            WHEN t.posted_at >= :until THEN 'later' WHEN t.kind = ANY (CAST(:taking AS text[])) THEN 'taken'
            WHEN t.kind = ANY (CAST(:giving_back AS text[])) THEN 'given_back' ELSE 'other' END AS what
        FROM ledger.transaction t CROSS JOIN LATERAL unnest(t.accounts, t.amounts) AS l (account_id, amount)
        WHERE t.district_id = :district_id AND t.posted_at >= COALESCE(CAST(:since AS timestamptz), '-infinity')
          AND t.kind <> ALL (CAST(:settling AS text[]))
          AND l.account_id IN (SELECT id FROM mine) GROUP BY 1, what)
    SELECT a.id, a.owner_id, a.series_id, a.state, a.now,
        a.now - COALESCE(sum(a.sign * m.amount) FILTER (WHERE m.what = 'later'), 0)::bigint AS closing,
        COALESCE(sum(a.sign * m.amount) FILTER (WHERE m.what = 'taken'), 0)::bigint AS taken,
        COALESCE(sum(m.how_many) FILTER (WHERE m.what = 'taken'), 0)::bigint AS takings,
        -COALESCE(sum(a.sign * m.amount) FILTER (WHERE m.what = 'given_back'), 0)::bigint AS given_back,
        COALESCE(sum(m.how_many) FILTER (WHERE m.what = 'given_back'), 0)::bigint AS returns,
        COALESCE(sum(a.sign * m.amount) FILTER (WHERE m.what = 'other'), 0)::bigint AS other
    FROM mine a LEFT JOIN moved m ON m.account_id = a.id
    GROUP BY a.id, a.owner_id, a.series_id, a.state, a.now, a.sign ORDER BY a.owner_id, a.id
""")


def standings(session: Session, district_id: int, role: str, *, since: datetime | None, until: datetime) -> list[Standing]:
    """Every account of a role (`payable`, `agent`, …) with its period [since, until), by owner; None: from the first day on."""
    values = {
        "district_id": district_id,
        "role": role,
        "since": since,
        "until": until,
        "settling": [SETTLING, *ASIDE],
        "taking": list(TAKING),
        "giving_back": list(GIVING_BACK),
    }
    return [Standing(*row) for row in session.execute(STANDINGS, values)]


@dataclass(frozen=True, slots=True)
class OwnerBalance:
    """What one owner has in one series, natural."""

    account_id: int
    owner_id: int
    series_id: int
    balance: int
    state: str


def balances_of_role(session: Session, district_id: int, role: str) -> list[OwnerBalance]:
    """Every account of a role that counts yen and on which something stands, oldest first."""
    found = session.execute(
        text(
            f"SELECT * FROM (SELECT a.id, a.owner_id, a.series_id, {NATURAL} AS balance, a.state FROM ledger.account a"
            " WHERE a.district_id = :district_id AND a.role = :role AND a.unit = 0) b WHERE balance <> 0 ORDER BY id"
        ),
        {"district_id": district_id, "role": role},
    )
    return [OwnerBalance(*row) for row in found]


def sums_by_kind(session: Session, district_id: int, role: str, *, until: datetime) -> dict[str, int]:
    """What each kind moved on all accounts of a role before `until`, natural: a look at each of their entries."""
    found = session.execute(
        text(
            "SELECT t.kind, sum(a.sign * e.amount)::bigint FROM ledger.account a"
            " JOIN ledger.entry e ON e.district_id = a.district_id AND e.account_id = a.id"
            " JOIN ledger.transaction t ON t.district_id = e.district_id AND t.id = e.transaction_id"
            " WHERE a.district_id = :district_id AND a.role = :role AND a.unit = 0 AND e.posted_at < :until GROUP BY 1"
        ),
        {"district_id": district_id, "role": role, "until": until},
    )
    return {row[0]: row[1] for row in found}


@dataclass(frozen=True, slots=True)
class Expired:
    """A consumer's account, or that of a booklet on paper, in a series that has ended, with what still stands on it."""

    account_id: int
    role: str
    owner_id: int
    balance: int
    state: str


def ended_accounts(session: Session, district_id: int, series_id: int, *, limit: int) -> list[Expired]:
    """Consumers who still hold something of this series, oldest account first; those who are frozen are left out until they are not."""
    found = session.execute(
        text(
            "SELECT a.id, a.role, a.owner_id, a.sign * a.balance, a.state FROM ledger.account a"
            " WHERE a.district_id = :district_id AND a.role IN ('consumer', 'voucher_paper')"
            " AND a.series_id = :series_id AND a.balance <> 0 AND a.state <> 'frozen' ORDER BY a.id LIMIT :limit"
        ),
        {"district_id": district_id, "series_id": series_id, "limit": limit},
    )
    return [Expired(*row) for row in found]


def ended_series(session: Session, *, now: datetime) -> list[tuple[int, int]]:
    """(district, series) of every yen series of any district that has ended at `now`."""
    found = session.execute(
        text("SELECT district_id, id FROM ledger.series WHERE unit = 'yen' AND valid_until <= :now ORDER BY 1, 2"), {"now": now}
    )
    return [(row[0], row[1]) for row in found]


def moved_by_owner(session: Session, district_id: int, role: str, kind: str) -> list[tuple[int, int]]:
    """(owner, natural yen) of every entry that a kind made on the accounts of a role, newest first."""
    found = session.execute(
        text(
            "SELECT a.owner_id, a.sign * e.amount FROM ledger.account a"
            " JOIN ledger.entry e ON e.district_id = a.district_id AND e.account_id = a.id"
            " JOIN ledger.transaction t ON t.district_id = e.district_id AND t.id = e.transaction_id AND t.kind = :kind"
            " WHERE a.district_id = :district_id AND a.role = :role ORDER BY e.transaction_id DESC"
        ),
        {"district_id": district_id, "role": role, "kind": kind},
    )
    return [(row[0], row[1]) for row in found]


def is_held(session: Session, district_id: int, series_id: int) -> bool:
    """Whether any consumer or booklet still holds something of this series, also on a frozen account."""
    return bool(
        session.execute(
            text(
                "SELECT EXISTS (SELECT FROM ledger.account a WHERE a.district_id = :district_id"
                " AND a.role IN ('consumer', 'voucher_paper') AND a.series_id = :series_id AND a.balance <> 0)"
            ),
            {"district_id": district_id, "series_id": series_id},
        ).scalar_one()
    )
