"""What an account that only receives stood at, at any past moment: a row for each of its days."""

from __future__ import annotations

import re

from alembic import op

from migrations import read_sql

revision = "0029"
down_revision = "0028"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.get_bind().exec_driver_sql(read_sql("ledger/16_account_days.sql"))


def downgrade() -> None:
    before = read_sql("ledger/3_holds_and_folds.sql")
    for name in ("fold", "rebase"):
        found = re.search(rf"CREATE FUNCTION ledger\.{name}\(.*?^END \$\$;", before, re.DOTALL | re.MULTILINE)
        assert found is not None
        op.get_bind().exec_driver_sql(found[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1))
    op.execute("DROP FUNCTION ledger.add_days; DROP TABLE ledger.account_day")
