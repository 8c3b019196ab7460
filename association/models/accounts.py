"""会計: the chart of accounts and the fiscal year."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Text
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class ChartAccount(Base):
    """勘定科目 of a role, as a district has changed it. Every version stays; where there is none, `rules.accounts.DEFAULTS` hold."""

    __tablename__ = "chart_account"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    role: Mapped[str] = mapped_column(Text, primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    kind: Mapped[str] = mapped_column(Text)
    set_by: Mapped[int]
    set_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("number BETWEEN 1000 AND 9999", name="number_is_four_digits"),
        CheckConstraint("kind IN ('asset', 'liability', 'equity', 'income', 'expense')", name="kind_is_known"),
    )


class FiscalYear(Base):
    """In which month a district's fiscal year begins. Every version stays; where there is none, it is April."""

    __tablename__ = "fiscal_year"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    first_month: Mapped[int]
    set_by: Mapped[int]
    set_at: Mapped[datetime]
    __table_args__ = (CheckConstraint("first_month BETWEEN 1 AND 12", name="month_is_a_month"),)
