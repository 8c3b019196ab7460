"""手元現金: what each clerk has taken and not yet handed over."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

import ledger.queries as book
from association.errors import CountUnknown
from association.models import CashCount, Drawer
from base.clock import day_bounds
from identity.commands import authorise
from identity.queries import Principal, grants, nicknames
from ledger.queries import Entry

CLERK_ROLES = ("issuer", "administrator")
"""Who may take cash at the counter."""


@dataclass(frozen=True, slots=True)
class DrawerStanding:
    """A clerk's cash in yen, as the book has it: what must lie in the drawer. `is_mine`: somebody else counts.

    `last`: the number of the last count, 0 before the first; `stayed`: the float that it left, `floated`: what came from the
    safe since. `taken`: what came in from people, less what went back to them.
    """

    clerk_id: int
    clerk_name: str | None
    cash: int
    is_mine: bool
    last: int = 0
    stayed: int = 0
    floated: int = 0

    @property
    def taken(self) -> int:
        return self.cash - self.stayed - self.floated

    @property
    def is_closed(self) -> bool:
        """Nothing has been taken since the last count."""
        return self.taken == 0


@dataclass(frozen=True, slots=True)
class Counted:
    """金種 of one count. Amounts in yen. `clerk_id` is None for the safe (`is_of_safe`) and for cash that went to the bank."""

    id: int
    counted_at: datetime
    clerk_id: int | None
    clerk_name: str | None
    counter_name: str | None
    pieces: dict[int, int]
    counted: int
    expected: int
    stays: int
    reason: str
    difference_id: int | None
    moved_id: int | None
    is_of_safe: bool

    @property
    def difference(self) -> int:
        """+ too much, − too little."""
        return self.counted - self.expected


def drawers(session: Session, who: Principal) -> list[DrawerStanding]:
    """Every clerk's drawer, fullest first: of those who have taken cash, and of those who may."""
    authorise(session, who, "association.read")
    rows = session.scalars(select(Drawer).where(Drawer.district_id == who.district_id)).all()
    accounts = {row.clerk_id: row.account_id for row in rows}
    for grant in grants(session, who.district_id):
        if grant.role in CLERK_ROLES and grant.person_id not in accounts:
            found = book.account_id(session, who.district_id, "drawer", grant.person_id, 0)
            if found is not None:
                accounts[grant.person_id] = found
    names = nicknames(session, who.district_id, accounts) if accounts else {}
    standing = [_standing(session, who, clerk_id, account_id, names.get(clerk_id)) for clerk_id, account_id in accounts.items()]
    return sorted(standing, key=lambda drawer: (-drawer.cash, drawer.clerk_id))


def clerks_without_drawer(session: Session, who: Principal) -> dict[int, str | None]:
    """Those who may take cash and have no drawer yet: a float makes them one."""
    have = {drawer.clerk_id for drawer in drawers(session, who)}
    clerks = {grant.person_id for grant in grants(session, who.district_id) if grant.role in CLERK_ROLES} - have
    return dict(nicknames(session, who.district_id, clerks)) if clerks else {}


def is_clerk(session: Session, district_id: int, person_id: int) -> bool:
    """Whether this person may take cash at the counter."""
    return any(grant.person_id == person_id and grant.role in CLERK_ROLES for grant in grants(session, district_id))


def own_cash(session: Session, who: Principal) -> int:
    """What the asking clerk has in hand, in yen; 0 before the first top-up."""
    account = None if who.person_id is None else book.account_id(session, who.district_id, "drawer", who.person_id, 0)
    return 0 if account is None else book.balance(session, who.district_id, account)


def last_count(session: Session, district_id: int, clerk_id: int) -> CashCount | None:
    """The last count of a clerk's drawer. For doors that have asked already."""
    mine = (CashCount.district_id == district_id, CashCount.clerk_id == clerk_id)
    return session.scalar(select(CashCount).where(*mine).order_by(CashCount.id.desc()).limit(1))


