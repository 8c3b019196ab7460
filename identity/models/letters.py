"""What waits to be sent: mail, and notifications to phones."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, Identity, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class Mail(Base):
    """Post that waits or was sent. Address and text are sealed, and gone once it was sent (kept in demo mode)."""

    __tablename__ = "mail"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    recipient: Mapped[bytes]  # keyed hash of the address
    sealed: Mapped[bytes | None]
    queued_at: Mapped[datetime]
    next_try_at: Mapped[datetime | None]
    tries: Mapped[int]
    sent_at: Mapped[datetime | None]
    __table_args__ = (
        CheckConstraint("sent_at IS NULL OR next_try_at IS NULL", name="sent_once"),
        Index("mail_waiting", "district_id", "next_try_at", postgresql_where=text("next_try_at IS NOT NULL")),
    )


class PushSubscription(Base):
    """A browser that wished to be told. Address and keys are sealed with the person's own key.

    `endpoint_hash`: keyed, so that the same browser is one row. It is told only while the session in which it was wished lives.
    `entries` and `announcement_id`: up to where it has been told; `next_at`: not before then, after a try that failed or is under way.
    """

    __tablename__ = "push_subscription"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    person_id: Mapped[int]
    session_id: Mapped[int]
    endpoint_hash: Mapped[bytes]
    sealed: Mapped[bytes]
    with_details: Mapped[bool]
    entries: Mapped[int]
    announcement_id: Mapped[int]
    tries: Mapped[int]
    next_at: Mapped[datetime]
    made_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("district_id", "endpoint_hash"),
        CheckConstraint("octet_length(endpoint_hash) = 32", name="endpoint_hash_is_sha256"),
    )
