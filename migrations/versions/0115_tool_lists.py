"""登録ツールの名簿: a list of registered tools and providers, with its source and day."""

from __future__ import annotations

from alembic import op

revision = "0115"
down_revision = "0114"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE subsidy_tool_list (
    district_id BIGINT NOT NULL,
    project_id BIGINT NOT NULL,
    number INTEGER NOT NULL,
    rules_version INTEGER NOT NULL,
    source TEXT NOT NULL,
    day DATE NOT NULL,
    key UUID NOT NULL,
    made_by BIGINT NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT subsidy_tool_list_pkey PRIMARY KEY (district_id, project_id, number),
    CONSTRAINT subsidy_tool_list_district_id_project_id_fkey
        FOREIGN KEY(district_id, project_id) REFERENCES subsidy_project (district_id, id),
    CONSTRAINT subsidy_tool_list_district_id_key_key UNIQUE (district_id, key),
    CONSTRAINT subsidy_tool_list_has_its_source CHECK (number > 0 AND source <> '')
);
CREATE TABLE subsidy_tool (
    district_id BIGINT NOT NULL,
    project_id BIGINT NOT NULL,
    list_number INTEGER NOT NULL,
    place INTEGER NOT NULL,
    name TEXT NOT NULL,
    tool_number TEXT NOT NULL,
    item TEXT NOT NULL,
    functions TEXT[] NOT NULL,
    provider TEXT NOT NULL,
    provider_number TEXT NOT NULL,
    CONSTRAINT subsidy_tool_pkey PRIMARY KEY (district_id, project_id, list_number, place),
    CONSTRAINT subsidy_tool_district_id_project_id_list_number_fkey
        FOREIGN KEY(district_id, project_id, list_number) REFERENCES subsidy_tool_list (district_id, project_id, number),
    CONSTRAINT subsidy_tool_is_named CHECK (name <> '' AND tool_number <> '' AND provider <> '')
);
GRANT SELECT, INSERT ON subsidy_tool_list, subsidy_tool TO meguri_web;
CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON subsidy_tool_list FOR EACH ROW EXECUTE FUNCTION ledger.never();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON subsidy_tool_list FOR EACH STATEMENT EXECUTE FUNCTION ledger.never();
CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON subsidy_tool FOR EACH ROW EXECUTE FUNCTION ledger.never();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON subsidy_tool FOR EACH STATEMENT EXECUTE FUNCTION ledger.never();
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql("DROP TABLE subsidy_tool; DROP TABLE subsidy_tool_list")
