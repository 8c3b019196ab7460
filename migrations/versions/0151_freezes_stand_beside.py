"""Whoever asks for a stop while another holds is on record as well: a person may have several living freezes, each let go for itself."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0151"
down_revision = "0150"
branch_labels = None
depends_on = None

LIVING = {"postgresql_where": sa.text("ended_at IS NULL")}
DOWN = """
UPDATE person_freeze f SET ended_at = clock_timestamp()
WHERE ended_at IS NULL AND EXISTS (SELECT FROM person_freeze e
    WHERE e.district_id = f.district_id AND e.person_id = f.person_id AND e.ended_at IS NULL AND e.id < f.id)
"""


def upgrade() -> None:
    op.drop_index("one_living_freeze", "person_freeze")
    op.create_index("living_freezes", "person_freeze", ["district_id", "person_id"], **LIVING)


def downgrade() -> None:
    """The first of each person's stays."""
    op.execute(DOWN)
    op.drop_index("living_freezes", "person_freeze")
    op.create_index("one_living_freeze", "person_freeze", ["district_id", "person_id"], unique=True, **LIVING)
