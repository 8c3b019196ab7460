"""Browsers that wished to be told, sealed with their person's key."""

from __future__ import annotations

from alembic import op

revision = "0057"
down_revision = "0056"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE push_subscription (
    district_id     bigint NOT NULL,
    id              bigint GENERATED ALWAYS AS IDENTITY,
    person_id       bigint NOT NULL,
    session_id      bigint NOT NULL,
    endpoint_hash   bytea NOT NULL,
    sealed          bytea NOT NULL,
    with_details    boolean NOT NULL,
    entries         bigint NOT NULL,
    announcement_id bigint NOT NULL,
    tries           bigint NOT NULL,
    next_at         timestamptz NOT NULL,
    made_at         timestamptz NOT NULL,
    CONSTRAINT push_subscription_pkey PRIMARY KEY (district_id, id),
    CONSTRAINT push_subscription_district_id_endpoint_hash_key UNIQUE (district_id, endpoint_hash),
    CONSTRAINT push_subscription_endpoint_hash_is_sha256 CHECK (octet_length(endpoint_hash) = 32)
);
GRANT SELECT, INSERT, UPDATE, DELETE ON push_subscription TO meguri_web;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute("DROP TABLE push_subscription")
