"""A shop may have its tills write the receipts of payments by its printed code: which till numbers them."""

from __future__ import annotations

from alembic import op

revision = "0091"
down_revision = "0090"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE register_settings ADD COLUMN code_till bigint;
ALTER TABLE register_settings ADD CONSTRAINT register_settings_code_till_fkey
    FOREIGN KEY (district_id, code_till) REFERENCES till (district_id, id);
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.execute("ALTER TABLE register_settings DROP COLUMN code_till")
