"""One bill that several phones pay, and receipts that tell of more than one payment."""

from __future__ import annotations

from alembic import op

revision = "0137"
down_revision = "0136"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE shared_bill (
    district_id bigint NOT NULL,
    id          uuid NOT NULL,
    merchant_id bigint NOT NULL,
    till_id     bigint NOT NULL,
    staff_id    bigint,
    total       bigint NOT NULL,
    coins       bigint[] NOT NULL,
    bill        jsonb NOT NULL,
    opened_at   timestamptz NOT NULL,
    closed_at   timestamptz,
    serial      bigint,
    CONSTRAINT shared_bill_pkey PRIMARY KEY (district_id, id),
    CONSTRAINT shared_bill_merchant_fkey FOREIGN KEY (district_id, merchant_id) REFERENCES merchant (district_id, id),
    CONSTRAINT shared_bill_till_fkey FOREIGN KEY (district_id, till_id) REFERENCES till (district_id, id),
    CONSTRAINT shared_bill_receipt_fkey FOREIGN KEY (district_id, till_id, serial) REFERENCES till_receipt (district_id, till_id, serial),
    CONSTRAINT shared_bill_every_phone_pays CHECK (cardinality(coins) >= 1 AND 0 < ALL (coins)),
    CONSTRAINT shared_bill_its_receipt_closes_it CHECK (serial IS NULL OR closed_at IS NOT NULL)
);
CREATE INDEX shared_bills_of_a_shop ON shared_bill (district_id, merchant_id, opened_at) WHERE closed_at IS NULL;
CREATE TABLE shared_part (
    district_id    bigint NOT NULL,
    transaction_id bigint NOT NULL,
    shared_id      uuid NOT NULL,
    amount         bigint NOT NULL,
    cash           bigint NOT NULL,
    own            bigint NOT NULL,
    own_coupon     jsonb,
    paid           jsonb NOT NULL,
    paid_at        timestamptz NOT NULL,
    CONSTRAINT shared_part_pkey PRIMARY KEY (district_id, transaction_id),
    CONSTRAINT shared_part_of_fkey FOREIGN KEY (district_id, shared_id) REFERENCES shared_bill (district_id, id),
    CONSTRAINT shared_part_part_is_paid CHECK (amount > 0 AND least(cash, own) >= 0 AND cash + own <= amount)
);
CREATE INDEX parts_of_a_shared_bill ON shared_part (district_id, shared_id);
CREATE TABLE till_receipt_payment (
    district_id    bigint NOT NULL,
    transaction_id bigint NOT NULL,
    till_id        bigint NOT NULL,
    serial         bigint NOT NULL,
    CONSTRAINT till_receipt_payment_pkey PRIMARY KEY (district_id, transaction_id),
    CONSTRAINT till_receipt_payment_of_fkey FOREIGN KEY (district_id, till_id, serial)
        REFERENCES till_receipt (district_id, till_id, serial)
);
CREATE INDEX payments_of_a_receipt ON till_receipt_payment (district_id, till_id, serial);
GRANT SELECT, INSERT ON shared_bill, shared_part, till_receipt_payment TO meguri_web;
GRANT UPDATE (closed_at, serial) ON shared_bill TO meguri_web;
"""
NEVER_EDITED = ("shared_part", "till_receipt_payment")


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)
    for table in NEVER_EDITED:
        op.execute(f"CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION ledger.never()")
        op.execute(f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION ledger.never()")


def downgrade() -> None:
    op.execute("DROP TABLE till_receipt_payment, shared_part, shared_bill")
