"""Footfall, weather, events, surveys: sources, deliveries, readings. A token may stand for a source, and then for nothing else."""

from __future__ import annotations

from alembic import op

revision = "0080"
down_revision = "0079"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE measure_source (
    district_id bigint NOT NULL,
    id          bigint GENERATED ALWAYS AS IDENTITY,
    key         uuid NOT NULL,
    kind        varchar(16) NOT NULL,
    name        varchar(60) NOT NULL,
    place       varchar(60) NOT NULL,
    merchant_id bigint,
    interval_s  integer NOT NULL,
    method      varchar(200) NOT NULL,
    made_by     bigint,
    made_at     timestamptz NOT NULL,
    ended_at    timestamptz,
    CONSTRAINT measure_source_pkey PRIMARY KEY (district_id, id),
    CONSTRAINT measure_source_merchant_fkey FOREIGN KEY (district_id, merchant_id) REFERENCES merchant (district_id, id),
    CONSTRAINT measure_source_district_id_key_key UNIQUE (district_id, key),
    CONSTRAINT measure_source_name_is_given CHECK (name <> ''),
    CONSTRAINT measure_source_interval_is_known CHECK (interval_s IN (900, 1800, 3600, 86400)),
    CONSTRAINT measure_source_door_has_a_shop CHECK ((kind = 'door') = (merchant_id IS NOT NULL))
);

CREATE TABLE measure_delivery (
    district_id  bigint NOT NULL,
    id           bigint GENERATED ALWAYS AS IDENTITY,
    source_id    bigint NOT NULL,
    key          uuid NOT NULL,
    content_hash bytea NOT NULL,
    way          varchar(4) NOT NULL,
    file_name    varchar(120) NOT NULL,
    person_id    bigint,
    api_token_id bigint,
    at           timestamptz NOT NULL,
    accepted     integer NOT NULL,
    added        integer NOT NULL,
    blank        integer NOT NULL,
    refused      integer NOT NULL,
    wrong_clock  integer NOT NULL,
    reasons      jsonb NOT NULL,
    CONSTRAINT measure_delivery_pkey PRIMARY KEY (district_id, id),
    CONSTRAINT measure_delivery_source_fkey FOREIGN KEY (district_id, source_id) REFERENCES measure_source (district_id, id),
    CONSTRAINT measure_delivery_district_id_key_key UNIQUE (district_id, key),
    CONSTRAINT measure_delivery_way_is_known CHECK (way IN ('file', 'api')),
    CONSTRAINT measure_delivery_way_fits CHECK ((way = 'file') = (api_token_id IS NULL)),
    CONSTRAINT measure_delivery_counts_fit
        CHECK (0 <= added AND added <= accepted AND 0 <= wrong_clock AND wrong_clock <= refused AND blank >= 0)
);
CREATE INDEX measure_deliveries_of_a_source ON measure_delivery (district_id, source_id, at);
CREATE INDEX measure_deliveries_of_a_token ON measure_delivery (district_id, api_token_id, at);

CREATE TABLE measurement (
    district_id bigint NOT NULL,
    id          bigint GENERATED ALWAYS AS IDENTITY,
    source_id   bigint NOT NULL,
    delivery_id bigint NOT NULL,
    item        varchar(60) NOT NULL,
    starts_at   timestamptz NOT NULL,
    value       bigint NOT NULL,
    CONSTRAINT measurement_pkey PRIMARY KEY (district_id, id),
    CONSTRAINT measurement_source_fkey FOREIGN KEY (district_id, source_id) REFERENCES measure_source (district_id, id),
    CONSTRAINT measurement_delivery_fkey FOREIGN KEY (district_id, delivery_id) REFERENCES measure_delivery (district_id, id),
    CONSTRAINT measurement_once_a_delivery UNIQUE (district_id, delivery_id, item, starts_at),
    CONSTRAINT measurement_item_is_given CHECK (item <> '')
);
CREATE INDEX measurements_of_a_source ON measurement (district_id, source_id, starts_at, item, id);

GRANT SELECT, INSERT ON measure_source, measure_delivery, measurement TO meguri_web;
GRANT UPDATE (ended_at) ON measure_source TO meguri_web;

ALTER TABLE api_token ADD COLUMN source_id bigint;
ALTER TABLE api_token DROP CONSTRAINT api_token_acts_for_a_shop_or_a_clerk;
ALTER TABLE api_token ADD CONSTRAINT api_token_acts_for_one CHECK (num_nonnulls(merchant_id, person_id, source_id) = 1);
ALTER TABLE api_token ADD CONSTRAINT api_token_source_fkey FOREIGN KEY (district_id, source_id) REFERENCES measure_source (district_id, id);
"""

DOWN = """
ALTER TABLE api_token DROP COLUMN source_id;
ALTER TABLE api_token ADD CONSTRAINT api_token_acts_for_a_shop_or_a_clerk CHECK ((merchant_id IS NULL) <> (person_id IS NULL));
DROP TABLE measurement, measure_delivery, measure_source;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    """Refused while a token stands for a source."""
    op.get_bind().exec_driver_sql(DOWN)
