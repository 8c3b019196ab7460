"""Epochs of the sealed log: a book that was returned to an earlier state goes on in a new one; slips beyond it are presented."""

from __future__ import annotations

from alembic import op

from migrations import read_sql

revision = "0028"
down_revision = "0027"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE presented_receipt (
    district_id    bigint NOT NULL,
    id             bigint GENERATED ALWAYS AS IDENTITY,
    transaction_id bigint NOT NULL,
    leaf_hash      bytea NOT NULL,
    epoch          bigint NOT NULL,
    encoded        bytea NOT NULL,
    proof          text NOT NULL,
    presenter      text NOT NULL,
    taken_by       bigint NOT NULL,
    taken_at       timestamptz NOT NULL,
    CONSTRAINT presented_receipt_pkey PRIMARY KEY (district_id, id),
    CONSTRAINT presented_receipt_is_presented_once UNIQUE (district_id, leaf_hash),
    CONSTRAINT presented_receipt_presenter_is_known CHECK (presenter IN ('consumer', 'shop', 'other'))
);
GRANT SELECT, INSERT ON presented_receipt TO meguri_web;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(read_sql("ledger/15_epochs.sql"))
    op.execute(UP)


def downgrade() -> None:
    op.execute("DROP TABLE presented_receipt")
    op.get_bind().exec_driver_sql(read_sql("ledger/undo_epochs.sql"))
