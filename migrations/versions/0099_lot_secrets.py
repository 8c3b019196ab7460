"""Paper tickets of a new lot and slips of a new campaign are spelled under a secret of their own, sealed with the master key."""

from __future__ import annotations

from alembic import op

revision = "0099"
down_revision = "0098"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE ticket_lot ADD COLUMN secret bytea")
    op.execute("ALTER TABLE voucher_call ADD COLUMN code_secret bytea")


def downgrade() -> None:
    """Refused where a lot has a secret of its own: its tickets could not be read any more."""
    op.execute("ALTER TABLE ticket_lot ADD CONSTRAINT only_old_lots CHECK (secret IS NULL)")
    op.execute("ALTER TABLE ticket_lot DROP COLUMN secret")
    op.execute("ALTER TABLE voucher_call ADD CONSTRAINT only_old_calls CHECK (code_secret IS NULL)")
    op.execute("ALTER TABLE voucher_call DROP COLUMN code_secret")
