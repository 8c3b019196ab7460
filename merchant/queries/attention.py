"""見てほしいこと: what dark hours left for the owner to look at or to decide."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from merchant.queries.later import later_requests, unheard_later
from merchant.queries.till_logs import logs_of_shop
from merchant.queries.twins import twins_waiting

SOON = timedelta(days=3)
"""So long before its end an unpaid request is said to end soon."""


@dataclass(frozen=True, slots=True)
class ToLookAt:
    """`twins`: pairs that nobody has looked at; `waiting`: logs of which something is missing or may be; `unpaid`: requests that can still
    be paid, `unpaid_yen` in all, of which `ending` end soon; `unheard`: requests that must exist and have not arrived."""

    twins: int
    waiting: int
    unpaid: int
    unpaid_yen: int
    ending: int
    unheard: int

    def __bool__(self) -> bool:
        return bool(self.twins or self.waiting or self.unpaid or self.unheard)


def to_look_at(session: Session, district_id: int, merchant_id: int, *, now: datetime) -> ToLookAt:
    """Of one shop, at this moment."""
    unpaid = [row for row in later_requests(session, district_id, merchant_id, now=now) if row.state == "open"]
    return ToLookAt(
        twins=twins_waiting(session, district_id, merchant_id),
        waiting=sum(row.waits for row in logs_of_shop(session, district_id, merchant_id, now=now)),
        unpaid=len(unpaid),
        unpaid_yen=sum(row.amount for row in unpaid),
        ending=sum(row.expires_at - now <= SOON for row in unpaid),
        unheard=len(unheard_later(session, district_id, merchant_id, now=now)),
    )
