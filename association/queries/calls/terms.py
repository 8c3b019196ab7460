"""商品券の募集: who a campaign is for, and when people apply."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

import ledger.queries as book
from association.errors import CallUnknown
from association.models import VoucherCall
from association.queries.vouchers import VoucherTerms, one_voucher, voucher_terms
from base.clock import day_bounds
from identity.commands import authorise
from identity.queries import Principal


@dataclass(frozen=True, slots=True)
class Call:
    """募集 of a campaign. `way`: eligible or application; `proof`: none, code or list. Days in Tokyo, both included."""

    voucher_id: int
    way: str
    proof: str
    area: str
    first_day: date
    last_day: date
    draw_at: datetime | None
    pay_days: int | None

    @property
    def asks_names(self) -> bool:
        """Whether a phone must say who it is: whoever holds a purchase code need not."""
        return self.proof != "code"

    @property
    def closes(self) -> datetime:
        return day_bounds(self.last_day)[1]

    def is_open(self, now: datetime) -> bool:
        return day_bounds(self.first_day)[0] <= now < self.closes


def call_of(session: Session, district_id: int, voucher_id: int) -> Call | None:
    """None for a campaign that is sold to whoever comes. For doors that have asked already."""
    row = session.get(VoucherCall, (district_id, voucher_id))
    return None if row is None else _call(row)


def one_call(session: Session, district_id: int, voucher_id: int) -> tuple[VoucherTerms, Call]:
    """An approved campaign that people apply for. For doors that have asked already. Raises CallUnknown."""
    found, call = voucher_terms(session, district_id, [voucher_id]), call_of(session, district_id, voucher_id)
    if not found or call is None or found[0].units_series_id not in book.units(session, district_id):
        raise CallUnknown
    return found[0], call


def listed_call(session: Session, who: Principal, voucher_id: int) -> tuple[VoucherTerms, Call | None]:
    """A campaign and its call, approved or not, for the desk. Raises VoucherUnknown."""
    authorise(session, who, "association.read")
    return one_voucher(session, who.district_id, voucher_id), call_of(session, who.district_id, voucher_id)


def _call(row: VoucherCall) -> Call:
    return Call(row.voucher_id, row.way, row.proof, row.area, row.first_day, row.last_day, row.draw_at, row.pay_days)
