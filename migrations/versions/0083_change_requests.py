"""計画変更: what was asked of the office with the sums of before and after, and what it answered. Each state is a row of its own."""

from __future__ import annotations

from alembic import op

revision = "0083"
down_revision = "0082"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE subsidy_change (
    district_id BIGINT NOT NULL,
    project_id BIGINT NOT NULL,
    number INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    state TEXT NOT NULL,
    day DATE NOT NULL,
    words TEXT NOT NULL,
    said TEXT[] NOT NULL,
    before BIGINT[] NOT NULL,
    after BIGINT[] NOT NULL,
    key UUID,
    made_by BIGINT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT subsidy_change_pkey PRIMARY KEY (district_id, project_id, number, revision),
    CONSTRAINT subsidy_change_district_id_project_id_fkey FOREIGN KEY(district_id, project_id) REFERENCES subsidy_project (district_id, id),
    CONSTRAINT subsidy_change_district_id_key_key UNIQUE (district_id, key),
    CONSTRAINT subsidy_change_state_is_known CHECK (
        (revision = 1 AND state = 'asked') OR (revision = 2 AND state IN ('approved', 'refused'))
    ),
    CONSTRAINT subsidy_change_is_asked_once CHECK ((key IS NOT NULL) = (revision = 1)),
    CONSTRAINT subsidy_change_has_its_reason CHECK (number > 0 AND (revision > 1 OR words <> '')),
    CONSTRAINT subsidy_change_by_category CHECK (
        cardinality(before) = 3 AND cardinality(after) = 3 AND 0 <= ALL (before) AND 0 <= ALL (after)
    )
);
GRANT SELECT, INSERT ON subsidy_change TO meguri_web;
CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON subsidy_change FOR EACH ROW EXECUTE FUNCTION ledger.never();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON subsidy_change FOR EACH STATEMENT EXECUTE FUNCTION ledger.never();
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql("DROP TABLE subsidy_change")
