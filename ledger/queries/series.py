"""Series and all their limits."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from ledger.errors import SeriesUnknown

VOUCHER = "voucher_"
"""How the code of every series of vouchers begins, and no other: so it is known without a question to the database."""
LOCAL = "_local"
"""How the code of the part for small shops goes on from the code of the series that it is bought together with."""
POINTS = "point_"
"""The same for points: one series a month's lot."""


@dataclass(frozen=True, slots=True)
class Series:
    """One kind of value and all its limits, in its unit. `valid_until`: the first moment at which it has ended.

    `stopped`: what the association holds up of it now (`paying`, `issuing`, `transfers`), if anything.
    """

    id: int
    code: str
    name: str
    name_en: str
    unit: str
    valid_from: datetime
    valid_until: datetime | None
    payment_max: int
    balance_max: int
    transfer_max: int
    ask_above: int
    pin_above: int
    new_device_max: int
    refund_cashier_max: int
    stopped: list[str] | None = field(default=None, hash=False)
    transfer_month_max: int = 0

    @property
    def passes_on(self) -> bool:
        """Whether one person may pass it on to another."""
        return self.transfer_max > 0 and self.transfer_month_max > 0

    @property
    def is_voucher(self) -> bool:
        """Whether it is sold at a price below its worth, and spent where its campaign says."""
        return self.code.startswith(VOUCHER)

    @property
    def bundle(self) -> str:
        """What is bought together, and given back together in proportion, has this in common; every other series is alone in it."""
        return self.code.removesuffix(LOCAL) if self.is_voucher else self.code

    def is_stopped(self, what: str) -> bool:
        """Whether the association holds up `paying`, `issuing` or `transfers` of it now."""
        return self.stopped is not None and what in self.stopped

    @property
    def is_points(self) -> bool:
        """Whether it is given for nothing, a month's lot of points."""
        return self.code.startswith(POINTS)

    @property
    def is_coin(self) -> bool:
        """Whether it is coin: sold at its worth, at the counter and by agents."""
        return self.unit == "yen" and not self.is_voucher and not self.is_points

    def is_valid(self, moment: datetime) -> bool:
        return self.valid_from <= moment and (self.valid_until is None or moment < self.valid_until)


COLUMNS = (
    "s.id, s.code, s.name, s.name_en, s.unit, s.valid_from, s.valid_until, s.payment_max, s.balance_max, s.transfer_max,"
    " s.ask_above, s.pin_above, s.new_device_max, s.refund_cashier_max, s.stopped, s.transfer_month_max"
)
KNOWN = "ledger.series"
SERIES = f"SELECT {COLUMNS} FROM ledger.series s WHERE s.district_id = :district_id"


def series(session: Session, district_id: int) -> list[Series]:
    """All series of the district, oldest first. A session reads them once."""
    known: dict[int, list[Series]] = session.info.setdefault(KNOWN, {})
    if district_id not in known:
        known[district_id] = [Series(*row) for row in session.execute(text(SERIES + " ORDER BY s.id"), {"district_id": district_id})]
    return list(known[district_id])


def running_series(session: Session, district_id: int, *, now: datetime) -> list[Series]:
    """Series that count yen, have begun and have not ended at `now`, oldest first."""
    return [one for one in series(session, district_id) if one.unit == "yen" and one.is_valid(now)]


def running_coins(session: Session, district_id: int, *, now: datetime) -> list[Series]:
    """Those of `running_series` that are coin: what top-ups, agents and codes give."""
    return [one for one in running_series(session, district_id, now=now) if one.is_coin]


def one_series(session: Session, district_id: int, series_id: int) -> Series:
    """Raises SeriesUnknown. A series that was opened since this session last read them is found, too."""
    for _ in range(2):
        for one in series(session, district_id):
            if one.id == series_id:
                return one
        session.info.pop(KNOWN, None)
    raise SeriesUnknown(series=series_id)


@dataclass(frozen=True, slots=True)
class Law:
    """The most that the limits of any series may be, in yen (payment-law 30, 31)."""

    payment_max: int
    balance_max: int
    transfer_max: int
    transfer_month_max: int


def law(session: Session) -> Law:
    """The law's limits, from the one row in which they stand."""
    return Law(*session.execute(text("SELECT payment_max, balance_max, transfer_max, transfer_month_max FROM ledger.law")).one())
