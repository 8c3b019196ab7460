"""What sensors and files say: sources, what each delivery brought, and the readings. Nothing is edited: a correction is a newer row."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Identity, Index, Integer, LargeBinary, String, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class Source(Base):
    """測るもの: one place and one way of counting. Its kind and its interval never change: another way is another source."""

    __tablename__ = "measure_source"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    key: Mapped[UUID]
    kind: Mapped[str] = mapped_column(String(16))
    name: Mapped[str] = mapped_column(String(60))
    place: Mapped[str] = mapped_column(String(60))  # the street or the spot, as people call it
    merchant_id: Mapped[int | None]  # whose door it counts
    interval_s: Mapped[int] = mapped_column(Integer)
    method: Mapped[str] = mapped_column(String(200))  # by what it is counted, in words
    made_by: Mapped[int | None]
    made_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "merchant_id"], ["merchant.district_id", "merchant.id"], name="measure_source_merchant_fkey"),
        UniqueConstraint("district_id", "key", name="measure_source_district_id_key_key"),
        CheckConstraint("name <> ''", name="name_is_given"),
        CheckConstraint("interval_s IN (900, 1800, 3600, 86400)", name="interval_is_known"),
        CheckConstraint("(kind = 'door') = (merchant_id IS NOT NULL)", name="door_has_a_shop"),
    )


class Delivery(Base):
    """納品: one file or one call, and what came of it. `reasons`: of lines that were left out, without what stood in them."""

    __tablename__ = "measure_delivery"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    source_id: Mapped[int]
    key: Mapped[UUID]
    content_hash: Mapped[bytes] = mapped_column(LargeBinary)
    way: Mapped[str] = mapped_column(String(4))  # file or api
    file_name: Mapped[str] = mapped_column(String(120))
    person_id: Mapped[int | None]
    api_token_id: Mapped[int | None]
    at: Mapped[datetime]
    accepted: Mapped[int] = mapped_column(Integer)
    added: Mapped[int] = mapped_column(Integer)  # of the accepted ones: those that were not known like this before
    blank: Mapped[int] = mapped_column(Integer)
    refused: Mapped[int] = mapped_column(Integer)
    wrong_clock: Mapped[int] = mapped_column(Integer)  # of the refused ones: from the future, or too old
    reasons: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    __table_args__ = (
        ForeignKeyConstraint(
            ["district_id", "source_id"], ["measure_source.district_id", "measure_source.id"], name="measure_delivery_source_fkey"
        ),
        ForeignKeyConstraint(  # a sensor's token writes one source
            ["district_id", "api_token_id", "source_id"],
            ["api_token.district_id", "api_token.id", "api_token.source_id"],
            name="measure_delivery_token_fkey",
        ),
        UniqueConstraint("district_id", "id", "source_id", name="measure_delivery_district_id_id_source_id_key"),
        UniqueConstraint("district_id", "key", name="measure_delivery_district_id_key_key"),
        CheckConstraint("(way = 'file') = (api_token_id IS NULL)", name="way_fits"),
        CheckConstraint("way IN ('file', 'api')", name="way_is_known"),
        CheckConstraint(
            "0 <= added AND added <= accepted AND 0 <= wrong_clock AND wrong_clock <= refused AND blank >= 0", name="counts_fit"
        ),
        Index("measure_deliveries_of_a_source", "district_id", "source_id", "at"),
        Index("measure_deliveries_of_a_token", "district_id", "api_token_id", "at"),
    )


class Measurement(Base):
    """測った値: of one interval of its source, from `starts_at`. The newest row of an interval and an item counts."""

    __tablename__ = "measurement"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    source_id: Mapped[int]
    delivery_id: Mapped[int]
    item: Mapped[str] = mapped_column(String(60))
    starts_at: Mapped[datetime]
    value: Mapped[int]  # in steps of its item (analytics.rules.kinds)
    __table_args__ = (
        ForeignKeyConstraint(
            ["district_id", "source_id"], ["measure_source.district_id", "measure_source.id"], name="measurement_source_fkey"
        ),
        ForeignKeyConstraint(
            ["district_id", "delivery_id", "source_id"],
            ["measure_delivery.district_id", "measure_delivery.id", "measure_delivery.source_id"],
            name="measurement_delivery_fkey",
        ),
        UniqueConstraint("district_id", "delivery_id", "item", "starts_at", name="measurement_once_a_delivery"),
        CheckConstraint("item <> ''", name="item_is_given"),
        Index("measurements_of_a_source", "district_id", "source_id", "starts_at", "item", "id"),
    )
