"""種別 with what they are in law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

import ledger.queries as book
from association.errors import NoticeMissing
from association.models import SeriesTerms
from association.queries.notice import NoticeVersion, PublishedNotice, notice_version, notice_versions
from association.queries.vouchers import VoucherTerms, one_voucher, unborn_series
from association.rules import Regime
from identity.commands import authorise
from identity.queries import Principal
from ledger.errors import SeriesUnknown
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
    """All series that count yen, oldest first; coupons and points have lists of their own, and campaigns that nobody has approved are
    none yet."""
    authorise(session, who, "association.read")
    terms = {row.series_id: row for row in session.scalars(select(SeriesTerms).where(SeriesTerms.district_id == who.district_id))}
    held = {row.series_id: row.credit - row.debit for row in book.trial_balance(session, who.district_id) if row.role == "consumer"}
    unborn = unborn_series(session, who.district_id)
    return [
        _listed(series, terms.get(series.id), held.get(series.id, 0), now)
        for series in book.series(session, who.district_id)
        if series.unit == "yen" and not series.is_points and series.id not in unborn
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


@dataclass(frozen=True, slots=True)
class SeriesPage:
    """What anybody may read of a series before they buy (payment-law D). `regime` None: given for nothing. `voucher`: its campaign.

    `notice`: the version that is shown, of `versions`, the newest first.
    """

    series: Series
    regime: str | None
    notice: PublishedNotice
    versions: tuple[NoticeVersion, ...]
    state: str
    voucher: VoucherTerms | None = None

    @property
    def is_regulated(self) -> bool:
        """Whether the chapter on prepaid instruments applies."""
        return self.regime == Regime.THIRD_PARTY

    @property
    def is_newest(self) -> bool:
        return self.notice.version == self.versions[0].version


def public_series(session: Session, district_id: int, *, now: datetime) -> list[Series]:
    """Coin and vouchers that have begun, those that still run first, the newest of each first. For everybody."""
    begun = [one for one in book.series(session, district_id) if one.unit == "yen" and not one.is_points and one.valid_from <= now]
    unborn = unborn_series(session, district_id) if any(one.is_voucher for one in begun) else set()
    begun = [one for one in begun if one.id not in unborn]
    return sorted(begun, key=lambda one: (one.is_valid(now), one.id), reverse=True)


def series_page(session: Session, district_id: int, code: str, *, version: int | None = None, now: datetime) -> SeriesPage:
    """One series with the statements as they are published now, or as they were in `version`. For everybody.

    Raises SeriesUnknown, NoticeMissing, NoticeVersionUnknown.
    """
    one = next((each for each in book.series(session, district_id) if each.code == code), None)
    if one is None or (one.is_voucher and one.id in unborn_series(session, district_id)):
        raise SeriesUnknown
    versions = notice_versions(session, district_id)
    if not versions:
        raise NoticeMissing
    terms = session.get(SeriesTerms, (district_id, one.id))
    shown = notice_version(session, district_id, versions[0].version if version is None else version)
    return SeriesPage(
        one,
        terms.regime if terms else None,
        shown,
        tuple(versions),
        _state(one, now),
        one_voucher(session, district_id, one.id) if one.is_voucher else None,
    )


def is_regulated(session: Session, district_id: int, *, now: datetime) -> bool:
    """Whether any coin that still runs is under the chapter, so that half of what is unspent must be secured."""
    living = {one.id for one in book.running_series(session, district_id, now=now)}
    rows = session.scalars(
        select(SeriesTerms.series_id).where(SeriesTerms.district_id == district_id, SeriesTerms.regime == Regime.THIRD_PARTY)
    )
    return not living.isdisjoint(rows)
