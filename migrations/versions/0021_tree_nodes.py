"""A proof reads the tree along its keys, whatever the planner knows of the log."""

from __future__ import annotations

from alembic import op

from migrations import read_sql

revision = "0021"
down_revision = "0020"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.get_bind().exec_driver_sql(read_sql("ledger/12_tree_nodes.sql"))


def downgrade() -> None:
    op.execute("DROP FUNCTION ledger.tree_nodes")
