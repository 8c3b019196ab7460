"""The book: tables, the functions that alone may write them, and who may call those."""

from alembic import op

from migrations import read_sql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("1_tables", "2_post", "post_one.1", "3_holds_and_folds", "create_series.1", "4_accounts_and_grants"):
        op.get_bind().exec_driver_sql(read_sql(f"ledger/{name}.sql"))


def downgrade() -> None:
    op.execute("DROP SCHEMA ledger CASCADE")
