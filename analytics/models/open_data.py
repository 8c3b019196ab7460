"""オープンデータ: what was published, as it was, and who switched it on."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Identity, Text
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class OpenDataSwitch(Base):
    """Each time that somebody switched it on or off; the newest one holds."""

    __tablename__ = "open_data_switch"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    is_on: Mapped[bool]
    by_person: Mapped[int]
    made_at: Mapped[datetime]


class OpenDataFile(Base):
    """One table of one month, byte for byte. Never changed: who has downloaded it has what stands here."""

    __tablename__ = "open_data_file"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    month: Mapped[date] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    content: Mapped[bytes]
    digest: Mapped[bytes]
    withheld: Mapped[int]
    made_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("digest = sha256(content)", name="digest_is_of_content"),
        CheckConstraint("extract(day FROM month) = 1", name="month_is_its_first_day"),
    )
