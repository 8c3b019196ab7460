"""給付: lists of residents to whom a town gives. Names are not in them: a line says which number, and how much."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKeyConstraint, Identity, Index, String, UniqueConstraint, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from base.db import Base


class Benefit(Base):
    """A list that was read. `asked_at` None: only looked at, nobody was asked. What came of the money stands in the book.

    `next_place`: where the worker's next piece begins, first of opening accounts, then, once there is a `proposal_id`, of posting;
    `posted`, `posted_amount` are written with each piece, in its transaction.
    """

    __tablename__ = "benefit"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(Identity(), primary_key=True)
    name: Mapped[str] = mapped_column(String(40))
    name_en: Mapped[str] = mapped_column(String(40))
    series_id: Mapped[int]
    paid_from: Mapped[str] = mapped_column(String(12))  # safe, bank, promotion, funder
    funder_id: Mapped[int | None]
    note: Mapped[str] = mapped_column(String(200))
    content_hash: Mapped[bytes]  # of persons and amounts, whatever their order
    people: Mapped[int]
    amount: Mapped[int]  # yen, of all of them
    left_out: Mapped[int]  # lines of the file that get nothing
    wrong: Mapped[list[Any]] = mapped_column(JSONB)  # the first of those: [line of the file, what is wrong, what stands there]
    made_by: Mapped[int]
    made_at: Mapped[datetime]
    asked_by: Mapped[int | None]  # who proposes it
    asked_at: Mapped[datetime | None]
    account_id: Mapped[int | None]  # who pays
    proposal_id: Mapped[int | None]
    posted: Mapped[int] = mapped_column(server_default=text("0"))
    posted_amount: Mapped[int] = mapped_column(server_default=text("0"))
    next_place: Mapped[int] = mapped_column(server_default=text("1"))
    stopped_by: Mapped[int | None]
    stopped_at: Mapped[datetime | None]
    ended_by: Mapped[int | None]  # what is not posted by then never will be: its keys are closed
    ended_at: Mapped[datetime | None]
    stuck_at: Mapped[datetime | None]  # the worker could not do a piece, and does none until somebody has looked
    stuck_number: Mapped[str | None] = mapped_column(String(10))  # why: of an error
    stuck_facts: Mapped[dict[str, object] | None] = mapped_column(JSONB(none_as_null=True))  # the gaps of its sentence
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "funder_id"], ["funder.district_id", "funder.id"]),
        UniqueConstraint("district_id", "proposal_id", name="benefit_proposal_is_of_one_benefit"),
        CheckConstraint("paid_from IN ('safe', 'bank', 'promotion', 'funder')", name="paid_from_is_known"),
        CheckConstraint("(paid_from = 'funder') = (funder_id IS NOT NULL)", name="funder_is_named"),
        CheckConstraint("octet_length(content_hash) = 32", name="content_hash_is_sha256"),
        CheckConstraint("posted BETWEEN 0 AND people AND posted_amount BETWEEN 0 AND amount", name="posted_is_a_part"),
        CheckConstraint("(proposal_id IS NULL) = (account_id IS NULL)", name="proposed_has_an_account"),
        CheckConstraint("(asked_at IS NULL) = (asked_by IS NULL)", name="asking_is_whole"),
        CheckConstraint("proposal_id IS NULL OR asked_at IS NOT NULL", name="proposed_was_asked"),
        CheckConstraint("(stopped_at IS NULL) = (stopped_by IS NULL)", name="stop_is_whole"),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="end_is_whole"),
        CheckConstraint("(stuck_at IS NULL) = (stuck_number IS NULL)", name="stuck_is_whole"),
    )


class BenefitLine(Base):
    """One person's part. `place`: of its transaction in the proposal, from 1; `line`: of the file. `refused`: why not, the last time."""

    __tablename__ = "benefit_line"
    district_id: Mapped[int] = mapped_column(primary_key=True)
    benefit_id: Mapped[int] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    line: Mapped[int]
    person_id: Mapped[int]
    amount: Mapped[int]  # yen
    transaction_id: Mapped[int | None]
    refused: Mapped[str | None] = mapped_column(String(40))
    return_proposal_id: Mapped[int | None]
    __table_args__ = (
        ForeignKeyConstraint(["district_id", "benefit_id"], ["benefit.district_id", "benefit.id"]),
        CheckConstraint("amount >= 1", name="amount_is_positive"),
        Index("benefit_line_returned", "district_id", "benefit_id", postgresql_where=text("return_proposal_id IS NOT NULL")),
        Index("benefit_line_refused", "district_id", "benefit_id", "place", postgresql_where=text("refused IS NOT NULL")),
        CheckConstraint("transaction_id IS NULL OR refused IS NULL", name="is_posted_or_refused"),
        CheckConstraint("return_proposal_id IS NULL OR transaction_id IS NOT NULL", name="return_is_of_a_posted"),
    )
