"""非常停止: one person stops paying, issuing or passing on, in the book itself; two people start it again."""

from __future__ import annotations

import re

from alembic import op

from migrations import read_sql

revision = "0053"
down_revision = "0052"
branch_labels = None
depends_on = None

BEFORE = {"pay": "13_pay", "post_one": "post_one.8", "post_set": "post_set.2", "place_hold": "place_hold.2", "refuse_line": "2_post"}


def upgrade() -> None:
    for name in ("20_stops", "pay.2", "post_one.9", "post_set.3", "place_hold.3"):
        op.get_bind().exec_driver_sql(read_sql(f"ledger/{name}.sql"))


def downgrade() -> None:
    for name, file in BEFORE.items():
        found = re.search(
            rf"CREATE (OR REPLACE )?FUNCTION ledger\.{name}\(.*?^END \$\$;", read_sql(f"ledger/{file}.sql"), re.DOTALL | re.MULTILINE
        )
        assert found is not None
        op.get_bind().exec_driver_sql(re.sub("^CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", found[0]))
    op.execute("DROP TRIGGER is_stopped_too ON ledger.series")
    op.execute("DROP FUNCTION ledger.stop, ledger.start_again, ledger.new_series_stops, ledger.show_stops, ledger.lock_stops")
    op.execute("DROP FUNCTION ledger.stopped_of, ledger.stop_of, ledger.stop_reason; DROP SEQUENCE ledger.stop_id_seq")
    op.execute("DROP TABLE ledger.stop_end, ledger.stop, ledger.kind_switch")
    op.execute("ALTER TABLE ledger.series DROP COLUMN stopped")
