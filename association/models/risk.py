"""Findings that somebody should look at, what was said to each, the limits as they were set, and shops that were stopped."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Identity, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class RiskFinding(Base):
    """One pattern of one subject. `figure`: as it was last seen; `answered`: as it was when somebody answered."""

    __tablename__ = "risk_finding"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    rule: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    figure: Mapped[int]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    first_at: Mapped[datetime]
    last_at: Mapped[datetime]
    state: Mapped[str] = mapped_column(Text)
    answered: Mapped[int | None]
    __table_args__ = (
        UniqueConstraint("district_id", "rule", "subject", name="risk_finding_once_a_subject"),
        CheckConstraint("state IN ('new', 'seen', 'explained', 'acted')", name="state_is_known"),
    )


class RiskNote(Base):
    """What became of a finding, when and by whom; None: by a rule that saw it grow. Never edited."""

    __tablename__ = "risk_note"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    finding_id: Mapped[int]
    state: Mapped[str] = mapped_column(Text)
    figure: Mapped[int]
    words: Mapped[str] = mapped_column(Text)
    made_by: Mapped[int | None]
    made_at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "finding_id"], ["risk_finding.district_id", "risk_finding.id"]),
        Index("risk_note_of_finding", "district_id", "finding_id"),
    )


class RiskThreshold(Base):
    """A limit of a rule as the administrator set it; the newest holds. Never edited."""

    __tablename__ = "risk_threshold"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    rule: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    value: Mapped[int]
    set_by: Mapped[int]
    set_at: Mapped[datetime]


class ShopStop(Base):
    """Who stopped a shop, when and why: another person lets it go again. Never edited."""

    __tablename__ = "shop_stop"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    merchant_id: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    stopped_by: Mapped[int]
    stopped_at: Mapped[datetime]
    __table_args__ = (Index("shop_stop_of_merchant", "district_id", "merchant_id", "id"),)
