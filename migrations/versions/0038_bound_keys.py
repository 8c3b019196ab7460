"""A lost payment that is booked again answers for the key under which it was first made."""

from __future__ import annotations

import re

from alembic import op

from migrations import read_sql

revision = "0038"
down_revision = "0037"
branch_labels = None
depends_on = None


def upgrade() -> None:
    for name in ("19_bound_keys", "post_one.8", "post_set.2"):
        op.get_bind().exec_driver_sql(read_sql(f"ledger/{name}.sql"))


def downgrade() -> None:
    op.get_bind().exec_driver_sql(read_sql("ledger/post_one.7.sql"))
    for name, file in (("close_key", "10_sealed_log"), ("post_set", "17_post_set")):
        found = re.search(
            rf"CREATE (OR REPLACE )?FUNCTION ledger\.{name}\(.*?^END \$\$;", read_sql(f"ledger/{file}.sql"), re.DOTALL | re.MULTILINE
        )
        assert found is not None
        op.get_bind().exec_driver_sql(re.sub("^CREATE FUNCTION", "CREATE OR REPLACE FUNCTION", found[0]))
    op.execute("DROP FUNCTION ledger.bind_key, ledger.known; DROP TABLE ledger.bound_key")
