"""What the bank does by itself, fees and interest, is booked from its own line by two people."""

from __future__ import annotations

from alembic import op

revision = "0039"
down_revision = "0038"
branch_labels = None
depends_on = None

UP = """
INSERT INTO ledger.role VALUES
    ('bank_fee', 'expense', 1, false, false, NULL, NULL),
    ('interest', 'income', -1, false, false, NULL, NULL),
    ('other_income', 'income', -1, false, false, NULL, NULL);
INSERT INTO ledger.kind (name, moves, posters, keeps_series, is_capped, fills, refers, reversible, appends, needs_approval, refundable,
    after_end)
VALUES ('bank_line', '{bank+,bank-,bank_fee+,bank_fee-,interest+,interest-,other_income+,other_income-}', '{meguri_web,meguri_demo}',
    false, false, false, NULL, false, 0, true, false, 'never');
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    """Refused by the database where something was booked on these accounts: the book is never edited."""
    op.execute("DELETE FROM ledger.kind WHERE name = 'bank_line'")
    op.execute("DELETE FROM ledger.account WHERE role IN ('bank_fee', 'interest', 'other_income') AND entry_count = 0")
    op.execute("DELETE FROM ledger.role WHERE name IN ('bank_fee', 'interest', 'other_income')")
