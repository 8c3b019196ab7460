"""A coupon for those who go to one trade and not to another."""

from __future__ import annotations

from alembic import op

revision = "0111"
down_revision = "0110"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE coupon ADD COLUMN segment_without varchar(40)")
    op.execute("ALTER TABLE coupon ADD CONSTRAINT coupon_without_is_a_regulars CHECK (segment_without IS NULL OR segment = 'regular')")
    op.execute("ALTER TABLE coupon ADD CONSTRAINT coupon_without_is_another_trade CHECK (segment_without <> segment_trade)")


def downgrade() -> None:
    op.execute("ALTER TABLE coupon DROP COLUMN segment_without")
