"""発行枠: what two people have let be created, and what of it is used."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import text
from sqlalchemy.orm import Session

from base.clock import tokyo_day


@dataclass(frozen=True, slots=True)
class Budget:
    """Yen that may be created in all, or in this calendar month in Tokyo, and what was. Of a soft one `used` may pass `most`."""

    most: int
    used: int

    @property
    def left(self) -> int:
        return max(self.most - self.used, 0)


ONE = text(
    "SELECT COALESCE(n.most, m.most) AS most, COALESCE(u.used, 0) AS used FROM ledger.mandate m"
    " LEFT JOIN LATERAL (SELECT o.most FROM ledger.mandate o JOIN ledger.decision d ON d.district_id = o.district_id"
    "     AND d.proposal_id = o.proposal_id AND d.approved WHERE o.district_id = m.district_id AND o.first_owner = m.first_owner"
    "     AND o.premium = m.premium ORDER BY o.proposal_id DESC LIMIT 1) n ON true"
    " LEFT JOIN ledger.mandate_use u ON u.district_id = m.district_id AND u.first_owner = m.first_owner"
    "     AND u.month = CASE m.per WHEN 'all' THEN DATE '1970-01-01' ELSE CAST(:month AS date) END"
    " WHERE m.district_id = :district_id AND m.proposal_id = :proposal_id"
)


def budget(session: Session, district_id: int, proposal_id: int, now: datetime) -> Budget:
    """The budget that this proposal asked for, as a later one may have changed it. It must have asked for one of points."""
    month: date = tokyo_day(now).replace(day=1)
    return Budget(*session.execute(ONE, {"district_id": district_id, "proposal_id": proposal_id, "month": month}).one())


CASH = text(
    "SELECT m.most, COALESCE((SELECT u.used FROM ledger.mandate_use u WHERE u.district_id = m.district_id AND u.first_owner = -1"
    "     AND u.month = CAST(:day AS date)), 0) AS used"
    " FROM ledger.mandate m JOIN ledger.decision d ON d.district_id = m.district_id AND d.proposal_id = m.proposal_id AND d.approved"
    " WHERE m.district_id = :district_id AND m.per = 'day' ORDER BY m.proposal_id DESC LIMIT 1"
)


def cash_budget(session: Session, district_id: int, now: datetime) -> Budget | None:
    """What may be topped up against cash on this day in Tokyo, and what was; None where two people have approved no limit."""
    row = session.execute(CASH, {"district_id": district_id, "day": tokyo_day(now)}).one_or_none()
    return None if row is None else Budget(row.most, row.used)
