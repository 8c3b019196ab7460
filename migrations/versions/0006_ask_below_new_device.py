"""What a shop may take unasked is never more than what a new device may pay: a stolen sign-in must not get round its limit."""

from __future__ import annotations

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # NOT VALID: series are never edited, so one that was opened otherwise stays as it is, and no new one can be.
    op.execute("ALTER TABLE ledger.series ADD CONSTRAINT asks_below_new_device CHECK (ask_above <= new_device_max) NOT VALID")


def downgrade() -> None:
    op.execute("ALTER TABLE ledger.series DROP CONSTRAINT asks_below_new_device")
