"""How somebody proves to be who they are: passkeys, codes, PINs, and the tries that failed."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Identity, Index, Text, UniqueConstraint
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base
from identity.models.people import of_person


class Passkey(Base):
    """A passkey of a person (WebAuthn, resident, user verified)."""

    __tablename__ = "passkey"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    person_id: Mapped[int]
    credential_id: Mapped[bytes]
    public_key: Mapped[bytes]
    sign_count: Mapped[int]
    label: Mapped[str] = mapped_column(Text)  # kind of device on which it was made
    created_at: Mapped[datetime]
    trusted_from: Mapped[datetime]  # later than created_at if a new device made it
    used_at: Mapped[datetime | None]
    __table_args__ = (of_person(), UniqueConstraint("district_id", "credential_id"), Index(None, "district_id", "person_id"))


class PasskeyChallenge(Base):
    """What we asked a device to sign, once. `person_id` is None for a sign-up or a sign-in; `handle` of an approval: what is approved."""

    __tablename__ = "passkey_challenge"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    challenge: Mapped[bytes] = mapped_column(primary_key=True)
    purpose: Mapped[str] = mapped_column(Text)
    handle: Mapped[bytes | None]
    person_id: Mapped[int | None]
    expires_at: Mapped[datetime]
    __table_args__ = (CheckConstraint("purpose IN ('sign_up', 'sign_in', 'add', 'approve')", name="purpose_is_known"),)


class EmailCode(Base):
    """A six-digit code that we mailed. Ten minutes, five tries, one use."""

    __tablename__ = "email_code"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)
    code_hash: Mapped[bytes]  # keyed, over id, address and code
    tries: Mapped[int]
    expires_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    __table_args__ = (CheckConstraint("tries BETWEEN 0 AND 5", name="five_tries"),)


class RecoveryCode(Base):
    """A code on paper that signs its person in once."""

    __tablename__ = "recovery_code"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    code_hash: Mapped[bytes] = mapped_column(primary_key=True)  # keyed
    person_id: Mapped[int]
    made_at: Mapped[datetime]
    used_at: Mapped[datetime | None]
    __table_args__ = (of_person(), Index(None, "district_id", "person_id"))


class Pin(Base):
    """暗証番号 of a person, of a person's card, or of a member of a shop's staff. Failures count here, whatever the device."""

    __tablename__ = "pin"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    holder_kind: Mapped[str] = mapped_column(Text, primary_key=True)
    holder_id: Mapped[int] = mapped_column(primary_key=True)
    hash: Mapped[str] = mapped_column(Text)  # Argon2id over a keyed hash
    failures: Mapped[int]
    locked_until: Mapped[datetime | None]
    changed_at: Mapped[datetime]
    __table_args__ = (
        CheckConstraint("holder_kind IN ('person', 'staff', 'card')", name="holder_kind_is_known"),
        CheckConstraint("failures BETWEEN 0 AND 5", name="five_failures"),
    )


class WrongTry(Base):
    """Something secret was typed wrong. `name`: pin, card, staff, code or number; `subject`: whose it is, or who typed it."""

    __tablename__ = "wrong_try"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    subject: Mapped[str] = mapped_column(Text)
    at: Mapped[datetime]
    __table_args__ = (Index("wrong_try_at", "district_id", "at"),)


class TryCount(Base):
    """The moments of recent tries of one thing by one subject (keyed hash of an address, a number …)."""

    __tablename__ = "try_count"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(Text, primary_key=True)
    subject: Mapped[bytes] = mapped_column(primary_key=True)
    moments: Mapped[list[datetime]] = mapped_column(ARRAY(TIMESTAMP(timezone=True)))
