"""The papers of a filing are kept as they were printed, sealed."""

from __future__ import annotations

from alembic import op

revision = "0158"
down_revision = "0157"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE subsidy_kept_filing (
    district_id BIGINT NOT NULL,
    fact_id BIGINT NOT NULL,
    project_id BIGINT NOT NULL,
    kind TEXT NOT NULL,
    language TEXT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT subsidy_kept_filing_pkey PRIMARY KEY (district_id, fact_id),
    CONSTRAINT subsidy_kept_filing_district_id_fact_id_fkey FOREIGN KEY(district_id, fact_id) REFERENCES subsidy_fact (district_id, id),
    CONSTRAINT subsidy_kept_filing_district_id_project_id_fkey
        FOREIGN KEY(district_id, project_id) REFERENCES subsidy_project (district_id, id)
);
CREATE INDEX kept_filings_of_a_project ON subsidy_kept_filing (district_id, project_id, fact_id);
CREATE TABLE subsidy_kept_file (
    district_id BIGINT NOT NULL,
    fact_id BIGINT NOT NULL,
    place INTEGER NOT NULL,
    name TEXT NOT NULL,
    door TEXT NOT NULL,
    sha256 BYTEA NOT NULL,
    paper_id BIGINT,
    sealed BYTEA,
    CONSTRAINT subsidy_kept_file_pkey PRIMARY KEY (district_id, fact_id, place),
    CONSTRAINT subsidy_kept_file_district_id_fact_id_fkey
        FOREIGN KEY(district_id, fact_id) REFERENCES subsidy_kept_filing (district_id, fact_id),
    CONSTRAINT subsidy_kept_file_district_id_paper_id_fkey FOREIGN KEY(district_id, paper_id) REFERENCES subsidy_paper (district_id, id),
    CONSTRAINT subsidy_kept_file_is_ours_or_theirs CHECK ((paper_id IS NULL) = (sealed IS NOT NULL)),
    CONSTRAINT subsidy_kept_file_fingerprint_is_whole CHECK (octet_length(sha256) = 32)
);
CREATE TABLE subsidy_kept_key (
    district_id BIGINT NOT NULL,
    fact_id BIGINT NOT NULL,
    wrapped_key BYTEA NOT NULL,
    CONSTRAINT subsidy_kept_key_pkey PRIMARY KEY (district_id, fact_id),
    CONSTRAINT subsidy_kept_key_district_id_fact_id_fkey
        FOREIGN KEY(district_id, fact_id) REFERENCES subsidy_kept_filing (district_id, fact_id)
);
GRANT SELECT, INSERT ON subsidy_kept_filing, subsidy_kept_file TO meguri_web;
GRANT SELECT, INSERT, DELETE ON subsidy_kept_key TO meguri_web;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql("DROP TABLE subsidy_kept_key; DROP TABLE subsidy_kept_file; DROP TABLE subsidy_kept_filing")
