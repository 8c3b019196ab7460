"""町の見取り図: a plan and a shop's place hold from a day on, so that months before a move stay where they were."""

from __future__ import annotations

from alembic import op

revision = "0142"
down_revision = "0141"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE street_plan ADD COLUMN since date NOT NULL DEFAULT '2000-01-01';
ALTER TABLE street_plan ALTER COLUMN since DROP DEFAULT;
ALTER TABLE street_place ADD COLUMN since date NOT NULL DEFAULT '2000-01-01';
ALTER TABLE street_place ALTER COLUMN since DROP DEFAULT;
ALTER TABLE street_place DROP CONSTRAINT street_place_pkey;
ALTER TABLE street_place ADD CONSTRAINT street_place_pkey PRIMARY KEY (district_id, merchant_id, since);
"""
DOWN = """
DELETE FROM street_place earlier USING street_place later
WHERE (earlier.district_id, earlier.merchant_id) = (later.district_id, later.merchant_id) AND earlier.since < later.since;
ALTER TABLE street_place DROP CONSTRAINT street_place_pkey;
ALTER TABLE street_place DROP COLUMN since;
ALTER TABLE street_place ADD CONSTRAINT street_place_pkey PRIMARY KEY (district_id, merchant_id);
ALTER TABLE street_plan DROP COLUMN since;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.get_bind().exec_driver_sql(DOWN)
