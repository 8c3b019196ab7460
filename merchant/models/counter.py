"""What a shop's side of the counter stores. Payments are not here: a shop's takings are the book's own entries."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Enum, ForeignKeyConstraint, Identity, Index, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class ShopState(StrEnum):
    """A shop applies, is approved, may be suspended for a while, and closes once."""

    applied = "applied"
    open = "open"
    suspended = "suspended"
    closed = "closed"


class StaffRole(StrEnum):
    """店主 and レジ担当."""

    owner = "owner"
    cashier = "cashier"


class RequestState(StrEnum):
    """An open request whose time is over counts as expired, swept or not."""

    open = "open"
    paid = "paid"
    cancelled = "cancelled"
    expired = "expired"


class OfferState(StrEnum):
    """What became of a customer's wish to pay a part in cash. A declined one is not asked again."""

    waiting = "waiting"
    taken = "taken"
    declined = "declined"


def _known(states: type[StrEnum], name: str) -> Enum:
    return Enum(
        states,
        name=name,
        native_enum=False,
        create_constraint=True,
        length=16,
        values_callable=lambda kind: [member.value for member in kind],
    )


class Merchant(Base):
    """加盟店. `id` is the owner of its payable accounts in the book; `public_number` is typed by people."""

    __tablename__ = "merchant"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    public_number: Mapped[str] = mapped_column(String(6))
    name: Mapped[str] = mapped_column(String(60))
    name_kana: Mapped[str] = mapped_column(String(80))
    name_en: Mapped[str] = mapped_column(String(80))
    trade: Mapped[str] = mapped_column(String(40))
    address: Mapped[str] = mapped_column(String(200))
    registration_number: Mapped[str | None] = mapped_column(String(14))
    state: Mapped[ShopState] = mapped_column(_known(ShopState, "state_is_known"))
    pseudonym_key: Mapped[bytes]
    created_at: Mapped[datetime]
    state_since: Mapped[datetime]
    pin_free: Mapped[bool] = mapped_column(default=False)  # the owner alone stands at its tills, without a PIN
    issues_receipts: Mapped[bool] = mapped_column(default=False)  # its tills do, and its old register does not
    size: Mapped[str] = mapped_column(String(8), default="small")  # 大型店 or 中小店: some vouchers are for small shops only

    __table_args__ = (
        UniqueConstraint("district_id", "public_number"),
        CheckConstraint("public_number ~ '^[0-9]{6}$'", name="public_number_is_six_digits"),
        CheckConstraint("name <> ''", name="name_is_given"),
        CheckConstraint("registration_number ~ '^T[0-9]{13}$'", name="registration_number_has_its_form"),
        CheckConstraint("octet_length(pseudonym_key) = 32", name="pseudonym_key_is_long"),
        CheckConstraint("size IN ('small', 'large')", name="size_is_known"),
    )


class MerchantTrade(Base):
    """業種 of a shop from `since` on. Never edited: figures of earlier months are told by what the trade was then."""

    __tablename__ = "merchant_trade"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    merchant_id: Mapped[int]
    since: Mapped[datetime]
    trade: Mapped[str] = mapped_column(String(40))

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "merchant_id"], ["merchant.district_id", "merchant.id"], name="merchant_trade_merchant_fkey"),
        Index("trades_of_a_shop", "district_id", "merchant_id", "since", "id"),
    )


class Till(Base):
    """端末: a tablet paired with a shop. Its secret, and who stands at it, live with identity."""

    __tablename__ = "till"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    merchant_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(40))
    paired_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "merchant_id"], ["merchant.district_id", "merchant.id"]),
        CheckConstraint("name <> ''", name="name_is_given"),
        Index("till_of_a_shop", "district_id", "merchant_id"),
    )


class PairCode(Base):
    """A code from the owner's page that pairs one tablet once, within minutes. Only its fingerprint is kept."""

    __tablename__ = "pair_code"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    fingerprint: Mapped[bytes] = mapped_column(primary_key=True)
    merchant_id: Mapped[int]
    till_name: Mapped[str] = mapped_column(String(40))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    till_id: Mapped[int | None]

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "merchant_id"], ["merchant.district_id", "merchant.id"]),
        ForeignKeyConstraint(["district_id", "till_id"], ["till.district_id", "till.id"]),
        CheckConstraint("octet_length(fingerprint) = 32", name="fingerprint_is_sha256"),
        CheckConstraint("(used_at IS NULL) = (till_id IS NULL)", name="used_means_paired"),
        Index("pair_code_of_a_shop", "district_id", "merchant_id"),
    )


