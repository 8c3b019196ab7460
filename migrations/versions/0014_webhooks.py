"""Webhooks: where a shop or the association wants to be told of payments and refunds, what was told, and what comes again."""

from __future__ import annotations

from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE webhook (
    district_id bigint NOT NULL,
    id          bigint GENERATED ALWAYS AS IDENTITY,
    merchant_id bigint,
    address     varchar(300) NOT NULL,
    secret      bytea NOT NULL,
    made_by     bigint NOT NULL,
    made_at     timestamptz NOT NULL,
    cursor      bigint NOT NULL,
    failures    bigint NOT NULL,
    rests_until timestamptz,
    ended_at    timestamptz,
    CONSTRAINT webhook_pkey PRIMARY KEY (district_id, id),
    CONSTRAINT webhook_merchant_fkey FOREIGN KEY (district_id, merchant_id) REFERENCES merchant (district_id, id),
    CONSTRAINT webhook_address_is_https CHECK (address LIKE 'https://%'),
    CONSTRAINT webhook_failures_are_counted CHECK (failures >= 0)
);
CREATE INDEX webhook_living ON webhook (district_id, merchant_id) WHERE ended_at IS NULL;

CREATE TABLE webhook_delivery (
    district_id    bigint NOT NULL,
    webhook_id     bigint NOT NULL,
    transaction_id bigint NOT NULL,
    kind           varchar(16) NOT NULL,
    happened_at    timestamptz NOT NULL,
    body           text NOT NULL,
    tries          bigint NOT NULL,
    next_at        timestamptz,
    tried_at       timestamptz,
    status         bigint,
    answer         varchar(200) NOT NULL,
    delivered_at   timestamptz,
    CONSTRAINT webhook_delivery_pkey PRIMARY KEY (district_id, webhook_id, transaction_id),
    CONSTRAINT webhook_delivery_webhook_fkey FOREIGN KEY (district_id, webhook_id) REFERENCES webhook (district_id, id),
    CONSTRAINT webhook_delivery_tries_are_counted CHECK (tries >= 0),
    CONSTRAINT webhook_delivery_delivered_does_not_wait CHECK (next_at IS NULL OR delivered_at IS NULL)
);
CREATE INDEX webhook_delivery_due ON webhook_delivery (next_at) WHERE next_at IS NOT NULL;
CREATE INDEX webhook_delivery_newest ON webhook_delivery (district_id, webhook_id, happened_at);

CREATE TABLE webhook_replay (
    district_id  bigint NOT NULL,
    key          uuid NOT NULL,
    webhook_id   bigint NOT NULL,
    since        timestamptz NOT NULL,
    asked_at     timestamptz NOT NULL,
    before_position       bigint,
    before_transaction_id bigint,
    done_at      timestamptz,
    CONSTRAINT webhook_replay_pkey PRIMARY KEY (district_id, key),
    CONSTRAINT webhook_replay_webhook_fkey FOREIGN KEY (district_id, webhook_id) REFERENCES webhook (district_id, id),
    CONSTRAINT webhook_replay_place_is_whole CHECK ((before_position IS NULL) = (before_transaction_id IS NULL))
);
CREATE INDEX webhook_replay_open ON webhook_replay (district_id, webhook_id) WHERE done_at IS NULL;
"""

GRANTS = """
GRANT SELECT, INSERT ON webhook, webhook_delivery, webhook_replay TO meguri_web;
GRANT UPDATE (cursor, failures, rests_until, ended_at) ON webhook TO meguri_web;
GRANT UPDATE, DELETE ON webhook_delivery TO meguri_web;
GRANT UPDATE (before_position, before_transaction_id, done_at) ON webhook_replay TO meguri_web;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(GRANTS)


def downgrade() -> None:
    op.execute("DROP TABLE webhook_replay, webhook_delivery, webhook")
