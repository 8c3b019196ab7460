"""The shops' tablets are witnesses of the sealed log: what each has verified, and the alarms that they raised."""

from __future__ import annotations

from alembic import op

revision = "0023"
down_revision = "0022"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE log_witness (
    district_id bigint NOT NULL,
    till_id     bigint NOT NULL,
    beginnings  bigint NOT NULL DEFAULT 0,
    size        bigint,
    root        bytea,
    seen_at     timestamptz NOT NULL,
    public_key  bytea,
    cosigned_at timestamptz,
    cosignature bytea,
    CONSTRAINT log_witness_pkey PRIMARY KEY (district_id, till_id),
    CONSTRAINT log_witness_till_fkey FOREIGN KEY (district_id, till_id) REFERENCES till (district_id, id),
    CONSTRAINT log_witness_sight_is_whole CHECK ((size IS NULL) = (root IS NULL)),
    CONSTRAINT log_witness_size_is_counted CHECK (size >= 1),
    CONSTRAINT log_witness_root_is_sha256 CHECK (octet_length(root) = 32),
    CONSTRAINT log_witness_cosignature_is_whole CHECK (num_nulls(public_key, cosigned_at, cosignature) IN (0, 3)),
    CONSTRAINT log_witness_cosigns_what_it_saw CHECK (cosignature IS NULL OR size IS NOT NULL),
    CONSTRAINT log_witness_cosignature_is_ed25519 CHECK (octet_length(public_key) = 32 AND octet_length(cosignature) = 64)
);
CREATE TABLE log_witness_key (
    district_id bigint NOT NULL,
    till_id     bigint NOT NULL,
    public_key  bytea NOT NULL,
    began_at    timestamptz NOT NULL,
    CONSTRAINT log_witness_key_pkey PRIMARY KEY (district_id, till_id, public_key),
    CONSTRAINT log_witness_key_till_fkey FOREIGN KEY (district_id, till_id) REFERENCES till (district_id, id),
    CONSTRAINT log_witness_key_is_ed25519 CHECK (octet_length(public_key) = 32)
);
CREATE UNIQUE INDEX log_witness_key_is_of_one_tablet ON log_witness_key (public_key);
CREATE FUNCTION log_witness_goes_forward() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.beginnings < OLD.beginnings OR NEW.beginnings = OLD.beginnings AND OLD.size IS NOT NULL
        AND (NEW.size IS NULL OR NEW.size < OLD.size OR NEW.size = OLD.size AND NEW.root <> OLD.root) THEN
        RAISE EXCEPTION 'a_witness_never_goes_back';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER goes_forward BEFORE UPDATE ON log_witness FOR EACH ROW EXECUTE FUNCTION log_witness_goes_forward();
GRANT SELECT, INSERT, UPDATE (beginnings, size, root, seen_at, public_key, cosigned_at, cosignature) ON log_witness TO meguri_web;
GRANT SELECT, INSERT ON log_witness_key TO meguri_web;

CREATE TABLE log_alarm (
    district_id bigint NOT NULL,
    id          bigint GENERATED ALWAYS AS IDENTITY,
    till_id     bigint NOT NULL,
    reason      varchar(40) NOT NULL,
    before      text NOT NULL,
    shown       text NOT NULL,
    evidence    bytea NOT NULL,
    told_at     timestamptz NOT NULL,
    CONSTRAINT log_alarm_pkey PRIMARY KEY (district_id, id),
    CONSTRAINT log_alarm_district_id_till_id_evidence_key UNIQUE (district_id, till_id, evidence),
    CONSTRAINT log_alarm_till_fkey FOREIGN KEY (district_id, till_id) REFERENCES till (district_id, id),
    CONSTRAINT log_alarm_notes_are_short CHECK (octet_length(before) <= 4096 AND octet_length(shown) <= 4096),
    CONSTRAINT log_alarm_evidence_is_sha256 CHECK (octet_length(evidence) = 32)
);
CREATE TABLE log_alarm_answer (
    district_id bigint NOT NULL,
    alarm_id    bigint NOT NULL,
    words       varchar(400) NOT NULL,
    answered_by bigint NOT NULL,
    answered_at timestamptz NOT NULL,
    CONSTRAINT log_alarm_answer_pkey PRIMARY KEY (district_id, alarm_id),
    CONSTRAINT log_alarm_answer_alarm_fkey FOREIGN KEY (district_id, alarm_id) REFERENCES log_alarm (district_id, id),
    CONSTRAINT log_alarm_answer_words_are_given CHECK (words <> '')
);
CREATE FUNCTION log_alarm_stays() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'an_alarm_is_never_edited';
END $$;
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON log_alarm FOR EACH ROW EXECUTE FUNCTION log_alarm_stays();
CREATE TRIGGER stays BEFORE UPDATE OR DELETE ON log_alarm_answer FOR EACH ROW EXECUTE FUNCTION log_alarm_stays();
GRANT SELECT, INSERT ON log_alarm, log_alarm_answer TO meguri_web;
"""


def upgrade() -> None:
    op.execute(UP)


def downgrade() -> None:
    op.execute("DROP TABLE log_alarm_answer, log_alarm, log_witness_key, log_witness")
    op.execute("DROP FUNCTION log_alarm_stays, log_witness_goes_forward")
