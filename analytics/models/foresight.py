"""What insight keeps: each night's forecasts, and what somebody noted of a day."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Identity, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class InsightNote(Base):
    """メモ: what a day is or was, in a few words. `merchant_id` None: of the whole district. Never edited, only dropped."""

    __tablename__ = "insight_note"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    merchant_id: Mapped[int | None]
    kind: Mapped[str] = mapped_column(Text)
    first_day: Mapped[date]
    last_day: Mapped[date]
    words: Mapped[str] = mapped_column(Text)
    key: Mapped[UUID]
    command_hash: Mapped[bytes]
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    dropped_by: Mapped[int | None]
    dropped_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("district_id", "key", name="insight_note_once_a_key"),
        CheckConstraint("kind IN ('event', 'closed', 'rain', 'snow', 'heat', 'storm', 'other')", name="kind_is_known"),
        CheckConstraint("last_day BETWEEN first_day AND first_day + 61", name="ends_after_it_begins"),
        CheckConstraint("length(words) BETWEEN 1 AND 40", name="says_something"),
        CheckConstraint("(dropped_by IS NULL) = (dropped_at IS NULL)", name="dropped_by_somebody"),
        Index("insight_note_by_day", "district_id", "last_day"),
    )


class InsightForecast(Base):
    """What a night said of the 28 days from `made_on`. `merchant_id` None: of the whole district.

    `yen`, `people`: see `analytics.rules.keeping`. `hints`, `unusual`: sentences in Japanese, marked for translation, with what fills
    their gaps. `past`: yen of the 28 days before, of a shop; None on days of rest. `came`: people of the same days as the guard tells them,
    None where it does not, empty where too few shops took part. A year of them is kept, so that what was said can be held against what
    came.
    """

    __tablename__ = "insight_forecast"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    merchant_id: Mapped[int | None]
    made_on: Mapped[date]
    made_at: Mapped[datetime]
    yen: Mapped[dict[str, Any]] = mapped_column(JSONB)
    people: Mapped[dict[str, Any]] = mapped_column(JSONB)
    hints: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    past: Mapped[list[int | None]] = mapped_column(JSONB)
    came: Mapped[list[int | None]] = mapped_column(JSONB)
    unusual: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    __table_args__ = (
        UniqueConstraint("district_id", "merchant_id", "made_on", name="insight_forecast_once_a_day", postgresql_nulls_not_distinct=True),
    )
