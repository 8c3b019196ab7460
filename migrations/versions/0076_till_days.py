"""レジ締め: a till's drawer is opened with a float, cash goes in and out with a reason, and each close is a report that stays as it is."""

from __future__ import annotations

from alembic import op

revision = "0076"
down_revision = "0075"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE till_drawer_event (
    district_id bigint NOT NULL,
    till_id     bigint NOT NULL,
    id          bigint GENERATED ALWAYS AS IDENTITY,
    merchant_id bigint NOT NULL,
    key         uuid NOT NULL,
    kind        varchar(8) NOT NULL,
    amount      bigint NOT NULL,
    reason      varchar(80) NOT NULL,
    staff_id    bigint,
    made_at     timestamptz NOT NULL,
    report      bigint,
    to_serial   bigint,
    content     jsonb,
    CONSTRAINT till_drawer_event_pkey PRIMARY KEY (district_id, till_id, id),
    CONSTRAINT till_drawer_event_till_fkey FOREIGN KEY (district_id, till_id) REFERENCES till (district_id, id),
    CONSTRAINT till_drawer_event_merchant_fkey FOREIGN KEY (district_id, merchant_id) REFERENCES merchant (district_id, id),
    CONSTRAINT till_drawer_event_district_id_key_key UNIQUE (district_id, key),
    CONSTRAINT one_report_a_number UNIQUE (district_id, till_id, report),
    CONSTRAINT till_drawer_event_kind_is_known CHECK (kind IN ('open', 'in', 'out', 'close')),
    CONSTRAINT till_drawer_event_amount_is_no_debt CHECK (amount >= 0),
    CONSTRAINT till_drawer_event_cash_moves_for_a_reason CHECK (kind NOT IN ('in', 'out') OR (reason <> '' AND amount > 0)),
    CONSTRAINT till_drawer_event_a_close_is_a_report CHECK (
        (kind = 'close') = (report IS NOT NULL) AND num_nulls(report, to_serial, content) IN (0, 3))
);
CREATE INDEX drawer_events_of_a_shop ON till_drawer_event (district_id, merchant_id, made_at) WHERE kind = 'close';
GRANT SELECT, INSERT ON till_drawer_event TO meguri_web;
CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON till_drawer_event FOR EACH ROW EXECUTE FUNCTION ledger.never();
CREATE TRIGGER never_emptied BEFORE TRUNCATE ON till_drawer_event FOR EACH STATEMENT EXECUTE FUNCTION ledger.never();
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.execute("DROP TABLE till_drawer_event")
