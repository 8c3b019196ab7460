"""給付: an account is opened without looking its role up a second time."""

from __future__ import annotations

from alembic import op

revision = "0143"
down_revision = "0142"
branch_labels = None
depends_on = None

# Nobody writes accounts but the functions that open them, and these have read the role's row: sign, floor and ceiling come from there.
UP = "ALTER TABLE ledger.account DROP CONSTRAINT account_role_fkey"
DOWN = "ALTER TABLE ledger.account ADD CONSTRAINT account_role_fkey FOREIGN KEY (role) REFERENCES ledger.role"


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
