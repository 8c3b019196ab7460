"""Refunds: to whoever is frozen they go as to everybody, and one refund is one transaction, whatever part of it waits in suspense."""

from __future__ import annotations

from alembic import op

from migrations import read_sql

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.get_bind().exec_driver_sql(read_sql("ledger/post_one.4.sql"))
    op.execute(
        "UPDATE ledger.kind SET moves = '{payable+,consumer-,suspense-,promotion-,funder-,coupon_used+}', after_end = 'too'"
        " WHERE name = 'refund_late'"
    )


def downgrade() -> None:
    op.get_bind().exec_driver_sql(read_sql("ledger/post_one.3.sql"))
    op.execute("UPDATE ledger.kind SET moves = '{payable+,suspense-,promotion-,funder-}', after_end = 'only' WHERE name = 'refund_late'")
