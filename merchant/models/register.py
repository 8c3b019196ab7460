"""What the register stores: articles, how a shop's tills count, their receipts, and bills that wait."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Identity, Index, SmallInteger, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class Article(Base):
    """品目: what a press on the till sells. One that is over stays, for the receipts that name it."""

    __tablename__ = "article"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    merchant_id: Mapped[int]
    key: Mapped[UUID]
    name: Mapped[str] = mapped_column(String(60))
    reading: Mapped[str] = mapped_column(String(80))
    category: Mapped[str] = mapped_column(String(30))
    price: Mapped[int | None]  # yen; None: typed at the till
    tax_inside: Mapped[bool]
    rate: Mapped[int] = mapped_column(SmallInteger)  # percent
    eat_in: Mapped[bool]  # of a reduced article: eaten here, the standard rate applies
    eat_in_price: Mapped[int | None]
    barcode: Mapped[str | None] = mapped_column(String(13))
    place: Mapped[int]  # order on the till, small first
    next_day: Mapped[date | None]  # in Tokyo; from its midnight on the three below hold, each None where it stays as it is
    next_price: Mapped[int | None]
    next_rate: Mapped[int | None] = mapped_column(SmallInteger)
    next_eat_in_price: Mapped[int | None]
    made_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "merchant_id"], ["merchant.district_id", "merchant.id"], name="article_merchant_fkey"),
        UniqueConstraint("district_id", "key", name="article_district_id_key_key"),
        CheckConstraint("name <> ''", name="name_is_given"),
        CheckConstraint("rate IN (0, 8, 10)", name="rate_is_known"),
        CheckConstraint("price BETWEEN 0 AND 9999999 AND eat_in_price BETWEEN 0 AND 9999999", name="price_is_seven_digits"),
        CheckConstraint("NOT eat_in OR rate = 8", name="eat_in_raises_the_reduced_rate"),
        CheckConstraint("eat_in_price IS NULL OR (eat_in AND price IS NOT NULL)", name="eat_in_price_has_its_rate"),
        CheckConstraint("barcode ~ '^([0-9]{8}|[0-9]{13})$'", name="barcode_is_jan"),
        CheckConstraint(
            "(next_day IS NULL) = (num_nonnulls(next_price, next_rate, next_eat_in_price) = 0)", name="a_day_changes_something"
        ),
        CheckConstraint("next_rate IN (0, 8, 10)", name="next_rate_is_known"),
        CheckConstraint("next_price BETWEEN 0 AND 9999999 AND next_eat_in_price BETWEEN 0 AND 9999999", name="next_price_is_seven_digits"),
        Index("one_article_a_barcode", "district_id", "merchant_id", "barcode", unique=True, postgresql_where=text("ended_at IS NULL")),
        Index("articles_of_a_shop", "district_id", "merchant_id", "place", "id", postgresql_where=text("ended_at IS NULL")),
    )


class ArticlePicture(Base):
    """What an article looks like: a JPEG that was drawn anew, small enough for a tile. `digest`: SHA-256 of it."""

    __tablename__ = "article_picture"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    article_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[bytes]
    content: Mapped[bytes]

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "article_id"], ["article.district_id", "article.id"], name="article_picture_article_fkey"),
        CheckConstraint("octet_length(content) BETWEEN 1 AND 65536 AND octet_length(digest) = 32", name="is_small"),
    )


class RegisterSettings(Base):
    """How a shop's tills count and what stands on its receipts. Without a row it is as most shops have it."""

    __tablename__ = "register_settings"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    merchant_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    tax_inside: Mapped[bool]
    rounding: Mapped[str] = mapped_column(String(8))
    phone: Mapped[str] = mapped_column(String(30))
    keypad_name: Mapped[str] = mapped_column(String(30))  # what an amount without articles is called
    keypad_rate: Mapped[int] = mapped_column(SmallInteger)
    bag_name: Mapped[str] = mapped_column(String(30))
    bag_price: Mapped[int]  # 0: no key for a bag
    next_day: Mapped[date | None]  # in Tokyo; from its midnight on the two below hold, each None where it stays as it is
    next_keypad_rate: Mapped[int | None] = mapped_column(SmallInteger)
    next_bag_price: Mapped[int | None]
    code_till: Mapped[int | None]  # numbers the receipts of payments by the printed code; None: these have none
    changed_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(
            ["district_id", "merchant_id"], ["merchant.district_id", "merchant.id"], name="register_settings_merchant_fkey"
        ),
        ForeignKeyConstraint(["district_id", "code_till"], ["till.district_id", "till.id"], name="register_settings_code_till_fkey"),
        CheckConstraint("rounding IN ('floor', 'half_up', 'ceil')", name="rounding_is_known"),
        CheckConstraint("keypad_rate IN (0, 8, 10)", name="keypad_rate_is_known"),
        CheckConstraint("bag_price BETWEEN 0 AND 1000", name="bag_is_cheap"),
        CheckConstraint("(next_day IS NULL) = (num_nonnulls(next_keypad_rate, next_bag_price) = 0)", name="a_day_changes_something"),
        CheckConstraint("next_keypad_rate IN (0, 8, 10)", name="next_keypad_rate_is_known"),
        CheckConstraint("next_bag_price BETWEEN 0 AND 1000", name="next_bag_is_cheap"),
    )


