"""商品券の募集: to whom a campaign is sold, who applied, and the draw. Names and addresses are not here: they are contacts of identity."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, BIGINT
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


def _voucher() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["district_id", "voucher_id"], ["voucher.district_id", "voucher.id"])


class VoucherCall(Base):
    """募集: part of a campaign that is not sold to whoever comes first; written with it and never edited.

    `way`: eligible (each who shows that they may buys) or application (units are drawn among applications). `code_secret`: what its
    購入引換券 are spelled under, sealed; None of older ones.
    """

    __tablename__ = "voucher_call"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    voucher_id: Mapped[int] = mapped_column(primary_key=True)
    way: Mapped[str] = mapped_column(Text)
    proof: Mapped[str] = mapped_column(Text)  # none, code (購入引換券), list
    area: Mapped[str] = mapped_column(String(40))  # what an address must name; empty: any
    first_day: Mapped[date]
    last_day: Mapped[date]
    draw_at: Mapped[datetime | None]
    pay_days: Mapped[int | None]
    code_secret: Mapped[bytes | None]
    __table_args__ = (
        _voucher(),
        CheckConstraint("way IN ('eligible', 'application')", name="way_is_known"),
        CheckConstraint("proof IN ('none', 'code', 'list') AND (way = 'application' OR proof <> 'none')", name="proof_is_known"),
        CheckConstraint("first_day <= last_day", name="days_are_in_order"),
        CheckConstraint(
            "(way = 'application') = (draw_at IS NOT NULL) AND (way = 'application') = (pay_days IS NOT NULL)", name="draw_is_whole"
        ),
        CheckConstraint("pay_days BETWEEN 1 AND 90", name="payment_has_days"),
    )


class VoucherApplication(Base):
    """申し込み: one person's, by a number of its own in the campaign, from 1. It is never deleted: its contact is.

    `person_id`: whose wallet, None for paper until its holder comes to the counter. `resident_id`: whom of the list it is;
    `code_place`: which 購入引換券. `given`, `pay_until`, `rank`: from the draw.
    """

    __tablename__ = "voucher_application"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    voucher_id: Mapped[int] = mapped_column(primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    way: Mapped[str] = mapped_column(Text)  # phone, paper
    person_id: Mapped[int | None]
    contact_id: Mapped[UUID | None]
    units: Mapped[int]
    state: Mapped[str] = mapped_column(Text)  # checking, accepted, refused, withdrawn
    reason: Mapped[str | None] = mapped_column(Text)  # why it is looked at: double, unlisted; or why somebody refused it
    resident_id: Mapped[UUID | None]
    code_place: Mapped[int | None]
    key: Mapped[UUID]
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    decided_by: Mapped[int | None]
    decided_at: Mapped[datetime | None]
    rank: Mapped[int | None]
    given: Mapped[int | None]
    pay_until: Mapped[date | None]
    told_given: Mapped[int | None]  # units that the last letter told of; None: none was sent
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "voucher_id"], ["voucher_call.district_id", "voucher_call.voucher_id"]),
        UniqueConstraint("district_id", "key"),
        CheckConstraint("number >= 1 AND units >= 1", name="numbers_from_one"),
        CheckConstraint("way IN ('phone', 'paper')", name="way_is_known"),
        CheckConstraint("way = 'paper' OR person_id IS NOT NULL", name="phone_has_a_person"),
        CheckConstraint("state IN ('checking', 'accepted', 'refused', 'withdrawn')", name="state_is_known"),
        CheckConstraint("(decided_by IS NULL) = (decided_at IS NULL)", name="decision_is_whole"),
        CheckConstraint("given IS NULL OR (given BETWEEN 0 AND units AND rank >= 1)", name="draw_is_whole"),
        CheckConstraint("COALESCE(given, 0) = 0 OR pay_until IS NOT NULL", name="whoever_won_knows_until_when"),
        CheckConstraint("told_given BETWEEN 0 AND units", name="letter_tells_units"),
        Index(
            "letters_that_wait",
            "district_id",
            "voucher_id",
            postgresql_where=text("way = 'paper' AND state = 'accepted' AND given > COALESCE(told_given, -1)"),
        ),
        Index(
            "one_application_a_person",
            "district_id",
            "voucher_id",
            "person_id",
            unique=True,
            postgresql_where=text("person_id IS NOT NULL AND state <> 'withdrawn'"),
        ),
        Index(
            "one_application_a_resident",
            "district_id",
            "voucher_id",
            "resident_id",
            unique=True,
            postgresql_where=text("resident_id IS NOT NULL AND state IN ('checking', 'accepted')"),
        ),
        Index(
            "one_application_a_code",
            "district_id",
            "voucher_id",
            "code_place",
            unique=True,
            postgresql_where=text("code_place IS NOT NULL AND state IN ('checking', 'accepted')"),
        ),
    )


class VoucherResident(Base):
    """対象者: one line of an uploaded list, by its contact. `dropped_at`: taken out again, for `drop_reason`."""

    __tablename__ = "voucher_resident"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[UUID] = mapped_column(primary_key=True)
    voucher_id: Mapped[int]
    line: Mapped[int]
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    dropped_by: Mapped[int | None]
    dropped_at: Mapped[datetime | None]
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "voucher_id"], ["voucher_call.district_id", "voucher_call.voucher_id"]),
        CheckConstraint("(dropped_by IS NULL) = (dropped_at IS NULL)", name="drop_is_whole"),
        Index("voucher_resident_of_voucher", "district_id", "voucher_id", "line"),
    )


class PurchaseCode(Base):
    """購入引換券: how many units its holder may ask for. The code itself is derived when it is printed, and stands nowhere."""

    __tablename__ = "purchase_code"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(primary_key=True)  # keyed
    voucher_id: Mapped[int]
    place: Mapped[int]
    units: Mapped[int]
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    stopped_by: Mapped[int | None]
    stopped_at: Mapped[datetime | None]
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "voucher_id"], ["voucher_call.district_id", "voucher_call.voucher_id"]),
        UniqueConstraint("district_id", "voucher_id", "place"),
        CheckConstraint("octet_length(code_hash) = 32", name="code_hash_is_hmac"),
        CheckConstraint("units >= 1", name="units_are_counted"),
        CheckConstraint("(stopped_by IS NULL) = (stopped_at IS NULL)", name="stop_is_whole"),
    )


class VoucherDraw(Base):
    """抽選: the list as it was fixed, and then what decided. `after_size`: the newest checkpoint's when the list was fixed.

    `size`, `root`: the checkpoint that decided; None where there was enough for all. Once `drawn_at` is set, nothing here changes.
    """

    __tablename__ = "voucher_draw"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    voucher_id: Mapped[int] = mapped_column(primary_key=True)
    numbers: Mapped[list[int]] = mapped_column(ARRAY(BIGINT))
    wanted: Mapped[list[int]] = mapped_column(ARRAY(BIGINT))
    list_hash: Mapped[bytes]
    after_size: Mapped[int]
    fixed_by: Mapped[int | None]  # None: the worker, at the named moment
    fixed_at: Mapped[datetime]
    size: Mapped[int | None]
    root: Mapped[bytes | None]
    signed_at: Mapped[datetime | None]
    drawn_at: Mapped[datetime | None]
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "voucher_id"], ["voucher_call.district_id", "voucher_call.voucher_id"]),
        CheckConstraint("cardinality(numbers) = cardinality(wanted)", name="list_is_whole"),
        CheckConstraint("octet_length(list_hash) = 32 AND (root IS NULL OR octet_length(root) = 32)", name="hashes_are_sha256"),
        CheckConstraint("size > after_size", name="nobody_knew_it_before"),
        CheckConstraint(
            "num_nonnulls(size, root, signed_at) IN (0, 3) AND (size IS NULL OR drawn_at IS NOT NULL)", name="checkpoint_is_whole"
        ),
    )


class VoucherDrawRound(Base):
    """繰り上げ: what was given at one moment, round 1 by the draw itself. `kept_*`: who gave up units by then, and how many they kept."""

    __tablename__ = "voucher_draw_round"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    voucher_id: Mapped[int] = mapped_column(primary_key=True)
    round: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kept_numbers: Mapped[list[int]] = mapped_column(ARRAY(BIGINT))
    kept_units: Mapped[list[int]] = mapped_column(ARRAY(BIGINT))
    pay_until: Mapped[date]
    made_at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "voucher_id"], ["voucher_draw.district_id", "voucher_draw.voucher_id"]),
        CheckConstraint("round >= 1 AND cardinality(kept_numbers) = cardinality(kept_units)", name="round_is_whole"),
    )
