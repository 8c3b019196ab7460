"""What a shop took in a day or a span, by sums and by whoever stood there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

import ledger.queries
from base.clock import day_bounds
from merchant.queries.sales import PAYMENTS, REFUNDS, Sale, accounts_of, as_sales


@dataclass(frozen=True, slots=True)
class Takings:
    """Payments and refunds of a day in yen. `net` = `taken` − `returned`. `cash`: taken less given back beside them;
    `points`: what of `net` was paid in points."""

    day: date
    payments: int
    taken: int
    refunds: int
    returned: int
    cash: int = 0
    points: int = 0

    @property
    def net(self) -> int:
        return self.taken - self.returned


def takings(session: Session, district_id: int, merchant_id: int, day: date) -> Takings:
    """What a Tokyo day brought in and gave back, counted from the entries."""
    return takings_of(day, sales_of_days(session, district_id, merchant_id, day, day))


def sales_of_days(session: Session, district_id: int, merchant_id: int, first: date, last: date) -> list[Sale]:
    """Every payment and refund of these Tokyo days, both included, the newest first."""
    since, until = day_bounds(first, last)
    accounts = accounts_of(session, district_id, merchant_id)
    rows = ledger.queries.entries(session, district_id, accounts, since=since, until=until, kinds=[*PAYMENTS, *REFUNDS], limit=None)
    return as_sales(session, district_id, merchant_id, rows)


def takings_of(day: date, rows: Sequence[Sale]) -> Takings:
    """The sums of these lines."""
    ins = [row for row in rows if row.kind == "payment"]
    outs = [row for row in rows if row.kind == "refund"]
    return Takings(
        day=day,
        payments=len(ins),
        taken=sum(row.amount for row in ins),
        refunds=len(outs),
        returned=-sum(row.amount for row in outs),
        cash=sum(row.cash for row in ins) - sum(row.cash for row in outs),
        points=sum(row.points for row in rows),
    )


def taken(session: Session, district_id: int, merchant_id: int, first: date, last: date) -> int:
    """Yen that these Tokyo days, both included, brought in as local money, less what was given back."""
    since, until = day_bounds(first, last)
    accounts = accounts_of(session, district_id, merchant_id)
    return ledger.queries.moved(session, district_id, accounts, [*PAYMENTS, *REFUNDS], since=since, until=until)


def takings_by_staff(day: date, rows: Sequence[Sale]) -> dict[int | None, Takings]:
    """The same by who stood at the till, most taken first; None: nobody had said who, or the printed code was used."""
    each = {staff_id: takings_of(day, [row for row in rows if row.staff_id == staff_id]) for staff_id in {row.staff_id for row in rows}}
    return dict(sorted(each.items(), key=lambda item: (item[0] is None, -item[1].taken, item[0] or 0)))


def points_borne(session: Session, district_id: int, merchant_id: int, day: date) -> int:
    """Yen that the shop bore on a Tokyo day of points that its customers earned, less what refunds gave back to it."""
    since, until = day_bounds(day)
    accounts = accounts_of(session, district_id, merchant_id)
    rows = ledger.queries.entries(session, district_id, accounts, since=since, until=until, kinds=["point_earn", "point_back"], limit=None)
    return -sum(row.amount for row in rows)


def owed(session: Session, district_id: int, merchant_id: int) -> int:
    """What the association owes this shop now, in yen."""
    held = ledger.queries.balances(session, district_id, "payable", merchant_id)
    return sum(balance.balance for balance in held if balance.series.unit == "yen")
