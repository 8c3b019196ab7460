"""募集を決める: to whom a campaign is sold, as part of what a second person approves."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy.orm import Session

from association.models import VoucherCall
from association.queries.calls.proofs import CODE_SECRET
from association.queries.lot_secrets import new_secret
from base.clock import day_bounds, tokyo_day

WAYS, PROOFS = ("eligible", "application"), ("none", "code", "list")


@dataclass(frozen=True, slots=True)
class NewCall:
    """`way`: eligible (whoever shows that they may) or application (a draw); `proof`: none, code or list. Days in Tokyo, both included.

    `draw_at`: the moment from which the sealed log's next checkpoint decides; `pay_days`: how long a winner has to pay.
    """

    way: str
    proof: str
    area: str
    first_day: date
    last_day: date
    draw_at: datetime | None = None
    pay_days: int | None = None

    def is_well(self, *, sale_first_day: date, sale_last_day: date, today: date) -> bool:
        """Whether it makes sense beside the days of the sale."""
        if self.way not in WAYS or self.proof not in PROOFS or not self.first_day <= self.last_day <= sale_last_day:
            return False
        if self.last_day < today:
            return False
        if self.way == "eligible":
            return self.proof != "none" and self.draw_at is None and self.pay_days is None
        return (
            self.draw_at is not None
            and self.pay_days is not None
            and 1 <= self.pay_days <= 90
            and self.draw_at >= day_bounds(self.last_day)[1]
            and self.last_day < sale_first_day
            and tokyo_day(self.draw_at) <= sale_last_day
        )


def write_call(session: Session, district_id: int, voucher_id: int, new: NewCall) -> None:
    """Beside the campaign's row, in its transaction."""
    names = ("way", "proof", "area", "first_day", "last_day", "draw_at", "pay_days")
    secret = new_secret(session, CODE_SECRET, district_id, voucher_id)
    values = {name: getattr(new, name) for name in names}
    session.add(VoucherCall(district_id=district_id, voucher_id=voucher_id, code_secret=secret, **values))
    session.flush()
