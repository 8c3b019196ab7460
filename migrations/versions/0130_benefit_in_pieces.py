"""給付: whoever asks for a benefit does not wait for its accounts: the worker opens them as a set, piece by piece, and lays it down."""

from __future__ import annotations

from alembic import op

from migrations import read_sql

revision = "0130"
down_revision = "0129"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE benefit ADD COLUMN asked_by bigint, ADD COLUMN asked_at timestamptz;
UPDATE benefit b SET asked_by = p.maker, asked_at = p.proposed_at
FROM ledger.proposal p WHERE p.district_id = b.district_id AND p.id = b.proposal_id;
ALTER TABLE benefit ADD CONSTRAINT benefit_asking_is_whole CHECK ((asked_at IS NULL) = (asked_by IS NULL));
ALTER TABLE benefit ADD CONSTRAINT benefit_proposed_was_asked CHECK (proposal_id IS NULL OR asked_at IS NOT NULL);
-- What a page that watches a list of a hundred thousand asks of it each second.
CREATE INDEX benefit_line_returned ON benefit_line (district_id, benefit_id) WHERE return_proposal_id IS NOT NULL;
CREATE INDEX benefit_line_refused ON benefit_line (district_id, benefit_id, place) WHERE refused IS NOT NULL;
"""
DOWN = """
DROP FUNCTION ledger.open_accounts;
ALTER FUNCTION ledger.post_items(bigint, bigint, int, int) RESET enable_seqscan;
ALTER FUNCTION ledger.post_items(bigint, bigint, int, int) RESET enable_bitmapscan;
DROP INDEX benefit_line_returned, benefit_line_refused;
ALTER TABLE benefit DROP COLUMN asked_by, DROP COLUMN asked_at;
UPDATE benefit SET next_place = 1 WHERE proposal_id IS NULL;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(read_sql("ledger/open_accounts.1.sql"))
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql(DOWN)
