"""What stood at the end of a month, which its report prints: the forecast, and what coupons and campaigns had brought."""

from __future__ import annotations

from alembic import op

revision = "0125"
down_revision = "0124"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE insight_month_end (
    district_id BIGINT NOT NULL,
    month DATE NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    forecast JSONB NOT NULL,
    effects JSONB NOT NULL,
    CONSTRAINT insight_month_end_pkey PRIMARY KEY (district_id, month),
    CONSTRAINT insight_month_end_district_id_fkey FOREIGN KEY(district_id) REFERENCES district (id),
    CONSTRAINT insight_month_end_month_is_its_first_day CHECK (extract(day FROM month) = 1)
);
GRANT SELECT, INSERT ON insight_month_end TO meguri_web;
CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON insight_month_end FOR EACH ROW EXECUTE FUNCTION ledger.never();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON insight_month_end FOR EACH STATEMENT EXECUTE FUNCTION ledger.never();
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql("DROP TABLE insight_month_end")
