"""街頭の画面: who may see the sheets without signing in, by an address that only the screen knows."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Identity, String
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class Screen(Base):
    """`token_hash`: SHA-256 of what stands in its address. Ended once, never again alive."""

    __tablename__ = "signage_screen"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    token_hash: Mapped[bytes] = mapped_column(unique=True)
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (CheckConstraint("length(name) > 0", name="has_a_name"),)
