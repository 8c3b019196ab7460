"""今日の仕事: what the association sees first: the day's figures, the books' health, what waits for a decision."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

import ledger.queries as book
from base.clock import day_bounds
from identity.commands import authorise
from identity.queries import Principal
from ledger.queries import KindTotal, TrialRow

CHART_DAYS = 28
WEEKS = 4
NOTHING = KindTotal(0, 0)
SPENT = ("payment", "coupon_payment", "payment_again")
GIVEN_BACK = ("refund", "coupon_refund", "refund_late")
ISSUES = ("top_up", "top_up_again", "top_up_large", "agent_top_up", "code_issue", "benefit", "voucher_sale")
UNDOES = ("reversal", "code_cancel", "benefit_return")


@dataclass(frozen=True, slots=True)
class DayFigures:
    """One day in Tokyo. Amounts in yen. `issued`: coin and codes that were sold or given, `undone`: what of it was taken back."""

    day: date
    issued: KindTotal
    undone: KindTotal
    spent: KindTotal
    refunded: KindTotal
    usual: int | None  # median yen spent by this hour on the same weekday of four weeks before; None without them
    chart: tuple[tuple[date, KindTotal], ...]  # spent a day, oldest first, `day` last

    @property
    def compared(self) -> int | None:
        """How much more (+) or less (−) was spent than usual, in whole percent towards zero."""
        if not self.usual:
            return None
        more = self.spent.amount - self.usual
        return abs(more) * 100 // self.usual * (1 if more >= 0 else -1)


@dataclass(frozen=True, slots=True)
class Health:
    """Where the money is, in yen. `sides_differ` is 0 as long as the book is whole."""

    outstanding: int  # 未使用残高: what consumers hold now
    owed: int  # 未払金: what shops have taken and not been paid
    cash: int  # drawers and safe
    agents: int  # what agents have taken for coin and not handed over
    codes: int  # top-up codes on paper that nobody has redeemed
    sides_differ: int  # debits less credits, over all accounts


@dataclass(frozen=True, slots=True)
class Recount:
    """Consumers' balances less the same recounted from every entry, in yen: 0 as long as the book is whole."""

    at: datetime
    differs: int


def day_figures(session: Session, who: Principal, day: date, *, now: datetime) -> DayFigures:
    """What moved on one day up to `now`, and on the four weeks that end with it."""
    authorise(session, who, "association.read")
    first = day - timedelta(days=CHART_DAYS - 1)
    by_day = book.day_totals(session, who.district_id, first, day)
    totals = by_day.get(day, {})
    days = [first + timedelta(days=step) for step in range(CHART_DAYS)]
    return DayFigures(
        day=day,
        issued=_together(totals, ISSUES),
        undone=_together(totals, UNDOES),
        spent=_together(totals, SPENT),
        refunded=_together(totals, GIVEN_BACK),
        usual=_usual(session, who.district_id, day, now),
        chart=tuple((each, _together(by_day.get(each, {}), SPENT)) for each in days),
    )


def health(session: Session, who: Principal) -> Health:
    """The balances as they stand: a look at every account."""
    authorise(session, who, "association.read")
    standing = book.trial_balance(session, who.district_id)
    return Health(
        outstanding=_natural(standing, "consumer"),
        owed=_natural(standing, "payable"),
        cash=-_natural(standing, "drawer") - _natural(standing, "safe"),
        agents=-_natural(standing, "agent"),
        codes=_natural(standing, "top_up_code"),
        sides_differ=sum(row.debit - row.credit for row in standing if row.unit == 0),
    )


def recount(session: Session, who: Principal, *, now: datetime) -> Recount:
    """Count again from every entry: a look at the whole book, so not for each showing of a page.

    Both are read of one snapshot, so that what is posted meanwhile is in both or in neither.
    """
    authorise(session, who, "association.read")
    session.rollback()  # a fresh transaction, in which both are read of the same state
    session.connection(execution_options={"isolation_level": "REPEATABLE READ"})
    standing = book.trial_balance(session, who.district_id)
    recounted = book.counted(session, who.district_id)
    session.rollback()
    return Recount(now, _natural(standing, "consumer") - _natural(recounted, "consumer"))


def _usual(session: Session, district_id: int, day: date, now: datetime) -> int | None:
    """The median of what the same weekday brought by the same hour."""
    start, end = day_bounds(day)
    passed = min(now, end) - start
    found = []
    for week in range(1, WEEKS + 1):
        then = day_bounds(day - timedelta(weeks=week))[0]
        total = _together(book.kind_totals(session, district_id, then, then + passed), SPENT)
        found += [total.amount] if total.count else []
    return _median(found)


def _together(totals: Mapping[str, KindTotal], kinds: Sequence[str]) -> KindTotal:
    found = [totals.get(kind, NOTHING) for kind in kinds]
    return KindTotal(sum(each.count for each in found), sum(each.amount for each in found))


def _natural(rows: list[TrialRow], role: str) -> int:
    """The credit side of a role, in yen."""
    return sum(row.credit - row.debit for row in rows if row.role == role and row.unit == 0)


def _median(values: list[int]) -> int | None:
    """The lower middle of `values`: a figure that was really there, and no fraction of a yen."""
    return sorted(values)[(len(values) - 1) // 2] if values else None
