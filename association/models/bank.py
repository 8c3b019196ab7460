"""銀行照合: what the bank says, and which entries of the book it is. Rows stay; only a file that waits for its columns goes."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKeyConstraint, Identity, Index, LargeBinary, String, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class BankAccount(Base):
    """An account at a bank, by the association's own name for it. The book has one account for all of them."""

    __tablename__ = "bank_account"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    __table_args__ = (UniqueConstraint("district_id", "name"),)


class BankColumns(Base):
    """Which column of an account's files says what (`rules.bank_file.Columns`). Every version stays; the newest holds."""

    __tablename__ = "bank_columns"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    account_id: Mapped[int] = mapped_column(primary_key=True)
    version: Mapped[int] = mapped_column(primary_key=True)
    columns: Mapped[dict[str, Any]] = mapped_column(JSONB)
    set_by: Mapped[int]
    set_at: Mapped[datetime]
    __table_args__ = (ForeignKeyConstraint(["district_id", "account_id"], ["bank_account.district_id", "bank_account.id"]),)


class BankFile(Base):
    """A file that waits until its columns are chosen. Deleted when it is read, when its sender sends another, or after a day."""

    __tablename__ = "bank_file"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    account_id: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    content: Mapped[bytes] = mapped_column(LargeBinary)
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    __table_args__ = (ForeignKeyConstraint(["district_id", "account_id"], ["bank_account.district_id", "bank_account.id"]),)


class BankUpload(Base):
    """A file that was read: how many movements it had (`lines`), how many of them were new, and its fingerprint (SHA-256)."""

    __tablename__ = "bank_upload"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    account_id: Mapped[int]
    name: Mapped[str] = mapped_column(Text)
    content_hash: Mapped[bytes]
    lines: Mapped[int]
    added: Mapped[int]
    first_day: Mapped[date] = mapped_column(Date)
    last_day: Mapped[date] = mapped_column(Date)
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "account_id"], ["bank_account.district_id", "bank_account.id"]),
        CheckConstraint("added BETWEEN 0 AND lines", name="added_of_its_lines"),
        CheckConstraint("octet_length(content_hash) = 32", name="content_hash_is_sha256"),
    )


class BankLine(Base):
    """A movement as the bank says it, in yen, + came in; `balance` after it, where the bank says so. `nth` of equal ones of a day."""

    __tablename__ = "bank_line"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    account_id: Mapped[int]
    upload_id: Mapped[int]
    day: Mapped[date] = mapped_column(Date)
    amount: Mapped[int]
    about: Mapped[str] = mapped_column(Text)
    balance: Mapped[int | None]
    nth: Mapped[int]
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "account_id"], ["bank_account.district_id", "bank_account.id"]),
        ForeignKeyConstraint(["district_id", "upload_id"], ["bank_upload.district_id", "bank_upload.id"]),
        UniqueConstraint("district_id", "account_id", "day", "amount", "about", "nth", name="line_is_kept_once"),
        CheckConstraint("amount <> 0", name="something_moved"),
        CheckConstraint("nth >= 1", name="nth_starts_at_one"),
    )


class BankBalance(Base):
    """What somebody read off the bank book for the end of a day, where the files say no balances."""

    __tablename__ = "bank_balance"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    account_id: Mapped[int]
    day: Mapped[date] = mapped_column(Date)
    balance: Mapped[int]
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    __table_args__ = (ForeignKeyConstraint(["district_id", "account_id"], ["bank_account.district_id", "bank_account.id"]),)


class BankMatch(Base):
    """組み合わせ: somebody says that these lines are these entries. It holds until a row of `bank_unmatch` names it.

    `outside`: why lines that are no entries do not belong to this book; empty where there are entries.
    """

    __tablename__ = "bank_match"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    outside: Mapped[str] = mapped_column(Text, default="")
    made_by: Mapped[int]
    made_at: Mapped[datetime]


class BankMatchLine(Base):
    """A line of the bank in a match."""

    __tablename__ = "bank_match_line"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(primary_key=True)
    line_id: Mapped[int] = mapped_column(primary_key=True)
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "match_id"], ["bank_match.district_id", "bank_match.id"]),
        ForeignKeyConstraint(["district_id", "line_id"], ["bank_line.district_id", "bank_line.id"]),
        Index("match_of_a_line", "district_id", "line_id"),
    )


class BankMatchEntry(Base):
    """A transaction of the book in a match, by what it did to the book's bank account."""

    __tablename__ = "bank_match_entry"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(primary_key=True)
    transaction_id: Mapped[int] = mapped_column(primary_key=True)
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "match_id"], ["bank_match.district_id", "bank_match.id"]),
        Index("match_of_an_entry", "district_id", "transaction_id"),
    )


class BankUnmatch(Base):
    """A match that was undone: by whom, when and why. What it held is open again."""

    __tablename__ = "bank_unmatch"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    match_id: Mapped[int] = mapped_column(primary_key=True)
    undone_by: Mapped[int]
    undone_at: Mapped[datetime]
    reason: Mapped[str] = mapped_column(Text)
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "match_id"], ["bank_match.district_id", "bank_match.id"]),
        CheckConstraint("reason <> ''", name="reason_is_given"),
    )
