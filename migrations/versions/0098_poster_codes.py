"""The code of a coupon's poster has 96 random bits; those of coupons that were made earlier stay as they are."""

from __future__ import annotations

from alembic import op

revision = "0098"
down_revision = "0097"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE coupon ALTER COLUMN link_code TYPE varchar(24)")


def downgrade() -> None:
    """Refused where a coupon has a longer code: its poster hangs somewhere."""
    op.execute("ALTER TABLE coupon ALTER COLUMN link_code TYPE varchar(16)")
