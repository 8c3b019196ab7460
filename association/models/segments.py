"""Kinds of customers as the night sorted them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class Segment(Base):
    """One kind, and when its people were last found. The people stand in `segment_person`."""

    __tablename__ = "segment"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    sorted_at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(["district_id"], ["district.id"]),
        CheckConstraint("name IN ('often', 'silent', 'once', 'new', 'unspent')", name="name_is_known"),
    )


class SegmentPerson(Base):
    """Who belongs to it, until the next night. Says nothing that the book does not."""

    __tablename__ = "segment_person"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    person_id: Mapped[int] = mapped_column(primary_key=True)
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "name"], ["segment.district_id", "segment.name"]),
        Index("segments_of_a_person", "district_id", "person_id"),
    )
