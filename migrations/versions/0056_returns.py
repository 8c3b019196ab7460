"""戻った振込: one proposal may say of many transfers that they came back."""

from __future__ import annotations

from alembic import op

revision = "0056"
down_revision = "0055"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE transfer_return DROP CONSTRAINT transfer_return_pkey,"
        " ADD CONSTRAINT transfer_return_pkey PRIMARY KEY (district_id, id, run_id, merchant_id)"
    )


def downgrade() -> None:
    op.execute("ALTER TABLE transfer_return DROP CONSTRAINT transfer_return_pkey")
    op.execute("ALTER TABLE transfer_return ADD CONSTRAINT transfer_return_pkey PRIMARY KEY (district_id, id)")
