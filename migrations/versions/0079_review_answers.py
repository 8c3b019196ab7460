"""補助事業の審査項目への答え: each saving is a row of its own, with the figures that stood beside it that day."""

from __future__ import annotations

from alembic import op

revision = "0079"
down_revision = "0078"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE subsidy_answer (
    district_id BIGINT NOT NULL,
    project_id BIGINT NOT NULL,
    item INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    words TEXT NOT NULL,
    is_declined BOOLEAN NOT NULL,
    figures TEXT[] NOT NULL,
    made_by BIGINT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT subsidy_answer_pkey PRIMARY KEY (district_id, project_id, item, revision),
    CONSTRAINT subsidy_answer_district_id_project_id_fkey FOREIGN KEY(district_id, project_id) REFERENCES subsidy_project (district_id, id),
    CONSTRAINT subsidy_answer_is_counted CHECK (item BETWEEN 1 AND 99 AND revision > 0),
    CONSTRAINT subsidy_answer_says_something CHECK (is_declined = (words = ''))
);
GRANT SELECT, INSERT ON subsidy_answer TO meguri_web;
CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON subsidy_answer FOR EACH ROW EXECUTE FUNCTION ledger.never();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON subsidy_answer FOR EACH STATEMENT EXECUTE FUNCTION ledger.never();
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql("DROP TABLE subsidy_answer")
