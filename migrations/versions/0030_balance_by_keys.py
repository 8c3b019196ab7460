"""Whether a transaction balances is asked of its own accounts, whatever the planner knows of the others."""

from __future__ import annotations

from alembic import op

from migrations import read_sql

revision = "0030"
down_revision = "0029"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.get_bind().exec_driver_sql(read_sql("ledger/is_unbalanced.2.sql"))


def downgrade() -> None:
    """Nothing: what it replaced gave the same, and only took longer."""
