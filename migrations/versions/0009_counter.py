"""Selling coin and the drawer: what was counted, who is an agent, top-up codes on paper."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def _number(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.BigInteger, nullable=nullable)


def _moment(name: str, *, nullable: bool = False) -> sa.Column:
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def upgrade() -> None:
    op.create_table(
        "cash_count",
        _number("district_id"),
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("key", sa.Uuid, nullable=False),
        _number("clerk_id", nullable=True),
        _number("counted_by"),
        _moment("counted_at"),
        sa.Column("pieces", postgresql.JSONB, nullable=False),
        _number("counted"),
        _number("expected", nullable=True),
        _number("stays", nullable=True),
        sa.Column("reason", sa.Text, nullable=False),
        _number("difference_id", nullable=True),
        _number("moved_id", nullable=True),
        sa.PrimaryKeyConstraint("district_id", "id", name="cash_count_pkey"),
        sa.UniqueConstraint("district_id", "key", name="cash_count_district_id_key_key"),
        sa.CheckConstraint("counted_by <> clerk_id", name="cash_count_two_persons"),
        sa.CheckConstraint("(clerk_id IS NULL) = (expected IS NULL) AND (clerk_id IS NULL) = (stays IS NULL)", name="cash_count_is_whole"),
        sa.CheckConstraint("stays BETWEEN 0 AND counted", name="cash_count_stays_of_what_was_counted"),
        sa.CheckConstraint("(expected = counted) = (difference_id IS NULL)", name="cash_count_difference_is_booked"),
        sa.CheckConstraint("difference_id IS NULL OR reason <> ''", name="cash_count_difference_has_a_reason"),
    )
    op.create_index("count_of_a_drawer", "cash_count", ["district_id", "clerk_id", "id"])
    op.create_index("count_of_a_movement", "cash_count", ["district_id", "moved_id"])
    op.create_table(
        "agent_terms",
        _number("district_id"),
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        _number("merchant_id"),
        _number("daily_max"),
        _number("proposal_id"),
        _moment("made_at"),
        _number("ended_by", nullable=True),
        _moment("ended_at", nullable=True),
        sa.Column("end_reason", sa.Text),
        sa.PrimaryKeyConstraint("district_id", "id", name="agent_terms_pkey"),
        sa.UniqueConstraint("district_id", "proposal_id", name="agent_terms_district_id_proposal_id_key"),
        sa.ForeignKeyConstraint(
            ["district_id", "merchant_id"], ["merchant.district_id", "merchant.id"], name="agent_terms_district_id_merchant_id_fkey"
        ),
        sa.CheckConstraint("daily_max >= 1", name="agent_terms_daily_max_is_positive"),
        sa.CheckConstraint(
            "(ended_at IS NULL) = (ended_by IS NULL) AND (ended_at IS NULL) = (end_reason IS NULL)", name="agent_terms_end_is_whole"
        ),
    )
    op.create_index("terms_of_a_shop", "agent_terms", ["district_id", "merchant_id", "id"])
    op.create_table(
        "code_batch",
        _number("district_id"),
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        _number("series_id"),
        _number("account_id"),
        _number("face_value"),
        sa.Column("pieces", sa.Integer, nullable=False),
        sa.Column("paid_from", sa.Text, nullable=False),
        sa.Column("last_day", sa.Date, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        _number("proposal_id"),
        _number("made_by"),
        _moment("made_at"),
        sa.PrimaryKeyConstraint("district_id", "id", name="code_batch_pkey"),
        sa.UniqueConstraint("district_id", "proposal_id", name="code_batch_district_id_proposal_id_key"),
        sa.CheckConstraint("face_value >= 1", name="code_batch_face_value_is_positive"),
        sa.CheckConstraint("pieces BETWEEN 1 AND 1000", name="code_batch_pieces_are_few"),
        sa.CheckConstraint("paid_from IN ('safe', 'bank', 'promotion')", name="code_batch_paid_from_is_known"),
    )
    op.create_table(
        "top_up_code",
        _number("district_id"),
        sa.Column("fingerprint", sa.LargeBinary, nullable=False),
        _number("batch_id"),
        sa.Column("place", sa.Integer, nullable=False),
        _number("transaction_id", nullable=True),
        _number("cancel_proposal_id", nullable=True),
        sa.PrimaryKeyConstraint("district_id", "fingerprint", name="top_up_code_pkey"),
        sa.UniqueConstraint("district_id", "batch_id", "place", name="top_up_code_district_id_batch_id_place_key"),
        sa.UniqueConstraint("district_id", "transaction_id", name="top_up_code_district_id_transaction_id_key"),
        sa.ForeignKeyConstraint(
            ["district_id", "batch_id"], ["code_batch.district_id", "code_batch.id"], name="top_up_code_district_id_batch_id_fkey"
        ),
        sa.CheckConstraint("octet_length(fingerprint) = 32", name="top_up_code_fingerprint_is_sha256"),
        sa.CheckConstraint("place >= 1", name="top_up_code_place_starts_at_one"),
    )
    op.create_index("top_up_code_fingerprint", "top_up_code", ["fingerprint"])
    op.execute("GRANT SELECT, INSERT ON cash_count, agent_terms, code_batch, top_up_code TO meguri_web")
    op.execute("GRANT USAGE ON SEQUENCE code_batch_id_seq TO meguri_web")
    op.execute("GRANT UPDATE (ended_by, ended_at, end_reason) ON agent_terms TO meguri_web")
    op.execute("GRANT UPDATE (transaction_id, cancel_proposal_id) ON top_up_code TO meguri_web")


def downgrade() -> None:
    for table in ("top_up_code", "code_batch", "agent_terms", "cash_count"):
        op.drop_table(table)
