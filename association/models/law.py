"""What the law was told, and what a series is in law."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, Date, ForeignKeyConstraint, Text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class IssuerNotice(Base):
    """資金決済法に基づく表示: one published version of what users must be told. Never edited (payment-law 21–23)."""

    __tablename__ = "issuer_notice"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    published_by: Mapped[int]
    published_at: Mapped[datetime]
    issuer_name: Mapped[str] = mapped_column(Text)
    public_body: Mapped[bool] = mapped_column(Boolean)
    registration_number: Mapped[str | None] = mapped_column(Text)
    registered_on: Mapped[date | None] = mapped_column(Date)
    address: Mapped[str] = mapped_column(Text)
    contact: Mapped[str] = mapped_column(Text)
    places: Mapped[str] = mapped_column(Text)
    cautions: Mapped[str] = mapped_column(Text)
    terms: Mapped[str] = mapped_column(Text)
    security: Mapped[str] = mapped_column(Text)
    loss_policy: Mapped[str] = mapped_column(Text)
    english: Mapped[dict[str, str]] = mapped_column(JSONB, default=dict)  # the same texts by name, as far as there are any
    __table_args__ = (CheckConstraint("(registration_number IS NULL) = (registered_on IS NULL)", name="registration_is_whole"),)


class SeriesTerms(Base):
    """What a series is in law, judged when it was made."""

    __tablename__ = "series_terms"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(primary_key=True)
    first_issue: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date | None] = mapped_column(Date)
    regime: Mapped[str] = mapped_column(Text)
    notice_version: Mapped[int]
    created_by: Mapped[int]
    created_at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "notice_version"], ["issuer_notice.district_id", "issuer_notice.version"]),
        CheckConstraint("regime IN ('public_body', 'exempt', 'third_party')", name="regime_is_known"),
        CheckConstraint("last_day >= first_issue", name="ends_after_it_begins"),
        CheckConstraint("regime <> 'exempt' OR last_day IS NOT NULL", name="exempt_series_ends"),
    )


class SeriesExpiry(Base):
    """An ended series of which nobody holds anything any more: the worker need not look again."""

    __tablename__ = "series_expiry"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(primary_key=True)
    cleared_at: Mapped[datetime]
