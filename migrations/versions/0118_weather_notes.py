"""What the weather of a day was is told apart: snow, heat and storms keep people at home in ways of their own."""

from __future__ import annotations

from alembic import op

revision = "0118"
down_revision = "0117"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE insight_note DROP CONSTRAINT insight_note_kind_is_known;
ALTER TABLE insight_note ADD CONSTRAINT insight_note_kind_is_known
    CHECK (kind IN ('event', 'closed', 'rain', 'snow', 'heat', 'storm', 'other'));
"""
DOWN = """
ALTER TABLE insight_note DROP CONSTRAINT insight_note_kind_is_known;
ALTER TABLE insight_note ADD CONSTRAINT insight_note_kind_is_known CHECK (kind IN ('event', 'closed', 'rain', 'other'));
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql(DOWN)
