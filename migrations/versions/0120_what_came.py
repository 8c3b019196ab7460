"""What a night foretold is held against the people who came, as far as the guard tells them."""

from __future__ import annotations

from alembic import op

revision = "0120"
down_revision = "0119"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.get_bind().exec_driver_sql("ALTER TABLE insight_forecast ADD COLUMN came jsonb NOT NULL DEFAULT '[]'")


def downgrade() -> None:
    op.get_bind().exec_driver_sql("ALTER TABLE insight_forecast DROP COLUMN came")
