"""給付: opening the accounts of a piece costs the same however many accounts a town has."""

from __future__ import annotations

from alembic import op

from migrations import read_sql

revision = "0139"
down_revision = "0138"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.get_bind().exec_driver_sql(read_sql("ledger/open_accounts.3.sql"))


def downgrade() -> None:
    """Nothing: what is opened is the same as before."""
