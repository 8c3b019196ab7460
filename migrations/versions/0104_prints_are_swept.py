"""Papers of a printer's queue are cleared away after a month."""

from __future__ import annotations

from alembic import op

revision = "0104"
down_revision = "0103"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("GRANT DELETE ON print_job TO meguri_web")
    op.execute("CREATE INDEX print_jobs_by_age ON print_job (changed_at)")


def downgrade() -> None:
    op.execute("DROP INDEX print_jobs_by_age")
    op.execute("REVOKE DELETE ON print_job FROM meguri_web")
