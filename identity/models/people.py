"""Districts, their people, what these may do, and what is known of them under their own key."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Identity, Index, Text, UniqueConstraint, func, text
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


def of_person() -> ForeignKeyConstraint:
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
    __table_args__ = (of_person(),)


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
        of_person(),
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
        of_person(),
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
        of_person(),
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
