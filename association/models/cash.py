"""手元現金: whose drawer is whose, and what was counted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Identity, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class Drawer(Base):
    """手元現金: the cash that one clerk answers for. How much is in it stands in the book."""

    __tablename__ = "drawer"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    clerk_id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int]
    opened_at: Mapped[datetime]


class CashCount(Base):
    """金種の記録: what two hands counted, at the close of a drawer or, without a clerk, in the safe or on its way to the bank. Yen.

    `pieces`: notes and coins, as {"10000": 3}. `expected`: what the book said; None: on its way to the bank.
    `stays`: the float that was left in.
    """

    __tablename__ = "cash_count"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    key: Mapped[UUID]
    clerk_id: Mapped[int | None]
    counted_by: Mapped[int]
    counted_at: Mapped[datetime]
    pieces: Mapped[dict[str, int]] = mapped_column(JSONB)
    counted: Mapped[int]
    expected: Mapped[int | None]
    stays: Mapped[int | None]
    reason: Mapped[str] = mapped_column(Text)
    difference_id: Mapped[int | None]
    moved_id: Mapped[int | None]
    __table_args__ = (
        UniqueConstraint("district_id", "key"),
        CheckConstraint("counted_by <> clerk_id", name="two_persons"),
        CheckConstraint("(clerk_id IS NULL OR expected IS NOT NULL) AND (clerk_id IS NULL) = (stays IS NULL)", name="is_whole"),
        CheckConstraint("stays BETWEEN 0 AND counted", name="stays_of_what_was_counted"),
        CheckConstraint("(expected = counted) = (difference_id IS NULL)", name="difference_is_booked"),
        CheckConstraint("difference_id IS NULL OR reason <> ''", name="difference_has_a_reason"),
        Index("count_of_a_drawer", "district_id", "clerk_id", "id"),
        Index("count_of_a_movement", "district_id", "moved_id"),
    )
