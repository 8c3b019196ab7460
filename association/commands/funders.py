"""負担金の入金: a funder's money arrives for a coupon, vouchers, points or a benefit, or for all of them together by its bill."""

from __future__ import annotations

from sqlalchemy import text
from sqlalchemy.orm import Session

ONE_AT_A_TIME = text("SELECT pg_advisory_xact_lock(hashtextextended('association.funders', :district))")


def one_arrival_at_a_time(session: Session, district_id: int) -> None:
    """Until the database transaction ends, so that a bill and one campaign of it do not both book the same debt. The last lock taken."""
    session.execute(ONE_AT_A_TIME, {"district": district_id})
