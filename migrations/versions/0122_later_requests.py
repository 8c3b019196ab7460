"""あとで払うQR: a request that a tablet signed without the network is open for days, and beside the one that the till has open."""

from __future__ import annotations

from alembic import op

revision = "0122"
down_revision = "0121"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE payment_request ADD COLUMN later text;
ALTER TABLE payment_request DROP CONSTRAINT payment_request_life_is_short;
ALTER TABLE payment_request ADD CONSTRAINT payment_request_life_is_short CHECK (
    expires_at > made_at AND expires_at <= made_at + CASE WHEN later IS NULL THEN interval '15 minutes' ELSE interval '30 days' END
);
ALTER TABLE payment_request ADD CONSTRAINT payment_request_later_is_whole
    CHECK (later IS NULL OR length(later) = 56 AND till_id IS NOT NULL AND cash = 0);
DROP INDEX one_open_request_a_till, open_request_of_a_shop;
CREATE UNIQUE INDEX one_open_request_a_till ON payment_request (district_id, till_id) WHERE state = 'open' AND later IS NULL;
CREATE INDEX open_request_of_a_shop ON payment_request (district_id, merchant_id) WHERE state = 'open' AND later IS NULL;
CREATE INDEX later_request_of_a_shop ON payment_request (district_id, merchant_id, made_at DESC) WHERE later IS NOT NULL;
"""
DOWN = """
UPDATE payment_request SET state = 'cancelled', closed_at = expires_at WHERE later IS NOT NULL AND state = 'open';
UPDATE payment_request SET expires_at = made_at + interval '15 minutes' WHERE later IS NOT NULL;
DROP INDEX one_open_request_a_till, open_request_of_a_shop, later_request_of_a_shop;
ALTER TABLE payment_request DROP CONSTRAINT payment_request_later_is_whole;
ALTER TABLE payment_request DROP CONSTRAINT payment_request_life_is_short;
ALTER TABLE payment_request ADD CONSTRAINT payment_request_life_is_short
    CHECK (expires_at > made_at AND expires_at <= made_at + interval '15 minutes');
CREATE UNIQUE INDEX one_open_request_a_till ON payment_request (district_id, till_id) WHERE state = 'open';
CREATE INDEX open_request_of_a_shop ON payment_request (district_id, merchant_id) WHERE state = 'open';
ALTER TABLE payment_request DROP COLUMN later;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql(DOWN)
