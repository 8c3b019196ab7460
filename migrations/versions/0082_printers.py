"""Receipt printers: how each till prints, and a queue of papers of which each is sent once."""

from __future__ import annotations

from alembic import op

revision = "0082"
down_revision = "0081"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE till_printer (
    district_id bigint NOT NULL,
    till_id     bigint NOT NULL,
    merchant_id bigint NOT NULL,
    way         varchar(8) NOT NULL,
    address     varchar(60) NOT NULL,
    roll        smallint NOT NULL,
    letters     varchar(8) NOT NULL,
    drawer      boolean NOT NULL,
    auto        boolean NOT NULL,
    changed_at  timestamptz NOT NULL,
    CONSTRAINT till_printer_pkey PRIMARY KEY (district_id, till_id),
    CONSTRAINT till_printer_till_fkey FOREIGN KEY (district_id, till_id) REFERENCES till (district_id, id),
    CONSTRAINT till_printer_merchant_fkey FOREIGN KEY (district_id, merchant_id) REFERENCES merchant (district_id, id),
    CONSTRAINT till_printer_way_is_known CHECK (way IN ('browser', 'server', 'agent')),
    CONSTRAINT till_printer_server_has_its_address CHECK ((way = 'server') = (address <> '')),
    CONSTRAINT till_printer_roll_is_known CHECK (roll IN (58, 80)),
    CONSTRAINT till_printer_letters_are_known CHECK (letters IN ('picture', 'kanji')),
    CONSTRAINT till_printer_browser_waits_for_a_press CHECK (way <> 'browser' OR NOT (drawer OR auto))
);
GRANT SELECT, INSERT, UPDATE ON till_printer TO meguri_web;
CREATE TABLE print_job (
    district_id bigint NOT NULL,
    id          uuid NOT NULL,
    merchant_id bigint NOT NULL,
    till_id     bigint NOT NULL,
    what        varchar(8) NOT NULL,
    of_till     bigint,
    number      bigint,
    copy_kind   varchar(12),
    copy_place  bigint,
    kick        boolean NOT NULL,
    state       varchar(8) NOT NULL,
    why         varchar(8) NOT NULL,
    tries       bigint NOT NULL,
    made_at     timestamptz NOT NULL,
    asked_at    timestamptz NOT NULL,
    changed_at  timestamptz NOT NULL,
    CONSTRAINT print_job_pkey PRIMARY KEY (district_id, id),
    CONSTRAINT print_job_till_fkey FOREIGN KEY (district_id, till_id) REFERENCES till (district_id, id),
    CONSTRAINT print_job_merchant_fkey FOREIGN KEY (district_id, merchant_id) REFERENCES merchant (district_id, id),
    CONSTRAINT print_job_what_is_known CHECK (what IN ('receipt', 'report', 'drawer', 'test')),
    CONSTRAINT print_job_names_its_paper CHECK ((what IN ('receipt', 'report')) = (number IS NOT NULL AND of_till IS NOT NULL)),
    CONSTRAINT print_job_receipt_has_its_copy CHECK (
        num_nulls(copy_kind, copy_place) = CASE WHEN what = 'receipt' THEN 0 ELSE 2 END),
    CONSTRAINT print_job_state_is_known CHECK (state IN ('queued', 'sending', 'sent', 'failed', 'unknown', 'dropped')),
    CONSTRAINT print_job_why_is_known CHECK (why IN ('', 'away', 'paper', 'cover', 'broken')),
    CONSTRAINT print_job_tries_are_counted CHECK (tries >= 0)
);
CREATE INDEX print_jobs_that_wait ON print_job (district_id, till_id, asked_at) WHERE state IN ('queued', 'sending');
CREATE INDEX print_jobs_of_a_till ON print_job (district_id, till_id, made_at);
GRANT SELECT, INSERT ON print_job TO meguri_web;
GRANT UPDATE (state, why, tries, asked_at, changed_at) ON print_job TO meguri_web;
"""


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)


def downgrade() -> None:
    op.execute("DROP TABLE print_job, till_printer")
