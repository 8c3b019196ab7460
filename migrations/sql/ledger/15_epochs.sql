-- Epochs of the sealed log. A database that was returned to an earlier state must not be signed on as if nothing had happened:
-- what was signed behind that state is on people's phones. docs/reference/sealed-log.md describes the note, section 6.
--
-- How a log knows: PostgreSQL counts a new timeline at each return and each failover, and names each cluster. A district's log is
-- signed only in a place (cluster and timeline) that somebody has vouched for; until then leaves are numbered, and nothing is signed.

-- `pg_control_checkpoint` would tell the timeline of the last checkpoint, which may be the old one still. A standby signs nothing: NULL.
CREATE FUNCTION ledger.here() RETURNS text LANGUAGE sql STABLE AS $$
    SELECT CASE WHEN NOT pg_is_in_recovery() THEN
        system_identifier || '/' || ('x' || left(pg_walfile_name(pg_current_wal_lsn()), 8))::bit(32)::int END FROM pg_control_system()
$$;

-- Where a log may be signed.
CREATE TABLE ledger.log_place (
    district_id bigint NOT NULL,
    place text NOT NULL,
    since timestamptz NOT NULL,
    PRIMARY KEY (district_id, place)
);
INSERT INTO ledger.log_place SELECT DISTINCT district_id, ledger.here(), clock_timestamp() FROM ledger.log_key;

-- A new epoch as an operator has prepared it: it binds nobody.
CREATE TABLE ledger.prepared_epoch (
    district_id bigint NOT NULL,
    id bigint NOT NULL,
    size bigint NOT NULL,                   -- the last common checkpoint
    root bytea NOT NULL CHECK (length(root) = 32),
    largest bigint NOT NULL CHECK (largest >= size),
    returned_to timestamptz NOT NULL,
    public_key text NOT NULL,               -- who signs from then on
    prepared_at timestamptz NOT NULL,
    PRIMARY KEY (district_id, id)
);
CREATE SEQUENCE ledger.prepared_epoch_id_seq;

-- As two people confirmed it: who and why stands in the proposal and its decision.
CREATE TABLE ledger.log_epoch (
    district_id bigint NOT NULL,
    number int NOT NULL CHECK (number >= 2),
    prepared_id bigint NOT NULL,
    proposal_id bigint NOT NULL,
    began_at timestamptz NOT NULL,
    PRIMARY KEY (district_id, number),
    UNIQUE (district_id, prepared_id),
    FOREIGN KEY (district_id, prepared_id) REFERENCES ledger.prepared_epoch (district_id, id),
    FOREIGN KEY (district_id, proposal_id) REFERENCES ledger.decision (district_id, proposal_id)
);

CREATE TABLE ledger.epoch_note (
    district_id bigint NOT NULL,
    number int NOT NULL,
    note text NOT NULL,                     -- the signed text
    signed_at timestamptz NOT NULL,
    PRIMARY KEY (district_id, number),
    FOREIGN KEY (district_id, number) REFERENCES ledger.log_epoch (district_id, number)
);

-- An epoch begins with a checkpoint of its own, also where nothing was added since.
ALTER TABLE ledger.checkpoint ADD COLUMN epoch int NOT NULL DEFAULT 1, DROP CONSTRAINT checkpoint_pkey, ADD PRIMARY KEY (district_id, size, epoch);
-- A key that nobody endorsed may follow one that is lost, if two people confirmed the epoch that it begins.
ALTER TABLE ledger.log_key DROP CONSTRAINT log_key_check,
    ADD CONSTRAINT the_first_key_has_no_endorsement CHECK (number > 1 OR endorsement IS NULL);

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['log_place', 'prepared_epoch', 'log_epoch', 'epoch_note'] LOOP
        EXECUTE format('CREATE TRIGGER never_edited BEFORE UPDATE OR DELETE ON ledger.%I FOR EACH ROW EXECUTE FUNCTION ledger.never()', t);
        EXECUTE format('CREATE TRIGGER never_emptied BEFORE TRUNCATE ON ledger.%I FOR EACH STATEMENT EXECUTE FUNCTION ledger.never()', t);
    END LOOP;
