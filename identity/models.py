"""What identity stores. Read the constraints aloud: they are the rules of sign-in.

Personal data stands sealed in `person`, and can be read only with the row of `person_key`: whoever deletes
that row has erased the person. Secrets are kept as hashes. Nothing here is needed to read the book.
"""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Identity, Index, Text, UniqueConstraint, func, text
from sqlalchemy.dialects.postgresql import ARRAY, TIMESTAMP
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


def _person() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["district_id", "person_id"], ["person.district_id", "person.id"])


class District(Base):
    """地域: one shopping district, hot-spring town or tourist area that runs its own money."""

    __tablename__ = "district"
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    slug: Mapped[str] = mapped_column(Text, unique=True)
    name: Mapped[str] = mapped_column(Text)
    name_en: Mapped[str] = mapped_column(Text)
    association: Mapped[str] = mapped_column(Text)  # the body that issues, as the law names it
    host: Mapped[str | None] = mapped_column(Text, unique=True)  # without port; None: reached as the only district
    contact: Mapped[str] = mapped_column(Text)  # where people telephone or go
    created_at: Mapped[datetime] = mapped_column(server_default=func.now())


class Person(Base):
    """A person as the book knows them: a number. What says who it is, is sealed with the key of person_key."""

    __tablename__ = "person"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    handle: Mapped[bytes]  # random; what a passkey calls the person
    nickname: Mapped[bytes | None]  # sealed
    email: Mapped[bytes | None]  # sealed
    language: Mapped[bytes | None]  # sealed
    home_area: Mapped[bytes | None]  # sealed: first three digits of the postcode; empty text: rather not said; None: not answered yet
    email_lookup: Mapped[bytes | None]  # keyed hash of the address
    nickname_lookup: Mapped[bytes | None]  # keyed hash of the name as it is looked for; several may share one
    created_at: Mapped[datetime]
    erased_at: Mapped[datetime | None]
    __table_args__ = (
        ForeignKeyConstraint(["district_id"], ["district.id"]),
        UniqueConstraint("district_id", "handle"),
        UniqueConstraint("district_id", "email_lookup"),
        CheckConstraint(
            "erased_at IS NULL OR num_nonnulls(nickname, email, language, email_lookup, home_area) = 0", name="erased_means_empty"
        ),
        CheckConstraint("(email IS NULL) = (email_lookup IS NULL)", name="email_is_found"),
        CheckConstraint("erased_at IS NULL OR nickname_lookup IS NULL", name="erased_is_not_found"),
        Index("person_by_nickname", "district_id", "nickname_lookup"),
        Index("person_to_index", "district_id", "id", postgresql_where=text("nickname_lookup IS NULL AND erased_at IS NULL")),
    )


class PersonKey(Base):
    """The key of one person's data, wrapped by the master key. Deleting the row erases the person."""

    __tablename__ = "person_key"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes]
    __table_args__ = (_person(),)


class PersonFreeze(Base):
    """一時停止: since when a person's balance is stopped, and who asked for it: one row for each who did. Sealed with the person's key."""

    __tablename__ = "person_freeze"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    person_id: Mapped[int]
    asked_by: Mapped[str] = mapped_column(Text)  # code: by oneself, with a recovery code
    reason: Mapped[bytes | None]  # sealed
    code_hash: Mapped[bytes | None]  # of the recovery code, so that the same one sent again is the same report
    frozen_by: Mapped[int | None]  # who sat at the desk
    frozen_at: Mapped[datetime]
    ended_by: Mapped[int | None]  # None: by oneself
    ended_at: Mapped[datetime | None]
    end_reason: Mapped[bytes | None]  # sealed
    __table_args__ = (
        _person(),
        CheckConstraint("asked_by IN ('code', 'self', 'family', 'police', 'association')", name="asked_by_is_known"),
        CheckConstraint("(asked_by = 'code') = (code_hash IS NOT NULL)", name="code_is_named"),
        CheckConstraint("(asked_by = 'code') = (frozen_by IS NULL)", name="desk_is_named"),
        CheckConstraint("ended_at IS NOT NULL OR ended_by IS NULL", name="end_is_whole"),
        Index("living_freezes", "district_id", "person_id", postgresql_where=text("ended_at IS NULL")),
    )


class RoleGrant(Base):
    """A role that a person holds or held in a district; a shop's role is held at one shop."""

    __tablename__ = "role_grant"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(always=True), primary_key=True)
    person_id: Mapped[int]
    role: Mapped[str] = mapped_column(Text)
    merchant_id: Mapped[int | None]
    granted_by: Mapped[int | None]  # None: by the operator at the terminal, or by signing up
    granted_at: Mapped[datetime]
    until: Mapped[datetime | None]  # a deputy's role ends by itself
    ended_at: Mapped[datetime | None]
    proposal_id: Mapped[int | None]  # by which two people gave it; the database compares
    __table_args__ = (
        _person(),
        UniqueConstraint("district_id", "proposal_id", name="once_a_decision"),
        CheckConstraint("until > granted_at", name="until_is_later"),
        CheckConstraint("granted_by <> person_id", name="never_to_oneself"),
        CheckConstraint("(merchant_id IS NOT NULL) = (role IN ('owner', 'cashier'))", name="shop_roles_have_a_shop"),
        CheckConstraint(
            "role IN ('consumer', 'issuer', 'approver', 'auditor', 'administrator', 'group_lead', 'operator', 'owner', 'cashier', "
            "'group_member', 'group_expert')",
            name="role_is_known",
        ),
        Index(
            "one_living_grant",
            "district_id",
            "person_id",
            "role",
            text("coalesce(merchant_id, 0)"),
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
        ),
    )


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
    __table_args__ = (_person(), UniqueConstraint("district_id", "credential_id"), Index(None, "district_id", "person_id"))


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
    __table_args__ = (_person(), Index(None, "district_id", "person_id"))


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
    __table_args__ = (_person(), UniqueConstraint("district_id", "person_id", "token_hash"))


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
        _person(),
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
        _person(),
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


class Contact(Base):
    """連絡先: name and address that were given for one purpose, sealed; found again by keyed hashes. Gone on `forget_on` (Tokyo)."""

    __tablename__ = "contact"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[UUID] = mapped_column(primary_key=True)  # random: it says nothing of an order
    purpose: Mapped[str] = mapped_column(Text)
    person_id: Mapped[int | None]
    sealed: Mapped[bytes]
    same: Mapped[bytes]
    like_name: Mapped[bytes]
    like_address: Mapped[bytes]
    forget_on: Mapped[date]
    __table_args__ = (
        _person(),
        Index("contact_by_name", "district_id", "purpose", "like_name"),
        Index("contact_by_address", "district_id", "purpose", "like_address"),
        Index("contact_of_person", "district_id", "person_id", postgresql_where=text("person_id IS NOT NULL")),
        Index("contact_to_forget", "district_id", "forget_on"),
    )


class ContactKey(Base):
    """The key of one contact, wrapped by the master key, apart like those of people: whoever deletes the row has forgotten it."""

    __tablename__ = "contact_key"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    contact_id: Mapped[UUID] = mapped_column(primary_key=True)
    wrapped: Mapped[bytes]
