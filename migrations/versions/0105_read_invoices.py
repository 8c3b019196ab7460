"""Who is named on an evidence, and what was read from an invoice's own text beside what a person confirmed."""

from __future__ import annotations

from alembic import op

revision = "0105"
down_revision = "0104"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE subsidy_paper ADD COLUMN issuer text NOT NULL DEFAULT '';
ALTER TABLE subsidy_paper ADD COLUMN proposed jsonb;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.execute("ALTER TABLE subsidy_paper DROP COLUMN issuer, DROP COLUMN proposed")
