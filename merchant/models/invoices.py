"""What decides which invoice a till may print: the shop's registrations, and what the contract with the shops makes of its slip."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Identity, String
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class ShopRegistration(Base):
    """A 登録番号 that a shop has or had, with the days on which it holds, both included; None: from the first, to no last."""

    __tablename__ = "shop_registration"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    merchant_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)  # the newest is the highest
    number: Mapped[str] = mapped_column(String(14))
    first_day: Mapped[date | None]
    last_day: Mapped[date | None]

    __table_args__ = (
        ForeignKeyConstraint(
            ["district_id", "merchant_id"], ["merchant.district_id", "merchant.id"], name="shop_registration_merchant_fkey"
        ),
        CheckConstraint("number ~ '^T[0-9]{13}$'", name="number_has_its_form"),
        CheckConstraint("last_day >= first_day", name="ends_after_it_began"),
    )


class SettlementScheme(Base):
    """One version of what the contract with the shops is (invoice 32), and whether the till's slip for coin is a receipt for money. Never
    edited. `cleared_by`: the tax adviser who says that it is none."""

    __tablename__ = "settlement_scheme"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    scheme: Mapped[str] = mapped_column(String(12))
    counts_as_money_receipt: Mapped[bool]
    cleared_by: Mapped[str] = mapped_column(String(80))
    set_by: Mapped[int]
    set_at: Mapped[datetime]

    __table_args__ = (
        CheckConstraint("scheme IN ('unclear', 'agency', 'advance', 'assignment', 'assumption')", name="scheme_is_known"),
        CheckConstraint("counts_as_money_receipt OR (scheme <> 'unclear' AND cleared_by <> '')", name="no_receipt_is_cleared"),
    )
