"""台帳の再開: slips that prove what the book had before it was returned to an earlier moment."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Identity, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class PresentedReceipt(Base):
    """A slip that proves what the book had before it was returned to an earlier moment: the transaction's bytes, and the whole proof."""

    __tablename__ = "presented_receipt"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    transaction_id: Mapped[int]
    leaf_hash: Mapped[bytes]
    epoch: Mapped[int]  # of the checkpoint that proves it
    encoded: Mapped[bytes]
    proof: Mapped[str] = mapped_column(Text)
    presenter: Mapped[str] = mapped_column(Text)
    taken_by: Mapped[int]
    taken_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("district_id", "leaf_hash", name="is_presented_once"),
        CheckConstraint("presenter IN ('consumer', 'shop', 'other')", name="presenter_is_known"),
    )
