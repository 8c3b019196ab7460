"""給付: a list is laid before a second person as a set; what each line of it has in common is said once."""

from __future__ import annotations

from alembic import op

from migrations import read_sql

revision = "0138"
down_revision = "0137"
branch_labels = None
depends_on = None

# A line is written twice: its answer finds room beside it, and its indexes stay as they are.
ROOM = "ALTER TABLE benefit_line SET (fillfactor = 50)"
DOWN = """
DROP FUNCTION ledger.propose_alike;
DROP TRIGGER items_belong ON ledger.proposal_item;
DROP FUNCTION ledger.items_belong;
ALTER TABLE ledger.proposal_item ADD FOREIGN KEY (kind) REFERENCES ledger.kind,
    ADD FOREIGN KEY (district_id, proposal_id) REFERENCES ledger.proposal;
ALTER TABLE benefit_line RESET (fillfactor);
"""


def upgrade() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql(read_sql("ledger/propose_alike.1.sql"))
    connection.exec_driver_sql(read_sql("ledger/open_accounts.2.sql"))
    connection.exec_driver_sql(ROOM)


def downgrade() -> None:
    """`open_accounts` stays: it opens the same accounts as before."""
    op.get_bind().exec_driver_sql(DOWN)
