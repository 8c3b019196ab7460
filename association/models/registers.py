"""記録簿: lines of complaints, incidents and contractors, and what was done about each. Never edited; a mistake is said in a note."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKeyConstraint, Identity, Index, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class RegisterEntry(Base):
    """One line. `facts`: the fields of its register (rules/registers.py). `key`: one for each intention."""

    __tablename__ = "register_entry"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    key: Mapped[UUID]
    register: Mapped[str] = mapped_column(Text)
    opened_on: Mapped[date] = mapped_column(Date)
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("district_id", "key"),
        CheckConstraint("register IN ('complaint', 'incident', 'contractor')", name="register_is_known"),
        Index("entries_of_a_register", "district_id", "register", "opened_on"),
    )


class RegisterNote(Base):
    """What was done. `closes`: with it the line is settled."""

    __tablename__ = "register_note"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    entry_id: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    closes: Mapped[bool] = mapped_column(Boolean)
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "entry_id"], ["register_entry.district_id", "register_entry.id"]),
        CheckConstraint("words <> ''", name="something_is_said"),
        Index("notes_of_an_entry", "district_id", "entry_id", "id"),
        Index("closed_once", "district_id", "entry_id", unique=True, postgresql_where=text("closes")),
    )
