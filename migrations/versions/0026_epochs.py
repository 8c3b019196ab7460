"""Epochs of the sealed log: a book that was returned to an earlier state goes on in a new one."""

from __future__ import annotations

from alembic import op

from migrations import read_sql

revision = "0026"
down_revision = "0025"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.get_bind().exec_driver_sql(read_sql("ledger/14_epochs.sql"))


def downgrade() -> None:
    op.get_bind().exec_driver_sql(read_sql("ledger/undo_epochs.sql"))
