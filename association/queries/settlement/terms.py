"""換金の設定: when books are closed, when shops are paid, and what it costs them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from association.errors import SettlementTermsMissing
from association.models import SettlementTerms
from association.queries.settlement.transfers import holidays
from association.rules.bank_days import IsHoliday
from association.rules.settlement import Closing, Shift, is_closing_day, pay_day
from identity.commands import authorise
from identity.queries import Principal, nicknames


@dataclass(frozen=True, slots=True)
class Terms:
    """換金の設定 that hold now. `fee_bp`: hundredths of a percent of what is paid; `weekday`: 0 is Monday."""

    version: int
    closing: Closing
    weekday: int
    pay_after_days: int
    shift: Shift
    fee_bp: int
    registration_number: str | None
    set_by: int
    set_at: datetime
    is_holiday: IsHoliday

    def pays_on(self, closes_on: date) -> date:
        """振込日 of a closing day: a bank day."""
        return pay_day(closes_on, self.pay_after_days, self.shift, self.is_holiday)

    def closes(self, day: date) -> bool:
        return is_closing_day(day, self.closing, self.weekday, self.is_holiday)


def terms(session: Session, district_id: int) -> Terms | None:
    """The version that holds now, or None before the first."""
    query = select(SettlementTerms).where(SettlementTerms.district_id == district_id).order_by(SettlementTerms.version.desc()).limit(1)
    row = session.scalars(query).one_or_none()
    return None if row is None else as_terms(row, holidays(session, district_id))


def needed_terms(session: Session, district_id: int) -> Terms:
    """Raises SettlementTermsMissing."""
    found = terms(session, district_id)
    if found is None:
        raise SettlementTermsMissing
    return found


def terms_history(session: Session, who: Principal) -> list[tuple[Terms, str | None]]:
    """Every version with the name of who set it, newest first."""
    authorise(session, who, "association.read")
    query = select(SettlementTerms).where(SettlementTerms.district_id == who.district_id).order_by(SettlementTerms.version.desc())
    known = holidays(session, who.district_id)
    found = [as_terms(row, known) for row in session.scalars(query)]
    names = nicknames(session, who.district_id, {each.set_by for each in found}) if found else {}
    return [(each, names.get(each.set_by)) for each in found]


def as_terms(row: SettlementTerms, is_holiday: IsHoliday) -> Terms:
    return Terms(
        version=row.version,
        closing=Closing(row.closing),
        weekday=row.weekday,
        pay_after_days=row.pay_after_days,
        shift=Shift(row.shift),
        fee_bp=row.fee_bp,
        registration_number=row.registration_number,
        set_by=row.set_by,
        set_at=row.set_at,
        is_holiday=is_holiday,
    )
