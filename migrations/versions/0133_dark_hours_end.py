"""What comes of a dark hour: when a tablet was last heard of, and what the owner decided where one press made two sales."""

from __future__ import annotations

from alembic import op

revision = "0133"
down_revision = "0132"
branch_labels = None
depends_on = None

UP = """
ALTER TABLE till_log ADD COLUMN heard_at timestamptz;
CREATE TABLE till_twin_answer (
    district_id bigint NOT NULL,
    till_id     bigint NOT NULL,
    log         bigint NOT NULL,
    seq         bigint NOT NULL,
    stands      varchar(8) NOT NULL,
    answered_by bigint NOT NULL,
    answered_at timestamptz NOT NULL,
    CONSTRAINT till_twin_answer_pkey PRIMARY KEY (district_id, till_id, log, seq),
    CONSTRAINT till_twin_answer_entry_fkey FOREIGN KEY (district_id, till_id, log, seq)
        REFERENCES till_log_entry (district_id, till_id, log, seq),
    CONSTRAINT till_twin_answer_stands_is_known CHECK (stands IN ('online', 'offline', 'both'))
);
CREATE INDEX till_log_entry_twin ON till_log_entry (district_id, arrived_at) WHERE noted ? 'twin';
GRANT SELECT, INSERT ON till_twin_answer TO meguri_web;
GRANT UPDATE (heard_at) ON till_log TO meguri_web;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)
    op.execute("CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON till_twin_answer FOR EACH ROW EXECUTE FUNCTION ledger.never()")
    op.execute("CREATE TRIGGER never_emptied BEFORE TRUNCATE ON till_twin_answer FOR EACH STATEMENT EXECUTE FUNCTION ledger.never()")


def downgrade() -> None:
    op.execute("DROP TABLE till_twin_answer")
    op.execute("DROP INDEX till_log_entry_twin")
    op.execute("ALTER TABLE till_log DROP COLUMN heard_at")
