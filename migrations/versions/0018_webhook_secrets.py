"""Webhooks: a secret is renewed, and the one before signs beside it for a while."""

from __future__ import annotations

from alembic import op

revision = "0018"
down_revision = "0017"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE webhook_old_secret (
    district_id bigint NOT NULL,
    webhook_id  bigint NOT NULL,
    id          bigint GENERATED ALWAYS AS IDENTITY,
    secret      bytea NOT NULL,
    ends_at     timestamptz NOT NULL,
    CONSTRAINT webhook_old_secret_pkey PRIMARY KEY (district_id, webhook_id, id),
    CONSTRAINT webhook_old_secret_webhook_fkey FOREIGN KEY (district_id, webhook_id) REFERENCES webhook (district_id, id)
);
GRANT SELECT, INSERT, DELETE ON webhook_old_secret TO meguri_web;
GRANT UPDATE (secret) ON webhook TO meguri_web;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute("REVOKE UPDATE (secret) ON webhook FROM meguri_web")
    op.execute("DROP TABLE webhook_old_secret")
