"""The files that a group keeps: sealed, with hash, moment and who. Nothing is edited or deleted but, at the end, the key.

A newer file stands before an older."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from sqlalchemy import CheckConstraint, Date, ForeignKeyConstraint, Identity, Index, Integer, Text, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base
from subsidy.models.group import of_party, of_project


class Paper(Base):
    """One file about a party, and about a cost line where `line` is given. `sealed` is read only when somebody opens it.

    `via`: desk, link (by the party itself), or paper (came on paper and was scanned by the lead). `issued_on`: of a certificate.
    Of an evidence: its `day`, its `amount` (yen as printed, with tax), the registration `number` on an invoice, and its `issuer`: who
    quotes or bills, or to whom it was paid. `proposed`: what was read from an invoice's own text, beside what the person confirmed.
    """

    __tablename__ = "subsidy_paper"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    project_id: Mapped[int]
    party_id: Mapped[int]
    kind: Mapped[str] = mapped_column(Text)
    file_name: Mapped[str] = mapped_column(Text)
    media: Mapped[str] = mapped_column(Text)
    size_bytes: Mapped[int]
    sha256: Mapped[bytes]
    issued_on: Mapped[date | None] = mapped_column(Date)
    line: Mapped[int | None] = mapped_column(Integer)
    day: Mapped[date | None] = mapped_column(Date)
    amount: Mapped[int | None]
    number: Mapped[str] = mapped_column(Text, server_default=text("''"))
    issuer: Mapped[str] = mapped_column(Text, server_default=text("''"))
    proposed: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    via: Mapped[str] = mapped_column(Text)
    link_id: Mapped[int | None]
    handed_by: Mapped[int | None]
    handed_at: Mapped[datetime]
    sealed: Mapped[bytes] = mapped_column(deferred=True)
    __table_args__ = (
        of_project(),
        of_party(),
        ForeignKeyConstraint(["district_id", "link_id"], ["subsidy_link.district_id", "subsidy_link.id"]),
        CheckConstraint("media IN ('application/pdf', 'image/jpeg', 'image/png')", name="media_is_known"),
        CheckConstraint("size_bytes > 0 AND length(sha256) = 32", name="file_is_whole"),
        CheckConstraint("via IN ('desk', 'link', 'paper')", name="via_is_known"),
        CheckConstraint("(via = 'link') = (link_id IS NOT NULL) AND num_nonnulls(link_id, handed_by) > 0", name="somebody_handed_it_in"),
        CheckConstraint("amount >= 0", name="amount_is_no_debt"),
        Index("papers_of_a_project", "district_id", "project_id", "id"),
    )


class PaperKey(Base):
    """The key that opens a file, wrapped. Destroyed when the file's time is over (S-93); then nobody can open it any more."""

    __tablename__ = "subsidy_paper_key"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    paper_id: Mapped[int] = mapped_column(primary_key=True)
    wrapped_key: Mapped[bytes]
    __table_args__ = (ForeignKeyConstraint(["district_id", "paper_id"], ["subsidy_paper.district_id", "subsidy_paper.id"]),)


class PaperCheck(Base):
    """What the lead says of a file: good, or returned with a reason. The newest counts. Never edited."""

    __tablename__ = "subsidy_paper_check"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    paper_id: Mapped[int]
    is_good: Mapped[bool]
    words: Mapped[str] = mapped_column(Text)
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "paper_id"], ["subsidy_paper.district_id", "subsidy_paper.id"]),
        CheckConstraint("is_good OR words <> ''", name="returned_with_a_reason"),
        Index("checks_of_a_paper", "district_id", "paper_id", "id"),
    )
