"""What was filed, frozen with its fact; and every saving of what is edited in place: the project's shape, and each party."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Integer, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


def _project() -> ForeignKeyConstraint:
    return ForeignKeyConstraint(["district_id", "project_id"], ["subsidy_project.district_id", "subsidy_project.id"])


class Filing(Base):
    """The calculation of the moment at which it was noted that the application, or the result report, was filed (S-91), never edited.

    `asked`: the question as `meguri rules subsidy.grant` takes it, its version of the rules in it; `a`, `b`, `c`: its answer, yen.
    `errors`: what stood open, where the call was over and filing was noted afterwards. `fingerprint`: SHA-256 of all that was filed.
    `held`: of a result report, what it spoke of beside the question: by number the revision of each line and party, and of each evidence
    whether it was found good and why; and exhibits and lacks in their order. Lines, parties and files are never edited, so this brings the
    report back as it was.
    """

    __tablename__ = "subsidy_filing"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    fact_id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int]
    scheme: Mapped[str] = mapped_column(Text)
    rules_version: Mapped[int] = mapped_column(Integer)
    asked: Mapped[dict[str, Any]] = mapped_column(JSONB)
    a: Mapped[int]
    b: Mapped[int]
    c: Mapped[int]
    errors: Mapped[list[str]] = mapped_column(ARRAY(Text))
    held: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    fingerprint: Mapped[bytes]
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "fact_id"], ["subsidy_fact.district_id", "subsidy_fact.id"]),
        _project(),
        CheckConstraint("a >= 0 AND b >= 0 AND c >= 0", name="amounts_are_whole"),
        CheckConstraint("octet_length(fingerprint) = 32", name="fingerprint_is_whole"),
        CheckConstraint("(asked ->> 'stage' = 'result') = (held IS NOT NULL)", name="a_result_holds_its_lines"),
        Index("filings_of_a_project", "district_id", "project_id", "fact_id"),
    )


class Saving(Base):
    """What was said of a party (`party_id`; 0: of the project itself) at a revision. Of its contact only that it changed.

    `made_by`: None for a party by its own link.
    """

    __tablename__ = "subsidy_saving"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int] = mapped_column(primary_key=True)
    party_id: Mapped[int] = mapped_column(primary_key=True)
    revision: Mapped[int] = mapped_column(Integer, primary_key=True)
    said: Mapped[dict[str, Any]] = mapped_column(JSONB)
    made_by: Mapped[int | None]
    made_at: Mapped[datetime]
    __table_args__ = (_project(), CheckConstraint("party_id >= 0 AND revision > 0", name="is_counted"))