def last_safe_count(session: Session, district_id: int) -> CashCount | None:
    """The last count of the safe. For doors that have asked already."""
    safes = (CashCount.district_id == district_id, CashCount.clerk_id.is_(None), CashCount.expected.is_not(None))
    return session.scalar(select(CashCount).where(*safes).order_by(CashCount.id.desc()).limit(1))


def count(session: Session, who: Principal, count_id: int) -> Counted:
    """One count. Raises CountUnknown."""
    authorise(session, who, "association.read")
    row = session.get(CashCount, (who.district_id, count_id))
    if row is None:
        raise CountUnknown
    return _named(session, who.district_id, [row])[0]


def cash_counts(session: Session, who: Principal) -> list[Counted]:
    """Every count of a drawer, of the safe and of cash for the bank, the newest first."""
    authorise(session, who, "association.read")
    query = select(CashCount).where(CashCount.district_id == who.district_id).order_by(CashCount.id.desc())
    return _named(session, who.district_id, session.scalars(query).all())


def counts_between(session: Session, who: Principal, first: date, last: date) -> list[Counted]:
    """The counts of the days `first` to `last`, both included, the newest first."""
    authorise(session, who, "association.read")
    start, end = day_bounds(first, last)
    mine = (CashCount.district_id == who.district_id, CashCount.counted_at >= start, CashCount.counted_at < end)
    return _named(session, who.district_id, session.scalars(select(CashCount).where(*mine).order_by(CashCount.id.desc())).all())


def counts_of(session: Session, who: Principal, transaction_ids: Collection[int]) -> dict[int, int]:
    """Journal transaction → the count in which it was made."""
    authorise(session, who, "association.read")
    query = select(CashCount.moved_id, CashCount.id).where(
        CashCount.district_id == who.district_id, CashCount.moved_id.in_(transaction_ids)
    )
    return {moved: number for moved, number in session.execute(query) if moved is not None}


def safe_cash(session: Session, who: Principal) -> int:
    """What lies in the safe, in yen."""
    authorise(session, who, "association.read")
    account = book.account_id(session, who.district_id, "safe", 0, 0)
    return 0 if account is None else book.balance(session, who.district_id, account)


def safe_movements(session: Session, who: Principal, *, before: tuple[int, int] | None = None, limit: int | None = 50) -> list[Entry]:
    """What came into the safe (+) and went out of it (−), the newest first; `limit` None: all of it."""
    authorise(session, who, "association.read")
    account = book.account_id(session, who.district_id, "safe", 0, 0)
    return [] if account is None else book.entries(session, who.district_id, [account], before=before, limit=limit)


def _standing(session: Session, who: Principal, clerk_id: int, account_id: int, name: str | None) -> DrawerStanding:
    last = last_count(session, who.district_id, clerk_id)
    since = None if last is None else last.counted_at
    floats = book.entries(session, who.district_id, [account_id], since=since, kinds=["drawer_float"], limit=None)
    return DrawerStanding(
        clerk_id=clerk_id,
        clerk_name=name,
        cash=book.balance(session, who.district_id, account_id),
        is_mine=clerk_id == who.person_id,
        last=last.id if last else 0,
        stayed=(last.stays or 0) if last else 0,
        floated=sum(entry.amount for entry in floats),
    )


def _named(session: Session, district_id: int, rows: Collection[CashCount]) -> list[Counted]:
    people = {person for row in rows for person in (row.clerk_id, row.counted_by) if person is not None}
    names = nicknames(session, district_id, people) if people else {}
    return [
        Counted(
            id=row.id,
            counted_at=row.counted_at,
            clerk_id=row.clerk_id,
            clerk_name=None if row.clerk_id is None else names.get(row.clerk_id),
            counter_name=names.get(row.counted_by),
            pieces={int(value): pieces for value, pieces in row.pieces.items()},
            counted=row.counted,
            expected=row.counted if row.expected is None else row.expected,
            stays=row.stays or 0,
            reason=row.reason,
            difference_id=row.difference_id,
            moved_id=row.moved_id,
            is_of_safe=row.clerk_id is None and row.expected is not None,
        )
        for row in rows
    ]
