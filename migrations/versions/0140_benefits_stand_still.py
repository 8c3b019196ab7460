"""給付: a benefit of which a piece cannot be done stands still and says why; those behind it go on."""

from __future__ import annotations

from alembic import op

revision = "0140"
down_revision = "0139"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE benefit ADD COLUMN stuck_at timestamptz, ADD COLUMN stuck_number varchar(10);
ALTER TABLE benefit ADD CONSTRAINT benefit_stuck_is_whole CHECK ((stuck_at IS NULL) = (stuck_number IS NULL));
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute("ALTER TABLE benefit DROP COLUMN stuck_at, DROP COLUMN stuck_number")
