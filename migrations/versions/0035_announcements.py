"""お知らせ: what the association tells wallets, to whom, and how far each person has read."""

from __future__ import annotations

from alembic import op

revision = "0035"
down_revision = "0034"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE announcement (
    district_id  bigint NOT NULL,
    id           bigint GENERATED ALWAYS AS IDENTITY,
    audience     text NOT NULL,
    series_id    bigint,
    days         bigint,
    recipients   bigint,
    title        varchar(60) NOT NULL,
    title_en     varchar(120) NOT NULL,
    body         varchar(1000) NOT NULL,
    body_en      varchar(2000) NOT NULL,
    key          uuid NOT NULL,
    command_hash bytea NOT NULL,
    made_by      bigint NOT NULL,
    made_at      timestamptz NOT NULL,
    withdrawn_by bigint,
    withdrawn_at timestamptz,
    CONSTRAINT announcement_pkey PRIMARY KEY (district_id, id),
    CONSTRAINT announcement_district_id_key_key UNIQUE (district_id, key),
    CONSTRAINT announcement_command_hash_is_sha256 CHECK (octet_length(command_hash) = 32),
    CONSTRAINT announcement_audience_is_known CHECK (audience IN ('all', 'holders', 'still', 'person')),
    CONSTRAINT announcement_audience_is_whole CHECK (
        (audience = 'holders') = (series_id IS NOT NULL) AND (audience = 'still') = (days IS NOT NULL)
        AND (audience = 'all') = (recipients IS NULL)),
    CONSTRAINT announcement_withdrawal_is_whole CHECK ((withdrawn_by IS NULL) = (withdrawn_at IS NULL))
);
CREATE TABLE announcement_recipient (
    district_id     bigint NOT NULL,
    person_id       bigint NOT NULL,
    announcement_id bigint NOT NULL,
    CONSTRAINT announcement_recipient_pkey PRIMARY KEY (district_id, person_id, announcement_id),
    CONSTRAINT announcement_recipient_district_id_fkey FOREIGN KEY (district_id, announcement_id)
        REFERENCES announcement (district_id, id)
);
CREATE TABLE inbox_mark (
    district_id bigint NOT NULL,
    person_id   bigint NOT NULL,
    seen_id     bigint NOT NULL,
    seen_at     timestamptz NOT NULL,
    CONSTRAINT inbox_mark_pkey PRIMARY KEY (district_id, person_id)
);
GRANT SELECT, INSERT ON announcement, announcement_recipient TO meguri_web;
GRANT UPDATE (withdrawn_by, withdrawn_at) ON announcement TO meguri_web;
GRANT SELECT, INSERT, UPDATE ON inbox_mark TO meguri_web;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute("DROP TABLE inbox_mark, announcement_recipient, announcement")
