"""申し立て: a case about one payment, and what was said in it."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKeyConstraint, Identity, Index, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class Dispute(Base):
    """One case. `hold_proposal_id`, `outcome_proposal_id`: the newest that was laid before a second person. `refunded`: yen that its
    outcome gave back. What is held stands in the book, on an account of its own."""

    __tablename__ = "dispute"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    key: Mapped[UUID]
    transaction_id: Mapped[int]
    merchant_id: Mapped[int]
    person_id: Mapped[int]
    raised_by: Mapped[str] = mapped_column(Text)
    reason: Mapped[str] = mapped_column(Text)
    due_on: Mapped[date] = mapped_column(Date)
    complaint_id: Mapped[int | None]
    opened_by: Mapped[int]
    opened_at: Mapped[datetime]
    hold_proposal_id: Mapped[int | None]
    outcome_proposal_id: Mapped[int | None]
    outcome: Mapped[str | None] = mapped_column(Text)
    refunded: Mapped[int] = mapped_column(server_default=text("0"))
    closed_by: Mapped[int | None]
    closed_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("district_id", "key"),
        ForeignKeyConstraint(["district_id", "complaint_id"], ["register_entry.district_id", "register_entry.id"]),
        CheckConstraint("raised_by IN ('consumer', 'shop', 'association')", name="raised_by_is_known"),
        CheckConstraint("reason <> ''", name="something_is_said"),
        CheckConstraint("outcome IN ('shop', 'consumer', 'partly')", name="outcome_is_known"),
        CheckConstraint("(outcome IS NULL) = (closed_at IS NULL) AND (outcome IS NULL) = (closed_by IS NULL)", name="closed_means_decided"),
        CheckConstraint("refunded >= 0 AND (outcome IS NULL OR (outcome = 'shop') = (refunded = 0))", name="refunded_is_counted"),
        Index("one_open_dispute_a_payment", "district_id", "transaction_id", unique=True, postgresql_where=text("closed_at IS NULL")),
        Index("dispute_of_a_payment", "district_id", "transaction_id"),
        Index("dispute_of_a_shop", "district_id", "merchant_id"),
        Index("open_disputes", "district_id", "due_on", postgresql_where=text("closed_at IS NULL")),
    )


class DisputeNote(Base):
    """What somebody said or did. `is_told`: both sides read it. Never edited."""

    __tablename__ = "dispute_note"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    dispute_id: Mapped[int]
    said_by: Mapped[str] = mapped_column(Text)
    words: Mapped[str] = mapped_column(Text)
    is_told: Mapped[bool]
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "dispute_id"], ["dispute.district_id", "dispute.id"]),
        CheckConstraint("said_by IN ('consumer', 'shop', 'association')", name="said_by_is_known"),
        CheckConstraint("words <> ''", name="something_is_said"),
        Index("notes_of_a_dispute", "district_id", "dispute_id", "id"),
    )
