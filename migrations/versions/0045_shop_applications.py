"""Shops apply by a public page of the district."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "shop_application",
        sa.Column("district_id", sa.BigInteger, nullable=False),
        sa.Column("id", sa.BigInteger, sa.Identity(), nullable=False),
        sa.Column("sealed", sa.LargeBinary),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("handled_by", sa.BigInteger),
        sa.Column("handled_at", sa.DateTime(timezone=True)),
        sa.Column("merchant_id", sa.BigInteger),
        sa.Column("decline_reason", sa.Text),
        sa.PrimaryKeyConstraint("district_id", "id", name="shop_application_pkey"),
        sa.CheckConstraint("(handled_by IS NULL) = (handled_at IS NULL)", name="shop_application_handling_is_whole"),
        sa.CheckConstraint("num_nonnulls(merchant_id, decline_reason) = (handled_at IS NOT NULL)::int", name="shop_application_one_answer"),
        sa.CheckConstraint("(sealed IS NULL) = (decline_reason IS NOT NULL)", name="shop_application_declined_is_forgotten"),
    )
    columns = "sealed, handled_by, handled_at, merchant_id, decline_reason"
    op.execute(f"GRANT SELECT, INSERT, UPDATE ({columns}) ON shop_application TO meguri_web")


def downgrade() -> None:
    op.drop_table("shop_application")
