"""まとめ of an application or a result report, made by the worker: asked for, under way, kept for some days, and gone."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Identity, Index, Text
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base
from subsidy.models.group import of_project


class Package(Base):
    """`kind`: filing or result, by the page on which it is asked for.

    `digest`: SHA-256 of all that it was made of. `steps` are to be done, `done` of them are. `beat_at`: when a worker last said so.

    `begun_at` tells the try of one worker from that of another; `tries` counts them. `ended_at`: stopped, or another took its place.
    `failed`: the number of the refusal. `wrapped_key` opens its parts.
    """

    __tablename__ = "subsidy_package"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    project_id: Mapped[int]
    kind: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    without_missing: Mapped[bool]
    digest: Mapped[bytes]
    steps: Mapped[int]
    done: Mapped[int] = mapped_column(default=0)
    tries: Mapped[int] = mapped_column(default=0)
    asked_by: Mapped[int]
    asked_at: Mapped[datetime]
    begun_at: Mapped[datetime | None]
    beat_at: Mapped[datetime | None]
    made_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    failed: Mapped[str | None] = mapped_column(Text)
    wrapped_key: Mapped[bytes | None]
    __table_args__ = (
        of_project(),
        CheckConstraint("octet_length(digest) = 32 AND done BETWEEN 0 AND steps", name="says_how_far_it_is"),
        CheckConstraint("kind IN ('filing', 'result')", name="kind_is_known"),
        CheckConstraint("num_nonnulls(made_at, ended_at, failed) <= 1", name="has_one_end"),
        Index("packages_of_a_project", "district_id", "project_id", "id"),
    )


class PackagePart(Base):
    """Bytes of a package from `place` (from 0) on, sealed."""

    __tablename__ = "subsidy_package_part"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    package_id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True)
    sealed: Mapped[bytes]
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "package_id"], ["subsidy_package.district_id", "subsidy_package.id"], ondelete="CASCADE"),
    )
