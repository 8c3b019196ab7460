"""承認の待ち: what was set aside keeps its place in the plan, so that question, book and receipt list it in one order."""

from __future__ import annotations

from alembic import op

revision = "0155"
down_revision = "0154"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE consent_line ADD COLUMN place smallint NOT NULL DEFAULT 0")


def downgrade() -> None:
    op.execute("ALTER TABLE consent_line DROP COLUMN place")
