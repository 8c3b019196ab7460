"""Where shops are paid: accounts that two people decide on, sealed, and objections to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0043"
down_revision = "0042"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shop_account",
        sa.Column("district_id", sa.BigInteger, nullable=False),
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("merchant_id", sa.BigInteger, nullable=False),
        sa.Column("proposal_id", sa.BigInteger, nullable=False),
        sa.Column("sealed", sa.LargeBinary, nullable=False),
        sa.Column("made_by", sa.BigInteger, nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("stopped_by", sa.BigInteger),
        sa.Column("stopped_at", sa.DateTime(timezone=True)),
        sa.Column("stop_reason", sa.Text),
        sa.PrimaryKeyConstraint("district_id", "id", name="shop_account_pkey"),
        sa.UniqueConstraint("district_id", "proposal_id", name="shop_account_district_id_key"),
        sa.CheckConstraint("num_nulls(stopped_by, stopped_at, stop_reason) IN (0, 3)", name="shop_account_stop_is_whole"),
    )
    op.create_index("accounts_of_a_shop", "shop_account", ["district_id", "merchant_id", "id"])
    op.execute("GRANT SELECT, INSERT, UPDATE (stopped_by, stopped_at, stop_reason) ON shop_account TO meguri_web")


def downgrade() -> None:
    op.drop_table("shop_account")
