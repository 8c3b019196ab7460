"""お知らせ: what the association tells wallets."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Identity, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class Announcement(Base):
    """Written once; it can be withdrawn, never edited. `series_id`: of whose holders; `days`: for how long nothing of theirs moved;
    `segment`: as the night before had sorted it.

    `recipients`: how many it went to, None where it is for everybody, also for those who join later.
    """

    __tablename__ = "announcement"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    audience: Mapped[str] = mapped_column(Text)  # all, holders, still, segment, person, list, applicants, unused
    series_id: Mapped[int | None]
    days: Mapped[int | None]
    segment: Mapped[str | None] = mapped_column(Text)
    recipients: Mapped[int | None]
    title: Mapped[str] = mapped_column(String(60))
    title_en: Mapped[str] = mapped_column(String(120))
    body: Mapped[str] = mapped_column(String(1000))
    body_en: Mapped[str] = mapped_column(String(2000))
    key: Mapped[UUID]
    command_hash: Mapped[bytes]
    made_by: Mapped[int | None]  # None: the worker, by itself
    made_at: Mapped[datetime]
    withdrawn_by: Mapped[int | None]
    withdrawn_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("district_id", "key"),
        CheckConstraint("octet_length(command_hash) = 32", name="command_hash_is_sha256"),
        CheckConstraint(
            "audience IN ('all', 'holders', 'still', 'segment', 'person', 'list', 'applicants', 'unused')", name="audience_is_known"
        ),
        CheckConstraint("(made_by IS NULL) = (audience = 'unused')", name="has_a_maker"),
        CheckConstraint(
            "(audience = 'holders') = (series_id IS NOT NULL) AND (audience = 'still') = (days IS NOT NULL)"
            " AND (audience = 'segment') = (segment IS NOT NULL) AND (audience = 'all') = (recipients IS NULL)",
            name="audience_is_whole",
        ),
        CheckConstraint("(withdrawn_by IS NULL) = (withdrawn_at IS NULL)", name="withdrawal_is_whole"),
    )


class AnnouncementRecipient(Base):
    """One whom an announcement is for that is not for everybody."""

    __tablename__ = "announcement_recipient"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(primary_key=True)
    announcement_id: Mapped[int] = mapped_column(primary_key=True)
    by_letter: Mapped[bool] = mapped_column(default=False)
    """Neither mail nor a browser tells them: a letter must, where something is about to end."""
    letter_sent_at: Mapped[datetime | None]
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "announcement_id"], ["announcement.district_id", "announcement.id"]),
        CheckConstraint("letter_sent_at IS NULL OR by_letter", name="only_letters_are_sent"),
        Index("announcement_recipient_letters", "district_id", "announcement_id", postgresql_where=text("by_letter")),
    )
