"""A payment that was lost with a return is booked again, as its slip says, by two people."""

from __future__ import annotations

from alembic import op

revision = "0033"
down_revision = "0032"
branch_labels = None
depends_on = None

# As `payment`, but for two: only as approved, and not capped, since it was when it was paid.
UP = """
INSERT INTO ledger.kind (name, moves, posters, keeps_series, is_capped, fills, refers, reversible, appends, needs_approval, refundable,
    after_end)
VALUES ('payment_again', '{consumer+,payable-}', '{meguri_web,meguri_demo}', true, false, false, NULL, false, -1, true, true, 'never');
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute("DELETE FROM ledger.kind WHERE name = 'payment_again'")
