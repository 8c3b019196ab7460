"""Tablets as witnesses of the sealed log: what each has seen, and what alarmed it."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Identity, Index, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class LogWitness(Base):
    """証人: what a tablet has verified of the sealed log. It only goes forward, unless its owner tells it to begin anew.

    `size`, `root`: the checkpoint that it checked last, None before the first. `beginnings`: how often it began anew.
    """

    __tablename__ = "log_witness"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    till_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    beginnings: Mapped[int] = mapped_column(default=0)
    size: Mapped[int | None]
    root: Mapped[bytes | None]
    seen_at: Mapped[datetime]
    public_key: Mapped[bytes | None]  # by which this very sight is co-signed, where it is
    cosigned_at: Mapped[datetime | None]  # by the tablet's clock, whole seconds
    cosignature: Mapped[bytes | None]

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "till_id"], ["till.district_id", "till.id"], name="log_witness_till_fkey"),
        CheckConstraint("(size IS NULL) = (root IS NULL)", name="sight_is_whole"),
        CheckConstraint("size >= 1", name="size_is_counted"),
        CheckConstraint("octet_length(root) = 32", name="root_is_sha256"),
        CheckConstraint("num_nulls(public_key, cosigned_at, cosignature) IN (0, 3)", name="cosignature_is_whole"),
        CheckConstraint("cosignature IS NULL OR size IS NOT NULL", name="cosigns_what_it_saw"),
        CheckConstraint("octet_length(public_key) = 32 AND octet_length(cosignature) = 64", name="cosignature_is_ed25519"),
    )


class LogWitnessKey(Base):
    """A key by which a tablet co-signs what it verified. It gets another one where its browser has lost the first; all are kept."""

    __tablename__ = "log_witness_key"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    till_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    public_key: Mapped[bytes] = mapped_column(primary_key=True)
    began_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "till_id"], ["till.district_id", "till.id"], name="log_witness_key_till_fkey"),
        CheckConstraint("octet_length(public_key) = 32", name="is_ed25519"),
        Index("log_witness_key_is_of_one_tablet", "public_key", unique=True),
    )


class LogAlarm(Base):
    """A tablet was shown a log that does not go on from the one it saw. Never edited; the evidence is two signed notes.

    `before`: what it kept, empty if it saw the log for the first time; `shown`: what does not go on from it.
    """

    __tablename__ = "log_alarm"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    till_id: Mapped[int]
    reason: Mapped[str] = mapped_column(String(40))  # as the tablet's script names it: forked, shorter, signature_wrong, …
    before: Mapped[str] = mapped_column(Text)
    shown: Mapped[str] = mapped_column(Text)
    evidence: Mapped[bytes]  # hash of reason and notes: told twice is told once
    told_at: Mapped[datetime]

    __table_args__ = (
        UniqueConstraint("district_id", "till_id", "evidence"),
        ForeignKeyConstraint(["district_id", "till_id"], ["till.district_id", "till.id"], name="log_alarm_till_fkey"),
        CheckConstraint("octet_length(before) <= 4096 AND octet_length(shown) <= 4096", name="notes_are_short"),
        CheckConstraint("octet_length(evidence) = 32", name="evidence_is_sha256"),
    )


class LogAlarmAnswer(Base):
    """What came of an alarm, in the words of whoever looked into it. Written once."""

    __tablename__ = "log_alarm_answer"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    alarm_id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    words: Mapped[str] = mapped_column(String(400))
    answered_by: Mapped[int]  # person
    answered_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "alarm_id"], ["log_alarm.district_id", "log_alarm.id"], name="log_alarm_answer_alarm_fkey"),
        CheckConstraint("words <> ''", name="words_are_given"),
    )
