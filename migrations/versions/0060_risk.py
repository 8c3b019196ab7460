"""Findings to look at: wrong tries, what the rules found and what people said to it, the rules' limits, shops that were stopped."""

from __future__ import annotations

from alembic import op

revision = "0060"
down_revision = "0059"
branch_labels = None
depends_on = None

UP = """
CREATE INDEX device_of_token ON device (district_id, token_hash);
CREATE TABLE wrong_try (
    district_id bigint NOT NULL,
    id          bigint GENERATED ALWAYS AS IDENTITY,
    name        text NOT NULL,
    subject     text NOT NULL,
    at          timestamptz NOT NULL,
    CONSTRAINT wrong_try_pkey PRIMARY KEY (district_id, id)
);
CREATE INDEX wrong_try_at ON wrong_try (district_id, at);
CREATE TABLE risk_finding (
    district_id bigint NOT NULL,
    id          bigint GENERATED ALWAYS AS IDENTITY,
    rule        text NOT NULL,
    subject     text NOT NULL,
    figure      bigint NOT NULL,
    facts       jsonb NOT NULL,
    first_at    timestamptz NOT NULL,
    last_at     timestamptz NOT NULL,
    state       text NOT NULL,
    answered    bigint,
    CONSTRAINT risk_finding_pkey PRIMARY KEY (district_id, id),
    CONSTRAINT risk_finding_once_a_subject UNIQUE (district_id, rule, subject),
    CONSTRAINT risk_finding_state_is_known CHECK (state IN ('new', 'seen', 'explained', 'acted'))
);
CREATE TABLE risk_note (
    district_id bigint NOT NULL,
    id          bigint GENERATED ALWAYS AS IDENTITY,
    finding_id  bigint NOT NULL,
    state       text NOT NULL,
    figure      bigint NOT NULL,
    words       text NOT NULL,
    made_by     bigint,
    made_at     timestamptz NOT NULL,
    CONSTRAINT risk_note_pkey PRIMARY KEY (district_id, id),
    CONSTRAINT risk_note_district_id_finding_id_fkey FOREIGN KEY (district_id, finding_id) REFERENCES risk_finding (district_id, id)
);
CREATE INDEX risk_note_of_finding ON risk_note (district_id, finding_id);
CREATE TABLE risk_threshold (
    district_id bigint NOT NULL,
    id          bigint GENERATED ALWAYS AS IDENTITY,
    rule        text NOT NULL,
    name        text NOT NULL,
    value       bigint NOT NULL,
    set_by      bigint NOT NULL,
    set_at      timestamptz NOT NULL,
    CONSTRAINT risk_threshold_pkey PRIMARY KEY (district_id, id)
);
CREATE TABLE shop_stop (
    district_id bigint NOT NULL,
    id          bigint GENERATED ALWAYS AS IDENTITY,
    merchant_id bigint NOT NULL,
    reason      text NOT NULL,
    stopped_by  bigint NOT NULL,
    stopped_at  timestamptz NOT NULL,
    CONSTRAINT shop_stop_pkey PRIMARY KEY (district_id, id)
);
CREATE INDEX shop_stop_of_merchant ON shop_stop (district_id, merchant_id, id);
GRANT SELECT, INSERT, DELETE ON wrong_try TO meguri_web;
GRANT SELECT, INSERT, UPDATE ON risk_finding TO meguri_web;
GRANT SELECT, INSERT ON risk_note, risk_threshold, shop_stop TO meguri_web;
"""
NEVER = ("risk_note", "risk_threshold", "shop_stop")


def upgrade() -> None:
    op.execute(UP)
    for table in NEVER:
        op.execute(f"CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION ledger.never()")
        op.execute(f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION ledger.never()")


def downgrade() -> None:
    op.execute("DROP TABLE shop_stop, risk_threshold, risk_note, risk_finding, wrong_try; DROP INDEX device_of_token")
