"""The sealer adds up what each role moved on each day with a third of the work."""

from __future__ import annotations

from alembic import op

from migrations import read_sql

revision = "0058"
down_revision = "0057"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.get_bind().exec_driver_sql(read_sql("ledger/seal.5.sql"))


def downgrade() -> None:
    op.get_bind().exec_driver_sql(read_sql("ledger/seal.4.sql"))
