"""Vouchers that are not for whoever comes first: applications, purchase codes, lists of residents, the draw; contacts of people."""

from __future__ import annotations

from alembic import op

revision = "0059"
down_revision = "0058"
branch_labels = None
depends_on = None

UP = """
CREATE TABLE contact (
    district_id  bigint NOT NULL,
    id           uuid NOT NULL,
    purpose      text NOT NULL,
    person_id    bigint,
    sealed       bytea NOT NULL,
    same         bytea NOT NULL,
    like_name    bytea NOT NULL,
    like_address bytea NOT NULL,
    forget_on    date NOT NULL,
    CONSTRAINT contact_pkey PRIMARY KEY (district_id, id),
    CONSTRAINT contact_district_id_person_id_fkey FOREIGN KEY (district_id, person_id) REFERENCES person (district_id, id)
);
CREATE INDEX contact_by_name ON contact (district_id, purpose, like_name);
CREATE INDEX contact_by_address ON contact (district_id, purpose, like_address);
CREATE INDEX contact_of_person ON contact (district_id, person_id) WHERE person_id IS NOT NULL;
CREATE INDEX contact_to_forget ON contact (district_id, forget_on);
CREATE TABLE contact_key (
    district_id bigint NOT NULL,
    contact_id  uuid NOT NULL,
    wrapped     bytea NOT NULL,
    CONSTRAINT contact_key_pkey PRIMARY KEY (district_id, contact_id)
);

CREATE TABLE voucher_call (
    district_id bigint NOT NULL,
    voucher_id  bigint NOT NULL,
    way         text NOT NULL,
    proof       text NOT NULL,
    area        varchar(40) NOT NULL,
    first_day   date NOT NULL,
    last_day    date NOT NULL,
    draw_at     timestamptz,
    pay_days    bigint,
    CONSTRAINT voucher_call_pkey PRIMARY KEY (district_id, voucher_id),
    CONSTRAINT voucher_call_district_id_voucher_id_fkey FOREIGN KEY (district_id, voucher_id) REFERENCES voucher (district_id, id),
    CONSTRAINT voucher_call_way_is_known CHECK (way IN ('eligible', 'application')),
    CONSTRAINT voucher_call_proof_is_known CHECK (proof IN ('none', 'code', 'list') AND (way = 'application' OR proof <> 'none')),
    CONSTRAINT voucher_call_days_are_in_order CHECK (first_day <= last_day),
    CONSTRAINT voucher_call_draw_is_whole
        CHECK ((way = 'application') = (draw_at IS NOT NULL) AND (way = 'application') = (pay_days IS NOT NULL)),
    CONSTRAINT voucher_call_payment_has_days CHECK (pay_days BETWEEN 1 AND 90)
);

CREATE TABLE voucher_application (
    district_id bigint NOT NULL,
    voucher_id  bigint NOT NULL,
    number      bigint NOT NULL,
    way         text NOT NULL,
    person_id   bigint,
    contact_id  uuid,
    units       bigint NOT NULL,
    state       text NOT NULL,
    reason      text,
    resident_id uuid,
    code_place  bigint,
    key         uuid NOT NULL,
    made_by     bigint NOT NULL,
    made_at     timestamptz NOT NULL,
    changed_at  timestamptz NOT NULL,
    decided_by  bigint,
    decided_at  timestamptz,
    rank        bigint,
    given       bigint,
    pay_until   date,
    CONSTRAINT voucher_application_pkey PRIMARY KEY (district_id, voucher_id, number),
    CONSTRAINT voucher_application_district_id_voucher_id_fkey FOREIGN KEY (district_id, voucher_id)
        REFERENCES voucher_call (district_id, voucher_id),
    CONSTRAINT voucher_application_district_id_key_key UNIQUE (district_id, key),
    CONSTRAINT voucher_application_numbers_from_one CHECK (number >= 1 AND units >= 1),
    CONSTRAINT voucher_application_way_is_known CHECK (way IN ('phone', 'paper')),
    CONSTRAINT voucher_application_phone_has_a_person CHECK (way = 'paper' OR person_id IS NOT NULL),
    CONSTRAINT voucher_application_state_is_known CHECK (state IN ('checking', 'accepted', 'refused', 'withdrawn')),
    CONSTRAINT voucher_application_decision_is_whole CHECK ((decided_by IS NULL) = (decided_at IS NULL)),
    CONSTRAINT voucher_application_draw_is_whole CHECK (given IS NULL OR (given BETWEEN 0 AND units AND rank >= 1)),
    CONSTRAINT voucher_application_whoever_won_knows_until_when CHECK (COALESCE(given, 0) = 0 OR pay_until IS NOT NULL)
);
CREATE UNIQUE INDEX one_application_a_person ON voucher_application (district_id, voucher_id, person_id)
    WHERE person_id IS NOT NULL AND state <> 'withdrawn';
CREATE UNIQUE INDEX one_application_a_resident ON voucher_application (district_id, voucher_id, resident_id)
    WHERE resident_id IS NOT NULL AND state IN ('checking', 'accepted');
CREATE UNIQUE INDEX one_application_a_code ON voucher_application (district_id, voucher_id, code_place)
    WHERE code_place IS NOT NULL AND state IN ('checking', 'accepted');

CREATE TABLE voucher_resident (
    district_id bigint NOT NULL,
    contact_id  uuid NOT NULL,
    voucher_id  bigint NOT NULL,
    line        bigint NOT NULL,
    made_by     bigint NOT NULL,
    made_at     timestamptz NOT NULL,
    dropped_by  bigint,
    dropped_at  timestamptz,
    CONSTRAINT voucher_resident_pkey PRIMARY KEY (district_id, contact_id),
    CONSTRAINT voucher_resident_district_id_voucher_id_fkey FOREIGN KEY (district_id, voucher_id)
        REFERENCES voucher_call (district_id, voucher_id),
    CONSTRAINT voucher_resident_drop_is_whole CHECK ((dropped_by IS NULL) = (dropped_at IS NULL))
);
CREATE INDEX voucher_resident_of_voucher ON voucher_resident (district_id, voucher_id, line);

CREATE TABLE purchase_code (
    district_id bigint NOT NULL,
    code_hash   bytea NOT NULL,
    voucher_id  bigint NOT NULL,
    place       bigint NOT NULL,
    units       bigint NOT NULL,
    made_by     bigint NOT NULL,
    made_at     timestamptz NOT NULL,
    stopped_by  bigint,
    stopped_at  timestamptz,
    CONSTRAINT purchase_code_pkey PRIMARY KEY (district_id, code_hash),
    CONSTRAINT purchase_code_district_id_voucher_id_place_key UNIQUE (district_id, voucher_id, place),
    CONSTRAINT purchase_code_district_id_voucher_id_fkey FOREIGN KEY (district_id, voucher_id)
        REFERENCES voucher_call (district_id, voucher_id),
    CONSTRAINT purchase_code_code_hash_is_hmac CHECK (octet_length(code_hash) = 32),
    CONSTRAINT purchase_code_units_are_counted CHECK (units >= 1),
    CONSTRAINT purchase_code_stop_is_whole CHECK ((stopped_by IS NULL) = (stopped_at IS NULL))
);

CREATE TABLE voucher_draw (
    district_id bigint NOT NULL,
    voucher_id  bigint NOT NULL,
    numbers     bigint[] NOT NULL,
    wanted      bigint[] NOT NULL,
    list_hash   bytea NOT NULL,
    after_size  bigint NOT NULL,
    fixed_by    bigint,
    fixed_at    timestamptz NOT NULL,
    size        bigint,
    root        bytea,
    signed_at   timestamptz,
    drawn_at    timestamptz,
    CONSTRAINT voucher_draw_pkey PRIMARY KEY (district_id, voucher_id),
    CONSTRAINT voucher_draw_district_id_voucher_id_fkey FOREIGN KEY (district_id, voucher_id)
        REFERENCES voucher_call (district_id, voucher_id),
    CONSTRAINT voucher_draw_list_is_whole CHECK (cardinality(numbers) = cardinality(wanted)),
    CONSTRAINT voucher_draw_hashes_are_sha256 CHECK (octet_length(list_hash) = 32 AND (root IS NULL OR octet_length(root) = 32)),
    CONSTRAINT voucher_draw_nobody_knew_it_before CHECK (size > after_size),
    CONSTRAINT voucher_draw_checkpoint_is_whole
        CHECK (num_nonnulls(size, root, signed_at) IN (0, 3) AND (size IS NULL OR drawn_at IS NOT NULL))
);
CREATE TABLE voucher_draw_round (
    district_id  bigint NOT NULL,
    voucher_id   bigint NOT NULL,
    round        bigint NOT NULL,
    kept_numbers bigint[] NOT NULL,
    kept_units   bigint[] NOT NULL,
    pay_until    date NOT NULL,
    made_at      timestamptz NOT NULL,
    CONSTRAINT voucher_draw_round_pkey PRIMARY KEY (district_id, voucher_id, round),
    CONSTRAINT voucher_draw_round_district_id_voucher_id_fkey FOREIGN KEY (district_id, voucher_id)
        REFERENCES voucher_draw (district_id, voucher_id),
    CONSTRAINT voucher_draw_round_round_is_whole CHECK (round >= 1 AND cardinality(kept_numbers) = cardinality(kept_units))
);

ALTER TABLE announcement DROP CONSTRAINT announcement_audience_is_known,
    ADD CONSTRAINT announcement_audience_is_known CHECK (audience IN ('all', 'holders', 'still', 'person', 'applicants'));

-- A result that was published is the result: the list from the moment on which it is fixed, the rest once it is drawn.
CREATE FUNCTION voucher_draw_stands() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.drawn_at IS NOT NULL OR (OLD.numbers, OLD.wanted, OLD.list_hash, OLD.after_size, OLD.fixed_at)
        IS DISTINCT FROM (NEW.numbers, NEW.wanted, NEW.list_hash, NEW.after_size, NEW.fixed_at) THEN
        RAISE EXCEPTION 'a published draw stands';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stands BEFORE UPDATE ON voucher_draw FOR EACH ROW EXECUTE FUNCTION voucher_draw_stands();

GRANT SELECT, INSERT, DELETE ON contact, contact_key TO meguri_web;
GRANT SELECT, INSERT ON voucher_call, voucher_draw_round TO meguri_web;
GRANT SELECT, INSERT, UPDATE ON voucher_application, voucher_draw TO meguri_web;
GRANT SELECT, INSERT ON voucher_resident, purchase_code TO meguri_web;
GRANT UPDATE (dropped_by, dropped_at) ON voucher_resident TO meguri_web;
GRANT UPDATE (stopped_by, stopped_at) ON purchase_code TO meguri_web;
"""
KEPT_FOR_GOOD = ("voucher_call", "voucher_draw_round")


def upgrade() -> None:
    op.get_bind().exec_driver_sql(UP)
    for table in KEPT_FOR_GOOD:
        op.execute(f"CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION ledger.never()")
        op.execute(f"CREATE TRIGGER never_emptied BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION ledger.never()")


def downgrade() -> None:
    op.execute(
        "DELETE FROM announcement_recipient r USING announcement a"
        " WHERE a.district_id = r.district_id AND a.id = r.announcement_id AND a.audience = 'applicants'"
    )
    op.execute("DELETE FROM announcement WHERE audience = 'applicants'")
    op.execute(
        "ALTER TABLE announcement DROP CONSTRAINT announcement_audience_is_known,"
        " ADD CONSTRAINT announcement_audience_is_known CHECK (audience IN ('all', 'holders', 'still', 'person'))"
    )
    op.execute("DROP TABLE voucher_draw_round, voucher_draw, purchase_code, voucher_resident, voucher_application, voucher_call")
    op.execute("DROP FUNCTION voucher_draw_stands")
    op.execute("DROP TABLE contact_key, contact")
