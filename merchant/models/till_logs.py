"""What a tablet kept by itself without a network, as it arrived."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Identity, Index, String, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class TillLog(Base):
    """控え: one log of a tablet, from its opening with the network until it is closed. Its secret stays on the tablet.

    `log`: 1, 2, 3 … of the till; `told`: the last entry that the tablet has said it has, which may not have arrived. Closed `done`
    where the tablet began another one, or was removed, with nothing left to send, `lost` where the owner gave up what did not arrive,
    with a reason.
    """

    __tablename__ = "till_log"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    till_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    log: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    merchant_id: Mapped[int]
    fingerprint: Mapped[bytes]
    opened_at: Mapped[datetime]
    heard_at: Mapped[datetime | None]  # when the tablet last spoke of it; None where that was not kept yet
    told: Mapped[int] = mapped_column(default=0)
    closed_at: Mapped[datetime | None]
    closed_how: Mapped[str | None] = mapped_column(String(8))
    closed_by: Mapped[int | None]  # person
    reason: Mapped[str] = mapped_column(String(80), default="")

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "till_id"], ["till.district_id", "till.id"], name="till_log_till_fkey"),
        ForeignKeyConstraint(["district_id", "merchant_id"], ["merchant.district_id", "merchant.id"], name="till_log_merchant_fkey"),
        UniqueConstraint("district_id", "fingerprint", name="till_log_is_known_by_its_secret"),
        CheckConstraint("octet_length(fingerprint) = 32", name="fingerprint_is_sha256"),
        CheckConstraint("log BETWEEN 1 AND 1000000 AND told >= 0", name="is_counted"),
        CheckConstraint("closed_how IN ('done', 'lost') AND (closed_at IS NULL) = (closed_how IS NULL)", name="closed_how_is_known"),
        CheckConstraint(
            "(closed_how = 'lost') IS NOT TRUE OR (reason <> '' AND closed_by IS NOT NULL)",
            name="lost_has_its_reason",
        ),
    )


class TillLogEntry(Base):
    """One entry of a log, as the tablet wrote it (rules/device_log.py). `serial`: of its receipt. `noted`: what its reader should know:

    `sums`: what comes to something else when it is counted again (what was printed stands); `clock`: the tablet's time cannot be right;
    `twin`: number of the receipt that the same press had already made with the network, which was given back by `back`.
    """

    __tablename__ = "till_log_entry"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    till_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    log: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    id: Mapped[int] = mapped_column(Identity(always=True))
    before: Mapped[bytes | None]
    hash: Mapped[bytes]
    said: Mapped[str] = mapped_column(Text)
    serial: Mapped[int]
    noted: Mapped[dict[str, Any]] = mapped_column(JSONB)
    arrived_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(
            ["district_id", "till_id", "log"], ["till_log.district_id", "till_log.till_id", "till_log.log"], name="till_log_entry_log_fkey"
        ),
        ForeignKeyConstraint(
            ["district_id", "till_id", "serial"],
            ["till_receipt.district_id", "till_receipt.till_id", "till_receipt.serial"],
            name="till_log_entry_receipt_fkey",
        ),
        UniqueConstraint("district_id", "till_id", "serial", name="one_entry_a_receipt"),
        CheckConstraint("(seq = 1) = (before IS NULL)", name="first_has_none_before"),
        CheckConstraint("hash = sha256(convert_to(said, 'UTF8'))", name="hash_is_of_what_was_said"),
        Index("till_log_entry_in_order", "district_id", "till_id", "id"),
        Index("till_log_entry_twin", "district_id", "arrived_at", postgresql_where=text("noted ? 'twin'")),
    )


class TillLogRefusal(Base):
    """An entry that was not accepted, for the owner to look at. `why`: revoked, closed, forked or wrong. Never edited."""

    __tablename__ = "till_log_refusal"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    till_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    log: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    hash: Mapped[bytes] = mapped_column(primary_key=True)
    said: Mapped[str] = mapped_column(Text)
    why: Mapped[str] = mapped_column(String(24))
    arrived_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(
            ["district_id", "till_id", "log"],
            ["till_log.district_id", "till_log.till_id", "till_log.log"],
            name="till_log_refusal_log_fkey",
        ),
        CheckConstraint("hash = sha256(convert_to(said, 'UTF8'))", name="hash_is_of_what_was_said"),
        CheckConstraint("why IN ('revoked', 'closed', 'forked', 'wrong')", name="why_is_known"),
    )


class TillTwinAnswer(Base):
    """What the owner said of an entry whose press had made a sale before: `stands` is online, offline or both. Never edited."""

    __tablename__ = "till_twin_answer"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    till_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    log: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    seq: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    stands: Mapped[str] = mapped_column(String(8))
    answered_by: Mapped[int]  # person
    answered_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(
            ["district_id", "till_id", "log", "seq"],
            ["till_log_entry.district_id", "till_log_entry.till_id", "till_log_entry.log", "till_log_entry.seq"],
            name="till_twin_answer_entry_fkey",
        ),
        CheckConstraint("stands IN ('online', 'offline', 'both')", name="stands_is_known"),
    )
