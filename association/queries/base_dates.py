"""基準日: what was unspent at the end of each, what that asks for, and the reports as they were made."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import date, datetime, timedelta
from typing import Any

import jpholiday
from sqlalchemy import select
from sqlalchemy.orm import Session

import ledger.queries as book
import merchant.queries
from association.errors import BaseDateWrong
from association.models import BaseDateReport, SeriesTerms
from association.queries.notice import current_notice
from association.queries.registers import contractors, counted_between
from association.queries.securities import Security, SpecialSetting, secured_on, securities, special_on, special_settings
from association.rules import Regime, deposit_due, required_deposit
from association.rules.bank_days import previous_bank_day
from association.rules.deposit import (
    Unspent,
    base_date_before,
    base_date_from,
    is_base_date,
    is_covered,
    journal_flows,
    projected,
    threshold_percent,
)
from base.clock import day_bounds, tokyo_day
from identity.commands import authorise
from identity.queries import Principal, nicknames

TREND = timedelta(weeks=8)
"""The forecast goes on as the last eight weeks did."""
SHOWN = 8
"""Base dates on the page: four years of two each, two of four."""


@dataclass(frozen=True, slots=True)
class SeriesFigures:
    """One series at a base date, in yen. `regime` None: given for nothing. `held`: the sum of all balances, counted apart."""

    series_id: int
    name: str
    name_en: str
    regime: str | None
    is_covered: bool
    previous: int
    issued: int
    recovered: int
    held: int

    @property
    def unspent(self) -> int:
        return self.previous + self.issued - self.recovered


@dataclass(frozen=True, slots=True)
class BaseFigures:
    """A base date by the book, with what a report asks for besides (payment-law 19). Amounts in yen."""

    base_date: date
    previous_date: date
    series: tuple[SeriesFigures, ...]
    secured: tuple[tuple[str, int, str, str], ...]  # kind, yen, counterparty, certificate
    shops: int
    owed: int
    issuer: str
    registration: str
    address: str
    contact: str
    places: str
    complaints: int = 0
    contractors: tuple[str, ...] = ()
    refunded: int = 0

    @property
    def total(self) -> Unspent:
        """Of all covered series together (payment-law 10)."""
        covered = [each for each in self.series if each.is_covered]
        return Unspent(
            previous=sum(each.previous for each in covered),
            issued=sum(each.issued for each in covered),
            recovered=sum(each.recovered for each in covered),
            secured=sum(amount for _, amount, _, _ in self.secured),
        )

    @property
    def difference(self) -> int:
        """Journal less balances, over all series, signs aside: 0, or the report stops (payment-law 6)."""
        return sum(abs(each.unspent - each.held) for each in self.series)

    @property
    def due(self) -> date:
        return deposit_due(self.base_date)

    @property
    def bank_due(self) -> date:
        """The last day on which a bank can do it."""
        return previous_bank_day(self.due, jpholiday.is_holiday)

    def as_json(self) -> dict[str, Any]:
        return asdict(self) | {"base_date": self.base_date.isoformat(), "previous_date": self.previous_date.isoformat()}

    @classmethod
    def from_json(cls, kept: dict[str, Any]) -> BaseFigures:
        return cls(
            **kept
            | {
                "base_date": date.fromisoformat(kept["base_date"]),
                "previous_date": date.fromisoformat(kept["previous_date"]),
                "series": tuple(SeriesFigures(**each) for each in kept["series"]),
                "secured": tuple(tuple(each) for each in kept["secured"]),
                "contractors": tuple(kept.get("contractors", ())),
            }
        )


@dataclass(frozen=True, slots=True)
class Frozen:
    """A report as it was made, with the log that it was computed from."""

    figures: BaseFigures
    log_size: int
    log_root: bytes
    last_transaction: int
    made_by_name: str | None
    made_at: datetime


@dataclass(frozen=True, slots=True)
class BaseDatePage:
    """One base date. `now`: by the book as it is today; `frozen`: as it was reported, None: nobody has yet."""

    now: BaseFigures
    frozen: Frozen | None

    @property
    def shown(self) -> BaseFigures:
        return self.frozen.figures if self.frozen else self.now

    @property
    def moved(self) -> tuple[tuple[SeriesFigures, int], ...]:
        """Difference since the report: series whose unspent balance on that day is another by today's book, and by how much."""
        if self.frozen is None:
            return ()
        before = {each.series_id: each.unspent for each in self.frozen.figures.series}
        found = ((each, each.unspent - before.get(each.series_id, 0)) for each in self.now.series)
        return tuple((each, amount) for each, amount in found if amount)


