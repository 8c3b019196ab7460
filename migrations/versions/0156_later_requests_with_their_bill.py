"""あとで払うQR says what was sold: its text has no one length any more."""

from __future__ import annotations

from alembic import op

revision = "0156"
down_revision = "0155"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE payment_request DROP CONSTRAINT payment_request_later_is_whole;
ALTER TABLE payment_request ADD CONSTRAINT payment_request_later_is_whole
    CHECK (later IS NULL OR length(later) BETWEEN 32 AND 320 AND till_id IS NOT NULL AND cash = 0);
"""
DOWN = """
UPDATE payment_request SET state = 'cancelled', closed_at = expires_at WHERE length(later) <> 56 AND state = 'open';
UPDATE payment_request SET later = NULL, expires_at = made_at + interval '15 minutes' WHERE length(later) <> 56;
ALTER TABLE payment_request DROP CONSTRAINT payment_request_later_is_whole;
ALTER TABLE payment_request ADD CONSTRAINT payment_request_later_is_whole
    CHECK (later IS NULL OR length(later) = 56 AND till_id IS NOT NULL AND cash = 0);
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql(DOWN)
