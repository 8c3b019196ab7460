"""補助事業の経費: cost lines, each saving a row of its own, and files that prove them."""

from __future__ import annotations

from alembic import op

revision = "0077"
down_revision = "0076"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE subsidy_line (
    district_id BIGINT NOT NULL,
    project_id BIGINT NOT NULL,
    number INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    party_id BIGINT NOT NULL,
    provider_id BIGINT,
    item TEXT NOT NULL,
    cost_kind TEXT NOT NULL,
    words TEXT NOT NULL,
    amount BIGINT NOT NULL,
    is_taxed BOOLEAN NOT NULL,
    tax_rate INTEGER,
    months INTEGER,
    tool TEXT NOT NULL,
    functions TEXT[] NOT NULL,
    is_registered BOOLEAN,
    quoted DATE,
    ordered DATE,
    delivered DATE,
    invoiced DATE,
    paid DATE,
    is_out BOOLEAN NOT NULL,
    key UUID,
    made_by BIGINT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT subsidy_line_pkey PRIMARY KEY (district_id, project_id, number, revision),
    CONSTRAINT subsidy_line_district_id_project_id_fkey FOREIGN KEY(district_id, project_id) REFERENCES subsidy_project (district_id, id),
    CONSTRAINT subsidy_line_district_id_party_id_fkey FOREIGN KEY(district_id, party_id) REFERENCES subsidy_party (district_id, id),
    CONSTRAINT subsidy_line_district_id_provider_id_fkey FOREIGN KEY(district_id, provider_id) REFERENCES subsidy_party (district_id, id),
    CONSTRAINT subsidy_line_is_counted CHECK (number > 0 AND revision > 0),
    CONSTRAINT subsidy_line_amount_in_range CHECK (amount BETWEEN 0 AND 1000000000000),
    CONSTRAINT subsidy_line_months_count CHECK (months >= 1),
    CONSTRAINT subsidy_line_a_tax_has_its_rate CHECK (NOT is_taxed OR tax_rate IS NOT NULL),
    CONSTRAINT subsidy_line_a_line_begins_once CHECK ((key IS NULL) = (revision > 1))
);
CREATE INDEX lines_of_an_intention ON subsidy_line (district_id, project_id, key) WHERE key IS NOT NULL;
GRANT SELECT, INSERT ON subsidy_line TO meguri_web;
CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON subsidy_line FOR EACH ROW EXECUTE FUNCTION ledger.never();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON subsidy_line FOR EACH STATEMENT EXECUTE FUNCTION ledger.never();
ALTER TABLE subsidy_paper
    ADD COLUMN line integer,
    ADD COLUMN day date,
    ADD COLUMN amount bigint,
    ADD COLUMN number text NOT NULL DEFAULT '',
    ADD CONSTRAINT subsidy_paper_amount_is_no_debt CHECK (amount >= 0);
"""

DOWN = """
ALTER TABLE subsidy_paper DROP COLUMN line, DROP COLUMN day, DROP COLUMN amount, DROP COLUMN number;
DROP TABLE subsidy_line;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql(DOWN)
