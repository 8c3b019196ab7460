"""A tablet's log that was closed is not opened again, whoever asks: the database keeps it so."""

from __future__ import annotations

from alembic import op

from migrations import read_sql

revision = "0094"
down_revision = "0093"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.get_bind().exec_driver_sql(read_sql("till/log_goes_on.1.sql"))


def downgrade() -> None:
    op.execute("DROP TRIGGER goes_on ON till_log")
    op.execute("DROP FUNCTION till_log_goes_on")
