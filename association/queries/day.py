"""今日の仕事: what one day brought, beside what such days usually bring."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

import ledger.queries as book
from base.clock import tokyo_day
from identity.commands import authorise
from identity.queries import Principal
from ledger.queries import KindTotal

CHART_DAYS = 28
WEEKS = 4
NOTHING = KindTotal(0, 0)
SPENT = ("payment", "coupon_payment", "payment_again", "ticket_payment")
GIVEN_BACK = ("refund", "coupon_refund", "refund_late", "ticket_release")
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
    usual: int | None  # median yen spent on the same weekday of four weeks before; None without them, and for a day that is not over
    chart: tuple[tuple[date, KindTotal], ...]  # spent a day, oldest first, `day` last

    @property
    def compared(self) -> int | None:
        """How much more (+) or less (−) was spent than usual, in whole percent towards zero."""
        if not self.usual:
            return None
        more = self.spent.amount - self.usual
        return abs(more) * 100 // self.usual * (1 if more >= 0 else -1)


def day_figures(session: Session, who: Principal, day: date, *, now: datetime) -> DayFigures:
    """What moved on one day, and on the four weeks that end with it: a row a day and kind, however much was paid."""
    authorise(session, who, "association.read")
    first = day - timedelta(days=CHART_DAYS - 1)
    by_day = book.day_totals(session, who.district_id, day - timedelta(weeks=WEEKS), day)
    totals = by_day.get(day, {})
    days = [first + timedelta(days=step) for step in range(CHART_DAYS)]
    return DayFigures(
        day=day,
        issued=_together(totals, ISSUES),
        undone=_together(totals, UNDOES),
        spent=_together(totals, SPENT),
        refunded=_together(totals, GIVEN_BACK),
        usual=_usual(by_day, day) if day < tokyo_day(now) else None,
        chart=tuple((each, _together(by_day.get(each, {}), SPENT)) for each in days),
    )


def _usual(by_day: Mapping[date, Mapping[str, KindTotal]], day: date) -> int | None:
    """The median of what the same weekday brought."""
    found = [_together(by_day.get(day - timedelta(weeks=week), {}), SPENT) for week in range(1, WEEKS + 1)]
    return _median([total.amount for total in found if total.count])


def _together(totals: Mapping[str, KindTotal], kinds: Sequence[str]) -> KindTotal:
    found = [totals.get(kind, NOTHING) for kind in kinds]
    return KindTotal(sum(each.count for each in found), sum(each.amount for each in found))


def _median(values: list[int]) -> int | None:
    """The lower middle of `values`: a figure that was really there, and no fraction of a yen."""
    return sorted(values)[(len(values) - 1) // 2] if values else None
