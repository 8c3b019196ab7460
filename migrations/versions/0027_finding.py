"""What finds a transaction among millions: a table of contents and a list of amounts, kept by the sealer."""

from __future__ import annotations

from alembic import op

from migrations import read_sql

revision = "0027"
down_revision = "0026"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("14_finding", "seal.3"):
        op.get_bind().exec_driver_sql(read_sql(f"ledger/{name}.sql"))


def downgrade() -> None:
    op.get_bind().exec_driver_sql(read_sql("ledger/seal.2.sql"))
    op.execute("DROP FUNCTION ledger.rebuild_lists; DROP TABLE ledger.contents, ledger.amount")
