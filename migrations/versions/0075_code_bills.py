"""A consumer's code pays a request: the question to the phone says which."""

from __future__ import annotations

from alembic import op

revision = "0075"
down_revision = "0074"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE consent ADD COLUMN request_id uuid")


def downgrade() -> None:
    op.execute("ALTER TABLE consent DROP COLUMN request_id")
