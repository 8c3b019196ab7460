"""街頭の画面: their addresses."""

from __future__ import annotations

from alembic import op

revision = "0093"
down_revision = "0092"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE signage_screen (
    district_id bigint NOT NULL REFERENCES district (id),
    id          bigint GENERATED ALWAYS AS IDENTITY,
    name        varchar(40) NOT NULL,
    token_hash  bytea NOT NULL,
    made_by     bigint NOT NULL,
    made_at     timestamptz NOT NULL,
    ended_at    timestamptz,
    CONSTRAINT signage_screen_pkey PRIMARY KEY (district_id, id),
    CONSTRAINT signage_screen_token_hash_key UNIQUE (token_hash),
    CONSTRAINT signage_screen_has_a_name CHECK (length(name) > 0)
);
GRANT SELECT, INSERT, UPDATE (ended_at) ON signage_screen TO meguri_web;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.execute("DROP TABLE signage_screen")
