"""町の見取り図: the plan of the streets, and where each shop stands on it."""

from __future__ import annotations

from alembic import op

revision = "0092"
down_revision = "0091"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE street_plan (
    district_id bigint NOT NULL REFERENCES district (id),
    id          bigint GENERATED ALWAYS AS IDENTITY,
    content     bytea NOT NULL,
    width       bigint NOT NULL,
    height      bigint NOT NULL,
    made_by     bigint NOT NULL,
    made_at     timestamptz NOT NULL,
    CONSTRAINT street_plan_pkey PRIMARY KEY (district_id, id)
);
CREATE TABLE street_place (
    district_id bigint NOT NULL,
    merchant_id bigint NOT NULL,
    street      varchar(40) NOT NULL,
    x           bigint,
    y           bigint,
    made_by     bigint NOT NULL,
    made_at     timestamptz NOT NULL,
    CONSTRAINT street_place_pkey PRIMARY KEY (district_id, merchant_id),
    CONSTRAINT street_place_merchant_fkey FOREIGN KEY (district_id, merchant_id) REFERENCES merchant (district_id, id),
    CONSTRAINT street_place_stands_on_the_plan CHECK (x BETWEEN 0 AND 1000 AND y BETWEEN 0 AND 1000),
    CONSTRAINT street_place_has_a_whole_place CHECK ((x IS NULL) = (y IS NULL))
);
GRANT SELECT, INSERT ON street_plan TO meguri_web;
GRANT SELECT, INSERT, UPDATE ON street_place TO meguri_web;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.execute("DROP TABLE street_place, street_plan")
