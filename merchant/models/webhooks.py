"""Webhooks: where a shop's programs are told of payments, and what was told."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Identity, Index, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class Webhook(Base):
    """通知の送り先: an address that wants to be told of payments and refunds, of one shop or (merchant_id None) of all.

    `cursor`: up to where the book was read for it. After failures in a row it rests for a while.
    """

    __tablename__ = "webhook"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    merchant_id: Mapped[int | None]
    address: Mapped[str] = mapped_column(String(300))
    secret: Mapped[bytes]  # sealed
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    cursor: Mapped[int]
    failures: Mapped[int]
    rests_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "merchant_id"], ["merchant.district_id", "merchant.id"], name="webhook_merchant_fkey"),
        CheckConstraint("address LIKE 'https://%'", name="address_is_https"),
        CheckConstraint("failures >= 0", name="failures_are_counted"),
        Index("webhook_living", "district_id", "merchant_id", postgresql_where=text("ended_at IS NULL")),
    )


class WebhookOldSecret(Base):
    """A secret that was renewed: it signs beside the new one until `ends_at`, so that the receiver can change it in peace."""

    __tablename__ = "webhook_old_secret"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    secret: Mapped[bytes]  # sealed
    ends_at: Mapped[datetime]

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "webhook_id"], ["webhook.district_id", "webhook.id"], name="webhook_old_secret_webhook_fkey"),
    )


class WebhookDelivery(Base):
    """One event for one address. It waits while `next_at` is there; neither waiting nor delivered: it was given up."""

    __tablename__ = "webhook_delivery"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    webhook_id: Mapped[int] = mapped_column(primary_key=True)
    transaction_id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(String(16))
    happened_at: Mapped[datetime]
    body: Mapped[str] = mapped_column(Text)  # as it is signed and sent, the same at each try
    tries: Mapped[int]
    next_at: Mapped[datetime | None]
    tried_at: Mapped[datetime | None]
    status: Mapped[int | None]  # of HTTP, at the last try; None: no answer came
    answer: Mapped[str] = mapped_column(String(200))  # the beginning of what was answered, or why none came
    delivered_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "webhook_id"], ["webhook.district_id", "webhook.id"], name="webhook_delivery_webhook_fkey"),
        CheckConstraint("tries >= 0", name="tries_are_counted"),
        CheckConstraint("next_at IS NULL OR delivered_at IS NULL", name="delivered_does_not_wait"),
        Index("webhook_delivery_due", "next_at", postgresql_where=text("next_at IS NOT NULL")),
        Index("webhook_delivery_newest", "district_id", "webhook_id", "happened_at"),
    )


class WebhookReplay(Base):
    """Everything since a moment is to be told again. The worker walks back to it, piece by piece, from `before_*`."""

    __tablename__ = "webhook_replay"

    district_id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[UUID] = mapped_column(primary_key=True)
    webhook_id: Mapped[int]
    since: Mapped[datetime]
    asked_at: Mapped[datetime]
    before_position: Mapped[int | None]
    before_transaction_id: Mapped[int | None]
    done_at: Mapped[datetime | None]

    __table_args__ = (
        ForeignKeyConstraint(["district_id", "webhook_id"], ["webhook.district_id", "webhook.id"], name="webhook_replay_webhook_fkey"),
        CheckConstraint("(before_position IS NULL) = (before_transaction_id IS NULL)", name="place_is_whole"),
        Index("webhook_replay_open", "district_id", "webhook_id", postgresql_where=text("done_at IS NULL")),
    )
