"""The book learns what a town needs on a Saturday: two pairs of eyes, agents, codes, coupons, payout, expiry."""

from __future__ import annotations

from alembic import op

from migrations import read_sql

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("5_proposals", "6_town", "post_one.2", "create_series.2"):
        op.get_bind().exec_driver_sql(read_sql(f"ledger/{name}.sql"))


def downgrade() -> None:
    for name in ("post_one.1", "create_series.1", "undo_town"):
        op.get_bind().exec_driver_sql(read_sql(f"ledger/{name}.sql"))
