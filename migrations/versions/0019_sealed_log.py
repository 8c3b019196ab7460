"""The sealed log: what is committed gets a place in a Merkle tree, and checkpoints of it are kept."""

from __future__ import annotations

from alembic import op

from migrations import read_sql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("10_sealed_log", "post_one.5"):
        op.get_bind().exec_driver_sql(read_sql(f"ledger/{name}.sql"))


def downgrade() -> None:
    for name in ("undo_sealed_log", "post_one.4"):
        op.get_bind().exec_driver_sql(read_sql(f"ledger/{name}.sql"))
