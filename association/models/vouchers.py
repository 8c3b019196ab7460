"""商品券: campaigns, who pays the premium, and drafts."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Identity, Index, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class Voucher(Base):
    """プレミアム付商品券: one campaign, written once and never edited; it lives once its proposal is approved. `id`: its series.

    Of a campaign in two parts a unit is worth `face`: `local_face` of it stands in `local_series_id` and is for small shops (専用券), the
    rest in its own series (共通券).

    What was sold, used and expired, and what the premium has cost, stands in the book alone.
    """

    __tablename__ = "voucher"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    units_series_id: Mapped[int]  # counts the units on sale, as a coupon's series counts its pieces
    local_series_id: Mapped[int | None]
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(40))
    price: Mapped[int]  # yen that a unit costs
    face: Mapped[int]  # yen that it is worth
    local_face: Mapped[int]  # yen of it that only small shops take; 0: the campaign has one part
    units: Mapped[int]
    per_person: Mapped[int]  # units
    payment_max: Mapped[int | None]  # yen that one payment may take; None: all that one person has
    budget: Mapped[int]  # yen of premium that there is
    sale_first_day: Mapped[date]
    sale_last_day: Mapped[date]
    last_day: Mapped[date]  # of use
    regime: Mapped[str] = mapped_column(Text)
    shops: Mapped[str] = mapped_column(String(8))  # all, small, trades
    trades: Mapped[list[str]] = mapped_column(ARRAY(String(40)))
    unspent_to: Mapped[str] = mapped_column(String(12))  # who gets what buyers had paid and never used
    premium_account_id: Mapped[int]
    expired_account_id: Mapped[int]
    key: Mapped[UUID]
    command_hash: Mapped[bytes]
    proposal_id: Mapped[int]
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    looked_at: Mapped[datetime | None]  # when the worker last compared the premium with what was used
    __table_args__ = (
        UniqueConstraint("district_id", "key"),
        UniqueConstraint("district_id", "proposal_id", name="voucher_proposal_is_of_one_voucher"),
        CheckConstraint("octet_length(command_hash) = 32", name="command_hash_is_sha256"),
        CheckConstraint("price >= 1 AND face > price", name="premium_is_no_loss"),
        CheckConstraint("local_face >= 0 AND local_face < face", name="both_parts_are_worth_something"),
        CheckConstraint("(local_series_id IS NULL) = (local_face = 0)", name="local_part_has_a_series"),
        CheckConstraint("local_series_id IS NULL OR shops <> 'small'", name="local_part_is_told_apart"),
        CheckConstraint("units BETWEEN 1 AND 1000000", name="units_are_counted"),
        CheckConstraint("per_person BETWEEN 1 AND units", name="nobody_gets_more_than_there_is"),
        CheckConstraint("payment_max BETWEEN 1 AND face * per_person", name="payment_takes_something"),
        CheckConstraint("(face - price) * units <= budget", name="premium_is_in_the_budget"),
        CheckConstraint("sale_first_day <= sale_last_day AND sale_last_day <= last_day", name="days_are_in_order"),
        CheckConstraint("regime IN ('public_body', 'exempt', 'third_party')", name="regime_is_known"),
        CheckConstraint("shops IN ('all', 'small', 'trades') AND (shops = 'trades') = (cardinality(trades) > 0)", name="shops_are_known"),
        CheckConstraint("unspent_to IN ('association', 'funder')", name="unspent_goes_somewhere"),
        Index("voucher_local_series", "district_id", "local_series_id", unique=True),
    )


class VoucherShare(Base):
    """Who pays which part of the premium that was used. Each has an account of its own for this campaign."""

    __tablename__ = "voucher_share"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    voucher_id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    payer: Mapped[str] = mapped_column(String(12))  # association, funder
    funder_id: Mapped[int | None]
    percent: Mapped[int]
    account_id: Mapped[int]
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "voucher_id"], ["voucher.district_id", "voucher.id"]),
        ForeignKeyConstraint(["district_id", "funder_id"], ["funder.district_id", "funder.id"]),
        CheckConstraint("payer IN ('association', 'funder')", name="payer_is_known"),
        CheckConstraint("(payer = 'funder') = (funder_id IS NOT NULL)", name="funder_is_named"),
        CheckConstraint("percent BETWEEN 1 AND 100", name="percent_is_a_part"),
        Index("voucher_share_account", "district_id", "account_id", unique=True),
    )


class VoucherDraft(Base):
    """What somebody has typed so far. `fields`: as typed and read, by name; `voucher_id`: what it became."""

    __tablename__ = "voucher_draft"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    fields: Mapped[dict[str, Any]] = mapped_column(JSONB)
    made_by: Mapped[int]
    saved_at: Mapped[datetime]
    voucher_id: Mapped[int | None]
