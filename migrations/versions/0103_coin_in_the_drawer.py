"""A till's drawer knows the cash for coin that an agency sells at it, and what an undone sale gave back."""

from __future__ import annotations

from alembic import op

revision = "0103"
down_revision = "0102"
branch_labels = None
depends_on = None

KINDS = "ALTER TABLE till_drawer_event DROP CONSTRAINT {name}, ADD CONSTRAINT {name} CHECK (kind IN ({kinds})) NOT VALID"
NAME = "till_drawer_event_kind_is_known"


def upgrade() -> None:
    op.execute(KINDS.format(name=NAME, kinds="'open', 'in', 'out', 'coin_in', 'coin_out', 'count', 'close'"))


def downgrade() -> None:
    op.execute(KINDS.format(name=NAME, kinds="'open', 'in', 'out', 'count', 'close'"))
