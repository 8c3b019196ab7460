"""月ごとのポイント: one series of the book for each month of a programme, made ahead of the first payment in it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

import ledger.commands as book
import ledger.queries as read
import merchant.commands as shop
from association.models import PointLot
from association.queries.point_lots import Lot, lot_bounds, lot_of_series, lots
from association.queries.points import PointTerms
from base.clock import tokyo_day
from ledger.commands import NewSeries
from ledger.queries import Series

AHEAD = timedelta(days=7)
"""How long before its month a lot is made."""


def keep_lots(session: Session, district_id: int, programmes: Sequence[PointTerms], *, now: datetime) -> list[Lot]:
    """Every lot of the district, those that are needed now or soon made first. Under the lock of points."""
    known = lots(session, district_id)
    have = {(each.programme_id, each.month) for each in known}
    wanted = [(terms, month) for terms in programmes for month in _months(terms, now) if (terms.id, month) not in have]
    for terms, month in wanted:
        make_lot(session, district_id, terms, month, now=now)
    return lots(session, district_id) if wanted else known


def make_lot(session: Session, district_id: int, terms: PointTerms, month: date, *, now: datetime) -> None:
    """Open the series of a month, with an account for each open shop. Its limits are the coin's: holding points raises none."""
    begins, ends = lot_bounds(month, terms.months)
    series_id = book.create_series(
        session,
        district_id,
        NewSeries(
            code=f"{read.POINTS}{terms.id}_{month:%Y%m}",
            name=terms.name,
            name_en=terms.name_en,
            valid_from=begins,
            valid_until=ends,
            **_limits(read.running_coins(session, district_id, now=now)),
        ),
    )
    shop.open_payables(session, district_id, series_id)
    session.add(
        PointLot(
            district_id=district_id,
            series_id=series_id,
            programme_id=terms.id,
            month=month,
            expired_account_id=book.open_account(session, district_id, "point_expired", series_id, 0),
            released_through=month - timedelta(days=1),
            release_after=0,
        )
    )
    session.flush()


def lot_expired_account(session: Session, district_id: int, series_id: int) -> int:
    """Where what expires of this lot waits until it is shared."""
    lot = lot_of_series(session, district_id, series_id)
    assert lot is not None, series_id
    return lot.expired_account_id


def _months(terms: PointTerms, now: datetime) -> list[date]:
    """This month and, near its end, the next one, as far as the programme gives points in them."""
    days = (tokyo_day(now), tokyo_day(now + AHEAD))
    if terms.ended_at is not None:
        return []
    inside = [day for day in days if terms.first_day <= day and (terms.last_day is None or day <= terms.last_day)]
    return sorted({day.replace(day=1) for day in inside})


def _limits(coins: Sequence[Series]) -> dict[str, Any]:
    """The strictest of the coins' limits, so that whoever holds points may not pay more than with coin alone."""
    if not coins:
        return {}
    names = ("payment_max", "balance_max", "ask_above", "pin_above", "new_device_max")
    strictest = {name: min(getattr(each, name) for each in coins) for name in names}
    for name in ("ask_above", "pin_above", "new_device_max"):
        strictest[name] = min(strictest[name], strictest["payment_max"])
    return {**strictest, "refund_cashier_max": max(each.refund_cashier_max for each in coins)}
