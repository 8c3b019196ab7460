"""A coupon may end so many days after somebody received it."""

from __future__ import annotations

from alembic import op

revision = "0106"
down_revision = "0105"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        ALTER TABLE coupon ADD COLUMN valid_days bigint,
            ADD CONSTRAINT coupon_valid_days_are_of_one_piece
                CHECK (valid_days IS NULL OR (valid_days BETWEEN 1 AND 365 AND per_person = 1))
    """)


def downgrade() -> None:
    op.execute("ALTER TABLE coupon DROP COLUMN valid_days")
