"""監査: what the association claims, with the figures that stand behind each claim."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TypeVar

from sqlalchemy import func, select, text
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

import ledger.queries as book
from association.models import CashCount, SeriesTerms, ShopAdmission
from association.queries.assurance import Assurance, assurance
from association.queries.reconciliation import Cash, Reconciliation, cash, reconciliation
from association.queries.securities import secured_on, special_on
from association.queries.witnesses import LogStanding, log_standing
from association.rules import Regime, base_date_before, deposit_due, required_deposit
from base.clock import day_bounds, tokyo_day
from base.db import one_moment
from identity.commands import authorise
from identity.queries import Principal
from ledger.queries import Closing, TrialRow, TwoHands

SECONDS = 20
"""How long one question to the whole book may take before the page says that it was too long."""
SEALED_WITHIN = timedelta(minutes=1)
"""What is older than this must stand in the sealed log."""
HOLDS = ("consumer", "top_up_code", "voucher_paper")
"""Who holds coin: people, codes on paper that nobody has redeemed, and booklets of vouchers on paper."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Deposit:
    """What payment law asks for at the last base date, from the book alone. `unspent` None: not counted in time. Yen.

    Of regulated series only; `outside`: what people hold now in the others. `secured`: by deposits and contracts that are in force today.
    """

    base_date: date
    due: date
    unspent: int | None
    unspent_now: int
    outside: int
    secured: int

    @property
    def required(self) -> int | None:
        return None if self.unspent is None else required_deposit(self.unspent)

    @property
    def required_now(self) -> int:
        """Were today a base date."""
        return required_deposit(self.unspent_now)


@dataclass(frozen=True, slots=True)
class Sealed:
    """The last checkpoint of the sealed log. `key`: the name and fingerprint that signed; `unsealed`: of a day, older than a minute."""

    size: int
    root: bytes
    signed_at: datetime
    key: str
    unsealed: int


@dataclass(frozen=True, slots=True)
class Hands:
    """How often two different people were needed, and how often they were the same: 0 each time."""

    proposals: TwoHands
    shops: int
    shops_same: int
    counts: int
    counts_same: int

    @property
    def same(self) -> int:
        return self.proposals.same + self.shops_same + self.counts_same


@dataclass(frozen=True, slots=True)
class Audit:
    """Everything on one page. `receivable`: what agents and funders owe; `over_short`: cash that was missing, less what was too much.

    `sides`: unit → debits less credits, of units where that is not 0: none, as it must be."""

    at: datetime
    money: Assurance
    receivable: int
    over_short: int
    sides: dict[int, int]
    deposit: Deposit
    sealed: Sealed | None
    witnesses: LogStanding | None
    closed: tuple[Closing, ...]
    hands: Hands
    bank: Reconciliation
    cash: Cash


@dataclass(frozen=True, slots=True)
class BookRecount:
    """Every entry counted anew at `at`. `is_done` False: it took too long. `units` and `roles`: where something is not as it must be;
    `months`: closed ones that say something else now."""

    at: datetime
    is_done: bool
    units: dict[int, int]
    roles: tuple[str, ...]
    months: tuple[date, ...]

    @property
    def is_whole(self) -> bool:
        return self.is_done and not (self.units or self.roles or self.months)


def audit(session: Session, who: Principal, *, now: datetime) -> Audit:
    """The claims as they stand at one moment. Looks at every account and at the entries of one base date, never longer than SECONDS."""
    authorise(session, who, "association.read_books", subject="audit")
    with one_moment(session):
        return _audit(session, who, now)


def _audit(session: Session, who: Principal, now: datetime) -> Audit:
    standing = book.trial_balance(session, who.district_id)
    return Audit(
        at=now,
        money=assurance(session, who.district_id, now=now),
        receivable=_debit(standing, ("agent", "funder")),
        over_short=_debit(standing, ("over_short",)),
        sides=_sides(standing),
        deposit=_deposit(session, who.district_id, standing, now),
        sealed=_sealed(session, who.district_id, now),
        witnesses=log_standing(session, who.district_id, now=now),
        closed=tuple(each for each in book.closings(session, who.district_id) if each.reopened_at is None),
        hands=_hands(session, who.district_id),
        bank=reconciliation(session, who, now=now),
        cash=cash(session, who),
    )


