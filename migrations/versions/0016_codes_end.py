"""Top-up codes past their last day: what is left of a batch is booked out, and each code knows by which entry."""

from __future__ import annotations

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

UP = """
INSERT INTO ledger.kind (name, moves, posters, keeps_series, is_capped, fills, refers, reversible, appends, needs_approval, refundable,
    after_end)
VALUES ('code_expiry', '{top_up_code+,breakage-,promotion-}', '{meguri_web,meguri_demo}', false, false, false, NULL, false, NULL, false,
    false, 'too');
ALTER TABLE code_batch ADD COLUMN cleared_at timestamptz;
ALTER TABLE top_up_code
    ADD COLUMN expiry_id bigint,
    ADD CONSTRAINT top_up_code_used_or_expired CHECK (transaction_id IS NULL OR expiry_id IS NULL);
GRANT UPDATE (cleared_at) ON code_batch TO meguri_web;
GRANT UPDATE (expiry_id) ON top_up_code TO meguri_web;
"""

DOWN = """
ALTER TABLE top_up_code DROP COLUMN expiry_id;
ALTER TABLE code_batch DROP COLUMN cleared_at;
DELETE FROM ledger.kind WHERE name = 'code_expiry';
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute(DOWN)
