"""ポイント: programmes, who pays for them, a lot for each month, and how far the log was followed. What was given stands in the book."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Identity, Index, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class PointProgramme(Base):
    """How points are earned from `first_day` on; never edited, only ended. It lives once its proposal is approved: `begins_at`."""

    __tablename__ = "point_programme"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(40))
    rate_yen: Mapped[int]
    rate_points: Mapped[int]
    rounding: Mapped[str] = mapped_column(String(8))
    pending_days: Mapped[int]
    months: Mapped[int]  # a lot ends with so many months after its own
    first_day: Mapped[date]
    last_day: Mapped[date | None]  # of earning; None: until it is ended
    expired_to: Mapped[str] = mapped_column(String(12))  # payer, association
    monthly: Mapped[int]  # points that it may give in a calendar month, as proposed first: what holds stands in the book
    key: Mapped[UUID]
    command_hash: Mapped[bytes]
    proposal_id: Mapped[int]
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    begins_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None]
    __table_args__ = (
        UniqueConstraint("district_id", "key"),
        CheckConstraint("octet_length(command_hash) = 32", name="command_hash_is_sha256"),
        CheckConstraint("rate_yen BETWEEN 1 AND 100000 AND rate_points * 5 BETWEEN 5 AND rate_yen", name="rate_is_a_part"),
        CheckConstraint("rounding IN ('down', 'nearest', 'up')", name="rounding_is_known"),
        CheckConstraint("pending_days BETWEEN 1 AND 28", name="pending_ends_before_its_lot"),
        CheckConstraint("months BETWEEN 1 AND 24", name="months_are_few"),
        CheckConstraint("last_day >= first_day", name="days_are_in_order"),
        CheckConstraint("expired_to IN ('payer', 'association')", name="expired_goes_somewhere"),
        CheckConstraint("monthly BETWEEN 1 AND 100000000", name="monthly_is_some"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="end_has_a_hand"),
    )


class PointCampaign(Base):
    """Points on top of the rate's; never edited, only ended. It lives once its proposal is approved: `begins_at`. What it has given
    stands in the book, on the accounts of its shares."""

    __tablename__ = "point_campaign"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(40))
    extra: Mapped[int]  # per cent on top
    first_day: Mapped[date]
    last_day: Mapped[date]
    weekdays: Mapped[int]  # bits, Monday the lowest
    shops: Mapped[list[int] | None] = mapped_column(ARRAY(BigInteger))  # None: all
    shop_class: Mapped[str] = mapped_column(Text)  # of all shops: all, small, or trades
    trades: Mapped[list[str]] = mapped_column(ARRAY(Text))
    budget: Mapped[int]  # points on top in all: soft
    key: Mapped[UUID]
    command_hash: Mapped[bytes]
    proposal_id: Mapped[int]
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    begins_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None]
    __table_args__ = (
        UniqueConstraint("district_id", "key"),
        CheckConstraint("octet_length(command_hash) = 32", name="command_hash_is_sha256"),
        CheckConstraint("extra BETWEEN 10 AND 1900", name="extra_is_a_part"),
        CheckConstraint("last_day >= first_day", name="days_are_in_order"),
        CheckConstraint("weekdays BETWEEN 1 AND 127", name="weekdays_are_some"),
        CheckConstraint("cardinality(shops) > 0", name="shops_are_some"),
        CheckConstraint("shop_class IN ('all', 'small', 'trades')", name="shop_class_is_known"),
        CheckConstraint("shop_class = 'all' OR shops IS NULL", name="shops_are_named_once"),
        CheckConstraint("(shop_class = 'trades') = (cardinality(trades) > 0)", name="trades_are_whole"),
        CheckConstraint("budget BETWEEN 1 AND 100000000", name="budget_is_some"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="end_has_a_hand"),
    )


class PointEvent(Base):
    """Points for taking part, by a code on a poster; its terms are never edited. `taken` counts those who have, `answers` what they chose:
    who took part stands in the book alone, and who chose what stands nowhere."""

    __tablename__ = "point_event"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(40))
    points: Mapped[int]
    most: Mapped[int]  # people
    first_day: Mapped[date]
    last_day: Mapped[date]
    question: Mapped[str | None] = mapped_column(String(120))
    choices: Mapped[list[str]] = mapped_column(ARRAY(String(40)))
    answers: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    code: Mapped[str] = mapped_column(String(24))
    taken: Mapped[int]
    key: Mapped[UUID]
    command_hash: Mapped[bytes]
    proposal_id: Mapped[int]
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    begins_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ended_by: Mapped[int | None]
    __table_args__ = (
        UniqueConstraint("district_id", "key"),
        UniqueConstraint("district_id", "code", name="point_event_code_is_of_one_event"),
        CheckConstraint("octet_length(command_hash) = 32", name="command_hash_is_sha256"),
        CheckConstraint("points BETWEEN 1 AND 10000", name="points_are_few"),
        CheckConstraint("most BETWEEN 1 AND 100000 AND taken BETWEEN 0 AND most", name="nobody_comes_too_late"),
        CheckConstraint("last_day >= first_day", name="days_are_in_order"),
        CheckConstraint(
            "(question IS NULL) = (cardinality(choices) = 0) AND cardinality(answers) = cardinality(choices) AND cardinality(choices) <= 8",
            name="question_has_choices",
        ),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="end_has_a_hand"),
    )


class PointShare(Base):
    """Who pays which part of a programme's points, or of a campaign's on top. Each but the shop has an account of its own."""

    __tablename__ = "point_share"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    of: Mapped[str] = mapped_column(String(12), primary_key=True)  # programme, campaign, event
    of_id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    payer: Mapped[str] = mapped_column(String(12))  # association, funder, shop
    funder_id: Mapped[int | None]
    percent: Mapped[int]
    account_id: Mapped[int | None]
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "funder_id"], ["funder.district_id", "funder.id"]),
        CheckConstraint("of IN ('programme', 'campaign', 'event')", name="of_what_is_known"),
        CheckConstraint("payer IN ('association', 'funder', 'shop')", name="payer_is_known"),
        CheckConstraint("(payer = 'funder') = (funder_id IS NOT NULL)", name="funder_is_named"),
        CheckConstraint("(payer = 'shop') = (account_id IS NULL)", name="shop_pays_from_its_payable"),
        CheckConstraint("percent BETWEEN 1 AND 100", name="percent_is_a_part"),
        Index("point_share_account", "district_id", "account_id", unique=True),
    )


class PointLot(Base):
    """One month's points of a programme: a series of the book. `released_through`: payments up to this day have left pending;
    `release_after`: of the next day, accounts up to this one have. `closed_at`: nothing of it is left, what expired is shared."""

    __tablename__ = "point_lot"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    series_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    programme_id: Mapped[int]
    month: Mapped[date]
    expired_account_id: Mapped[int]
    released_through: Mapped[date]
    release_after: Mapped[int]
    closed_at: Mapped[datetime | None]
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "programme_id"], ["point_programme.district_id", "point_programme.id"]),
        UniqueConstraint("district_id", "programme_id", "month", name="point_lot_is_one_a_month"),
        CheckConstraint("extract(day FROM month) = 1", name="month_is_its_first_day"),
    )


class PointCursor(Base):
    """How far the sealed log of a district was followed: everything below `place` has earned what it earns."""

    __tablename__ = "point_cursor"
    district_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    place: Mapped[int]


class PointShortfall(Base):
    """Points that a refund should have taken back and that were spent already: nobody is asked for them."""

    __tablename__ = "point_shortfall"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    payment_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    programme_id: Mapped[int]
    points: Mapped[int]
    noted_at: Mapped[datetime]


class PointSkipped(Base):
    """What the book refused of a payment or refund: tried again until it is booked, or until somebody says in a `note` why it is not.

    `code`: of the last refusal; `done_by`: who settled it, None for the worker.
    """

    __tablename__ = "point_skipped"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    transaction_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    code: Mapped[str] = mapped_column(String(40))
    noted_at: Mapped[datetime]
    tries: Mapped[int]
    tried_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
    done_by: Mapped[int | None]
    note: Mapped[str | None] = mapped_column(String(200))
    __table_args__ = (
        CheckConstraint("note IS NULL OR (done_at IS NOT NULL AND done_by IS NOT NULL AND note <> '')", name="left_out_says_why"),
        Index("point_skipped_open", "district_id", "transaction_id", postgresql_where="done_at IS NULL"),
    )
