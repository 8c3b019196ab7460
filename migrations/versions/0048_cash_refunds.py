"""払戻し: coin goes back in cash or to the bank, within the law's caps or for a reason, by two people."""

from __future__ import annotations

from alembic import op

revision = "0048"
down_revision = "0047"
branch_labels = None
depends_on = None

UP = """
INSERT INTO ledger.kind (name, moves, posters, keeps_series, is_capped, fills, refers, reversible, appends, needs_approval, refundable,
    after_end)
VALUES ('cash_refund', '{consumer+,safe-,bank-}', '{meguri_web,meguri_demo}', false, false, false, NULL, false, NULL, true, false, 'never');
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute("DELETE FROM ledger.kind WHERE name = 'cash_refund'")
