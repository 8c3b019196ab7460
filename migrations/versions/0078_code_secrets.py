"""The codes of a new batch of チャージ券 are spelled under a random secret of the batch, sealed with the master key."""

from __future__ import annotations

from alembic import op

revision = "0078"
down_revision = "0077"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE code_batch ADD COLUMN secret bytea")


def downgrade() -> None:
    """Refused where a batch has a secret of its own: its codes could not be printed again."""
    op.execute("ALTER TABLE code_batch ADD CONSTRAINT only_old_batches CHECK (secret IS NULL)")
    op.execute("ALTER TABLE code_batch DROP COLUMN secret")
