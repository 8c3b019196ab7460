"""見積りと、行ごとの確かめ: quotes side by side, the one that was chosen and why, registration, and what makes a cost ineligible."""

from __future__ import annotations

from alembic import op

revision = "0088"
down_revision = "0087"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE subsidy_quote (
    district_id BIGINT NOT NULL,
    project_id BIGINT NOT NULL,
    line INTEGER NOT NULL,
    number INTEGER NOT NULL,
    seller TEXT NOT NULL,
    amount BIGINT NOT NULL,
    day DATE NOT NULL,
    key UUID NOT NULL,
    made_by BIGINT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT subsidy_quote_pkey PRIMARY KEY (district_id, project_id, line, number),
    CONSTRAINT subsidy_quote_district_id_project_id_fkey FOREIGN KEY(district_id, project_id) REFERENCES subsidy_project (district_id, id),
    CONSTRAINT subsidy_quote_district_id_key_key UNIQUE (district_id, key),
    CONSTRAINT subsidy_quote_amount_in_range CHECK (amount BETWEEN 0 AND 1000000000000),
    CONSTRAINT subsidy_quote_has_its_seller CHECK (number > 0 AND seller <> '')
);
CREATE TABLE subsidy_line_check (
    district_id BIGINT NOT NULL,
    project_id BIGINT NOT NULL,
    line INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    quote INTEGER,
    why TEXT NOT NULL,
    provider_number TEXT NOT NULL,
    tool_number TEXT NOT NULL,
    reason TEXT NOT NULL,
    clear TEXT[] NOT NULL,
    made_by BIGINT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT subsidy_line_check_pkey PRIMARY KEY (district_id, project_id, line, revision),
    CONSTRAINT subsidy_line_check_district_id_project_id_fkey
        FOREIGN KEY(district_id, project_id) REFERENCES subsidy_project (district_id, id),
    CONSTRAINT subsidy_line_check_district_id_project_id_line_quote_fkey
        FOREIGN KEY(district_id, project_id, line, quote) REFERENCES subsidy_quote (district_id, project_id, line, number),
    CONSTRAINT subsidy_line_check_is_counted CHECK (revision > 0)
);
GRANT SELECT, INSERT ON subsidy_quote, subsidy_line_check TO meguri_web;
CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON subsidy_quote FOR EACH ROW EXECUTE FUNCTION ledger.never();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON subsidy_quote FOR EACH STATEMENT EXECUTE FUNCTION ledger.never();
CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON subsidy_line_check FOR EACH ROW EXECUTE FUNCTION ledger.never();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON subsidy_line_check FOR EACH STATEMENT EXECUTE FUNCTION ledger.never();
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql("DROP TABLE subsidy_line_check; DROP TABLE subsidy_quote")
