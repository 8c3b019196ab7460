"""The account that shops are paid from is changed by two people: a version holds once its proposal is approved."""

from __future__ import annotations

from alembic import op

revision = "0109"
down_revision = "0108"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("""
        ALTER TABLE transfer_terms ADD COLUMN proposal_id bigint,
            ADD CONSTRAINT transfer_terms_proposal_is_of_one_version UNIQUE (district_id, proposal_id)
    """)


def downgrade() -> None:
    """Refused where a version was proposed: without its proposal it would hold, approved or not."""
    op.execute("ALTER TABLE transfer_terms ADD CONSTRAINT only_old_versions CHECK (proposal_id IS NULL)")
    op.execute("ALTER TABLE transfer_terms DROP COLUMN proposal_id")
