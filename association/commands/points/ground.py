"""What whoever gives points looks at: the programmes, their lots and campaigns, and what those have given so far."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from association.commands.points.earning import Ground
from association.commands.points.lots import keep_lots
from association.queries.point_campaigns import begun_campaigns, given_of
from association.queries.points import begun_programmes
from base.clock import tokyo_day

LATE = timedelta(days=62)
"""How long ago a payment may have been whose points are only given now, since the worker was away."""


def ground_of(session: Session, district_id: int, *, now: datetime) -> Ground:
    """Under the lock of points."""
    programmes = begun_programmes(session, district_id)
    known = keep_lots(session, district_id, programmes, now=now)
    by_month = {(each.programme_id, each.month): each for each in known}
    campaigns = begun_campaigns(session, district_id, since=tokyo_day(now - LATE))
    return Ground(district_id, tuple(programmes), tuple(campaigns), given_of(session, district_id, campaigns), by_month, now)
