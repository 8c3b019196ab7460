"""A campaign of vouchers may say how much of it one payment may take."""

from __future__ import annotations

from alembic import op

revision = "0108"
down_revision = "0107"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        ALTER TABLE voucher ADD COLUMN payment_max bigint,
            ADD CONSTRAINT voucher_payment_takes_something CHECK (payment_max BETWEEN 1 AND face * per_person)
    """)


def downgrade() -> None:
    op.execute("ALTER TABLE voucher DROP COLUMN payment_max")
