"""What was sold and given back is added up by 分類: a receipt's row keeps them as they were at the sale."""

from __future__ import annotations

from alembic import op

revision = "0100"
down_revision = "0099"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE till_receipt ADD COLUMN categories jsonb")


def downgrade() -> None:
    op.execute("ALTER TABLE till_receipt DROP COLUMN categories")
