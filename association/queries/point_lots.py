"""Lots of points: of one month each, what was given, used and has expired of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

import ledger.queries as book
from association.models import PointLot
from association.rules import lot_last_day
from base.clock import day_bounds
from ledger.queries import Flow


@dataclass(frozen=True, slots=True)
class Lot:
    """One month's points: a series of the book."""

    series_id: int
    programme_id: int
    month: date
    expired_account_id: int
    released_through: date
    release_after: int
    closed_at: datetime | None


def lots(session: Session, district_id: int) -> list[Lot]:
    """Every lot, the oldest month first. For doors that have asked already."""
    rows = session.execute(
        select(
            PointLot.series_id,
            PointLot.programme_id,
            PointLot.month,
            PointLot.expired_account_id,
            PointLot.released_through,
            PointLot.release_after,
            PointLot.closed_at,
        )
        .where(PointLot.district_id == district_id)
        .order_by(PointLot.month, PointLot.series_id)
    )
    return [Lot(*row) for row in rows]


def lot_of_series(session: Session, district_id: int, series_id: int) -> Lot | None:
    """The lot that this series is. For doors that have asked already."""
    return next((each for each in lots(session, district_id) if each.series_id == series_id), None)


@dataclass(frozen=True, slots=True)
class LotFigures:
    """What the book says of one month's points. given = taken back + spent + pending + usable + waiting + expired.

    `waiting`: refunds of payments in these points that came after the end, until two people have decided.
    """

    lot: Lot
    last_day: date
    given: int
    taken_back: int
    spent: int
    pending: int
    usable: int
    waiting: int
    expired: int

    @property
    def outstanding(self) -> int:
        """What the association still owes: a liability in the books."""
        return self.pending + self.usable + self.waiting

    @property
    def difference(self) -> int:
        """0 as long as the book is whole."""
        return self.given - self.taken_back - self.spent - self.outstanding - self.expired


def figures_of_lot(session: Session, district_id: int, lot: Lot, last_day: date) -> LotFigures:
    """A look at each entry of the lot. For doors that have asked already."""
    flows = book.series_flows(session, district_id, [lot.series_id], until=None)
    held = ("point_pending", "consumer")
    return LotFigures(
        lot=lot,
        last_day=last_day,
        given=_sum(flows, held, ("point_earn", "point_given")),
        taken_back=-_sum(flows, held, ("point_back",)),
        spent=_sum(flows, ("payable",), (*book.TAKING, *book.GIVING_BACK)),
        pending=_sum(flows, ("point_pending",)),
        usable=_sum(flows, ("consumer",)),
        waiting=_sum(flows, ("suspense",)),
        expired=-_sum(flows, held, ("expiry",)) - _sum(flows, ("suspense",), ("suspense_release",)),
    )


def _sum(flows: Sequence[Flow], roles: Sequence[str], kinds: Sequence[str] | None = None) -> int:
    return sum(flow.amount for flow in flows if flow.role in roles and (kinds is None or flow.kind in kinds))


def lot_bounds(month: date, months: int) -> tuple[datetime, datetime]:
    """From when until when units of a lot can be moved."""
    return day_bounds(month)[0], day_bounds(lot_last_day(month, months))[1]
