"""A price or rate of an article that holds from a day on."""

from __future__ import annotations

from alembic import op

revision = "0132"
down_revision = "0131"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE article
    ADD COLUMN next_day date,
    ADD COLUMN next_price bigint,
    ADD COLUMN next_rate smallint,
    ADD COLUMN next_eat_in_price bigint,
    ADD CONSTRAINT article_a_day_changes_something
        CHECK ((next_day IS NULL) = (num_nonnulls(next_price, next_rate, next_eat_in_price) = 0)),
    ADD CONSTRAINT article_next_rate_is_known CHECK (next_rate IN (0, 8, 10)),
    ADD CONSTRAINT article_next_price_is_seven_digits
        CHECK (next_price BETWEEN 0 AND 9999999 AND next_eat_in_price BETWEEN 0 AND 9999999);
GRANT UPDATE (next_day, next_price, next_rate, next_eat_in_price) ON article TO meguri_web;
"""

DOWN = """
ALTER TABLE article
    DROP COLUMN next_day, DROP COLUMN next_price, DROP COLUMN next_rate, DROP COLUMN next_eat_in_price;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql(DOWN)
