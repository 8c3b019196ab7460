"""基準日: what secures the holders' money, the reports as they were made, and from when special base dates hold. Never edited."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKeyConstraint, Identity, LargeBinary, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class EvidenceFile(Base):
    """A certificate or a letter as it was handed in: a PDF or a picture."""

    __tablename__ = "evidence_file"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    media_type: Mapped[str] = mapped_column(Text)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    sha256: Mapped[bytes] = mapped_column(LargeBinary)
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    __table_args__ = (CheckConstraint("octet_length(sha256) = 32", name="hash_is_sha256"),)


class DepositSecurity(Base):
    """供託, 保全契約, 信託契約: what secures holders' money from one day to another. `last_day` None: until further notice."""

    __tablename__ = "deposit_security"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    kind: Mapped[str] = mapped_column(Text)
    amount: Mapped[int]
    counterparty: Mapped[str] = mapped_column(Text)
    certificate: Mapped[str] = mapped_column(Text)
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date)
    evidence_id: Mapped[int | None]
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "evidence_id"], ["evidence_file.district_id", "evidence_file.id"]),
        CheckConstraint("kind IN ('deposit', 'guarantee', 'trust')", name="kind_is_known"),
        CheckConstraint("amount > 0", name="is_worth_something"),
        CheckConstraint("last_day >= first_day", name="ends_after_it_begins"),
    )


class DepositSecurityEnd(Base):
    """That it ended earlier, or was a mistake: then its last day lies before its first."""

    __tablename__ = "deposit_security_end"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    security_id: Mapped[int] = mapped_column(primary_key=True)
    last_day: Mapped[date] = mapped_column(Date)
    reason: Mapped[str] = mapped_column(Text)
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "security_id"], ["deposit_security.district_id", "deposit_security.id"]),
        CheckConstraint("reason <> ''", name="reason_is_given"),
    )


class SpecialBaseDates(Base):
    """特例基準日: from when the district has four base dates, or two again. The newest version that holds on a day decides it."""

    __tablename__ = "special_base_dates"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    holds_from: Mapped[date] = mapped_column(Date)
    is_special: Mapped[bool] = mapped_column(Boolean)
    filed_on: Mapped[date] = mapped_column(Date)
    set_by: Mapped[int]
    set_at: Mapped[datetime]
    __table_args__ = (CheckConstraint("filed_on <= holds_from", name="filed_before_they_hold"),)


class BaseDateReport(Base):
    """基準日報告: the figures of a base date as they were reported, and the log that they were computed from."""

    __tablename__ = "base_date_report"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    base_date: Mapped[date] = mapped_column(Date, primary_key=True)
    figures: Mapped[dict[str, Any]] = mapped_column(JSONB)
    log_size: Mapped[int]
    log_root: Mapped[bytes] = mapped_column(LargeBinary)
    last_transaction: Mapped[int]
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    __table_args__ = (CheckConstraint("octet_length(log_root) = 32", name="root_is_sha256"),)


class Discontinuance(Base):
    """廃止: a coin that two people have ended, with the days that were announced (payment-law 27)."""

    __tablename__ = "discontinuance"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int]
    announced_on: Mapped[date] = mapped_column(Date)
    stops_on: Mapped[date] = mapped_column(Date)
    claims_until: Mapped[date] = mapped_column(Date)
    notice: Mapped[str] = mapped_column(Text)
    decided_by: Mapped[int]
    decided_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("claims_until - announced_on >= 60", name="sixty_days_to_claim"),
        CheckConstraint("stops_on > announced_on AND stops_on <= claims_until", name="stops_after_notice"),
    )


class DiscontinuanceEnd(Base):
    """除斥: that the procedure is closed, and what nobody claimed is excluded."""

    __tablename__ = "discontinuance_end"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(primary_key=True)
    proposal_id: Mapped[int]
    decided_by: Mapped[int]
    decided_at: Mapped[datetime]
    __table_args__ = (ForeignKeyConstraint(["district_id", "series_id"], ["discontinuance.district_id", "discontinuance.series_id"]),)
