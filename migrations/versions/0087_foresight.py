"""What comes: each night's forecasts of shops and districts, and what somebody noted of a day beforehand."""

from __future__ import annotations

from alembic import op

revision = "0087"
down_revision = "0086"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE insight_note (
    district_id  bigint NOT NULL,
    id           bigint GENERATED ALWAYS AS IDENTITY,
    merchant_id  bigint,
    kind         text NOT NULL,
    first_day    date NOT NULL,
    last_day     date NOT NULL,
    words        text NOT NULL,
    key          uuid NOT NULL,
    command_hash bytea NOT NULL,
    made_by      bigint NOT NULL,
    made_at      timestamptz NOT NULL,
    dropped_by   bigint,
    dropped_at   timestamptz,
    CONSTRAINT insight_note_pkey PRIMARY KEY (district_id, id),
    CONSTRAINT insight_note_once_a_key UNIQUE (district_id, key),
    CONSTRAINT insight_note_kind_is_known CHECK (kind IN ('event', 'closed', 'rain', 'other')),
    CONSTRAINT insight_note_ends_after_it_begins CHECK (last_day BETWEEN first_day AND first_day + 61),
    CONSTRAINT insight_note_says_something CHECK (length(words) BETWEEN 1 AND 40),
    CONSTRAINT insight_note_dropped_by_somebody CHECK ((dropped_by IS NULL) = (dropped_at IS NULL))
);
CREATE INDEX insight_note_by_day ON insight_note (district_id, last_day);
CREATE TABLE insight_forecast (
    district_id bigint NOT NULL,
    id          bigint GENERATED ALWAYS AS IDENTITY,
    merchant_id bigint,
    made_on     date NOT NULL,
    made_at     timestamptz NOT NULL,
    yen         jsonb NOT NULL,
    people      jsonb NOT NULL,
    hints       jsonb NOT NULL,
    past        jsonb NOT NULL,
    unusual     jsonb NOT NULL,
    CONSTRAINT insight_forecast_pkey PRIMARY KEY (district_id, id),
    CONSTRAINT insight_forecast_once_a_day UNIQUE NULLS NOT DISTINCT (district_id, merchant_id, made_on)
);
GRANT SELECT, INSERT ON insight_note TO meguri_web;
GRANT UPDATE (dropped_by, dropped_at) ON insight_note TO meguri_web;
GRANT SELECT, INSERT, DELETE ON insight_forecast TO meguri_web;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute("DROP TABLE insight_forecast, insight_note")