@dataclass(frozen=True, slots=True)
class Forecast:
    """The next base date as it is expected (payment-law 16). Yen; `change` over the last `over_days`."""

    base_date: date
    days_left: int
    unspent: int
    change: int
    over_days: int
    secured: int

    @property
    def expected(self) -> int:
        return projected(self.unspent, self.change, self.over_days, self.days_left)

    @property
    def required(self) -> int:
        return required_deposit(self.expected)

    @property
    def shortfall(self) -> int:
        return max(0, self.required - self.secured)

    @property
    def percent(self) -> int:
        """How near it comes to the threshold; 0: nothing to get ready."""
        return threshold_percent(self.expected, self.secured, self.days_left)


@dataclass(frozen=True, slots=True)
class BaseDates:
    """基準日と供託 on one page. `past`: (base date, its report or None), the newest first."""

    forecast: Forecast
    past: tuple[tuple[date, Frozen | None], ...]
    securities: tuple[Security, ...]
    secured: int
    settings: tuple[SpecialSetting, ...]


def base_dates(session: Session, who: Principal, *, now: datetime) -> BaseDates:
    """What comes next, what was reported, and what is secured today."""
    authorise(session, who, "association.read_books", subject="base-dates")
    today, special = tokyo_day(now), special_on(session, who.district_id)
    reports = _reports(session, who.district_id)
    first = book.first_posting(session, who.district_id)
    past: list[tuple[date, Frozen | None]] = []
    day = base_date_before(today, special)
    while first is not None and tokyo_day(first) <= day and len(past) < SHOWN:
        past.append((day, reports.get(day)))
        day = base_date_before(day, special)
    return BaseDates(
        forecast=forecast(session, who.district_id, now=now),
        past=tuple(past),
        securities=tuple(securities(session, who.district_id)),
        secured=secured_on(session, who.district_id, today),
        settings=tuple(special_settings(session, who.district_id)),
    )


def base_date_page(session: Session, who: Principal, day: date, *, now: datetime) -> BaseDatePage:
    """One base date by today's book, and as it was reported. Raises BaseDateWrong."""
    authorise(session, who, "association.read_books", subject=f"base-date:{day}")
    figures = figures_on(session, who.district_id, day, now=now)
    return BaseDatePage(figures, _reports(session, who.district_id, day).get(day))


def figures_on(session: Session, district_id: int, day: date, *, now: datetime) -> BaseFigures:
    """A base date that is over, computed from the journal, with the balances beside it. Raises BaseDateWrong."""
    special = special_on(session, district_id)
    if not is_base_date(day, special) or day >= tokyo_day(now):
        raise BaseDateWrong
    previous, end = base_date_before(day, special), day_bounds(day)[1]
    flows = book.held_flows(session, district_id, start=day_bounds(previous)[1], end=end)
    held = book.held_before(session, district_id, end)
    notice = current_notice(session, district_id)
    owed = sum(
        -each.closing
        for each in book.role_sums(session, district_id, year=end, start=end, end=end)
        if each.role in ("payable", "dispute", "in_transit")
    )
    return BaseFigures(
        base_date=day,
        previous_date=previous,
        series=tuple(_series(session, district_id, flows, held)),
        secured=tuple(
            (each.kind, each.amount, each.counterparty, each.certificate)
            for each in securities(session, district_id)
            if each.in_force(tokyo_day(now))
        ),
        shops=len(merchant.queries.shops(session, district_id, states=("open",))),
        owed=owed,
        issuer=notice.issuer_name if notice else "",
        registration=(notice.registration_number or "") if notice else "",
        address=notice.address if notice else "",
        contact=notice.contact if notice else "",
        places=notice.places if notice else "",
        complaints=counted_between(session, district_id, "complaint", previous + timedelta(days=1), day),
        contractors=tuple(contractors(session, district_id)),
        refunded=-sum(each.within.get("cash_refund", 0) for each in flows.values()),
    )


