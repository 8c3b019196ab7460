"""What was filed is frozen with its fact; every saving of a project's shape and of a party is kept, and says who made it."""

from __future__ import annotations

from alembic import op

revision = "0116"
down_revision = "0115"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE subsidy_filing (
    district_id BIGINT NOT NULL,
    fact_id BIGINT NOT NULL,
    project_id BIGINT NOT NULL,
    scheme TEXT NOT NULL,
    rules_version INTEGER NOT NULL,
    asked JSONB NOT NULL,
    a BIGINT NOT NULL,
    b BIGINT NOT NULL,
    c BIGINT NOT NULL,
    errors TEXT[] NOT NULL,
    fingerprint BYTEA NOT NULL,
    made_by BIGINT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT subsidy_filing_pkey PRIMARY KEY (district_id, fact_id),
    CONSTRAINT subsidy_filing_district_id_fact_id_fkey FOREIGN KEY(district_id, fact_id) REFERENCES subsidy_fact (district_id, id),
    CONSTRAINT subsidy_filing_district_id_project_id_fkey FOREIGN KEY(district_id, project_id) REFERENCES subsidy_project (district_id, id),
    CONSTRAINT subsidy_filing_amounts_are_whole CHECK (a >= 0 AND b >= 0 AND c >= 0),
    CONSTRAINT subsidy_filing_fingerprint_is_whole CHECK (octet_length(fingerprint) = 32)
);
CREATE INDEX filings_of_a_project ON subsidy_filing (district_id, project_id, fact_id);
CREATE TABLE subsidy_saving (
    district_id BIGINT NOT NULL,
    project_id BIGINT NOT NULL,
    party_id BIGINT NOT NULL,
    revision INTEGER NOT NULL,
    said JSONB NOT NULL,
    made_by BIGINT,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT subsidy_saving_pkey PRIMARY KEY (district_id, project_id, party_id, revision),
    CONSTRAINT subsidy_saving_district_id_project_id_fkey FOREIGN KEY(district_id, project_id) REFERENCES subsidy_project (district_id, id),
    CONSTRAINT subsidy_saving_is_counted CHECK (party_id >= 0 AND revision > 0)
);
ALTER TABLE subsidy_project ADD COLUMN revision INTEGER NOT NULL DEFAULT 1;
ALTER TABLE subsidy_project ALTER COLUMN revision DROP DEFAULT;
ALTER TABLE subsidy_project ADD CONSTRAINT subsidy_project_revision_counts CHECK (revision > 0);
GRANT SELECT, INSERT ON subsidy_filing, subsidy_saving TO meguri_web;
GRANT UPDATE (rules_version, revision) ON subsidy_project TO meguri_web;
INSERT INTO subsidy_saving SELECT district_id, id, 0, 1, jsonb_build_object(
    'name', name, 'setting', setting, 'business_types', business_types,
    'representative_kind', representative_kind, 'has_district_body', has_district_body, 'rules_version', rules_version), made_by, made_at
    FROM subsidy_project;
INSERT INTO subsidy_saving SELECT district_id, project_id, id, revision, jsonb_build_object('name', name, 'is_sole', is_sole,
    'corporate_number', corporate_number, 'merchant_id', merchant_id, 'is_small', is_small, 'is_association_member', is_association_member,
    'operates_business', operates_business, 'has_gbiz_id', has_gbiz_id, 'earlier', earlier, 'left_on', left_on,
    'left_because', left_because),
    changed_by, changed_at FROM subsidy_party;
"""

NEVER = """
CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION ledger.never();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION ledger.never();
"""

DOWN = """
DROP TABLE subsidy_saving, subsidy_filing;
ALTER TABLE subsidy_project DROP COLUMN revision;
REVOKE UPDATE (rules_version) ON subsidy_project FROM meguri_web;
"""


def upgrade() -> None:
    connection = op.get_bind()
    connection.exec_driver_sql(UP)
    for table in ("subsidy_filing", "subsidy_saving"):
        connection.exec_driver_sql(NEVER.format(table=table))


def downgrade() -> None:
    op.get_bind().exec_driver_sql(DOWN)
