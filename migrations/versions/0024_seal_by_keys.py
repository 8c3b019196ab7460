"""A round of the sealer looks its accounts up one by one, whatever the planner knows of them."""

from __future__ import annotations

from alembic import op

from migrations import read_sql

revision = "0024"
down_revision = "0023"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.get_bind().exec_driver_sql(read_sql("ledger/seal.2.sql"))


def downgrade() -> None:
    """Nothing: what it replaced gave the same, and only took longer."""
