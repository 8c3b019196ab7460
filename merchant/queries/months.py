"""月の売上: what the tills of a shop took in a month, day by day beside the same weekdays a year before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session

from base.clock import day_bounds
from merchant.queries.books import RateRow, tax_by_rate
from merchant.queries.shops import merchant

A_YEAR = timedelta(days=364)
"""Fifty-two weeks: a Saturday stands beside a Saturday."""

# One pass over an index that holds all of it (`sums_of_receipts`): the wide rows of the receipts are not read.
SUMS = text(
    "SELECT CAST(made_at AT TIME ZONE 'Asia/Tokyo' AS date) AS day,"
    " CAST(extract(hour FROM made_at AT TIME ZONE 'Asia/Tokyo') AS int) AS hour, staff_id, till_id,"
    " count(*) FILTER (WHERE kind = 'sale') AS sales, sum(sign * cash)::bigint AS cash, sum(sign * card)::bigint AS card,"
    " sum(sign * book)::bigint AS book"
    " FROM till_receipt CROSS JOIN LATERAL (SELECT CASE kind WHEN 'sale' THEN 1 ELSE -1 END) AS s (sign)"
    " WHERE district_id = :district_id AND merchant_id = :merchant_id AND made_at >= :since AND made_at < :until GROUP BY 1, 2, 3, 4"
)
# By 分類 as they were at each sale; what was not kept yet is of none.
CATEGORIES = text(
    "SELECT part->>0 AS name, sum(sign * (part->>1)::bigint)::bigint AS pieces, sum(sign * (part->>2)::bigint)::bigint AS yen"
    " FROM till_receipt CROSS JOIN LATERAL (SELECT CASE kind WHEN 'sale' THEN 1 ELSE -1 END) AS s (sign),"
    " jsonb_array_elements(COALESCE(categories, jsonb_build_array(jsonb_build_array('', 0, total)))) AS part"
    " WHERE district_id = :district_id AND merchant_id = :merchant_id AND made_at >= :since AND made_at < :until"
    " GROUP BY 1 ORDER BY 3 DESC, 1"
)
FIRST = text("SELECT min(made_at) FROM till_receipt WHERE district_id = :district_id AND merchant_id = :merchant_id")


@dataclass(slots=True)
class Sum:
    """Yen of sales less returns, with tax; `sales` counts receipts of sales."""

    sales: int = 0
    cash: int = 0
    card: int = 0
    book: int = 0

    @property
    def total(self) -> int:
        return self.cash + self.card + self.book

    def add(self, row: Any) -> None:
        """One more row of SUMS."""
        self.sales += row.sales
        self.cash += row.cash
        self.card += row.card
        self.book += row.book


@dataclass(frozen=True, slots=True)
class DayBeside:
    """A day, and what was taken on the same weekday 52 weeks before; `before` None where the tills wrote no receipts yet."""

    day: date
    sum: Sum
    before: int | None


@dataclass(frozen=True, slots=True)
class MonthOfSales:
    """A month up to `last`. `by_staff` and `by_till`: number (None: nobody was named) and sum, the largest first; `by_hour`: hour, sum;
    `by_category`: 分類 ("" for none), pieces, yen.

    `compared`: yen of those days that are over and have a year before, `before`: of that year before; both None where no day has one.
    """

    first: date
    last: date
    whole: Sum
    days: tuple[DayBeside, ...]
    by_staff: tuple[tuple[int | None, Sum], ...]
    by_till: tuple[tuple[int, Sum], ...]
    by_hour: tuple[tuple[int, Sum], ...]
    by_rate: tuple[RateRow, ...]
    by_category: tuple[tuple[str, int, int], ...]
    compared: int | None
    before: int | None


def month_of_sales(session: Session, district_id: int, merchant_id: int, month: date, *, today: date) -> MonthOfSales:
    """The month in which `month` lies; of the running one the days so far. Days of Tokyo, the first to the last.

    Raises ShopUnknown.
    """
    merchant(session, district_id, merchant_id)
    first, last = month_days(month, today)
    place = {"district_id": district_id, "merchant_id": merchant_id}
    rows = session.execute(SUMS, place | _between(first, last)).all()
    earlier: dict[date, int] = {}
    for row in session.execute(SUMS, place | _between(first - A_YEAR, last - A_YEAR)):
        earlier[row.day + A_YEAR] = earlier.get(row.day + A_YEAR, 0) + row.cash + row.card + row.book
    began = session.execute(FIRST, place).scalar_one()
    whole, by_day, by_staff, by_till, by_hour = Sum(), _sums(), _sums(), _sums(), _sums()
    for row in rows:
        whole.add(row)
        for sums, name in ((by_day, row.day), (by_staff, row.staff_id), (by_till, row.till_id), (by_hour, row.hour)):
            sums.setdefault(name, Sum()).add(row)
    every = [first + timedelta(days=place) for place in range((last - first).days + 1)]
    is_known = {day: began is not None and day_bounds(day - A_YEAR)[1] > began for day in every}
    days = tuple(DayBeside(day, by_day.get(day, Sum()), earlier.get(day, 0) if is_known[day] else None) for day in every)
    beside = [each for each in days if each.before is not None and each.day < today]
    return MonthOfSales(
        first=first,
        last=last,
        whole=whole,
        days=days,
        by_staff=_largest(by_staff),
        by_till=_largest(by_till),
        by_hour=tuple(sorted(by_hour.items())),
        by_rate=tuple(tax_by_rate(session, district_id, merchant_id, first, last)),
        by_category=tuple((row.name, row.pieces, row.yen) for row in session.execute(CATEGORIES, place | _between(first, last))),
        compared=sum(each.sum.total for each in beside) if beside else None,
        before=sum(each.before or 0 for each in beside) if beside else None,
    )


def day_of_sales(session: Session, district_id: int, merchant_id: int, day: date) -> Sum:
    """What the tills of a shop took on one day of Tokyo, as its month counts it."""
    whole = Sum()
    for row in session.execute(SUMS, {"district_id": district_id, "merchant_id": merchant_id} | _between(day, day)):
        whole.add(row)
    return whole


def month_days(month: date, today: date) -> tuple[date, date]:
    """First and last day of a month, of the running one up to today."""
    first = month.replace(day=1)
    end = (first + timedelta(days=32)).replace(day=1) - timedelta(days=1)
    return first, max(first, min(end, today))


def _between(first: date, last: date) -> dict[str, Any]:
    return {"since": day_bounds(first)[0], "until": day_bounds(last)[1]}


def _sums() -> dict[Any, Sum]:
    return {}


def _largest(sums: dict[Any, Sum]) -> tuple[tuple[Any, Sum], ...]:
    return tuple(sorted(sums.items(), key=lambda each: -each[1].total))
