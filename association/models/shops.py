"""加盟店: who admitted which shop, and who sells coin."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Identity, Index, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class ShopAdmission(Base):
    """加盟店の承認: who put a shop forward and who decided. Never the same person."""

    __tablename__ = "shop_admission"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    merchant_id: Mapped[int] = mapped_column(primary_key=True)
    registered_by: Mapped[int]
    registered_at: Mapped[datetime]
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    admission_check: Mapped[str | None] = mapped_column(Text)  # what was looked at before admitting (payment-law 37)
    __table_args__ = (
        CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decision_is_whole"),
        CheckConstraint("decided_by <> registered_by", name="two_persons"),
    )


class AgentTerms(Base):
    """代理店: on which terms a shop sells coin for cash. They hold once their proposal is approved, until ended or replaced.

    `daily_max`: yen that it may sell on a day in Tokyo. Who approved stands with the proposal, in the book.
    """

    __tablename__ = "agent_terms"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    merchant_id: Mapped[int]
    daily_max: Mapped[int]
    proposal_id: Mapped[int]
    made_at: Mapped[datetime]
    ended_by: Mapped[int | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(Text)
    __table_args__ = (
        UniqueConstraint("district_id", "proposal_id"),
        CheckConstraint("daily_max >= 1", name="daily_max_is_positive"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL) AND (ended_at IS NULL) = (end_reason IS NULL)", name="end_is_whole"),
        Index("terms_of_a_shop", "district_id", "merchant_id", "id"),
    )
