"""A month of a shop is added up from an index alone: what a receipt says is wide, and not read for it."""

from __future__ import annotations

from alembic import op

revision = "0095"
down_revision = "0094"
branch_labels = None
depends_on = None

UP = """
CREATE INDEX sums_of_receipts ON till_receipt (district_id, merchant_id, made_at) INCLUDE (kind, cash, card, book, staff_id, till_id);
DROP INDEX receipts_of_a_shop;
"""
DOWN = """
CREATE INDEX receipts_of_a_shop ON till_receipt (district_id, merchant_id, made_at);
DROP INDEX sums_of_receipts;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql(DOWN)