class Staff(Base):
    """Who stands at a till. Their PIN lives with identity, where failures count on them and not on a tablet."""

    __tablename__ = "staff"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    merchant_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(40))
    role: Mapped[StaffRole] = mapped_column(_known(StaffRole, "role_is_known"))
    created_at: Mapped[datetime]
    left_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "merchant_id"], ["merchant.district_id", "merchant.id"]),
        CheckConstraint("name <> ''", name="name_is_given"),
        Index("staff_of_a_shop", "district_id", "merchant_id"),
    )


class PaymentRequest(Base):
    """お会計: what a till asks for. Open for minutes, paid at most once. Without a till: asked by a program.

    `later`: the text (rules/later.py) by which a tablet asked without the network; it is open for days, beside what the till asks now.

    The bill is `amount` + `cash`. A customer whose balance is short offers a part in coin; once the shop takes the
    offer, the request asks for that part, of that customer alone.
    """

    __tablename__ = "payment_request"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    key: Mapped[UUID]
    merchant_id: Mapped[int]
    till_id: Mapped[int | None]
    staff_id: Mapped[int | None]
    amount: Mapped[int]  # yen in coin; its upper limit is the series' and is checked when it is asked and when it is paid
    cash: Mapped[int] = mapped_column(default=0)  # yen that the shop takes beside it, outside the book
    offer: Mapped[int | None]  # yen in coin that a customer can give
    offered_by: Mapped[int | None]  # person
    offer_state: Mapped[OfferState | None] = mapped_column(_known(OfferState, "offer_state_is_known"))
    state: Mapped[RequestState] = mapped_column(_known(RequestState, "state_is_known"))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    transaction_id: Mapped[int | None]
    bill: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))  # what is sold, where the till makes a receipt of it
    later: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "merchant_id"], ["merchant.district_id", "merchant.id"]),
        ForeignKeyConstraint(["district_id", "till_id"], ["till.district_id", "till.id"]),
        ForeignKeyConstraint(["district_id", "staff_id"], ["staff.district_id", "staff.id"]),
        CheckConstraint("amount >= 1", name="amount_is_positive"),
        CheckConstraint("cash >= 0", name="cash_is_no_debt"),
        CheckConstraint("offer >= 1", name="offer_is_positive"),
        CheckConstraint("(offer IS NULL) = (offered_by IS NULL) AND (offer IS NULL) = (offer_state IS NULL)", name="offer_is_whole"),
        CheckConstraint("cash = 0 OR offered_by IS NOT NULL", name="cash_was_offered"),
        CheckConstraint(
            "expires_at > made_at"
            " AND expires_at <= made_at + CASE WHEN later IS NULL THEN interval '15 minutes' ELSE interval '30 days' END",
            name="life_is_short",
        ),
        CheckConstraint("later IS NULL OR length(later) BETWEEN 32 AND 320 AND till_id IS NOT NULL AND cash = 0", name="later_is_whole"),
        CheckConstraint("(state = 'paid') = (transaction_id IS NOT NULL)", name="paid_means_posted"),
        CheckConstraint("(state = 'open') = (closed_at IS NULL)", name="closed_has_its_moment"),
        UniqueConstraint("district_id", "key"),
        UniqueConstraint("district_id", "transaction_id"),
        Index("one_open_request_a_till", "district_id", "till_id", unique=True, postgresql_where=text("state = 'open' AND later IS NULL")),
        Index("open_request_of_a_shop", "district_id", "merchant_id", postgresql_where=text("state = 'open' AND later IS NULL")),
        Index("later_request_of_a_shop", "district_id", "merchant_id", text("made_at DESC"), postgresql_where=text("later IS NOT NULL")),
        Index("request_of_a_till", "district_id", "till_id", text("made_at DESC")),
        Index("payment_request_id", "id"),
    )


class StaticCode(Base):
    """The printed code on a counter: 128 random bits that lead to a shop. A renewed one ends the one before."""

    __tablename__ = "static_code"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[int]
    serial: Mapped[int]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "merchant_id"], ["merchant.district_id", "merchant.id"]),
        CheckConstraint("serial >= 1", name="serial_starts_at_one"),
        UniqueConstraint("district_id", "merchant_id", "serial"),
        Index("one_live_code_a_shop", "district_id", "merchant_id", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("static_code_id", "id"),
    )
