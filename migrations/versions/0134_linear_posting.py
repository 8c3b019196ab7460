"""給付: a piece of a benefit costs the same however much stands in the journal, also for a worker that was there when it was empty."""

from __future__ import annotations

from alembic import op

from migrations import read_sql

revision = "0134"
down_revision = "0133"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.get_bind().exec_driver_sql(read_sql("ledger/post_items.2.sql"))


def downgrade() -> None:
    """Nothing: what is posted is the same as before."""
