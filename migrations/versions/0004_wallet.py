"""What consumers have chosen, their one-time codes, and the questions that a code above their limit raises."""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

TABLES = """
CREATE TABLE consumer_settings (
    district_id bigint NOT NULL,
    person_id   bigint NOT NULL,
    ask_above   bigint,
    pin_above   bigint,
    CONSTRAINT consumer_settings_pkey PRIMARY KEY (district_id, person_id),
    CONSTRAINT consumer_settings_ask_above_is_no_debt CHECK (ask_above >= 0),
    CONSTRAINT consumer_settings_pin_above_is_no_debt CHECK (pin_above >= 0)
);

CREATE TABLE one_time_code (
    district_id bigint NOT NULL,
    fingerprint bytea NOT NULL,
    person_id   bigint NOT NULL,
    digits      varchar(12) NOT NULL,
    issued_at   timestamptz NOT NULL,
    expires_at  timestamptz NOT NULL,
    ended_at    timestamptz,
    used_at     timestamptz,
    CONSTRAINT one_time_code_pkey PRIMARY KEY (district_id, fingerprint),
    CONSTRAINT one_time_code_fingerprint_is_sha256 CHECK (octet_length(fingerprint) = 32),
    CONSTRAINT one_time_code_digits_are_twelve CHECK (digits ~ '^[0-9]{12}$'),
    CONSTRAINT one_time_code_life_is_short CHECK (expires_at > issued_at AND expires_at <= issued_at + interval '5 minutes'),
    CONSTRAINT one_time_code_used_is_ended CHECK (used_at IS NULL OR ended_at IS NOT NULL)
);
CREATE UNIQUE INDEX one_live_code_a_wallet ON one_time_code (district_id, person_id) WHERE ended_at IS NULL;
CREATE UNIQUE INDEX live_digits_are_unique ON one_time_code (district_id, digits) WHERE ended_at IS NULL;
CREATE INDEX one_time_code_of_a_wallet ON one_time_code (district_id, person_id, issued_at);
CREATE INDEX one_time_code_digits ON one_time_code (district_id, digits);

CREATE TABLE number_entry (
    district_id  bigint NOT NULL,
    terminal     varchar(40) NOT NULL,
    wrong        bigint NOT NULL,
    since        timestamptz NOT NULL,
    locked_until timestamptz,
    CONSTRAINT number_entry_pkey PRIMARY KEY (district_id, terminal),
    CONSTRAINT number_entry_wrong_is_counted CHECK (wrong >= 0)
);

CREATE TABLE consent (
    district_id    bigint NOT NULL,
    id             uuid NOT NULL,
    person_id      bigint NOT NULL,
    merchant_id    bigint NOT NULL,
    till_id        bigint,
    staff_id       bigint,
    amount         bigint NOT NULL,
    key            uuid NOT NULL,
    command_hash   bytea NOT NULL,
    state          varchar(16) NOT NULL,
    asked_at       timestamptz NOT NULL,
    expires_at     timestamptz NOT NULL,
    closed_at      timestamptz,
    transaction_id bigint,
    CONSTRAINT consent_pkey PRIMARY KEY (district_id, id),
    CONSTRAINT consent_district_id_key UNIQUE (district_id, key),
    CONSTRAINT consent_transaction_key UNIQUE (district_id, transaction_id),
    CONSTRAINT consent_amount_is_positive CHECK (amount >= 1),
    CONSTRAINT consent_command_hash_is_sha256 CHECK (octet_length(command_hash) = 32),
    CONSTRAINT consent_life_is_short CHECK (expires_at > asked_at AND expires_at <= asked_at + interval '5 minutes'),
    CONSTRAINT consent_paid_means_posted CHECK ((state = 'paid') = (transaction_id IS NOT NULL)),
    CONSTRAINT consent_closed_has_its_moment CHECK ((state = 'waiting') = (closed_at IS NULL)),
    CONSTRAINT consent_state_is_known CHECK (state IN ('waiting', 'paid', 'declined', 'withdrawn'))
);
CREATE INDEX waiting_consent_of_a_wallet ON consent (district_id, person_id) WHERE state = 'waiting';

CREATE TABLE consent_line (
    district_id bigint NOT NULL,
    consent_id  uuid NOT NULL,
    account_id  bigint NOT NULL,
    series_id   bigint NOT NULL,
    amount      bigint NOT NULL,
    hold_id     bigint NOT NULL,
    CONSTRAINT consent_line_pkey PRIMARY KEY (district_id, consent_id, account_id),
    CONSTRAINT consent_line_consent_fkey FOREIGN KEY (district_id, consent_id) REFERENCES consent (district_id, id),
    CONSTRAINT consent_line_amount_is_positive CHECK (amount >= 1)
);
"""

GRANTS = """
GRANT SELECT, INSERT, UPDATE ON consumer_settings, number_entry, consent TO meguri_web;
GRANT SELECT, INSERT ON consent_line TO meguri_web;
GRANT SELECT, INSERT, UPDATE, DELETE ON one_time_code TO meguri_web;
"""


def upgrade() -> None:
    op.execute(TABLES)
    op.execute(GRANTS)


def downgrade() -> None:
    op.execute("DROP TABLE consent_line, consent, number_entry, one_time_code, consumer_settings")
