"""A top-up at the counter that was lost with a return is booked again, as its slip says, by two people."""

from __future__ import annotations

from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

# As `top_up`, but for two: only as approved, and against no ceiling, since it met them when the cash was taken.
UP = """
INSERT INTO ledger.kind (name, moves, posters, keeps_series, is_capped, fills, refers, reversible, appends, needs_approval, refundable,
    after_end)
VALUES ('top_up_again', '{drawer+,consumer-}', '{meguri_web,meguri_demo}', false, false, false, NULL, false, NULL, true, false, 'never');
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute("DELETE FROM ledger.kind WHERE name = 'top_up_again'")