class TillReceipt(Base):
    """レシート or 返品伝票, numbered by its till without a gap, in series (rules/slip.py; a trigger sees to it). Never edited: what is
    wrong is given back.

    Yen: `total` = `cash` + `card` + `book`, what went into the till or, of a return, out of it. `content`: all that it says.
    `before`, `digest`: the chain over the till's receipts. `categories`: of each line the shop's own 分類 at that time, pieces and yen,
    which no paper says; None for receipts of before it was kept.
    """

    __tablename__ = "till_receipt"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    till_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    serial: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    merchant_id: Mapped[int]
    key: Mapped[UUID]
    command_hash: Mapped[bytes]
    kind: Mapped[str] = mapped_column(String(8))
    made_at: Mapped[datetime]
    staff_id: Mapped[int | None]
    total: Mapped[int]
    tax: Mapped[int]
    cash: Mapped[int]
    card: Mapped[int]
    book: Mapped[int]
    transaction_id: Mapped[int | None]
    of_till: Mapped[int | None]
    of_serial: Mapped[int | None]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    before: Mapped[bytes | None]
    digest: Mapped[bytes]
    categories: Mapped[list[Any] | None] = mapped_column(JSONB(none_as_null=True))

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "till_id"], ["till.district_id", "till.id"], name="till_receipt_till_fkey"),
        ForeignKeyConstraint(["district_id", "merchant_id"], ["merchant.district_id", "merchant.id"], name="till_receipt_merchant_fkey"),
        ForeignKeyConstraint(
            ["district_id", "of_till", "of_serial"],
            ["till_receipt.district_id", "till_receipt.till_id", "till_receipt.serial"],
            name="till_receipt_of_fkey",
        ),
        UniqueConstraint("district_id", "key", name="till_receipt_district_id_key_key"),
        UniqueConstraint("district_id", "transaction_id", name="one_receipt_a_payment"),
        CheckConstraint("kind IN ('sale', 'return')", name="kind_is_known"),
        CheckConstraint(
            "(kind = 'return') = (of_serial IS NOT NULL) AND (of_till IS NULL) = (of_serial IS NULL)", name="return_names_its_sale"
        ),
        CheckConstraint("total = cash + card + book AND least(cash, card, book, tax) >= 0", name="is_paid_whole"),
        CheckConstraint(
            "book = 0 OR transaction_id IS NOT NULL OR content ? 'corrects' OR content->'of' ? 'corrected'", name="book_has_its_payment"
        ),
        CheckConstraint("octet_length(digest) = 32 AND octet_length(before) = 32", name="digests_are_sha256"),
        CheckConstraint("(mod(serial, 1000000000) = 1) = (before IS NULL)", name="first_has_none_before"),
        Index(
            "sums_of_receipts",
            "district_id",
            "merchant_id",
            "made_at",
            postgresql_include=["kind", "cash", "card", "book", "staff_id", "till_id"],
        ),
        Index("receipts_by_amount", "district_id", "merchant_id", "total", "made_at"),
        Index("returns_of_a_receipt", "district_id", "of_till", "of_serial", postgresql_where=text("kind = 'return'")),
    )


