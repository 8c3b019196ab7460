"""The package of an application is made by the worker as well, where it is large."""

from __future__ import annotations

from alembic import op

revision = "0157"
down_revision = "0156"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE subsidy_package ADD COLUMN kind TEXT NOT NULL DEFAULT 'result';
ALTER TABLE subsidy_package ALTER COLUMN kind DROP DEFAULT;
ALTER TABLE subsidy_package ADD CONSTRAINT subsidy_package_kind_is_known CHECK (kind IN ('filing', 'result'));
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql("ALTER TABLE subsidy_package DROP COLUMN kind")
