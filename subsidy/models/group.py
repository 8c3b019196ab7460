"""補助事業グループ: a project under a call, the parties round it, who sits for them, links to them, and what has happened."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, ForeignKeyConstraint, Identity, Index, Integer, Text, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base

PARTY_ROLES = ("representative", "participant", "provider", "expert")


def of_project() -> ForeignKeyConstraint:
    """Of every row that belongs to a project."""
    return ForeignKeyConstraint(["district_id", "project_id"], ["subsidy_project.district_id", "subsidy_project.id"])


def of_party() -> ForeignKeyConstraint:
    """Of every row that is about a party."""
    return ForeignKeyConstraint(["district_id", "party_id"], ["subsidy_party.district_id", "subsidy_party.id"])


class Project(Base):
    """One application of one group. `scheme` and `rules_version` name the table by which every yen of it is reckoned.

    `revision`: who saves on top of an older one is told.
    """

    __tablename__ = "subsidy_project"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    key: Mapped[UUID]
    name: Mapped[str] = mapped_column(Text)
    scheme: Mapped[str] = mapped_column(Text)
    rules_version: Mapped[int] = mapped_column(Integer)
    setting: Mapped[str] = mapped_column(Text)
    business_types: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    representative_kind: Mapped[str] = mapped_column(Text)
    has_district_body: Mapped[bool]
    revision: Mapped[int] = mapped_column(Integer)
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    __table_args__ = (
        UniqueConstraint("district_id", "key"),
        CheckConstraint("name <> ''", name="has_a_name"),
        CheckConstraint("revision > 0", name="revision_counts"),
        CheckConstraint("setting IN ('supply_chain', 'cluster')", name="setting_is_known"),
    )


class Party(Base):
    """A legal person in or beside the group. None is "not yet known", never "no". `revision`: who saves an older one is told.

    `earlier`: its applications to other frames, [] for none. `contact`: name, telephone and address of a person, sealed.
    """

    __tablename__ = "subsidy_party"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    project_id: Mapped[int]
    role: Mapped[str] = mapped_column(Text)
    name: Mapped[str] = mapped_column(Text)
    is_sole: Mapped[bool]
    corporate_number: Mapped[str | None] = mapped_column(Text)
    merchant_id: Mapped[int | None]
    is_small: Mapped[bool | None]
    is_association_member: Mapped[bool | None]
    operates_business: Mapped[bool | None]
    has_gbiz_id: Mapped[bool | None]
    earlier: Mapped[list[dict[str, Any]] | None] = mapped_column(JSONB(none_as_null=True))
    contact: Mapped[bytes | None]
    left_on: Mapped[date | None] = mapped_column(Date)
    left_because: Mapped[str] = mapped_column(Text, server_default=text("''"))
    revision: Mapped[int] = mapped_column(Integer)
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    changed_by: Mapped[int | None]  # None: the party itself, by its link
    changed_at: Mapped[datetime]
    __table_args__ = (
        of_project(),
        CheckConstraint("role IN ('representative', 'participant', 'provider', 'expert')", name="role_is_known"),
        CheckConstraint("name <> ''", name="has_a_name"),
        CheckConstraint("corporate_number ~ '^[0-9]{13}$'", name="corporate_number_has_13_figures"),
        CheckConstraint("revision > 0", name="revision_counts"),
        CheckConstraint("role <> 'representative' OR left_on IS NULL", name="the_representative_stays"),
        CheckConstraint("(left_on IS NULL) = (left_because = '')", name="whoever_leaves_says_why"),
        Index("one_representative_a_project", "district_id", "project_id", unique=True, postgresql_where=text("role = 'representative'")),
        Index(
            "one_shop_is_one_party",
            "district_id",
            "project_id",
            "merchant_id",
            unique=True,
            postgresql_where=text("merchant_id IS NOT NULL AND left_on IS NULL"),
        ),
        Index("parties_of_a_project", "district_id", "project_id", "id"),
    )


class Seat(Base):
    """A person with an account who sits for a party: what they see follows from the party's role."""

    __tablename__ = "subsidy_seat"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    project_id: Mapped[int]
    party_id: Mapped[int]
    person_id: Mapped[int]
    since: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        of_project(),
        of_party(),
        Index(
            "one_living_seat", "district_id", "project_id", "party_id", "person_id", unique=True, postgresql_where=text("ended_at IS NULL")
        ),
        Index("seats_of_a_person", "district_id", "person_id", postgresql_where=text("ended_at IS NULL")),
    )


class Link(Base):
    """An address that stands for a party, without an account. Only the token's hash is kept. `asked`: the papers it asks for,
    or evidence of a cost line (V_PAYMENT:12).
    """

    __tablename__ = "subsidy_link"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    project_id: Mapped[int]
    party_id: Mapped[int]
    token_hash: Mapped[bytes]
    asked: Mapped[list[str]] = mapped_column(ARRAY(Text))
    words: Mapped[str] = mapped_column(Text)
    made_by: Mapped[int | None]  # None: the worker, which reminds by itself
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    __table_args__ = (
        of_project(),
        of_party(),
        UniqueConstraint("district_id", "token_hash"),
        CheckConstraint("expires_at > made_at", name="lives_for_a_while"),
        Index("links_of_a_party", "district_id", "party_id", "id"),
    )


class Fact(Base):
    """Something that happened to a project on a day, never edited: of each kind the newest counts, and one without a day takes it back.

    The state of a project, its deadlines and what to do next are made from these. `a`, `b`, `c`: yen, of a decision.
    """

    __tablename__ = "subsidy_fact"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    project_id: Mapped[int]
    kind: Mapped[str] = mapped_column(Text)
    day: Mapped[date | None] = mapped_column(Date)
    a: Mapped[int | None]
    b: Mapped[int | None]
    c: Mapped[int | None]
    words: Mapped[str] = mapped_column(Text, server_default=text("''"))
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    __table_args__ = (
        of_project(),
        CheckConstraint("num_nonnulls(a, b, c) IN (0, 3) AND a >= 0 AND b >= 0 AND c >= 0", name="amounts_are_whole"),
        Index("facts_of_a_project", "district_id", "project_id", "id"),
    )
