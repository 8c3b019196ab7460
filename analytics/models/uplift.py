"""What each coupon and each campaign of points brought, as the newest night estimated it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Identity, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class InsightUplift(Base):
    """Of one coupon, in the whole district (`merchant_id` None) or at one of the few shops that it names, or of one campaign of points, in
    the district. Each night's takes the last one's place, until four weeks after its last day. `first_day`, `last_day`: from the first
    week looked at to the last one.
    """

    __tablename__ = "insight_uplift"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    coupon_id: Mapped[int | None]
    campaign_id: Mapped[int | None]
    merchant_id: Mapped[int | None]
    made_on: Mapped[date]
    made_at: Mapped[datetime]
    first_day: Mapped[date]
    last_day: Mapped[date]
    found: Mapped[dict[str, Any]] = mapped_column(JSONB)
    __table_args__ = (
        UniqueConstraint(
            "district_id", "coupon_id", "campaign_id", "merchant_id", name="insight_uplift_once_a_place", postgresql_nulls_not_distinct=True
        ),
        CheckConstraint("num_nonnulls(coupon_id, campaign_id) = 1", name="is_of_one_thing"),
    )
