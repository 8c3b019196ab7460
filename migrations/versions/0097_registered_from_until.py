"""A registration as 適格請求書発行事業者 begins and may end: a receipt names the number only on the days on which it holds."""

from __future__ import annotations

from alembic import op

revision = "0097"
down_revision = "0096"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE register_settings ADD COLUMN registered_from date;
ALTER TABLE register_settings ADD COLUMN registered_until date;
ALTER TABLE register_settings ADD CONSTRAINT register_settings_registration_ends_after_it_began CHECK (registered_until >= registered_from);
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.execute("ALTER TABLE register_settings DROP COLUMN registered_from, DROP COLUMN registered_until")
