-- Takes 15_epochs.sql back. Checkpoints of later epochs are lost with it: their sizes were signed again.
DROP FUNCTION ledger.add_epoch_note, ledger.begin_epoch, ledger.prepare_epoch, ledger.resume_log;
DROP VIEW ledger.log_state;
DROP TABLE ledger.epoch_note, ledger.log_epoch, ledger.prepared_epoch, ledger.log_place;
DROP SEQUENCE ledger.prepared_epoch_id_seq;
ALTER TABLE ledger.checkpoint DISABLE TRIGGER never_edited;
DELETE FROM ledger.checkpoint WHERE epoch > 1;
ALTER TABLE ledger.checkpoint ENABLE TRIGGER never_edited;
ALTER TABLE ledger.checkpoint DROP CONSTRAINT checkpoint_pkey, DROP COLUMN epoch, ADD PRIMARY KEY (district_id, size);
ALTER TABLE ledger.log_key DROP CONSTRAINT the_first_key_has_no_endorsement,
    ADD CONSTRAINT log_key_check CHECK ((number = 1) = (endorsement IS NULL)) NOT VALID;

CREATE OR REPLACE FUNCTION ledger.add_log_key(p_district bigint, p_public_key text, p_endorsement text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
BEGIN
    INSERT INTO ledger.log_key
    SELECT p_district, COALESCE(max(number), 0) + 1, p_public_key, p_endorsement, clock_timestamp() FROM ledger.log_key
    WHERE district_id = p_district
    ON CONFLICT (district_id, public_key) DO NOTHING;
END $$;

CREATE OR REPLACE FUNCTION ledger.add_checkpoint(p_district bigint, p_size bigint, p_note text) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = ledger, pg_temp AS $$
DECLARE
    root bytea := ledger.log_root(p_district, p_size);
    origin text := (SELECT split_part(public_key, '+', 1) FROM ledger.log_key WHERE district_id = p_district AND number = 1);
BEGIN
    IF NOT EXISTS (SELECT FROM ledger.leaf WHERE district_id = p_district AND place = p_size - 1)
       OR origin IS NULL OR NOT starts_with(p_note, format(E'%s\n%s\n%s\n\n', origin, p_size, encode(root, 'base64'))) THEN
        PERFORM ledger.refuse('MG034', 'checkpoint_wrong');
    END IF;
    INSERT INTO ledger.checkpoint VALUES (p_district, p_size, root, p_note, clock_timestamp()) ON CONFLICT (district_id, size) DO NOTHING;
END $$;
DROP FUNCTION ledger.here;
