"""What a payment moved is given back to the yen, whatever the lines look like; a late refund with a discount passes in any order."""

from __future__ import annotations

from alembic import op

from migrations import read_sql

revision = "0032"
down_revision = "0031"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.get_bind().exec_driver_sql(read_sql("ledger/post_one.7.sql"))


def downgrade() -> None:
    op.get_bind().exec_driver_sql(read_sql("ledger/post_one.6.sql"))
