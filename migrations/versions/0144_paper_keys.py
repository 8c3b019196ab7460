"""The key of each file of a group lies in a table of its own: it can be destroyed when the file's time is over, the row stays."""

from __future__ import annotations

from alembic import op

revision = "0144"
down_revision = "0143"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE subsidy_paper_key (
    district_id BIGINT NOT NULL,
    paper_id BIGINT NOT NULL,
    wrapped_key BYTEA NOT NULL,
    CONSTRAINT subsidy_paper_key_pkey PRIMARY KEY (district_id, paper_id),
    CONSTRAINT subsidy_paper_key_district_id_paper_id_fkey FOREIGN KEY(district_id, paper_id) REFERENCES subsidy_paper (district_id, id)
);
INSERT INTO subsidy_paper_key SELECT district_id, id, wrapped_key FROM subsidy_paper;
ALTER TABLE subsidy_paper DROP COLUMN wrapped_key;
GRANT SELECT, INSERT, DELETE ON subsidy_paper_key TO meguri_web;
"""

DOWN = """
ALTER TABLE subsidy_paper ADD COLUMN wrapped_key BYTEA;
ALTER TABLE subsidy_paper DISABLE TRIGGER never_edited;
UPDATE subsidy_paper SET wrapped_key = kept.wrapped_key
    FROM subsidy_paper_key kept WHERE (kept.district_id, kept.paper_id) = (subsidy_paper.district_id, subsidy_paper.id);
ALTER TABLE subsidy_paper ENABLE TRIGGER never_edited;
DROP TABLE subsidy_paper_key;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    """A key that was destroyed does not come back: its file's column stays empty."""
    op.get_bind().exec_driver_sql(DOWN)
