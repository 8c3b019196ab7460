"""種別 with what they are in law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

import ledger.queries as book
from association.models import SeriesTerms
from identity.commands import authorise
from identity.queries import Principal
from ledger.queries import Series


@dataclass(frozen=True, slots=True)
class ListedSeries:
    """A series as the desk sees it. `outstanding`: yen that consumers hold in it. `state`: waiting, open or ended."""

    series: Series
    regime: str | None
    last_day: date | None
    notice_version: int | None
    outstanding: int
    state: str


def listed_series(session: Session, who: Principal, *, now: datetime) -> list[ListedSeries]:
    """All series that count yen, oldest first; coupons have a list of their own."""
    authorise(session, who, "association.read")
    terms = {row.series_id: row for row in session.scalars(select(SeriesTerms).where(SeriesTerms.district_id == who.district_id))}
    held = {row.series_id: row.credit - row.debit for row in book.trial_balance(session, who.district_id) if row.role == "consumer"}
    return [
        _listed(series, terms.get(series.id), held.get(series.id, 0), now)
        for series in book.series(session, who.district_id)
        if series.unit == "yen"
    ]


def _listed(series: Series, terms: SeriesTerms | None, outstanding: int, now: datetime) -> ListedSeries:
    return ListedSeries(
        series=series,
        regime=terms.regime if terms else None,
        last_day=terms.last_day if terms else None,
        notice_version=terms.notice_version if terms else None,
        outstanding=outstanding,
        state=_state(series, now),
    )


def _state(series: Series, now: datetime) -> str:
    if now < series.valid_from:
        return "waiting"
    return "open" if series.is_valid(now) else "ended"
