"""A payment costs half: changing a balance is its lock, and the plainest kind has a door of its own."""

from __future__ import annotations

from alembic import op

from migrations import read_sql

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

DOWN = """
DROP FUNCTION ledger.pay, ledger.give_back;
ALTER TABLE ledger.entry ADD CONSTRAINT entry_amount_check CHECK (amount <> 0);
ALTER TABLE ledger.transaction ADD CONSTRAINT transaction_check
    CHECK (cardinality(accounts) = cardinality(amounts) AND length(command_hash) = 32
           AND (kind = 'key_closed') = (cardinality(accounts) = 0));
"""


def upgrade() -> None:
    for name in ("post_one.6", "13_pay"):
        op.get_bind().exec_driver_sql(read_sql(f"ledger/{name}.sql"))


def downgrade() -> None:
    op.get_bind().exec_driver_sql(read_sql("ledger/post_one.5.sql"))
    op.execute(DOWN)
