"""Vouchers in two parts: a purchase that gives value for all shops and value for small shops, as two series of one campaign."""

from __future__ import annotations

from alembic import op

revision = "0051"
down_revision = "0050"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "ALTER TABLE voucher ADD COLUMN local_series_id bigint, ADD COLUMN local_face bigint NOT NULL DEFAULT 0,"
        " ADD CONSTRAINT voucher_both_parts_are_worth_something CHECK (local_face >= 0 AND local_face < face),"
        " ADD CONSTRAINT voucher_local_part_has_a_series CHECK ((local_series_id IS NULL) = (local_face = 0)),"
        " ADD CONSTRAINT voucher_local_part_is_told_apart CHECK (local_series_id IS NULL OR shops <> 'small')"
    )
    op.execute("CREATE UNIQUE INDEX voucher_local_series ON voucher (district_id, local_series_id)")


def downgrade() -> None:
    op.execute("ALTER TABLE voucher DROP COLUMN local_series_id, DROP COLUMN local_face")
