"""Coupons of more kinds: percent with a cap, hours, visits, pairs of shops, segments, ways to hand them out, two on one bill."""

from __future__ import annotations

from alembic import op

revision = "0046"
down_revision = "0045"
branch_labels = None
depends_on = None

TABLES = """
ALTER TABLE coupon
    ADD COLUMN percent        bigint,
    ADD COLUMN weekdays       bigint NOT NULL DEFAULT 127,
    ADD COLUMN from_minute    bigint NOT NULL DEFAULT 0,
    ADD COLUMN until_minute   bigint NOT NULL DEFAULT 1440,
    ADD COLUMN visit          varchar(8),
    ADD COLUMN within_days    bigint,
    ADD COLUMN segment        varchar(8),
    ADD COLUMN segment_days   bigint,
    ADD COLUMN segment_trade  varchar(40),
    ADD COLUMN way            varchar(8) NOT NULL DEFAULT 'open',
    ADD COLUMN together       boolean NOT NULL DEFAULT false,
    ADD COLUMN link_code      varchar(16) NOT NULL DEFAULT substr(replace(gen_random_uuid()::text, '-', ''), 1, 16),
    DROP CONSTRAINT coupon_something_is_paid,
    ADD CONSTRAINT coupon_something_is_paid CHECK (min_spend BETWEEN 1 AND 1000000 AND (percent IS NOT NULL OR min_spend > amount_off)),
    ADD CONSTRAINT coupon_percent_is_a_part CHECK (percent BETWEEN 1 AND 99),
    ADD CONSTRAINT coupon_percent_of_least_is_a_yen CHECK (percent * min_spend >= 100),
    ADD CONSTRAINT coupon_some_weekday CHECK (weekdays BETWEEN 1 AND 127),
    ADD CONSTRAINT coupon_hours_go_forward CHECK (from_minute >= 0 AND from_minute < until_minute AND until_minute <= 1440),
    ADD CONSTRAINT coupon_visit_is_known CHECK (visit IN ('first', 'again', 'pair')),
    ADD CONSTRAINT coupon_visit_has_its_days CHECK ((COALESCE(visit, 'first') <> 'first') = (within_days IS NOT NULL)
        AND within_days BETWEEN 1 AND 365),
    ADD CONSTRAINT coupon_segment_is_known CHECK (segment IN ('regular', 'absent')),
    ADD CONSTRAINT coupon_segment_has_its_days CHECK ((segment IS NOT NULL) = (segment_days IS NOT NULL)
        AND segment_days BETWEEN 1 AND 365),
    ADD CONSTRAINT coupon_trade_is_a_regulars CHECK (segment_trade IS NULL OR segment = 'regular'),
    ADD CONSTRAINT coupon_way_is_known CHECK (way IN ('open', 'poster', 'receipt')),
    ADD CONSTRAINT coupon_receipt_follows_a_visit CHECK (way <> 'receipt' OR visit IN ('again', 'pair')),
    ADD CONSTRAINT coupon_link_code_is_of_one_coupon UNIQUE (district_id, link_code);
ALTER TABLE coupon ALTER COLUMN link_code DROP DEFAULT;

CREATE TABLE coupon_source (
    district_id bigint NOT NULL,
    coupon_id   bigint NOT NULL,
    merchant_id bigint NOT NULL,
    CONSTRAINT coupon_source_pkey PRIMARY KEY (district_id, coupon_id, merchant_id),
    CONSTRAINT coupon_source_district_id_coupon_id_fkey FOREIGN KEY (district_id, coupon_id) REFERENCES coupon (district_id, id)
);
GRANT SELECT, INSERT ON coupon_source TO meguri_web;
"""

BACK = """
DROP TABLE coupon_source;
ALTER TABLE coupon
    DROP CONSTRAINT coupon_something_is_paid,
    DROP COLUMN percent, DROP COLUMN weekdays, DROP COLUMN from_minute, DROP COLUMN until_minute, DROP COLUMN visit,
    DROP COLUMN within_days, DROP COLUMN segment, DROP COLUMN segment_days, DROP COLUMN segment_trade, DROP COLUMN way,
    DROP COLUMN together, DROP COLUMN link_code;
ALTER TABLE coupon ADD CONSTRAINT coupon_something_is_paid CHECK (min_spend > amount_off AND min_spend <= 1000000);
"""


def upgrade() -> None:
    op.execute(TABLES)


def downgrade() -> None:
    op.execute(BACK)
