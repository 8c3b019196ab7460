"""Points for taking part are issued, and stop with issuing; a transfer may use up its payer's own gift alone."""

from __future__ import annotations

import re

from alembic import op

from migrations import read_sql

revision = "0065"
down_revision = "0064"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.get_bind().exec_driver_sql(read_sql("ledger/check_transfer.2.sql"))
    op.execute("INSERT INTO ledger.kind_switch VALUES ('point_given', 'issuing')")


def downgrade() -> None:
    op.execute("DELETE FROM ledger.kind_switch WHERE kind = 'point_given'")
    before = re.search(
        r"CREATE FUNCTION ledger\.check_transfer\(.*?^END \$\$;", read_sql("ledger/21_passing_on.sql"), re.DOTALL | re.MULTILINE
    )
    assert before is not None
    op.get_bind().exec_driver_sql(before[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1))
