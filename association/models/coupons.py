"""クーポン: terms, shares and drafts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Identity, Index, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class Funder(Base):
    """負担者: who pays for discounts besides the association and the shop, such as the town."""

    __tablename__ = "funder"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    created_by: Mapped[int]
    created_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("district_id", "name"),)


class Coupon(Base):
    """クーポン: the terms, written once and never edited; it lives once its proposal is approved. `id`: its series in the book.

    What was claimed and used, and what it cost, stands in the book alone.
    """

    __tablename__ = "coupon"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(40))
    amount_off: Mapped[int]  # yen, the most that a piece takes off
    percent: Mapped[int | None]  # of the bill; amount_off is its cap then
    min_spend: Mapped[int]  # yen of the bill before the discount
    first_day: Mapped[date]
    last_day: Mapped[date]
    valid_days: Mapped[int | None]  # from the day of receipt, that day included; never beyond last_day
    pieces: Mapped[int]
    per_person: Mapped[int]  # claims of one person, ever
    all_shops: Mapped[bool]
    shop_class: Mapped[str] = mapped_column(Text)  # of all shops: all, small, or trades
    trades: Mapped[list[str]] = mapped_column(ARRAY(Text))
    weekdays: Mapped[int]  # bits, Monday the lowest
    from_minute: Mapped[int]  # of Tokyo's day
    until_minute: Mapped[int]  # exclusive
    visit: Mapped[str | None] = mapped_column(String(8))  # first, again, pair
    within_days: Mapped[int | None]
    segment: Mapped[str | None] = mapped_column(String(8))  # regular, absent, or one of KEPT_SEGMENTS
    segment_days: Mapped[int | None]
    segment_trade: Mapped[str | None] = mapped_column(String(40))
    segment_without: Mapped[str | None] = mapped_column(String(40))  # a trade at which they have not paid in these days
    way: Mapped[str] = mapped_column(String(8))  # open, poster, receipt
    together: Mapped[bool]  # may stand on one bill with another that says so as well
    link_code: Mapped[str] = mapped_column(String(24))  # what the poster's link ends with
    lands_in: Mapped[int]  # the coin series in which shops get the discount
    key: Mapped[UUID]
    command_hash: Mapped[bytes]
    used_account_id: Mapped[int]  # frozen when the coupon is ended: the book itself then refuses it
    proposal_id: Mapped[int]
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    ended_by: Mapped[int | None]
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[str | None] = mapped_column(String(200))
    __table_args__ = (
        UniqueConstraint("district_id", "key"),
        UniqueConstraint("district_id", "proposal_id", name="coupon_proposal_is_of_one_coupon"),
        CheckConstraint("octet_length(command_hash) = 32", name="command_hash_is_sha256"),
        CheckConstraint("amount_off BETWEEN 1 AND 100000", name="something_is_off"),
        CheckConstraint("min_spend BETWEEN 1 AND 1000000 AND (percent IS NOT NULL OR min_spend > amount_off)", name="something_is_paid"),
        CheckConstraint("percent BETWEEN 1 AND 99", name="percent_is_a_part"),
        CheckConstraint("percent * min_spend >= 100", name="percent_of_least_is_a_yen"),
        CheckConstraint("weekdays BETWEEN 1 AND 127", name="some_weekday"),
        CheckConstraint("from_minute >= 0 AND from_minute < until_minute AND until_minute <= 1440", name="hours_go_forward"),
        CheckConstraint("visit IN ('first', 'again', 'pair')", name="visit_is_known"),
        CheckConstraint(
            "(COALESCE(visit, 'first') <> 'first') = (within_days IS NOT NULL) AND within_days BETWEEN 1 AND 365", name="visit_has_its_days"
        ),
        CheckConstraint("segment IN ('regular', 'absent', 'often', 'silent', 'once', 'new', 'unspent')", name="segment_is_known"),
        CheckConstraint(
            "(segment IS NOT NULL AND segment IN ('regular', 'absent')) = (segment_days IS NOT NULL) AND segment_days BETWEEN 1 AND 365",
            name="segment_has_its_days",
        ),
        CheckConstraint("segment_trade IS NULL OR segment = 'regular'", name="trade_is_a_regulars"),
        CheckConstraint("segment_without IS NULL OR segment = 'regular'", name="without_is_a_regulars"),
        CheckConstraint("segment_without <> segment_trade", name="without_is_another_trade"),
        CheckConstraint("way IN ('open', 'poster', 'receipt')", name="way_is_known"),
        CheckConstraint("way <> 'receipt' OR visit IN ('again', 'pair')", name="receipt_follows_a_visit"),
        UniqueConstraint("district_id", "link_code", name="coupon_link_code_is_of_one_coupon"),
        CheckConstraint("shop_class IN ('all', 'small', 'trades')", name="shop_class_is_known"),
        CheckConstraint("shop_class = 'all' OR all_shops", name="shops_are_named_once"),
        CheckConstraint("(shop_class = 'trades') = (cardinality(trades) > 0)", name="trades_are_whole"),
        CheckConstraint("last_day >= first_day", name="ends_after_it_begins"),
        CheckConstraint("valid_days IS NULL OR (valid_days BETWEEN 1 AND 365 AND per_person = 1)", name="valid_days_are_of_one_piece"),
        CheckConstraint("pieces BETWEEN 1 AND 1000000", name="pieces_are_counted"),
        CheckConstraint("per_person BETWEEN 1 AND pieces", name="nobody_gets_more_than_there_is"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL) AND (ended_at IS NULL) = (end_reason IS NULL)", name="end_is_whole"),
    )


class CouponShop(Base):
    """A shop at which a coupon that is not for all shops can be used."""

    __tablename__ = "coupon_shop"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    coupon_id: Mapped[int] = mapped_column(primary_key=True)
    merchant_id: Mapped[int] = mapped_column(primary_key=True)
    __table_args__ = (ForeignKeyConstraint(["district_id", "coupon_id"], ["coupon.district_id", "coupon.id"]),)


class CouponSource(Base):
    """A shop whose payment opens a coupon at other shops: the first of a pair."""

    __tablename__ = "coupon_source"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    coupon_id: Mapped[int] = mapped_column(primary_key=True)
    merchant_id: Mapped[int] = mapped_column(primary_key=True)
    __table_args__ = (ForeignKeyConstraint(["district_id", "coupon_id"], ["coupon.district_id", "coupon.id"]),)


class CouponShare(Base):
    """Who pays how much of one piece. Each payer but the shop has an account of its own for this coupon, so that the book
    itself says what the coupon has cost whom."""

    __tablename__ = "coupon_share"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    coupon_id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    payer: Mapped[str] = mapped_column(String(12))  # shop, association, funder
    funder_id: Mapped[int | None]
    percent: Mapped[int]
    amount: Mapped[int]  # yen of one piece
    account_id: Mapped[int | None]
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "coupon_id"], ["coupon.district_id", "coupon.id"]),
        ForeignKeyConstraint(["district_id", "funder_id"], ["funder.district_id", "funder.id"]),
        CheckConstraint("payer IN ('shop', 'association', 'funder')", name="payer_is_known"),
        CheckConstraint("(payer = 'funder') = (funder_id IS NOT NULL)", name="funder_is_named"),
        CheckConstraint("(payer = 'shop') = (account_id IS NULL)", name="shop_has_no_account"),
        CheckConstraint("percent BETWEEN 1 AND 100", name="percent_is_a_part"),
        CheckConstraint("amount >= 0", name="amount_is_no_debt"),
        Index("coupon_share_account", "district_id", "account_id", unique=True),
    )


class CouponDraft(Base):
    """What somebody has typed so far. `fields`: as typed and read, by name; `coupon_id`: what it became."""

    __tablename__ = "coupon_draft"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    fields: Mapped[dict[str, Any]] = mapped_column(JSONB)
    made_by: Mapped[int]
    saved_at: Mapped[datetime]
    coupon_id: Mapped[int | None]
