"""The keypad's rate and the bag's price that hold from a day on."""

from __future__ import annotations

from alembic import op

revision = "0141"
down_revision = "0140"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE register_settings
    ADD COLUMN next_day date,
    ADD COLUMN next_keypad_rate smallint,
    ADD COLUMN next_bag_price bigint,
    ADD CONSTRAINT register_settings_a_day_changes_something
        CHECK ((next_day IS NULL) = (num_nonnulls(next_keypad_rate, next_bag_price) = 0)),
    ADD CONSTRAINT register_settings_next_keypad_rate_is_known CHECK (next_keypad_rate IN (0, 8, 10)),
    ADD CONSTRAINT register_settings_next_bag_is_cheap CHECK (next_bag_price BETWEEN 0 AND 1000);
"""

DOWN = "ALTER TABLE register_settings DROP COLUMN next_day, DROP COLUMN next_keypad_rate, DROP COLUMN next_bag_price"


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql(DOWN)
