"""The papers of a filing as they were printed when it was noted: kept, never edited, and handed out instead of new ones."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Index, Integer, Text
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base
from subsidy.models.group import of_project


class KeptFiling(Base):
    """What was filed, by its fact. `kind`: that of the fact. `language`: of the papers, whoever opens them."""

    __tablename__ = "subsidy_kept_filing"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    fact_id: Mapped[int] = mapped_column(primary_key=True)
    project_id: Mapped[int]
    kind: Mapped[str] = mapped_column(Text)
    language: Mapped[str] = mapped_column(Text)
    made_at: Mapped[datetime]
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "fact_id"], ["subsidy_fact.district_id", "subsidy_fact.id"]),
        of_project(),
        Index("kept_filings_of_a_project", "district_id", "project_id", "fact_id"),
    )


class KeptFile(Base):
    """A file of it. `place`: its order in the package, and `name` its name there; empty: it lies in none.

    `door`: the end of the address under which it is opened alone; empty: under none. A paper of our own has its bytes in `sealed`; an
    original that somebody handed in is `paper_id`, whose bytes are kept already.
    """

    __tablename__ = "subsidy_kept_file"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    fact_id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(Integer, primary_key=True)
    name: Mapped[str] = mapped_column(Text)
    door: Mapped[str] = mapped_column(Text)
    sha256: Mapped[bytes]
    paper_id: Mapped[int | None]
    sealed: Mapped[bytes | None] = mapped_column(deferred=True)
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "fact_id"], ["subsidy_kept_filing.district_id", "subsidy_kept_filing.fact_id"]),
        ForeignKeyConstraint(["district_id", "paper_id"], ["subsidy_paper.district_id", "subsidy_paper.id"]),
        CheckConstraint("(paper_id IS NULL) = (sealed IS NOT NULL)", name="is_ours_or_theirs"),
        CheckConstraint("octet_length(sha256) = 32", name="fingerprint_is_whole"),
    )


class KeptKey(Base):
    """The key that opens a filing's own papers, wrapped. Destroyed with the keys of the group's files (S-93)."""

    __tablename__ = "subsidy_kept_key"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    fact_id: Mapped[int] = mapped_column(primary_key=True)
    wrapped_key: Mapped[bytes]
    __table_args__ = (ForeignKeyConstraint(["district_id", "fact_id"], ["subsidy_kept_filing.district_id", "subsidy_kept_filing.fact_id"]),)
