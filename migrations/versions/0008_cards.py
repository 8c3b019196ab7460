"""Cards for people without a phone: lots, cards, what happened to them, and how much they pay without their PIN."""

from __future__ import annotations

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE card_lot (
    district_id bigint NOT NULL,
    id          bigint GENERATED ALWAYS AS IDENTITY,
    quantity    bigint NOT NULL,
    made_by     bigint NOT NULL,
    made_at     timestamptz NOT NULL,
    prints      bigint NOT NULL DEFAULT 0,
    printed_at  timestamptz,
    CONSTRAINT card_lot_pkey PRIMARY KEY (district_id, id),
    CONSTRAINT card_lot_quantity_is_sane CHECK (quantity BETWEEN 1 AND 500),
    CONSTRAINT card_lot_printed_has_its_moment CHECK ((prints > 0) = (printed_at IS NOT NULL))
);

CREATE TABLE card (
    district_id  bigint NOT NULL,
    id           bigint GENERATED ALWAYS AS IDENTITY,
    lot_id       bigint NOT NULL,
    serial       bigint NOT NULL,
    number       varchar(16) NOT NULL,
    fingerprint  bytea NOT NULL,
    state        varchar(16) NOT NULL,
    person_id    bigint,
    given_at     timestamptz,
    ended_at     timestamptz,
    successor_id bigint,
    CONSTRAINT card_pkey PRIMARY KEY (district_id, id),
    CONSTRAINT card_lot_fkey FOREIGN KEY (district_id, lot_id) REFERENCES card_lot (district_id, id),
    CONSTRAINT card_district_id_lot_id_serial_key UNIQUE (district_id, lot_id, serial),
    CONSTRAINT card_district_id_number_key UNIQUE (district_id, number),
    CONSTRAINT card_district_id_fingerprint_key UNIQUE (district_id, fingerprint),
    CONSTRAINT card_number_is_sixteen_digits CHECK (number ~ '^[0-9]{16}$'),
    CONSTRAINT card_fingerprint_is_sha256 CHECK (octet_length(fingerprint) = 32),
    CONSTRAINT card_state_is_known CHECK (state IN ('blank', 'active', 'blocked', 'replaced')),
    CONSTRAINT card_blank_is_nobodys CHECK ((state = 'blank') = (person_id IS NULL)),
    CONSTRAINT card_given_has_its_moment CHECK ((person_id IS NULL) = (given_at IS NULL)),
    CONSTRAINT card_ended_has_its_moment CHECK ((state IN ('blocked', 'replaced')) = (ended_at IS NOT NULL)),
    CONSTRAINT card_replaced_has_a_successor CHECK ((state = 'replaced') = (successor_id IS NOT NULL))
);
CREATE UNIQUE INDEX one_active_card_a_person ON card (district_id, person_id) WHERE state = 'active';
CREATE INDEX card_of_a_person ON card (district_id, person_id) WHERE person_id IS NOT NULL;

CREATE TABLE card_event (
    district_id bigint NOT NULL,
    id          bigint GENERATED ALWAYS AS IDENTITY,
    card_id     bigint NOT NULL,
    at          timestamptz NOT NULL,
    what        text NOT NULL,
    by_person   bigint NOT NULL,
    came        text NOT NULL,
    note        text NOT NULL,
    CONSTRAINT card_event_pkey PRIMARY KEY (district_id, id),
    CONSTRAINT card_event_card_fkey FOREIGN KEY (district_id, card_id) REFERENCES card (district_id, id),
    CONSTRAINT card_event_what_is_known CHECK (what IN ('given', 'blocked', 'replaced', 'pin_set')),
    CONSTRAINT card_event_came_is_known CHECK (came IN ('holder', 'relative', 'other'))
);
CREATE INDEX event_of_a_card ON card_event (district_id, card_id, id);

CREATE TABLE card_policy (
    district_id    bigint NOT NULL,
    no_pin_payment bigint NOT NULL,
    no_pin_day     bigint NOT NULL,
    changed_by     bigint NOT NULL,
    changed_at     timestamptz NOT NULL,
    CONSTRAINT card_policy_pkey PRIMARY KEY (district_id),
    CONSTRAINT card_policy_payment_within_the_day CHECK (0 <= no_pin_payment AND no_pin_payment <= no_pin_day),
    CONSTRAINT card_policy_day_is_small CHECK (no_pin_day <= 30000)
);

ALTER TABLE consumer_settings
    ADD COLUMN card_day date,
    ADD COLUMN card_spent bigint NOT NULL DEFAULT 0,
    ADD CONSTRAINT consumer_settings_card_spent_is_counted CHECK (card_spent >= 0);

ALTER TABLE pin
    DROP CONSTRAINT pin_holder_kind_is_known,
    ADD CONSTRAINT pin_holder_kind_is_known CHECK (holder_kind IN ('person', 'staff', 'card'));
"""

GRANTS = """
GRANT SELECT, INSERT, UPDATE ON card_lot, card, card_policy TO meguri_web;
GRANT SELECT, INSERT ON card_event TO meguri_web;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(GRANTS)


def downgrade() -> None:
    op.execute("DELETE FROM pin WHERE holder_kind = 'card'")
    op.execute("ALTER TABLE pin DROP CONSTRAINT pin_holder_kind_is_known")
    op.execute("ALTER TABLE pin ADD CONSTRAINT pin_holder_kind_is_known CHECK (holder_kind IN ('person', 'staff'))")
    op.execute("ALTER TABLE consumer_settings DROP COLUMN card_spent, DROP COLUMN card_day")
    op.execute("DROP TABLE card_policy, card_event, card, card_lot")
