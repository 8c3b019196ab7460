"""How a tool that is not registered was found to be what the call pays for (S-08)."""

from __future__ import annotations

from alembic import op

revision = "0113"
down_revision = "0112"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE subsidy_line_check ADD COLUMN definition text NOT NULL DEFAULT ''")


def downgrade() -> None:
    op.execute("ALTER TABLE subsidy_line_check DROP COLUMN definition")
