"""The till without a network: logs that tablets keep by themselves, receipts in series, and closes that know which entries they cover."""

from __future__ import annotations

from alembic import op

from migrations import read_sql

revision = "0086"
down_revision = "0085"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE till_log (
    district_id bigint NOT NULL,
    till_id     bigint NOT NULL,
    log         bigint NOT NULL,
    merchant_id bigint NOT NULL,
    fingerprint bytea NOT NULL,
    opened_at   timestamptz NOT NULL,
    told        bigint NOT NULL DEFAULT 0,
    closed_at   timestamptz,
    closed_how  varchar(8),
    closed_by   bigint,
    reason      varchar(80) NOT NULL DEFAULT '',
    CONSTRAINT till_log_pkey PRIMARY KEY (district_id, till_id, log),
    CONSTRAINT till_log_till_fkey FOREIGN KEY (district_id, till_id) REFERENCES till (district_id, id),
    CONSTRAINT till_log_merchant_fkey FOREIGN KEY (district_id, merchant_id) REFERENCES merchant (district_id, id),
    CONSTRAINT till_log_is_known_by_its_secret UNIQUE (district_id, fingerprint),
    CONSTRAINT till_log_fingerprint_is_sha256 CHECK (octet_length(fingerprint) = 32),
    CONSTRAINT till_log_is_counted CHECK (log BETWEEN 1 AND 1000000 AND told >= 0),
    CONSTRAINT till_log_closed_how_is_known CHECK (closed_how IN ('done', 'lost') AND (closed_at IS NULL) = (closed_how IS NULL)),
    CONSTRAINT till_log_lost_has_its_reason CHECK ((closed_how = 'lost') IS NOT TRUE OR (reason <> '' AND closed_by IS NOT NULL))
);
CREATE TABLE till_log_entry (
    district_id bigint NOT NULL,
    till_id     bigint NOT NULL,
    log         bigint NOT NULL,
    seq         bigint NOT NULL,
    id          bigint GENERATED ALWAYS AS IDENTITY,
    before      bytea,
    hash        bytea NOT NULL,
    said        text NOT NULL,
    serial      bigint NOT NULL,
    noted       jsonb NOT NULL,
    arrived_at  timestamptz NOT NULL,
    CONSTRAINT till_log_entry_pkey PRIMARY KEY (district_id, till_id, log, seq),
    CONSTRAINT till_log_entry_log_fkey FOREIGN KEY (district_id, till_id, log) REFERENCES till_log (district_id, till_id, log),
    CONSTRAINT till_log_entry_receipt_fkey FOREIGN KEY (district_id, till_id, serial)
        REFERENCES till_receipt (district_id, till_id, serial),
    CONSTRAINT one_entry_a_receipt UNIQUE (district_id, till_id, serial),
    CONSTRAINT till_log_entry_first_has_none_before CHECK ((seq = 1) = (before IS NULL)),
    CONSTRAINT till_log_entry_hash_is_of_what_was_said CHECK (hash = sha256(convert_to(said, 'UTF8')))
);
CREATE INDEX till_log_entry_in_order ON till_log_entry (district_id, till_id, id);
CREATE TABLE till_log_refusal (
    district_id bigint NOT NULL,
    till_id     bigint NOT NULL,
    log         bigint NOT NULL,
    hash        bytea NOT NULL,
    said        text NOT NULL,
    why         varchar(24) NOT NULL,
    arrived_at  timestamptz NOT NULL,
    CONSTRAINT till_log_refusal_pkey PRIMARY KEY (district_id, till_id, log, hash),
    CONSTRAINT till_log_refusal_log_fkey FOREIGN KEY (district_id, till_id, log) REFERENCES till_log (district_id, till_id, log),
    CONSTRAINT till_log_refusal_hash_is_of_what_was_said CHECK (hash = sha256(convert_to(said, 'UTF8'))),
    CONSTRAINT till_log_refusal_why_is_known CHECK (why IN ('revoked', 'closed', 'forked', 'wrong'))
);
ALTER TABLE till_receipt DROP CONSTRAINT till_receipt_first_has_none_before;
ALTER TABLE till_receipt ADD CONSTRAINT till_receipt_first_has_none_before
    CHECK ((mod(serial, 1000000000) = 1) = (before IS NULL)) NOT VALID;
ALTER TABLE till_receipt VALIDATE CONSTRAINT till_receipt_first_has_none_before;
ALTER TABLE till_drawer_event ADD COLUMN to_entry bigint;
GRANT SELECT, INSERT ON till_log, till_log_entry, till_log_refusal TO meguri_web;
GRANT UPDATE (told, closed_at, closed_how, closed_by, reason) ON till_log TO meguri_web;
"""
NEVER_EDITED = ("till_log_entry", "till_log_refusal")


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)
    op.get_bind().exec_driver_sql(read_sql("till/receipt_follows.2.sql"))
    op.get_bind().exec_driver_sql(read_sql("till/entry_follows.1.sql"))
    for table in NEVER_EDITED:
        op.execute(f"CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION ledger.never()")
        op.execute(f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION ledger.never()")


def downgrade() -> None:
    op.execute("DROP TABLE till_log_refusal, till_log_entry, till_log")
    op.execute("DROP FUNCTION till_log_entry_follows")
    op.execute("ALTER TABLE till_drawer_event DROP COLUMN to_entry")
    op.execute("ALTER TABLE till_receipt DROP CONSTRAINT till_receipt_first_has_none_before")
    op.execute("ALTER TABLE till_receipt ADD CONSTRAINT till_receipt_first_has_none_before CHECK ((serial = 1) = (before IS NULL))")
    op.execute("DROP TRIGGER follows ON till_receipt")
    op.execute("DROP FUNCTION till_receipt_follows")
    op.get_bind().exec_driver_sql(read_sql("till/receipt_follows.1.sql"))
