"""What each coupon brought, as the newest night estimated it."""

from __future__ import annotations

from alembic import op

revision = "0090"
down_revision = "0089"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE insight_uplift (
    district_id bigint NOT NULL,
    id          bigint GENERATED ALWAYS AS IDENTITY,
    coupon_id   bigint NOT NULL,
    merchant_id bigint,
    made_on     date NOT NULL,
    made_at     timestamptz NOT NULL,
    first_day   date NOT NULL,
    last_day    date NOT NULL,
    found       jsonb NOT NULL,
    CONSTRAINT insight_uplift_pkey PRIMARY KEY (district_id, id),
    CONSTRAINT insight_uplift_once_a_place UNIQUE NULLS NOT DISTINCT (district_id, coupon_id, merchant_id)
);
GRANT SELECT, INSERT ON insight_uplift TO meguri_web;
GRANT UPDATE (made_on, made_at, first_day, last_day, found) ON insight_uplift TO meguri_web;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute("DROP TABLE insight_uplift")