def _series(session: Session, district_id: int, flows: dict[int, book.Flows], held: dict[int, int]) -> Iterator[SeriesFigures]:
    """Every series of which something was ever held, oldest first. Each has accounts and a name of its own, so all are told apart."""
    regimes = _regimes(session, district_id)
    for series_id in sorted({*flows, *held}):
        found, one = flows.get(series_id) or book.Flows(), book.one_series(session, district_id, series_id)
        before, within = journal_flows(found.before), journal_flows(found.within)
        yield SeriesFigures(
            series_id=series_id,
            name=one.name,
            name_en=one.name_en,
            regime=regimes.get(series_id),
            is_covered=_covered(regimes.get(series_id)),
            previous=before[0] - before[1],
            issued=within[0],
            recovered=within[1],
            held=held.get(series_id, 0),
        )


def _regimes(session: Session, district_id: int) -> dict[int, str]:
    rows = session.execute(select(SeriesTerms.series_id, SeriesTerms.regime).where(SeriesTerms.district_id == district_id))
    return {row.series_id: row.regime for row in rows}


def _covered(regime: str | None) -> bool:
    """A series with terms in law is paid; each is told apart from the others (payment-law 7, 9)."""
    return is_covered(paid=regime is not None, segregated=True, is_exempt=regime != Regime.THIRD_PARTY)


def forecast(session: Session, district_id: int, *, now: datetime) -> Forecast:
    """The next base date. Reads the balances, and eight weeks of the journal."""
    today, special = tokyo_day(now), special_on(session, district_id)
    regimes, on = _regimes(session, district_id), base_date_from(tokyo_day(now), special)
    start = day_bounds(today - TREND)[0]
    first = book.first_posting(session, district_id)
    flows = book.held_flows(session, district_id, start=start, end=now + timedelta(days=1), whole=False)
    held = [row for row in book.trial_balance(session, district_id) if row.role in book.HOLDERS and row.unit == 0]
    return Forecast(
        base_date=on,
        days_left=(on - today).days,
        unspent=sum(row.credit - row.debit for row in held if _covered(regimes.get(row.series_id))),
        change=sum(sum(each.within.values()) for series_id, each in flows.items() if _covered(regimes.get(series_id))),
        over_days=0 if first is None else min(TREND.days, max((today - tokyo_day(first)).days, 0)),
        secured=secured_on(session, district_id, deposit_due(on)),
    )


def unreported(session: Session, district_id: int, *, now: datetime) -> tuple[date, Frozen | None] | None:
    """The last base date on which anything under the law was running, with its report if somebody has made it; None: there was none."""
    day = base_date_before(tokyo_day(now), special_on(session, district_id))
    query = select(SeriesTerms.series_id).where(
        SeriesTerms.district_id == district_id, SeriesTerms.regime == Regime.THIRD_PARTY, SeriesTerms.first_issue <= day
    )
    first = book.first_posting(session, district_id)
    if session.scalars(query.limit(1)).first() is None or first is None or tokyo_day(first) > day:
        return None
    return day, frozen_on(session, district_id, day)


def _reports(session: Session, district_id: int, day: date | None = None) -> dict[date, Frozen]:
    query = select(BaseDateReport).where(BaseDateReport.district_id == district_id)
    rows = session.scalars(query if day is None else query.where(BaseDateReport.base_date == day)).all()
    names = nicknames(session, district_id, {row.made_by for row in rows}) if rows else {}
    return {
        row.base_date: Frozen(
            figures=BaseFigures.from_json(row.figures),
            log_size=row.log_size,
            log_root=row.log_root,
            last_transaction=row.last_transaction,
            made_by_name=names.get(row.made_by),
            made_at=row.made_at,
        )
        for row in rows
    }


def frozen_on(session: Session, district_id: int, day: date) -> Frozen | None:
    """The report of a base date; None: nobody has made it."""
    return _reports(session, district_id, day).get(day)


def holders_on(session: Session, who: Principal, day: date) -> Iterator[book.Holding]:
    """Who held how much at the end of a day, by number and without names (payment-law 17). That somebody asked is logged."""
    authorise(session, who, "association.list_holders", subject=f"holders:{day}")
    return book.holdings_before(session, who.district_id, day_bounds(day)[1])
