"""A hold whose end has passed by the database's clock is refused in words."""

from __future__ import annotations

from alembic import op

from migrations import read_sql

revision = "0031"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.get_bind().exec_driver_sql(read_sql("ledger/place_hold.2.sql"))


def downgrade() -> None:
    """Nothing: what it replaced failed where this one refuses."""
