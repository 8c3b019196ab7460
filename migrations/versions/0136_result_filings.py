"""A result report that was filed is frozen with its fact, as an application is: its question, and what it spoke of."""

from __future__ import annotations

from alembic import op

revision = "0136"
down_revision = "0135"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE subsidy_filing ADD COLUMN held JSONB;
ALTER TABLE subsidy_filing ADD CONSTRAINT subsidy_filing_a_result_holds_its_lines
    CHECK ((asked ->> 'stage' = 'result') = (held IS NOT NULL));
"""

DOWN = "ALTER TABLE subsidy_filing DROP COLUMN held;"


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql(DOWN)
