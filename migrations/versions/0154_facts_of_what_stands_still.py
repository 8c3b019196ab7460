"""給付: what a benefit met is kept with its facts, so that the page says it in its own sentence and not in a general one."""

from __future__ import annotations

from alembic import op

revision = "0154"
down_revision = "0153"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE benefit ADD COLUMN stuck_facts jsonb")


def downgrade() -> None:
    op.execute("ALTER TABLE benefit DROP COLUMN stuck_facts")
