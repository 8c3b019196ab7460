"""事業実施効果報告: sales, cost, staff and hours of a member in a year, each saving a row of its own."""

from __future__ import annotations

from alembic import op

revision = "0081"
down_revision = "0080"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE subsidy_figure (
    district_id BIGINT NOT NULL,
    project_id BIGINT NOT NULL,
    party_id BIGINT NOT NULL,
    year INTEGER NOT NULL,
    revision INTEGER NOT NULL,
    sales BIGINT NOT NULL,
    cost BIGINT NOT NULL,
    employees INTEGER NOT NULL,
    hours_per_employee INTEGER NOT NULL,
    local_sales BIGINT,
    is_from_book BOOLEAN NOT NULL,
    via TEXT NOT NULL,
    link_id BIGINT,
    made_by BIGINT,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT subsidy_figure_pkey PRIMARY KEY (district_id, project_id, party_id, year, revision),
    CONSTRAINT subsidy_figure_district_id_project_id_fkey FOREIGN KEY(district_id, project_id)
        REFERENCES subsidy_project (district_id, id),
    CONSTRAINT subsidy_figure_district_id_party_id_fkey FOREIGN KEY(district_id, party_id) REFERENCES subsidy_party (district_id, id),
    CONSTRAINT subsidy_figure_district_id_link_id_fkey FOREIGN KEY(district_id, link_id) REFERENCES subsidy_link (district_id, id),
    CONSTRAINT subsidy_figure_is_counted CHECK (year BETWEEN 0 AND 2 AND revision > 0),
    CONSTRAINT subsidy_figure_yen_in_range CHECK (sales BETWEEN 0 AND 1000000000000 AND cost BETWEEN 0 AND 1000000000000),
    CONSTRAINT subsidy_figure_somebody_works CHECK (employees BETWEEN 1 AND 100000 AND hours_per_employee BETWEEN 1 AND 8784),
    CONSTRAINT subsidy_figure_local_is_a_part CHECK (local_sales BETWEEN 0 AND sales),
    CONSTRAINT subsidy_figure_a_proposal_is_an_amount CHECK (NOT is_from_book OR local_sales IS NOT NULL),
    CONSTRAINT subsidy_figure_via_is_known CHECK (via IN ('desk', 'link', 'paper')),
    CONSTRAINT subsidy_figure_somebody_said_it CHECK ((via = 'link') = (link_id IS NOT NULL) AND num_nonnulls(link_id, made_by) = 1)
);
GRANT SELECT, INSERT ON subsidy_figure TO meguri_web;
CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON subsidy_figure FOR EACH ROW EXECUTE FUNCTION ledger.never();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON subsidy_figure FOR EACH STATEMENT EXECUTE FUNCTION ledger.never();
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql("DROP TABLE subsidy_figure")
