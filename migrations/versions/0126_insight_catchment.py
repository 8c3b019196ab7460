"""どこから来るか: what was told of a month when it was over, kept as it was."""

from __future__ import annotations

from alembic import op

revision = "0126"
down_revision = "0125"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE insight_catchment (
    district_id BIGINT NOT NULL,
    month DATE NOT NULL,
    told JSONB NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT insight_catchment_pkey PRIMARY KEY (district_id, month),
    CONSTRAINT insight_catchment_district_id_fkey FOREIGN KEY(district_id) REFERENCES district (id),
    CONSTRAINT insight_catchment_month_is_its_first_day CHECK (extract(day FROM month) = 1)
);
GRANT SELECT, INSERT ON insight_catchment TO meguri_web;
CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON insight_catchment FOR EACH ROW EXECUTE FUNCTION ledger.never();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON insight_catchment FOR EACH STATEMENT EXECUTE FUNCTION ledger.never();
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql("DROP TABLE insight_catchment")
