"""A shared bill goes to the till at which its rest is taken: there the cash lies, and there its receipt is made."""

from __future__ import annotations

from alembic import op

revision = "0146"
down_revision = "0145"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("GRANT UPDATE (till_id, staff_id) ON shared_bill TO meguri_web")


def downgrade() -> None:
    op.execute("REVOKE UPDATE (till_id, staff_id) ON shared_bill FROM meguri_web")
