"""1日の現金チャージの枠: what is issued against cash in a day may have a budget that two people approve."""

from __future__ import annotations

import re

from alembic import op

from migrations import read_sql

revision = "0074"
down_revision = "0073"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.get_bind().exec_driver_sql(read_sql("ledger/draw.2.sql"))


def downgrade() -> None:
    """Refused where two people have approved such a budget: it would hold no more."""
    before = re.search(r"CREATE FUNCTION ledger\.draw\(.*?^END \$\$;", read_sql("ledger/22_mandates.sql"), re.DOTALL | re.MULTILINE)
    assert before is not None
    op.get_bind().exec_driver_sql(before[0].replace("CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", 1))
    op.execute("DROP FUNCTION ledger.draw_cash; DROP INDEX ledger.mandate_of_cash")
    op.execute(
        "ALTER TABLE ledger.mandate DROP CONSTRAINT mandate_per_check,"
        " ADD CONSTRAINT mandate_per_check CHECK (per IN ('piece', 'all', 'month'))"
    )
