"""商品券の申し込み of one consumer: what is open, what became of it, and what they wrote."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

import association.queries
from association.queries import MyCall
from identity.queries import Particulars, Principal
from wallet.queries.purses import reader


@dataclass(frozen=True, slots=True)
class OneCall:
    """`says`: what this consumer wrote when applying. `campaign`: the name under which the draw is published."""

    seen: MyCall
    says: Particulars | None
    campaign: str


def my_calls(session: Session, who: Principal, *, now: datetime) -> list[MyCall]:
    """All whose sale is not over; one small statement where there is none."""
    return association.queries.calls_for(session, who.district_id, reader(session, who), now=now)


def one_of_my_calls(session: Session, who: Principal, voucher_id: int, *, now: datetime) -> OneCall:
    """Raises CallUnknown."""
    person_id = reader(session, who)
    terms, _call = association.queries.one_call(session, who.district_id, voucher_id)
    seen = association.queries.my_call(session, who.district_id, terms, person_id, now=now)
    says = association.queries.particulars_of(session, who.district_id, [seen.application]) if seen.application else {}
    name = association.queries.campaign_name(session, who.district_id, voucher_id)
    return OneCall(seen, next(iter(says.values()), None), name)
