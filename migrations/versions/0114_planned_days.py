"""When a cost line is meant to be ordered, delivered and paid: the schedule of the plan."""

from __future__ import annotations

from alembic import op

revision = "0114"
down_revision = "0113"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE subsidy_line ADD COLUMN plan_ordered date, ADD COLUMN plan_delivered date, ADD COLUMN plan_paid date")


def downgrade() -> None:
    op.execute("ALTER TABLE subsidy_line DROP COLUMN plan_ordered, DROP COLUMN plan_delivered, DROP COLUMN plan_paid")
