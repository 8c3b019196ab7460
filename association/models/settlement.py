"""換金: terms, runs, what was carried over and paid out."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, Date, ForeignKeyConstraint, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class SettlementTerms(Base):
    """換金の設定: one version of when a district closes its books, when it pays and what it charges. Never edited."""

    __tablename__ = "settlement_terms"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    closing: Mapped[str] = mapped_column(Text)
    weekday: Mapped[int]  # 0 is Monday; counts for weekly closing
    pay_after_days: Mapped[int]
    shift: Mapped[str] = mapped_column(Text)
    fee_bp: Mapped[int]  # hundredths of a percent
    registration_number: Mapped[str | None] = mapped_column(Text)
    set_by: Mapped[int]
    set_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("closing IN ('month_end', 'half_month', 'weekly')", name="closing_is_known"),
        CheckConstraint("weekday BETWEEN 0 AND 6", name="weekday_is_one"),
        CheckConstraint("pay_after_days BETWEEN 1 AND 90", name="pay_day_is_near"),
        CheckConstraint("shift IN ('next', 'previous')", name="shift_is_known"),
        CheckConstraint("fee_bp BETWEEN 0 AND 3000", name="fee_is_a_part"),
        CheckConstraint("registration_number ~ '^T[0-9]{13}$'", name="registration_number_has_its_form"),
    )


class SettlementRun(Base):
    """換金: one closing day put forward. `id` is its proposal in the book, from which the run's state is derived."""

    __tablename__ = "settlement_run"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True)
    closes_on: Mapped[date] = mapped_column(Date)
    attempt: Mapped[int]  # a run that was declined may be put forward again
    after: Mapped[date | None] = mapped_column(Date)  # the closing day before; None: the first run
    pay_on: Mapped[date] = mapped_column(Date)
    terms_version: Mapped[int]
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("district_id", "closes_on", "attempt"),
        ForeignKeyConstraint(["district_id", "terms_version"], ["settlement_terms.district_id", "settlement_terms.version"]),
        CheckConstraint("after < closes_on AND closes_on < pay_on", name="days_are_in_order"),
    )


class SettlementCarry(Base):
    """繰越: a shop whose takings stayed where they were, and why. `amount`: its payable at the closing, in yen."""

    __tablename__ = "settlement_carry"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int] = mapped_column(primary_key=True)
    merchant_id: Mapped[int] = mapped_column(primary_key=True)
    amount: Mapped[int]
    reason: Mapped[str] = mapped_column(Text)
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "run_id"], ["settlement_run.district_id", "settlement_run.id"]),
        CheckConstraint("reason IN ('nothing', 'suspended', 'closed', 'left_out')", name="reason_is_known"),
    )


class SettlementPayout(Base):
    """振込済み: somebody says that the bank has paid a run. `id` is the proposal that a second person confirms."""

    __tablename__ = "settlement_payout"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True)
    run_id: Mapped[int]
    paid_on: Mapped[date] = mapped_column(Date)
    __table_args__ = (ForeignKeyConstraint(["district_id", "run_id"], ["settlement_run.district_id", "settlement_run.id"]),)