class TillReceiptCopy(Base):
    """A paper that was made of a receipt: the first of its kind is the original, what follows is marked 再発行. Never edited."""

    __tablename__ = "till_receipt_copy"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    till_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    serial: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    kind: Mapped[str] = mapped_column(String(12), primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    key: Mapped[UUID]
    addressee: Mapped[str] = mapped_column(String(60))
    purpose: Mapped[str] = mapped_column(String(60))
    staff_id: Mapped[int | None]
    made_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(
            ["district_id", "till_id", "serial"],
            ["till_receipt.district_id", "till_receipt.till_id", "till_receipt.serial"],
            name="till_receipt_copy_of_fkey",
        ),
        UniqueConstraint("district_id", "key", name="till_receipt_copy_district_id_key_key"),
        CheckConstraint("kind IN ('paper', 'ryoshusho')", name="kind_is_known"),
        Index("named_receipts", "district_id", "till_id", "serial", postgresql_where=text("addressee <> ''")),
    )


class HeldBill(Base):
    """A bill that waits at the shop until somebody goes on with it, at whichever of its tills: a table's tab. Taken once."""

    __tablename__ = "held_bill"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    merchant_id: Mapped[int]
    name: Mapped[str] = mapped_column(String(20))
    total: Mapped[int]
    content: Mapped[dict[str, Any]] = mapped_column(JSONB)
    till_id: Mapped[int]
    held_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]
    taken_key: Mapped[UUID | None]

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "merchant_id"], ["merchant.district_id", "merchant.id"], name="held_bill_merchant_fkey"),
        ForeignKeyConstraint(["district_id", "till_id"], ["till.district_id", "till.id"], name="held_bill_till_fkey"),
        CheckConstraint("(taken_at IS NULL) = (taken_key IS NULL)", name="taken_is_whole"),
        Index("held_bills_of_a_shop", "district_id", "merchant_id", "held_at", postgresql_where=text("taken_at IS NULL")),
    )


class TillDrawerEvent(Base):
    """What happened to a till's drawer besides its receipts: opened with a float, cash put in or taken out, coin sold, counted, closed.

    A close is report number `report` of this till and covers its receipts up to `to_serial`; `content`: all that it says. `amount`:
    the float, what was moved, or what was counted, in yen. Never edited.
    """

    __tablename__ = "till_drawer_event"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    till_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    merchant_id: Mapped[int]
    key: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(8))
    amount: Mapped[int]
    reason: Mapped[str] = mapped_column(String(80))
    staff_id: Mapped[int | None]
    made_at: Mapped[datetime]
    report: Mapped[int | None]
    to_serial: Mapped[int | None]
    to_entry: Mapped[int | None]  # the last entry of the till's logs that the close covers; None: none had come yet
    content: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    expected: Mapped[int | None]  # of a count in the middle of the day: what should have been there, in yen

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "till_id"], ["till.district_id", "till.id"], name="till_drawer_event_till_fkey"),
        ForeignKeyConstraint(
            ["district_id", "merchant_id"], ["merchant.district_id", "merchant.id"], name="till_drawer_event_merchant_fkey"
        ),
        UniqueConstraint("district_id", "key", name="till_drawer_event_district_id_key_key"),
        UniqueConstraint("district_id", "till_id", "report", name="one_report_a_number"),
        CheckConstraint("kind IN ('open', 'in', 'out', 'coin_in', 'coin_out', 'count', 'close')", name="kind_is_known"),
        CheckConstraint("(kind = 'count') = (expected IS NOT NULL)", name="a_count_has_its_expected"),
        CheckConstraint("amount >= 0", name="amount_is_no_debt"),
        CheckConstraint("kind NOT IN ('in', 'out') OR (reason <> '' AND amount > 0)", name="cash_moves_for_a_reason"),
        CheckConstraint(
            "(kind = 'close') = (report IS NOT NULL) AND num_nulls(report, to_serial, content) IN (0, 3)", name="a_close_is_a_report"
        ),
        Index("drawer_events_of_a_shop", "district_id", "merchant_id", "made_at", postgresql_where=text("kind = 'close'")),
    )
