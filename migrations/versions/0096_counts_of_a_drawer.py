"""途中で数える: a drawer is counted without a close, and what should have been there is kept beside what was."""

from __future__ import annotations

from alembic import op

revision = "0096"
down_revision = "0095"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE till_drawer_event ADD COLUMN expected bigint;
ALTER TABLE till_drawer_event DROP CONSTRAINT till_drawer_event_kind_is_known;
ALTER TABLE till_drawer_event ADD CONSTRAINT till_drawer_event_kind_is_known CHECK (kind IN ('open', 'in', 'out', 'count', 'close'));
ALTER TABLE till_drawer_event ADD CONSTRAINT till_drawer_event_a_count_has_its_expected CHECK ((kind = 'count') = (expected IS NOT NULL));
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.execute("ALTER TABLE till_drawer_event DROP CONSTRAINT till_drawer_event_kind_is_known")
    known = "CHECK (kind IN ('open', 'in', 'out', 'close')) NOT VALID"
    op.execute(f"ALTER TABLE till_drawer_event ADD CONSTRAINT till_drawer_event_kind_is_known {known}")
    op.execute("ALTER TABLE till_drawer_event DROP COLUMN expected")