def recount_book(session: Session, who: Principal, *, now: datetime) -> BookRecount:
    """Count every entry of this district again, in one snapshot, for SECONDS at most; nothing is changed.

    Debits and credits by unit; each role's balances beside its entries; each closed month beside what it held when it was closed.
    """
    authorise(session, who, "association.read_books", subject="audit-recount")
    with one_moment(session):
        found = _in_time(session, lambda: _recounted(session, who.district_id, now))
    return found or BookRecount(now, False, {}, (), ())


def _recounted(session: Session, district_id: int, now: datetime) -> BookRecount:
    standing = book.trial_balance(session, district_id)
    counted = book.counted(session, district_id)
    closed = [each for each in book.closings(session, district_id) if each.reopened_at is None]
    current = book.figures_of(session, district_id, {each.month for each in closed}) if closed else {}
    return BookRecount(
        at=now,
        is_done=True,
        units=_sides(counted),
        roles=tuple(sorted({row.role for row in {*standing} ^ {*counted}})),
        months=tuple(sorted(each.month for each in closed if each.figures != current[each.month])),
    )


def _in_time(session: Session, work: Callable[[], T]) -> T | None:
    """What `work` gives; None where the database takes longer than SECONDS for one of its statements."""
    try:
        with session.begin_nested():  # what comes after is still read of the same moment
            session.execute(text(f"SET LOCAL statement_timeout = '{SECONDS}s'"))
            found = work()
            session.execute(text("SET LOCAL statement_timeout TO DEFAULT"))
    except OperationalError as error:
        if getattr(error.orig, "sqlstate", None) != "57014":
            raise
        return None
    return found


def _debit(rows: Iterable[TrialRow], roles: Collection[str]) -> int:
    """What stands on the debit side of these roles, in yen."""
    return sum(row.debit - row.credit for row in rows if row.role in roles and row.unit == 0)


def _sides(rows: Iterable[TrialRow]) -> dict[int, int]:
    """Units in which debits and credits differ, and by how much."""
    sums: dict[int, int] = defaultdict(int)
    for row in rows:
        sums[row.unit] += row.debit - row.credit
    return {unit: difference for unit, difference in sums.items() if difference}


def _deposit(session: Session, district_id: int, standing: Iterable[TrialRow], now: datetime) -> Deposit:
    """From what people and codes held in regulated series."""
    terms = select(SeriesTerms.series_id).where(SeriesTerms.district_id == district_id, SeriesTerms.regime == Regime.THIRD_PARTY.value)
    regulated = set(session.scalars(terms))
    base = base_date_before(tokyo_day(now), special_on(session, district_id))
    end = day_bounds(base)[1]
    found = _in_time(session, lambda: book.role_sums(session, district_id, year=end, start=end, end=end))
    held = {row.series_id: 0 for row in standing}
    for row in standing:
        if row.role in HOLDS and row.unit == 0:
            held[row.series_id] += row.credit - row.debit
    return Deposit(
        base_date=base,
        due=deposit_due(base),
        unspent=None if found is None else -sum(each.opening for each in found if each.role in HOLDS and each.series_id in regulated),
        unspent_now=sum(amount for series_id, amount in held.items() if series_id in regulated),
        outside=sum(amount for series_id, amount in held.items() if series_id not in regulated),
        secured=secured_on(session, district_id, tokyo_day(now)),
    )


def _sealed(session: Session, district_id: int, now: datetime) -> Sealed | None:
    """None before the first round of the sealer."""
    signed = book.newest_checkpoint(session, district_id)
    if signed is None:
        return None
    until = now - SEALED_WITHIN
    missing = book.unsealed(session, district_id, since=until - timedelta(days=1), until=until)
    return Sealed(signed.size, signed.root, signed.signed_at, str(book.log_keys(session, district_id)[-1].public_key), missing)


def _hands(session: Session, district_id: int) -> Hands:
    shops = select(func.count(), func.count().filter(ShopAdmission.decided_by == ShopAdmission.registered_by)).where(
        ShopAdmission.district_id == district_id, ShopAdmission.decided_by.is_not(None)
    )
    counts = select(func.count(), func.count().filter(CashCount.counted_by == CashCount.clerk_id)).where(
        CashCount.district_id == district_id, CashCount.clerk_id.is_not(None)
    )
    return Hands(book.two_hands(session, district_id), *session.execute(shops).one(), *session.execute(counts).one())
