"""The register: who issues a shop's receipts, receipts that follow each other without a gap, copies, and bills that are held."""

from __future__ import annotations

from alembic import op

from migrations import read_sql

revision = "0073"
down_revision = "0072"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE merchant ADD COLUMN issues_receipts boolean NOT NULL DEFAULT false;
GRANT UPDATE (issues_receipts) ON merchant TO meguri_web;
ALTER TABLE payment_request ADD COLUMN bill jsonb;
CREATE TABLE register_settings (
    district_id bigint NOT NULL,
    merchant_id bigint NOT NULL,
    tax_inside  boolean NOT NULL,
    rounding    varchar(8) NOT NULL,
    phone       varchar(30) NOT NULL,
    keypad_name varchar(30) NOT NULL,
    keypad_rate smallint NOT NULL,
    bag_name    varchar(30) NOT NULL,
    bag_price   bigint NOT NULL,
    changed_at  timestamptz NOT NULL,
    CONSTRAINT register_settings_pkey PRIMARY KEY (district_id, merchant_id),
    CONSTRAINT register_settings_merchant_fkey FOREIGN KEY (district_id, merchant_id) REFERENCES merchant (district_id, id),
    CONSTRAINT register_settings_rounding_is_known CHECK (rounding IN ('floor', 'half_up', 'ceil')),
    CONSTRAINT register_settings_keypad_rate_is_known CHECK (keypad_rate IN (0, 8, 10)),
    CONSTRAINT register_settings_bag_is_cheap CHECK (bag_price BETWEEN 0 AND 1000)
);
GRANT SELECT, INSERT, UPDATE ON register_settings TO meguri_web;
CREATE TABLE till_receipt (
    district_id    bigint NOT NULL,
    till_id        bigint NOT NULL,
    serial         bigint NOT NULL,
    merchant_id    bigint NOT NULL,
    key            uuid NOT NULL,
    command_hash   bytea NOT NULL,
    kind           varchar(8) NOT NULL,
    made_at        timestamptz NOT NULL,
    staff_id       bigint,
    total          bigint NOT NULL,
    tax            bigint NOT NULL,
    cash           bigint NOT NULL,
    card           bigint NOT NULL,
    book           bigint NOT NULL,
    transaction_id bigint,
    of_till        bigint,
    of_serial      bigint,
    content        jsonb NOT NULL,
    before         bytea,
    digest         bytea NOT NULL,
    CONSTRAINT till_receipt_pkey PRIMARY KEY (district_id, till_id, serial),
    CONSTRAINT till_receipt_till_fkey FOREIGN KEY (district_id, till_id) REFERENCES till (district_id, id),
    CONSTRAINT till_receipt_merchant_fkey FOREIGN KEY (district_id, merchant_id) REFERENCES merchant (district_id, id),
    CONSTRAINT till_receipt_of_fkey FOREIGN KEY (district_id, of_till, of_serial) REFERENCES till_receipt (district_id, till_id, serial),
    CONSTRAINT till_receipt_district_id_key_key UNIQUE (district_id, key),
    CONSTRAINT one_receipt_a_payment UNIQUE (district_id, transaction_id),
    CONSTRAINT till_receipt_kind_is_known CHECK (kind IN ('sale', 'return')),
    CONSTRAINT till_receipt_return_names_its_sale CHECK (
        (kind = 'return') = (of_serial IS NOT NULL) AND (of_till IS NULL) = (of_serial IS NULL)),
    CONSTRAINT till_receipt_is_paid_whole CHECK (total = cash + card + book AND least(cash, card, book, tax) >= 0),
    CONSTRAINT till_receipt_book_has_its_payment CHECK ((book > 0) <= (transaction_id IS NOT NULL)),
    CONSTRAINT till_receipt_digests_are_sha256 CHECK (octet_length(digest) = 32 AND octet_length(before) = 32),
    CONSTRAINT till_receipt_first_has_none_before CHECK ((serial = 1) = (before IS NULL))
);
CREATE INDEX receipts_of_a_shop ON till_receipt (district_id, merchant_id, made_at);
CREATE INDEX returns_of_a_receipt ON till_receipt (district_id, of_till, of_serial) WHERE kind = 'return';
CREATE TABLE till_receipt_copy (
    district_id bigint NOT NULL,
    till_id     bigint NOT NULL,
    serial      bigint NOT NULL,
    kind        varchar(12) NOT NULL,
    place       bigint NOT NULL,
    key         uuid NOT NULL,
    addressee   varchar(60) NOT NULL,
    purpose     varchar(60) NOT NULL,
    staff_id    bigint,
    made_at     timestamptz NOT NULL,
    CONSTRAINT till_receipt_copy_pkey PRIMARY KEY (district_id, till_id, serial, kind, place),
    CONSTRAINT till_receipt_copy_of_fkey FOREIGN KEY (district_id, till_id, serial) REFERENCES till_receipt (district_id, till_id, serial),
    CONSTRAINT till_receipt_copy_district_id_key_key UNIQUE (district_id, key),
    CONSTRAINT till_receipt_copy_kind_is_known CHECK (kind IN ('paper', 'ryoshusho'))
);
CREATE TABLE held_bill (
    district_id bigint NOT NULL,
    id          uuid NOT NULL,
    merchant_id bigint NOT NULL,
    name        varchar(20) NOT NULL,
    total       bigint NOT NULL,
    content     jsonb NOT NULL,
    till_id     bigint NOT NULL,
    held_at     timestamptz NOT NULL,
    taken_at    timestamptz,
    taken_key   uuid,
    CONSTRAINT held_bill_pkey PRIMARY KEY (district_id, id),
    CONSTRAINT held_bill_merchant_fkey FOREIGN KEY (district_id, merchant_id) REFERENCES merchant (district_id, id),
    CONSTRAINT held_bill_till_fkey FOREIGN KEY (district_id, till_id) REFERENCES till (district_id, id),
    CONSTRAINT held_bill_taken_is_whole CHECK ((taken_at IS NULL) = (taken_key IS NULL))
);
CREATE INDEX held_bills_of_a_shop ON held_bill (district_id, merchant_id, held_at) WHERE taken_at IS NULL;
GRANT SELECT, INSERT ON till_receipt, till_receipt_copy, held_bill TO meguri_web;
GRANT UPDATE (taken_at, taken_key) ON held_bill TO meguri_web;
"""
NEVER_EDITED = ("till_receipt", "till_receipt_copy")


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)
    op.get_bind().exec_driver_sql(read_sql("till/receipt_follows.1.sql"))
    for table in NEVER_EDITED:
        op.execute(f"CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION ledger.never()")
        op.execute(f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION ledger.never()")


def downgrade() -> None:
    op.execute("DROP TABLE held_bill, till_receipt_copy, till_receipt, register_settings")
    op.execute("DROP FUNCTION till_receipt_follows")
    op.execute("ALTER TABLE payment_request DROP COLUMN bill")
    op.execute("ALTER TABLE merchant DROP COLUMN issues_receipts")
