"""What the book refused of points is tried again until it is booked, or until somebody says why it is not."""

from __future__ import annotations

from alembic import op

revision = "0071"
down_revision = "0070"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE point_skipped ADD COLUMN tries bigint NOT NULL DEFAULT 0, ADD COLUMN tried_at timestamptz, ADD COLUMN done_at timestamptz,
    ADD COLUMN done_by bigint, ADD COLUMN note varchar(200),
    ADD CONSTRAINT point_skipped_left_out_says_why CHECK (note IS NULL OR (done_at IS NOT NULL AND done_by IS NOT NULL AND note <> ''));
UPDATE point_skipped SET tried_at = noted_at;
ALTER TABLE point_skipped ALTER COLUMN tried_at SET NOT NULL, ALTER COLUMN tries DROP DEFAULT;
CREATE INDEX point_skipped_open ON point_skipped (district_id, transaction_id) WHERE done_at IS NULL;
GRANT UPDATE (code, tries, tried_at, done_at, done_by, note) ON point_skipped TO meguri_web;
"""

DOWN = """
DROP INDEX point_skipped_open;
ALTER TABLE point_skipped DROP CONSTRAINT point_skipped_left_out_says_why, DROP COLUMN tries, DROP COLUMN tried_at, DROP COLUMN done_at,
    DROP COLUMN done_by, DROP COLUMN note;
REVOKE UPDATE ON point_skipped FROM meguri_web;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
