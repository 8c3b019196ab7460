"""まとめて1枚の割り勘: one bill that several phones pay, one after the other, and the payments that one receipt tells of."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, text
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class SharedBill(Base):
    """A bill whose receipt is made by whoever pays last. `bill`: as a request keeps it; `coins`: the part of each phone, in yen.

    The rest of `total` is cash and card, as the bill says. Closed with its receipt, or given up where nothing of it is paid.
    """

    __tablename__ = "shared_bill"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[int]
    till_id: Mapped[int]
    staff_id: Mapped[int | None]
    total: Mapped[int]
    coins: Mapped[list[int]] = mapped_column(ARRAY(BIGINT))
    bill: Mapped[dict[str, Any]] = mapped_column(JSONB)
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    serial: Mapped[int | None]  # of its receipt, which that till numbers; None: none, or none yet

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "merchant_id"], ["merchant.district_id", "merchant.id"], name="shared_bill_merchant_fkey"),
        ForeignKeyConstraint(["district_id", "till_id"], ["till.district_id", "till.id"], name="shared_bill_till_fkey"),
        ForeignKeyConstraint(
            ["district_id", "till_id", "serial"],
            ["till_receipt.district_id", "till_receipt.till_id", "till_receipt.serial"],
            name="shared_bill_receipt_fkey",
        ),
        CheckConstraint("cardinality(coins) >= 1 AND 0 < ALL (coins)", name="every_phone_pays"),
        CheckConstraint("serial IS NULL OR closed_at IS NOT NULL", name="its_receipt_closes_it"),
        Index("shared_bills_of_a_shop", "district_id", "merchant_id", "opened_at", postgresql_where=text("closed_at IS NULL")),
    )


class SharedPart(Base):
    """What one phone has paid of a shared bill, in the paying transaction. Never edited.

    Yen: `amount` in all, `cash` of it over the counter beside the phone, `own` of it borne by the shop itself as a coupon (`own_coupon`:
    both its names). `paid`: its means, as the receipt will name them.
    """

    __tablename__ = "shared_part"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    transaction_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    shared_id: Mapped[UUID]
    amount: Mapped[int]
    cash: Mapped[int]
    own: Mapped[int]
    own_coupon: Mapped[list[str] | None] = mapped_column(JSONB(none_as_null=True))
    paid: Mapped[list[Any]] = mapped_column(JSONB)
    paid_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "shared_id"], ["shared_bill.district_id", "shared_bill.id"], name="shared_part_of_fkey"),
        CheckConstraint("amount > 0 AND least(cash, own) >= 0 AND cash + own <= amount", name="part_is_paid"),
        Index("parts_of_a_shared_bill", "district_id", "shared_id"),
    )


class ReceiptPayment(Base):
    """A payment that a receipt tells of beside the one that it was made with, or such a refund of a return slip. Never edited."""

    __tablename__ = "till_receipt_payment"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    transaction_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    till_id: Mapped[int]
    serial: Mapped[int]

    __table_args__ = (
        ForeignKeyConstraint(
            ["district_id", "till_id", "serial"],
            ["till_receipt.district_id", "till_receipt.till_id", "till_receipt.serial"],
            name="till_receipt_payment_of_fkey",
        ),
        Index("payments_of_a_receipt", "district_id", "till_id", "serial"),
    )
