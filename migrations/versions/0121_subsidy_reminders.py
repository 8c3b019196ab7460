"""催促: what went out by itself, and the letters that are to be printed. A link of the worker's is made by nobody."""

from __future__ import annotations

from alembic import op

revision = "0121"
down_revision = "0120"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE subsidy_link ALTER COLUMN made_by DROP NOT NULL;
CREATE TABLE subsidy_reminder (
    district_id BIGINT NOT NULL,
    project_id BIGINT NOT NULL,
    party_id BIGINT NOT NULL,
    occasion TEXT NOT NULL,
    way TEXT NOT NULL,
    code TEXT NOT NULL,
    due DATE,
    link_id BIGINT,
    made_by BIGINT,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT subsidy_reminder_pkey PRIMARY KEY (district_id, project_id, party_id, occasion, way),
    CONSTRAINT subsidy_reminder_district_id_project_id_fkey
        FOREIGN KEY(district_id, project_id) REFERENCES subsidy_project (district_id, id),
    CONSTRAINT subsidy_reminder_district_id_party_id_fkey
        FOREIGN KEY(district_id, party_id) REFERENCES subsidy_party (district_id, id),
    CONSTRAINT subsidy_reminder_district_id_link_id_fkey
        FOREIGN KEY(district_id, link_id) REFERENCES subsidy_link (district_id, id),
    CONSTRAINT subsidy_reminder_way_is_known CHECK (way IN ('mail', 'letter', 'printed')),
    CONSTRAINT subsidy_reminder_says_of_what CHECK (occasion <> '' AND code <> '')
);
GRANT SELECT, INSERT ON subsidy_reminder TO meguri_web;
CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON subsidy_reminder FOR EACH ROW EXECUTE FUNCTION ledger.never();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON subsidy_reminder FOR EACH STATEMENT EXECUTE FUNCTION ledger.never();
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql("DROP TABLE subsidy_reminder; DELETE FROM subsidy_link WHERE made_by IS NULL")
    op.get_bind().exec_driver_sql("ALTER TABLE subsidy_link ALTER COLUMN made_by SET NOT NULL")
