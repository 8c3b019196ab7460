"""Who is signed in where, programs with tokens, and the log of what was done."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Identity, Index, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base
from identity.models.people import of_person


class Device(Base):
    """A browser that one person has signed in with. A shared one has a row for each person."""

    __tablename__ = "device"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    person_id: Mapped[int]
    token_hash: Mapped[bytes]
    label: Mapped[str] = mapped_column(Text)
    since: Mapped[datetime]
    limited_until: Mapped[datetime | None]  # lower limits until then
    ended_at: Mapped[datetime | None]
    __table_args__ = (of_person(), UniqueConstraint("district_id", "person_id", "token_hash"))


class PersonSession(Base):
    """A person signed in on a device. Its token is in their cookie, its SHA-256 is here."""

    __tablename__ = "person_session"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    token_hash: Mapped[bytes]
    person_id: Mapped[int]
    device_id: Mapped[int]
    merchant_id: Mapped[int | None]  # the shop chosen by somebody who has several
    way: Mapped[str] = mapped_column(Text)  # how they signed in
    opened_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    idle_seconds: Mapped[int]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        of_person(),
        ForeignKeyConstraint(["district_id", "device_id"], ["device.district_id", "device.id"]),
        UniqueConstraint("district_id", "token_hash"),
        CheckConstraint("way IN ('passkey', 'email', 'recovery', 'demo')", name="way_is_known"),
        Index(None, "district_id", "person_id"),
    )


class TillSession(Base):
    """A tablet paired with a till, and which member of staff stands at it."""

    __tablename__ = "till_session"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    token_hash: Mapped[bytes]
    merchant_id: Mapped[int]
    till_id: Mapped[int]
    staff_id: Mapped[int | None]
    staff_role: Mapped[str | None] = mapped_column(Text)
    opened_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("district_id", "token_hash"),
        CheckConstraint("(staff_id IS NULL) = (staff_role IS NULL)", name="staff_has_a_role"),
        CheckConstraint("staff_role IN ('owner', 'cashier')", name="staff_role_is_known"),
        Index("one_tablet_a_till", "district_id", "till_id", unique=True, postgresql_where=text("ended_at IS NULL")),
    )


class ApiToken(Base):
    """A program that acts for a shop (as its till) or for a clerk of the association, or a sensor that sends what one source counts."""

    __tablename__ = "api_token"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    token_hash: Mapped[bytes]
    prefix: Mapped[str] = mapped_column(Text)  # what is shown of it later
    label: Mapped[str] = mapped_column(Text)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    merchant_id: Mapped[int | None]
    till_id: Mapped[int | None]
    person_id: Mapped[int | None]  # the clerk in whose name it acts
    source_id: Mapped[int | None]  # what the sensor counts; kept by insight
    made_by: Mapped[int | None]
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        UniqueConstraint("district_id", "token_hash"),
        UniqueConstraint("district_id", "id", "source_id", name="api_token_district_id_id_source_id_key"),
        of_person(),
        CheckConstraint("num_nonnulls(merchant_id, person_id, source_id) = 1", name="acts_for_one"),
        CheckConstraint("till_id IS NULL OR merchant_id IS NOT NULL", name="till_has_a_shop"),
    )


class AccessLog(Base):
    """Who did what, to whom, when, from where. The web may add rows and read them, nothing else."""

    __tablename__ = "access_log"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    at: Mapped[datetime] = mapped_column(server_default=func.now())
    command: Mapped[str] = mapped_column(Text)
    allowed: Mapped[bool]
    subject: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None]
    staff_id: Mapped[int | None]
    till_id: Mapped[int | None]
    api_token_id: Mapped[int | None]
    address: Mapped[str] = mapped_column(Text)
    __table_args__ = (Index(None, "district_id", "at"),)
