"""Books of a shop: receipts are found by amount, and 領収書 by whom they name."""

from __future__ import annotations

from alembic import op

revision = "0089"
down_revision = "0088"
branch_labels = None
depends_on = None

UP = """
CREATE INDEX receipts_by_amount ON till_receipt (district_id, merchant_id, total, made_at);
CREATE INDEX named_receipts ON till_receipt_copy (district_id, till_id, serial) WHERE addressee <> '';
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.execute("DROP INDEX receipts_by_amount")
    op.execute("DROP INDEX named_receipts")
