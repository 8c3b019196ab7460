"""Whoever made a proposal may take it back while it waits; the page says so, and not that somebody sent it back."""

from __future__ import annotations

from alembic import op

from migrations import read_sql

revision = "0149"
down_revision = "0148"
branch_labels = None
depends_on = None

DOWN = """
DROP FUNCTION ledger.withdraw;
ALTER TABLE ledger.decision DROP COLUMN withdrawn;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(read_sql("ledger/withdraw.1.sql"))


def downgrade() -> None:
    """What was withdrawn stays decided: it reads as expired."""
    op.get_bind().exec_driver_sql(DOWN)
