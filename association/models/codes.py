"""チャージ券: batches and their codes."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKeyConstraint, Identity, Index, Integer, SmallInteger, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class CodeBatch(Base):
    """チャージ券の束: `pieces` codes of `face_value` yen each, redeemable to `last_day` in Tokyo. What is left of it stands in the book.

    `account_id`: the batch's own account. `paid_from`: the role that paid for it, to which a cancelled code goes back.
    `signs`: how many its codes have; `secret`: what they are spelled under, sealed, None of older ones.
    `cleared_at`: its last day is over and nothing is left of it.
    """

    __tablename__ = "code_batch"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    series_id: Mapped[int]
    account_id: Mapped[int]
    face_value: Mapped[int]
    pieces: Mapped[int] = mapped_column(Integer)
    paid_from: Mapped[str] = mapped_column(Text)
    last_day: Mapped[date] = mapped_column(Date)
    signs: Mapped[int] = mapped_column(SmallInteger)
    secret: Mapped[bytes | None]
    note: Mapped[str] = mapped_column(Text)
    proposal_id: Mapped[int]
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    cleared_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("district_id", "proposal_id"),
        CheckConstraint("face_value >= 1", name="face_value_is_positive"),
        CheckConstraint("pieces BETWEEN 1 AND 1000", name="pieces_are_few"),
        CheckConstraint("paid_from IN ('safe', 'bank', 'promotion')", name="paid_from_is_known"),
        CheckConstraint("signs IN (16, 20)", name="signs_are_known"),
    )


class TopUpCode(Base):
    """チャージ券, one of a batch: its fingerprint only. Redeemed once (`transaction_id`), expired (`expiry_id`), or laid down to be
    cancelled.

    `cancel_proposal_id`: the newest proposal to cancel it; while it waits the code cannot be redeemed, once declined it can.
    """

    __tablename__ = "top_up_code"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(primary_key=True)
    batch_id: Mapped[int]
    place: Mapped[int] = mapped_column(Integer)
    transaction_id: Mapped[int | None]
    cancel_proposal_id: Mapped[int | None]
    expiry_id: Mapped[int | None]
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "batch_id"], ["code_batch.district_id", "code_batch.id"]),
        UniqueConstraint("district_id", "batch_id", "place"),
        UniqueConstraint("district_id", "transaction_id"),
        CheckConstraint("transaction_id IS NULL OR expiry_id IS NULL", name="used_or_expired"),
        CheckConstraint("octet_length(fingerprint) = 32", name="fingerprint_is_sha256"),
        CheckConstraint("place >= 1", name="place_starts_at_one"),
        Index("top_up_code_fingerprint", "fingerprint"),
    )
