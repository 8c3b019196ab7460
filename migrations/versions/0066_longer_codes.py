"""The codes of new batches of チャージ券 have twenty signs, 94 bits; those that were printed before keep their sixteen."""

from __future__ import annotations

from alembic import op

revision = "0066"
down_revision = "0065"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE code_batch ADD COLUMN signs smallint NOT NULL DEFAULT 16")
    op.execute("ALTER TABLE code_batch ADD CONSTRAINT code_batch_signs_are_known CHECK (signs IN (16, 20))")
    op.execute("ALTER TABLE code_batch ALTER COLUMN signs DROP DEFAULT")


def downgrade() -> None:
    """Refused where a batch with twenty signs was made: its codes could not be printed again."""
    op.execute("ALTER TABLE code_batch ADD CONSTRAINT only_old_batches CHECK (signs = 16)")
    op.execute("ALTER TABLE code_batch DROP COLUMN signs")
