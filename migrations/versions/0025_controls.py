"""Daily controls: what each measured last, when its state turned, who was told; and how the worker and the live lines do."""

from __future__ import annotations

from alembic import op

revision = "0025"
down_revision = "0024"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE control_reading (
    district_id bigint NOT NULL,
    control     text NOT NULL,
    figure      bigint,
    facts       jsonb NOT NULL,
    state       text NOT NULL,
    since       timestamptz NOT NULL,
    measured_at timestamptz NOT NULL,
    CONSTRAINT control_reading_pkey PRIMARY KEY (district_id, control),
    CONSTRAINT control_reading_state_is_known CHECK (state IN ('ok', 'look', 'act', 'unknown')),
    CONSTRAINT control_reading_unknown_means_no_figure CHECK ((state = 'unknown') = (figure IS NULL)),
    CONSTRAINT control_reading_measured_since_it_turned CHECK (measured_at >= since)
);
CREATE TABLE control_state (
    district_id bigint NOT NULL,
    id          bigint GENERATED ALWAYS AS IDENTITY,
    control     text NOT NULL,
    state       text NOT NULL,
    figure      bigint,
    turned_at   timestamptz NOT NULL,
    CONSTRAINT control_state_pkey PRIMARY KEY (district_id, id),
    CONSTRAINT control_state_state_is_known CHECK (state IN ('ok', 'look', 'act', 'unknown'))
);
CREATE TABLE control_alarm (
    district_id bigint NOT NULL,
    id          bigint GENERATED ALWAYS AS IDENTITY,
    control     text NOT NULL,
    kind        text NOT NULL,
    told        bigint NOT NULL,
    told_at     timestamptz NOT NULL,
    CONSTRAINT control_alarm_pkey PRIMARY KEY (district_id, id),
    CONSTRAINT control_alarm_kind_is_known CHECK (kind IN ('act', 'still', 'well'))
);
CREATE INDEX control_alarm_newest ON control_alarm (district_id, control, id);
CREATE TABLE worker_chore (
    name      text CONSTRAINT worker_chore_pkey PRIMARY KEY,
    every_s   bigint NOT NULL,
    well_at   timestamptz NOT NULL,
    failures  bigint NOT NULL,
    CONSTRAINT worker_chore_failures_are_counted CHECK (failures >= 0)
);
CREATE TABLE live_line (
    process     bigint CONSTRAINT live_line_pkey PRIMARY KEY,
    lines       bigint NOT NULL,
    heard_ms    bigint NOT NULL,
    slowest_ms  bigint NOT NULL,
    answered_at timestamptz NOT NULL
);
GRANT SELECT, INSERT, UPDATE ON control_reading TO meguri_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON worker_chore, live_line TO meguri_web;
GRANT SELECT, INSERT ON control_state, control_alarm TO meguri_web;
"""


def upgrade() -> None:
    op.execute(UP)
    for table in ("control_state", "control_alarm"):  # what was wrong, and whom one told of it, nobody makes unsaid
        op.execute(f"CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION ledger.never()")
        op.execute(f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION ledger.never()")


def downgrade() -> None:
    op.execute("DROP TABLE live_line, worker_chore, control_alarm, control_state, control_reading")
