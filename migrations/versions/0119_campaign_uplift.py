"""What a campaign of points brought is estimated as for coupons, and kept beside them."""

from __future__ import annotations

from alembic import op

revision = "0119"
down_revision = "0118"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE insight_uplift
    ADD COLUMN campaign_id bigint,
    ALTER COLUMN coupon_id DROP NOT NULL,
    DROP CONSTRAINT insight_uplift_once_a_place,
    ADD CONSTRAINT insight_uplift_once_a_place UNIQUE NULLS NOT DISTINCT (district_id, coupon_id, campaign_id, merchant_id),
    ADD CONSTRAINT insight_uplift_is_of_one_thing CHECK (num_nonnulls(coupon_id, campaign_id) = 1);
"""
BACK = """
DELETE FROM insight_uplift WHERE coupon_id IS NULL;
ALTER TABLE insight_uplift
    DROP CONSTRAINT insight_uplift_is_of_one_thing,
    DROP CONSTRAINT insight_uplift_once_a_place,
    DROP COLUMN campaign_id,
    ALTER COLUMN coupon_id SET NOT NULL,
    ADD CONSTRAINT insight_uplift_once_a_place UNIQUE NULLS NOT DISTINCT (district_id, coupon_id, merchant_id);
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    """Estimates of campaigns are gone: the next night makes them anew."""
    op.execute(BACK)
