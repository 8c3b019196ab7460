"""What each role stood at, at any past moment: a row for each of its days, kept by the sealer."""

from __future__ import annotations

import re

from alembic import op

from migrations import read_sql

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("18_role_days", "seal.4"):
        op.get_bind().exec_driver_sql(read_sql(f"ledger/{name}.sql"))


def downgrade() -> None:
    op.get_bind().exec_driver_sql(read_sql("ledger/seal.3.sql"))
    found = re.search(r"CREATE FUNCTION ledger\.rebuild_lists\(.*?^END \$\$;", read_sql("ledger/14_finding.sql"), re.DOTALL | re.MULTILINE)
    assert found is not None
    op.get_bind().exec_driver_sql(found[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1))
    op.execute("DROP FUNCTION ledger.add_role_days; DROP TABLE ledger.role_day")