END $$;

-- Each log that has begun: how many leaves, what was signed last, in which epoch it is, and whether it is held.
CREATE VIEW ledger.log_state AS
    SELECT k.district_id, COALESCE(l.size, 0) AS size, s.size AS signed_size, s.epoch AS signed_epoch,
           COALESCE((SELECT max(e.number) FROM ledger.log_epoch e WHERE e.district_id = k.district_id), 1) AS epoch,
           h.here IS NOT NULL
               AND NOT EXISTS (SELECT FROM ledger.log_place p WHERE p.district_id = k.district_id AND p.place = h.here) AS is_held
    FROM ledger.log_key k
    CROSS JOIN (SELECT ledger.here() AS here) h
    LEFT JOIN LATERAL (SELECT place + 1 AS size FROM ledger.leaf WHERE district_id = k.district_id ORDER BY place DESC LIMIT 1) l ON true
    LEFT JOIN LATERAL (SELECT c.size, c.epoch FROM ledger.checkpoint c WHERE c.district_id = k.district_id
                       ORDER BY c.size DESC, c.epoch DESC LIMIT 1) s ON true
    WHERE k.number = 1;

-- The first key begins the log, here. A later one has an earlier one's word, or two people's.
CREATE OR REPLACE FUNCTION ledger.add_log_key(p_district bigint, p_public_key text, p_endorsement text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
BEGIN
    IF p_endorsement IS NULL AND EXISTS (SELECT FROM ledger.log_key WHERE district_id = p_district AND public_key <> p_public_key)
       AND NOT EXISTS (SELECT FROM ledger.log_epoch e JOIN ledger.prepared_epoch p ON p.district_id = e.district_id AND p.id = e.prepared_id
                       WHERE e.district_id = p_district AND p.public_key = p_public_key) THEN
        PERFORM ledger.refuse('MG035', 'log_key_wrong');
    END IF;
    INSERT INTO ledger.log_key
    SELECT p_district, COALESCE(max(number), 0) + 1, p_public_key, p_endorsement, clock_timestamp() FROM ledger.log_key
    WHERE district_id = p_district
    ON CONFLICT (district_id, public_key) DO NOTHING;
    INSERT INTO ledger.log_place
    SELECT p_district, ledger.here(), clock_timestamp() WHERE NOT EXISTS (SELECT FROM ledger.log_place WHERE district_id = p_district);
END $$;

-- Keeps what the sealer signed. The root is made here once more: only the signature is taken on trust, and whoever reads checks it.
CREATE OR REPLACE FUNCTION ledger.add_checkpoint(p_district bigint, p_size bigint, p_note text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    root bytea := ledger.log_root(p_district, p_size);
    origin text := (SELECT split_part(public_key, '+', 1) FROM ledger.log_key WHERE district_id = p_district AND number = 1);
    s ledger.log_state;
BEGIN
    SELECT * INTO s FROM ledger.log_state WHERE district_id = p_district;
    IF s.is_held THEN
        PERFORM ledger.refuse('MG036', 'log_held');
    ELSIF NOT EXISTS (SELECT FROM ledger.leaf WHERE district_id = p_district AND place = p_size - 1)
       OR origin IS NULL OR NOT starts_with(p_note, format(E'%s\n%s\n%s\n%s\n', origin, p_size, encode(root, 'base64'),
                                                           CASE WHEN s.epoch > 1 THEN format(E'epoch %s\n', s.epoch) ELSE '' END)) THEN
        PERFORM ledger.refuse('MG034', 'checkpoint_wrong');
    END IF;
    INSERT INTO ledger.checkpoint VALUES (p_district, p_size, root, p_note, clock_timestamp(), s.epoch)
    ON CONFLICT (district_id, size, epoch) DO NOTHING;
END $$;

-- Nothing is missing: the log is signed on, here. If that is not so, every witness will see it.
CREATE FUNCTION ledger.resume_log(p_district bigint) RETURNS void LANGUAGE sql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
    INSERT INTO ledger.log_place SELECT p_district, ledger.here(), clock_timestamp() ON CONFLICT DO NOTHING
$$;

-- Lays an epoch ready for two people. It must go on from a checkpoint that stands in this book.
CREATE FUNCTION ledger.prepare_epoch(p_district bigint, p_size bigint, p_largest bigint, p_returned_to timestamptz, p_public_key text)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    new_id bigint := nextval('ledger.prepared_epoch_id_seq');
BEGIN
    IF NOT EXISTS (SELECT FROM ledger.checkpoint WHERE district_id = p_district AND size = p_size) OR p_largest < p_size THEN
        PERFORM ledger.refuse('MG037', 'epoch_wrong');
    END IF;
    INSERT INTO ledger.prepared_epoch VALUES (p_district, new_id, p_size, ledger.log_root(p_district, p_size), p_largest,
        date_trunc('second', p_returned_to), p_public_key, clock_timestamp());
    RETURN new_id;
END $$;

-- Begins the epoch that an approved proposal names; again is harmless. One that was prepared before another began is void.
CREATE FUNCTION ledger.begin_epoch(p_district bigint, p_proposal bigint) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    prepared ledger.prepared_epoch;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended(format('ledger.epoch %s', p_district), 0));
    SELECT e.* INTO prepared FROM ledger.prepared_epoch e
    JOIN ledger.proposal p ON p.district_id = e.district_id AND p.id = p_proposal AND p.purpose = 'new_epoch'
    JOIN ledger.decision d ON d.district_id = p.district_id AND d.proposal_id = p.id AND d.approved
    WHERE e.district_id = p_district AND e.id = (p.facts ->> 'epoch')::bigint;
    IF NOT FOUND THEN
        PERFORM ledger.refuse('MG019', 'not_approved');
    ELSIF EXISTS (SELECT FROM ledger.log_epoch WHERE district_id = p_district AND prepared_id = prepared.id) THEN
        RETURN;
    ELSIF EXISTS (SELECT FROM ledger.log_epoch WHERE district_id = p_district AND began_at > prepared.prepared_at) THEN
        PERFORM ledger.refuse('MG037', 'epoch_wrong');
    END IF;
    INSERT INTO ledger.log_epoch SELECT p_district, COALESCE(max(number), 1) + 1, prepared.id, p_proposal, clock_timestamp()
    FROM ledger.log_epoch WHERE district_id = p_district;
    PERFORM ledger.resume_log(p_district);
END $$;

-- Keeps the note that the sealer signed for an epoch that two people confirmed.
CREATE FUNCTION ledger.add_epoch_note(p_district bigint, p_number int, p_note text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    origin text := (SELECT split_part(public_key, '+', 1) FROM ledger.log_key WHERE district_id = p_district AND number = 1);
    said text := (SELECT format(E'%s\nnew epoch\n%s\n%s\n%s\n%s\n%s\n%s\n\n', origin, e.number, p.size, encode(p.root, 'base64'), p.largest,
                                to_char(p.returned_to AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), p.public_key)
                  FROM ledger.log_epoch e JOIN ledger.prepared_epoch p ON p.district_id = e.district_id AND p.id = e.prepared_id
                  WHERE e.district_id = p_district AND e.number = p_number);
BEGIN
    IF said IS NULL OR NOT starts_with(p_note, said) THEN
        PERFORM ledger.refuse('MG034', 'checkpoint_wrong');
    END IF;
    INSERT INTO ledger.epoch_note VALUES (p_district, p_number, p_note, clock_timestamp()) ON CONFLICT (district_id, number) DO NOTHING;
END $$;

REVOKE EXECUTE ON FUNCTION ledger.here, ledger.resume_log, ledger.prepare_epoch, ledger.begin_epoch, ledger.add_epoch_note FROM PUBLIC;
GRANT EXECUTE ON FUNCTION ledger.here, ledger.resume_log, ledger.prepare_epoch, ledger.begin_epoch, ledger.add_epoch_note TO meguri_web;
GRANT SELECT ON ledger.log_place, ledger.prepared_epoch, ledger.log_epoch, ledger.epoch_note, ledger.log_state TO meguri_web, meguri_desk;
GRANT EXECUTE ON FUNCTION ledger.here TO meguri_desk;
