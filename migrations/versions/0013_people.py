"""People: an owner's standing in the book, who was frozen and why, names that are found, the law's statements in English."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

from migrations import read_sql

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("9_owners", "post_one.3"):
        op.get_bind().exec_driver_sql(read_sql(f"ledger/{name}.sql"))
    _names_are_found()
    _freezes()
    op.add_column("issuer_notice", sa.Column("english", postgresql.JSONB, nullable=False, server_default="{}"))


def _names_are_found() -> None:
    """A keyed hash of the nickname, so that the desk finds somebody by it. The worker fills it for people who are there."""
    op.add_column("person", sa.Column("nickname_lookup", sa.LargeBinary))
    op.create_index("person_by_nickname", "person", ["district_id", "nickname_lookup"])
    op.create_index(
        "person_to_index",
        "person",
        ["district_id", "id"],
        postgresql_where=sa.text("nickname_lookup IS NULL AND erased_at IS NULL"),
    )
    op.create_check_constraint("person_erased_is_not_found", "person", "erased_at IS NULL OR nickname_lookup IS NULL")


def _freezes() -> None:
    op.create_table(
        "person_freeze",
        sa.Column("district_id", sa.BigInteger, nullable=False),
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("person_id", sa.BigInteger, nullable=False),
        sa.Column("asked_by", sa.Text, nullable=False),
        sa.Column("reason", sa.LargeBinary),
        sa.Column("code_hash", sa.LargeBinary),
        sa.Column("frozen_by", sa.BigInteger),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_by", sa.BigInteger),
        sa.Column("ended_at", sa.DateTime(timezone=True)),
        sa.Column("end_reason", sa.LargeBinary),
        sa.PrimaryKeyConstraint("district_id", "id", name="person_freeze_pkey"),
        sa.ForeignKeyConstraint(
            ["district_id", "person_id"], ["person.district_id", "person.id"], name="person_freeze_district_id_person_id_fkey"
        ),
        sa.CheckConstraint("asked_by IN ('code', 'self', 'family', 'police', 'association')", name="person_freeze_asked_by_is_known"),
        sa.CheckConstraint("(asked_by = 'code') = (code_hash IS NOT NULL)", name="person_freeze_code_is_named"),
        sa.CheckConstraint("(asked_by = 'code') = (frozen_by IS NULL)", name="person_freeze_desk_is_named"),
        sa.CheckConstraint("ended_at IS NOT NULL OR ended_by IS NULL", name="person_freeze_end_is_whole"),
    )
    op.create_index(
        "one_living_freeze", "person_freeze", ["district_id", "person_id"], unique=True, postgresql_where=sa.text("ended_at IS NULL")
    )
    op.execute("GRANT SELECT, INSERT ON person_freeze TO meguri_web")
    op.execute("GRANT UPDATE (ended_by, ended_at, end_reason) ON person_freeze TO meguri_web")


def downgrade() -> None:
    op.drop_column("issuer_notice", "english")
    op.drop_table("person_freeze")
    op.drop_index("person_to_index")
    op.drop_index("person_by_nickname")
    op.drop_column("person", "nickname_lookup")  # and the constraint with it
    for name in ("post_one.2", "undo_owners"):
        op.get_bind().exec_driver_sql(read_sql(f"ledger/{name}.sql"))
