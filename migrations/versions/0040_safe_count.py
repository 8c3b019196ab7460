"""The safe is counted by notes and coins; what is too little or too much is booked there and then."""

from __future__ import annotations

from alembic import op

revision = "0040"
down_revision = "0039"
branch_labels = None
depends_on = None

KIND = """
INSERT INTO ledger.kind (name, moves, posters, keeps_series, is_capped, fills, refers, reversible, appends, needs_approval, refundable,
    after_end)
VALUES ('safe_difference', '{safe+,safe-,over_short+,over_short-}', '{meguri_web,meguri_demo}', false, false, false, NULL, false, 0, false,
    false, 'never');
"""
OLD = "(clerk_id IS NULL) = (expected IS NULL) AND (clerk_id IS NULL) = (stays IS NULL)"
NEW = "(clerk_id IS NULL OR expected IS NOT NULL) AND (clerk_id IS NULL) = (stays IS NULL)"


def upgrade() -> None:
    op.execute(KIND)
    op.drop_constraint("cash_count_is_whole", "cash_count")
    op.create_check_constraint("cash_count_is_whole", "cash_count", NEW)


def downgrade() -> None:
    """Refused by the database where the safe was counted: a count is never thrown away."""
    op.drop_constraint("cash_count_is_whole", "cash_count")
    op.create_check_constraint("cash_count_is_whole", "cash_count", OLD)
    op.execute("DELETE FROM ledger.kind WHERE name = 'safe_difference'")
