"""業種 by date: what a shop's trade was when, so that a change leaves the figures of earlier months as they were told."""

from __future__ import annotations

from alembic import op

revision = "0101"
down_revision = "0100"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE merchant_trade (
    district_id bigint NOT NULL,
    id          bigint GENERATED ALWAYS AS IDENTITY,
    merchant_id bigint NOT NULL,
    since       timestamptz NOT NULL,
    trade       varchar(40) NOT NULL,
    CONSTRAINT merchant_trade_pkey PRIMARY KEY (district_id, id),
    CONSTRAINT merchant_trade_merchant_fkey FOREIGN KEY (district_id, merchant_id) REFERENCES merchant (district_id, id)
);
CREATE INDEX trades_of_a_shop ON merchant_trade (district_id, merchant_id, since, id);
INSERT INTO merchant_trade (district_id, merchant_id, since, trade)
SELECT district_id, id, created_at, trade FROM merchant ORDER BY district_id, id;
GRANT SELECT, INSERT ON merchant_trade TO meguri_web;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.execute("DROP TABLE merchant_trade")
